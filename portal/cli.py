"""The one command line: `portal --help` lists what it does."""

import argparse
import logging
import sys
from collections.abc import Sequence

from portal.commands import (
    Run,
    clocks,
    database_shape,
    deliver,
    history,
    importing,
    keys,
    permissions,
    providers,
    reports,
    retention,
    running,
    seed,
)
from portal.config import UnsafeSettings
from portal.operations.checkpoints import NoKey
from portal.operations.people import BadRows
from portal.store.checkpoints import MadeMeanwhile
from portal.store.database import DatabaseError, NoReplicaSet, Unavailable
from portal.store.migrations import BadMigrations

COMMANDS = (
    running, deliver, providers, database_shape, importing, history, retention, reports, permissions, clocks, keys,
    seed,
)  # fmt: skip
EXPECTED = (UnsafeSettings, NoReplicaSet, Unavailable, BadMigrations, BadRows, NoKey, MadeMeanwhile)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what is expected to go wrong is a sentence on standard error and exit code 1."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("pymongo").setLevel(logging.ERROR)
    chosen = _parser().parse_args(arguments)
    try:
        run: Run = chosen.run
        return run(chosen)
    except EXPECTED as error:
        print(error, file=sys.stderr)
        return 1
    except DatabaseError as error:  # its own message can hold the address, and the password in it
        print(f"MongoDB refused or could not be reached ({type(error).__name__}).", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal", description="Golden Thread, from the command line.")
    commands = parser.add_subparsers(title="commands", metavar="", required=True)

    def add(name: str, run: Run, what: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=what, description=what)
        command.set_defaults(run=run)
        return command

    for each in COMMANDS:
        each.register(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())
