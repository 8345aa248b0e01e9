"""What a page about a plan hangs on: the plan, and what its reader keeps beside it, read in one question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.domain.actor import WHOLE_CASELOAD, Grant
from portal.domain.identifier import PLAN_ID, authority_of
from portal.domain.plan import Plan
from portal.domain.reading_mark import Marks
from portal.store import chain, plans
from portal.store.chain import Entry
from portal.store.database import Database, Document
from portal.store.drafts import Draft
from portal.store.drafts import of_document as draft_of
from portal.store.people import grant_of
from portal.store.plans import keyed
from portal.store.reading_marks import of_document as marks_of

Stage = dict[str, Any]


@dataclass(frozen=True)
class Glance:
    """The plan as it stands, with its reader's unsent words and marks, and everybody who was given a part in it.

    `parts` holds grants of the plan and of its authority's whole caseload, ended ones too, by when they began;
    `marks` is None when the reader has never opened the plan. What was not asked for is empty.
    """

    plan: Plan
    drafts: tuple[Draft, ...]
    parts: tuple[Grant, ...]
    marks: Marks | None
    entry: Entry | None = None  # one link of the chain


# What a reader may keep beside a plan; a page names what it hangs on.
DRAFTS, WHOLE = ("drafts",), ("drafts", "parts", "marks")


def glance(db: Database, plan_id: str, person: str, beside: Sequence[str] = ()) -> Glance:
    """A glance at the plan for this person. NotFound without a plan."""
    who: Stage = {"$addFields": {"person": person}}
    if not PLAN_ID.fullmatch(plan_id):
        return glance_of(db, plan_id, None)
    found = db["plans"].aggregate([{"$match": keyed(plan_id)}, who, *_stages(plan_id, "$person", beside)])
    return glance_of(db, plan_id, next(iter(found), None))


def glance_of(db: Database, plan_id: str, found: Mapping[str, Any] | None) -> Glance:
    """The glance that a document read by `stages` stands for. NotFound where there is none."""
    plan = plans.remembered(db, plan_id, dict(found) if found else None)
    beside = {name: (found or {}).get(name, ()) for name in WHOLE}
    marks = next((marks_of(each) for each in beside["marks"]), None)
    drafts = tuple(draft_of(each) for each in beside["drafts"])
    entry = next((chain.entry_in(db, each) for each in (found or {}).get("entry", ())), None)
    return Glance(plan, drafts, tuple(grant_of(each) for each in beside["parts"]), marks, entry)


def stage(plan_id: str, beside: Sequence[str], entry: int = 0) -> Stage:
    """The stage by which a question about a session (`person` is its person) brings the glance with it, as `plan`.

    `entry` is the number of a link that is wanted too, 0 for none.
    """
    pipeline = [{"$match": keyed(plan_id)}, *_stages(plan_id, "$$person", beside)]
    if entry:
        pipeline.append({"$lookup": {"from": "chain", "pipeline": chain.one(plan_id, entry), "as": "entry"}})
    return {"$lookup": {"from": "plans", "let": {"person": "$person"}, "pipeline": pipeline, "as": "plan"}}


def _stages(plan_id: str, person: str, wanted: Sequence[str]) -> list[Stage]:
    """What stands beside a plan; `person` is the expression that names the reader."""
    authority = authority_of(plan_id)
    here: Document = {"authority": authority, "plan": plan_id}
    stages: list[Stage] = [{"$project": {"sequence": 1, "destroyed": 1, "person": 1}}]
    if "drafts" in wanted:
        stages.append(_beside("drafts", person, here, "drafts"))
    if "marks" in wanted:
        stages.append(_beside("reading_marks", person, here, "marks"))
    if "parts" in wanted:
        given = {"authority": authority, "scope": {"$in": [plan_id, WHOLE_CASELOAD]}}
        pipeline = [{"$match": given}, {"$sort": {"from": 1}}]
        stages.append({"$lookup": {"from": "grants", "pipeline": pipeline, "as": "parts"}})
    return stages


def _beside(collection: str, person: str, here: Document, name: str) -> Stage:
    """What one person keeps of a plan in a collection."""
    match = {"$match": {**here, "$expr": {"$eq": ["$person", "$$reader"]}}}
    return {"$lookup": {"from": collection, "let": {"reader": person}, "pipeline": [match], "as": name}}
