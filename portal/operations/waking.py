"""What a day brings by itself: what becomes somebody's turn from then on, and the reminders of legal dates."""

from datetime import datetime, timedelta

from portal.domain.moment import Moment
from portal.operations import reminders
from portal.store import caseload, checkpoints, outbox
from portal.store.database import Database

EVERY = timedelta(minutes=15)
# An entry of the outbox beside those of the chain, by which people are told that a review is to be planned.
REVIEW_TO_PLAN = "review_to_plan"


def wake(db: Database, moment: Moment) -> int:
    """Wake what is due today in every authority; answers how many things. Done twice, the second finds nothing."""
    found = checkpoints.authorities(db)
    return sum(_wake(db, each, moment) + reminders.climb(db, each, moment) for each in found)


def _wake(db: Database, authority: str, moment: Moment) -> int:
    woken = sorted(caseload.wake(db, authority, moment.today))
    for plan_id in woken:
        outbox.tell_once(db, plan_id, REVIEW_TO_PLAN, moment.today.toordinal(), moment.product)
    return len(woken)


def is_time(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= EVERY
