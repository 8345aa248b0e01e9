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
from portal.store.database import Database
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
    if not PLAN_ID.fullmatch(plan_id):
        return glance_of(db, plan_id, None)
    found = db["plans"].aggregate(_stages(plan_id, person, beside))
    return glance_of(db, plan_id, next(iter(found), None))


def glance_of(db: Database, plan_id: str, found: Mapping[str, Any] | None) -> Glance:
    """The glance that a document read by `stages` stands for. NotFound where there is none."""
    plan = plans.remembered(db, plan_id, dict(found) if found else None)
    beside = {name: (found or {}).get(name, ()) for name in WHOLE}
    marks = next((marks_of(each) for each in beside["marks"]), None)
    drafts = tuple(draft_of(each) for each in beside["drafts"])
    entry = next((chain.entry_in(db, each) for each in (found or {}).get("entry", ())), None)
    return Glance(plan, drafts, tuple(grant_of(each) for each in beside["parts"]), marks, entry)


def stage(plan_id: str, person: str, beside: Sequence[str], entry: int = 0) -> Stage:
    """The stage by which a question about a session brings the glance for this person with it, as a document more.

    `entry` is the number of a link that is wanted too, 0 for none.
    """
    pipeline = _stages(plan_id, person, beside)
    if entry:
        pipeline.append(_joined("chain", chain.one(plan_id, entry), "entry"))
    return {"$unionWith": {"coll": "plans", "pipeline": pipeline}}


def _stages(plan_id: str, person: str, wanted: Sequence[str]) -> list[Stage]:
    """A plan's number, and what its reader keeps beside it."""
    authority = authority_of(plan_id)
    kept = {"$match": {"authority": authority, "plan": plan_id, "person": person}}
    given = {"$match": {"authority": authority, "scope": {"$in": [plan_id, WHOLE_CASELOAD]}}}
    stages: list[Stage] = [{"$match": keyed(plan_id)}, {"$project": {"sequence": 1, "destroyed": 1}}]
    if "drafts" in wanted:
        stages.append(_joined("drafts", [kept], "drafts"))
    if "marks" in wanted:
        stages.append(_joined("reading_marks", [kept], "marks"))
    if "parts" in wanted:
        stages.append(_joined("grants", [given, {"$sort": {"from": 1}}], "parts"))
    return stages


def _joined(collection: str, pipeline: list[Stage], name: str) -> Stage:
    return {"$lookup": {"from": collection, "pipeline": pipeline, "as": name}}
