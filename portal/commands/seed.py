"""Load the demonstration's children, or as many made-up cases as a nation has, to see how the portal does with them."""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, product
from string import ascii_lowercase

from tqdm import tqdm

from portal.commands import Add, database
from portal.config import read_settings
from portal.store import bulk
from portal.store.database import Database

REFUSED = (
    "There are plans here that were not made up by this command, so nothing was done. Name an empty database in "
    "PORTAL_DATABASE, or the demonstration's."
)


def register(add: Add) -> None:
    command = add("seed", seed, "load the demonstration's fictional children, or with --plans as many made-up cases")
    command.add_argument("--plans", type=_number, metavar="N", help="how many there are to be; killed, it is run again")
    spread = command.add_mutually_exclusive_group()
    spread.add_argument("--authorities", type=_number, default=1, metavar="N", help="over how many councils (1)")
    spread.add_argument("--authority", type=_code, metavar="CODE", help="in which one, such as the demonstration's nmr")


def seed(arguments: argparse.Namespace) -> int:
    """The children who are written out, or so many cases, each made from its number alone."""
    settings = read_settings()
    db = database(settings)
    if not arguments.plans:
        from demo import seed as demonstration  # fictional children are no part of the product

        print(demonstration.seed(db, settings.providers))
        return 0
    if not settings.demonstration and _has_others(db):
        print(REFUSED, file=sys.stderr)
        return 1
    codes = [arguments.authority] if arguments.authority else list(_codes(arguments.authorities))
    _fill(db, arguments.plans, codes)
    print(f"There are {arguments.plans:,} made-up plans in {', '.join(codes[:3])}{' and more' if codes[3:] else ''}.")
    return 0


def _fill(db: Database, count: int, codes: list[str]) -> None:
    from demo.caseload import filling

    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    with tqdm(total=count, unit="plan", file=sys.stderr) as bar:
        for at, code in enumerate(codes):
            share = count // len(codes) + (at < count % len(codes))
            done = 0
            for there in filling.fill(db, filling.caseload(db, filling.bare(db, code), share, now)):
                bar.update(there - done)
                done = there


def _has_others(db: Database) -> bool:
    from demo.caseload.filling import ours

    found = db["plans"].distinct("authority")
    return any(bulk.stranger(db, each, ours(each)) for each in found)


def _codes(count: int) -> Iterator[str]:
    """Codes of councils that do not exist: zaa, zab …"""
    return islice((f"z{one}{two}" for one, two in product(ascii_lowercase, repeat=2)), count)


def _code(text: str) -> str:
    if not re.fullmatch("[a-z]{3}", text):
        raise ValueError(text)
    return text


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
