"""What a page about a plan hangs on, in one question: the plan, and what its reader keeps beside it."""

from dataclasses import dataclass
from typing import Any

from portal.domain.actor import WHOLE_CASELOAD, Grant
from portal.domain.identifier import PLAN_ID, authority_of
from portal.domain.plan import Plan
from portal.domain.reading_mark import Marks
from portal.store import plans
from portal.store.database import Database, Document
from portal.store.drafts import Draft
from portal.store.drafts import of_document as draft_of
from portal.store.people import grant_of
from portal.store.plans import keyed
from portal.store.reading_marks import of_document as marks_of


@dataclass(frozen=True)
class Glance:
    """The plan as it stands, with its reader's unsent words and marks, and everybody who was given a part in it.

    `parts` holds grants of the plan and of its authority's whole caseload, ended ones too, by when they began;
    `marks` is None when the reader has never opened the plan.
    """

    plan: Plan
    drafts: tuple[Draft, ...]
    parts: tuple[Grant, ...]
    marks: Marks | None


def glance(db: Database, plan_id: str, person: str, parts: bool = False) -> Glance:
    """A glance at the plan for this person; `parts` and marks only where they are wanted. NotFound without a plan."""
    found = (
        next(iter(db["plans"].aggregate(_question(plan_id, person, parts))), None)
        if PLAN_ID.fullmatch(plan_id)
        else None
    )
    plan = plans.remembered(db, plan_id, found)
    beside = {name: (found or {}).get(name, ()) for name in ("drafts", "parts", "marks")}
    marks = next((marks_of(each) for each in beside["marks"]), None)
    drafts = tuple(draft_of(each) for each in beside["drafts"])
    return Glance(plan, drafts, tuple(grant_of(each) for each in beside["parts"]), marks)


def _question(plan_id: str, person: str, parts: bool) -> list[dict[str, Any]]:
    authority = authority_of(plan_id)
    mine: Document = {"authority": authority, "plan": plan_id, "person": person}
    stages: list[dict[str, Any]] = [{"$match": keyed(plan_id)}, {"$project": {"sequence": 1, "destroyed": 1}}]
    stages.append(_beside("drafts", [{"$match": mine}]))
    if parts:
        given = {"authority": authority, "scope": {"$in": [plan_id, WHOLE_CASELOAD]}}
        stages.append(_beside("grants", [{"$match": given}, {"$sort": {"from": 1}}], "parts"))
        stages.append(_beside("reading_marks", [{"$match": keyed(plan_id, f":{person}")}], "marks"))
    return stages


def _beside(collection: str, pipeline: list[dict[str, Any]], name: str = "") -> dict[str, Any]:
    return {"$lookup": {"from": collection, "pipeline": pipeline, "as": name or collection}}
