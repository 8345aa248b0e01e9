"""Reports for whoever runs the portal for many authorities."""

import argparse
from datetime import UTC, datetime

from portal.commands import Add, database
from portal.config import read_settings
from portal.domain.moment import local_day
from portal.operations import reports


def register(add: Add) -> None:
    add("overdue", overdue, "count the plans whose nearest date has passed, by authority")


def overdue(_: argparse.Namespace) -> int:
    found = reports.overdue(database(read_settings()), local_day(datetime.now(UTC)))
    for authority, plans in found.items():
        print(f"{authority}\t{plans}")
    return 0
