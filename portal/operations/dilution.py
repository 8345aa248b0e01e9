"""What the plan gives less of than the newest advice asks for: found anew each time, from both as they are."""

from collections.abc import Iterator

from portal.domain.advice_asked import requests
from portal.domain.advice_form import Table, amount_of
from portal.domain.advice_taking import BELONGS
from portal.domain.advise import Submitted
from portal.domain.dilution import AdvisedRow, Flag, flags
from portal.domain.moment import local_day
from portal.domain.plan import Plan
from portal.store import advice
from portal.store.database import Database


def flagged(db: Database, plan: Plan) -> tuple[Flag, ...]:
    """Every quantity of the newest advice that the plan lacks or weakens: the whole plan's, for rules to judge by."""
    wanted = [(each.number, len(each.given)) for each in requests(plan) if each.given]
    kept = advice.of_numbers(db, plan.id, wanted) if wanted else []
    return flags(plan, plan.taken, [row for each in kept for row in _advised(each)])


def _advised(submitted: Submitted) -> Iterator[AdvisedRow]:
    letter = BELONGS.get(submitted.advice.kind, "F")
    for address, row in submitted.advice.table(Table.PROVISION):
        what = row.get("what", "")
        yield AdvisedRow(submitted.request, address, letter, what, amount_of(row), words_of(submitted))


def words_of(submitted: Submitted) -> str:
    """ "Health professional, 3 March 2026": whose advice, and of when."""
    on = local_day(submitted.by.at)
    return f"{submitted.advice.role}, {on.day} {on:%B} {on.year}"
