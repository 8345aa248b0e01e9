"""Runs the demonstration's identity providers until it is told to stop (Ctrl-C or SIGTERM)."""

import argparse
import sys
from pathlib import Path

from demo.identity_provider.issuers import ISSUERS
from demo.identity_provider.people import PeopleError, read_people
from demo.identity_provider.running import CannotListen, start
from demo.private_file import write_private
from portal.stopping import Stop


def main() -> int:
    options = parse_options()
    stopped = Stop().on_signals()
    try:
        people = read_people(options.people)
        providers = start(people, options.client_url, options.data_dir, options.port, acr=dict(options.acr))
    except (CannotListen, PeopleError) as error:
        print(error, file=sys.stderr)
        return 1
    with providers:
        if options.write_config:
            write_private(options.write_config, providers.config_text())
        print("Demonstration sign-on:", *(providers.issuer(slug) for slug in ISSUERS), flush=True)
        while not stopped.wait(60):
            pass
    return 0


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.identity_provider", description=__doc__)
    parser.add_argument("--people", type=Path, required=True, help="the cast, a TOML file of [[person]] tables")
    parser.add_argument("--port", type=int, required=True, help="the loopback port of all issuers")
    parser.add_argument("--data-dir", type=Path, required=True, help="where keys and client secrets are kept")
    parser.add_argument("--client-url", action="append", required=True, help="the portal's address; may be repeated")
    parser.add_argument("--write-config", type=Path, metavar="FILE", help="also write the portal's provider file")
    parser.add_argument(
        "--acr", type=issuer_and_value, action="append", default=[], metavar="ISSUER=VALUE",
        help="claim another assurance at one issuer, as in nhs=AAL2; may be repeated",
    )  # fmt: skip
    return parser.parse_args()


def issuer_and_value(text: str) -> tuple[str, str]:
    slug, _, value = text.partition("=")
    if slug not in ISSUERS or not value:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(ISSUERS)}, then = and a value")
    return slug, value


if __name__ == "__main__":
    sys.exit(main())
