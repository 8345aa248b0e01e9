"""Entries of a plan's chain of some kinds, with what was said beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.content import Mark
from portal.domain.event import EventKind
from portal.domain.plan import Plan
from portal.store.chain import NAMED
from portal.store.database import Database
from portal.store.plans import of_plan

GONE = "Somebody no longer here"


@dataclass(frozen=True)
class Said:
    """One entry: what it says of itself (`facts`), and the words that stand beside it while they are kept."""

    number: int
    kind: EventKind
    by: Mark
    agency_name: str
    facts: Mapping[str, Any]
    beside: Mapping[str, str]


def of_kinds(db: Database, plan: Plan, *kinds: EventKind) -> dict[int, Said]:
    """Every entry of these kinds up to the plan's last, oldest first, by its number."""
    asked = {**of_plan(plan.id), "kind": {"$in": [each.value for each in kinds]}, "sequence": {"$lte": plan.sequence}}
    links = list(db["chain"].aggregate([{"$match": asked}, {"$sort": {"sequence": 1}}, NAMED]))
    if not links:
        return {}
    numbers = {**of_plan(plan.id), "sequence": {"$in": [each["sequence"] for each in links]}}
    beside = {each["sequence"]: each.get("beside") or {} for each in db["statements"].find(numbers)}
    return {each["sequence"]: _said_in(each, beside.get(each["sequence"], {})) for each in links}


def _said_in(link: Mapping[str, Any], beside: Mapping[str, str]) -> Said:
    facts = link["facts"]
    name = next((each["name"] for each in link["names"]), GONE)
    by = Mark(facts["who"], name, facts["agency"], link["at"])
    return Said(link["sequence"], EventKind(link["kind"]), by, facts["agency_name"], facts["facts"], beside)
