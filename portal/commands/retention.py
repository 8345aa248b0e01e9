"""List the plans whose years are over, destroy those that two people have confirmed, and sweep up stray files."""

import argparse
import os
from datetime import UTC, date, datetime

from portal.commands import Add, database
from portal.config import Settings, UnsafeSettings, read_settings
from portal.domain.moment import Moment, local_day
from portal.domain.retention import PEOPLE_NEEDED
from portal.operations import retention as operations
from portal.operations import stray_files
from portal.operations.retention import Due
from portal.store.database import Database


def register(add: Add) -> None:
    retention = add("retention", due, "list the plans whose years are over, or destroy what two people confirmed")
    verbs = retention.add_subparsers(metavar="", required=True)
    listing = verbs.add_parser("due", help="list what is due: plan, since when, by which policy, what it waits for")
    listing.add_argument("--on", type=_day, default=_today(), help="another day than today, as 2060-03-14")
    listing.set_defaults(run=due)
    what = "destroy what is due, confirmed by two people and not held (as the user retention: MONGODB_RETENTION_URI)"
    verbs.add_parser("destroy", help=what).set_defaults(run=destroy)
    what = "remove pieces of files that no plan names, a day after they were copied (as the user retention)"
    verbs.add_parser("sweep", help=what).set_defaults(run=sweep)


def due(chosen: argparse.Namespace) -> int:
    found = False
    for each in operations.due(database(read_settings()), chosen.on):
        print(_line(each))
        found = True
    if not found:
        print("Nothing is due.")
    return 0


def destroy(_: argparse.Namespace) -> int:
    settings = read_settings()
    count = 0
    for plan_id in operations.destroy(database(settings), _eraser(settings), _now()):
        print(f"destroyed {plan_id}", flush=True)
        count += 1
    print(f"{count} {'plan was' if count == 1 else 'plans were'} destroyed.")
    return 0


def sweep(_: argparse.Namespace) -> int:
    settings = read_settings()
    pieces = list(stray_files.sweep(database(settings), _eraser(settings), _now()))
    print(f"{sum(pieces)} pieces of {len(pieces)} stray {'file' if len(pieces) == 1 else 'files'} were removed.")
    return 0


def _now() -> Moment:
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return Moment(now, now)


def _line(each: Due) -> str:
    """Never the child's name: a terminal's output is kept where nobody looks after it."""
    waits = "on hold" if each.held else f"confirmed by {each.confirmed} of {PEOPLE_NEEDED}"
    return f"{each.plan}  since {each.since}  {each.policy.children}: birth and {each.policy.years} years  {waits}"


def _eraser(settings: Settings) -> Database:
    uri = os.environ.get("MONGODB_RETENTION_URI", "")
    if not uri:
        raise UnsafeSettings(["MONGODB_RETENTION_URI is not set: only the database's user retention removes content."])
    return Database(uri, settings.database, settings.master_key)


def _today() -> date:
    return local_day(datetime.now(UTC))


def _day(text: str) -> date:
    """Raises ValueError, which argparse turns into its sentence, for what is no day or is over."""
    day = date.fromisoformat(text)
    if day < _today():
        raise ValueError(text)
    return day
