"""Runs the demonstration's inbox until it is told to stop (Ctrl-C or SIGTERM)."""

import argparse
import sys
from pathlib import Path

from demo.inbox.running import start
from portal.stopping import Stop


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m demo.inbox", description=__doc__)
    parser.add_argument("--mail-port", type=int, required=True, help="the loopback port of the mail server")
    parser.add_argument("--page-port", type=int, required=True, help="the loopback port of the page")
    parser.add_argument("--kept", type=Path, required=True, help="the file in which messages are kept")
    options = parser.parse_args()
    stopped = Stop().on_signals()
    with start(options.kept, options.mail_port, options.page_port) as running:
        print("Demonstration inbox:", running.url, flush=True)
        while not stopped.wait(60):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
