"""Reviews as they stand on a plan's chain: each step an entry, with what was written beside it."""

from collections.abc import Sequence
from datetime import date

from portal.domain.content import Mark
from portal.domain.elsewhere import of_the_other_council
from portal.domain.event import EventKind
from portal.domain.moment import local_day
from portal.domain.plan import Plan
from portal.domain.review import DAY_OF, KINDS, Said
from portal.store.chain import NAMED
from portal.store.database import Database, Document
from portal.store.plans import of_plan

GONE = "Somebody no longer here"


def all_of(db: Database, plan: Plan) -> tuple[Said, ...]:
    """Every step of every review here up to the plan's last entry, oldest first, without those put down by mistake."""
    standing = {each.sequence for each in plan.happened} - {each.sequence for each in of_the_other_council(plan)}
    return tuple(each for each in _entries(db, plan, KINDS) if each.number in standing or each.kind not in DAY_OF)


def opened_or_ended(db: Database, plan: Plan) -> tuple[Said, ...]:
    """Every time that the plan was opened for amendment, or that it was decided not to amend it, oldest first."""
    return _entries(db, plan, (EventKind.AMENDING_BEGUN, EventKind.AMENDING_ENDED))


def _entries(db: Database, plan: Plan, kinds: Sequence[EventKind]) -> tuple[Said, ...]:
    wanted = {"kind": {"$in": [each.value for each in kinds]}, "sequence": {"$lte": plan.sequence}}
    asked = {**of_plan(plan.id), **wanted}
    links = list(db["chain"].aggregate([{"$match": asked}, {"$sort": {"sequence": 1}}, NAMED]))
    if not links:
        return ()
    numbers = {"sequence": {"$in": [each["sequence"] for each in links]}}
    found = db["statements"].find({**of_plan(plan.id), **numbers})
    beside = {each["sequence"]: each.get("beside") or {} for each in found}
    return tuple(_said(each, beside.get(each["sequence"], {})) for each in links)


def _said(link: Document, beside: Document) -> Said:
    facts = link["facts"]
    name = next((each["name"] for each in link["names"]), GONE)
    on = facts["facts"].get("on")
    return Said(
        number=link["sequence"],
        kind=EventKind(link["kind"]),
        by=Mark(facts["who"], name, facts["agency"], link["at"]),
        agency_name=facts["agency_name"],
        on=date.fromisoformat(on) if on else local_day(link["at"]),
        facts=facts["facts"],
        beside=beside,
    )
