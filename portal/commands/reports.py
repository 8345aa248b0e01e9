"""Reports for whoever runs the portal for many authorities."""

import argparse
import sys
from datetime import UTC, datetime

from tqdm import tqdm

from portal.commands import Add, database
from portal.config import read_settings
from portal.domain.moment import local_day
from portal.operations import pictures, reports


def register(add: Add) -> None:
    add("overdue", overdue, "count the plans whose nearest date has passed, by authority")
    add("count-cases", count_cases, "count every plan anew for the pictures; killed, it is run again")


def overdue(_: argparse.Namespace) -> int:
    found = reports.overdue(database(read_settings()), local_day(datetime.now(UTC)))
    for authority, plans in found.items():
        print(f"{authority}\t{plans}")
    return 0


def count_cases(_: argparse.Namespace) -> int:
    """Once, where there are plans that are older than the pictures; each plan is counted whole or not at all."""
    db = database(read_settings())
    count = sum(1 for _ in tqdm(pictures.count_anew(db), unit="plan", file=sys.stderr))
    print(f"{count:,} {'plan is' if count == 1 else 'plans are'} counted.")
    return 0
