"""Reports over every authority: counts, and never a child."""

from datetime import date

from portal.store import caseload
from portal.store.database import Database


def overdue(db: Database, today: date) -> dict[str, int]:
    """How many plans of each authority have a date that has passed, by the authority's code."""
    return caseload.overdue(db, today)
