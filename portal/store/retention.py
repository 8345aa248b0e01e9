"""What a lawful destruction removes: every word and name of a plan goes; its chain, its numbers and hashes stay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.domain.identifier import authority_of
from portal.domain.plan import Child, Keeping
from portal.store.codec import Document, child_in, keeping_in
from portal.store.database import Database, Session
from portal.store.plans import keyed

# What stays of each document, so that a new field goes with the rest unless somebody names it here.
STAYS = {
    "section_revisions": ("authority", "plan", "section", "number", "hash"),
    "versions": ("authority", "plan", "number", "kind", "hash", "head"),
}
GOES = (
    "statements",
    "documents",
    "letters",
    "drafts",
    "requests",
    "openings",
    "reading_marks",
    "twins",
    "twin_checks",
    "twin_checkers",
    "advice",
    "advice_read",
    "media.files",
    "media.chunks",
    "uploads.files",
    "uploads.chunks",
    "outbox",
    "notices",
    "awaited",
    "jobs",
    "invitations",
    "reasoned_readings",
    "opening_choices",
    "identities",
    "turnarounds",
    "case_rows",
    "decision_rows",
)


@dataclass(frozen=True)
class Kept:
    """What tells whether a plan is due and what stops it, without what is written in it."""

    plan: str
    sequence: int
    head: bytes
    child: Child
    keeping: Keeping


def kept(db: Database) -> Iterator[Kept]:
    """Every plan that is still kept, one at a time: birth dates are sealed, so that no query can ask for them."""
    fields = {"sequence": 1, "head": 1, "child": 1, "keeping": 1}
    for authority in db["plans"].distinct("authority"):
        there = {"authority": authority, "destroyed": {"$exists": False}}
        for each in db["plans"].find(there, fields).sort("_id", 1):
            child, keeping = child_in(db.unseal(each["child"])), keeping_in(each.get("keeping"))
            yield Kept(each["_id"], each["sequence"], bytes(each["head"]), child, keeping)


def is_being_printed(db: Database, plan_id: str) -> bool:
    """Whether a PDF is still to be made: the worker could keep it after all the rest had gone."""
    return db["jobs"].find_one({**_within(plan_id), "done": False}) is not None


def close(eraser: Database, plan: Kept, when: datetime) -> bool:
    """Leave a gravestone in the plan's place, on nobody's list; False when anything has happened since it was read.

    A hold is an entry of the chain, so the sequence alone would stop this; it is named as well, since it must never
    be overrun. Nobody can open, hold or write in the plan from here on.
    """
    place = keyed(plan.plan)
    guard = {**place, "sequence": plan.sequence, "keeping.hold": None, "keeping.confirmed.1": {"$exists": True}}
    stone = {**place, "sequence": plan.sequence, "head": plan.head, "destroyed": when}

    def body(session: Session) -> bool:
        if eraser["plans"].replace_one(guard, stone, session=session).modified_count != 1:
            return False
        eraser["caseload"].delete_many(_within(plan.plan), session=session)
        parts = {"authority": authority_of(plan.plan), "scope": plan.plan}
        eraser["grants"].delete_many(parts, session=session)
        begun_by = {"authority": authority_of(plan.plan), "plan": plan.plan}
        eraser["assessment_requests"].delete_many(begun_by, session=session)
        return True

    return eraser.transaction(body)


def closed(db: Database) -> Iterator[tuple[str, datetime]]:
    """(id, when) of each plan that was closed and of which something may be left, as by a run that was killed."""
    for authority in db["plans"].distinct("authority"):
        left = {"authority": authority, "destroyed": {"$exists": True}, "emptied": {"$exists": False}}
        for each in db["plans"].find(left, {"destroyed": 1}):
            yield each["_id"], each["destroyed"]


def empty(eraser: Database, plan_id: str, when: datetime) -> None:
    """Remove what hangs on a plan that is closed. Killed at any point, it is done again from the start."""
    for name, fields in STAYS.items():
        left: Document = dict.fromkeys(fields, 1)
        eraser[name].update_many(_within(plan_id), [{"$project": left}, {"$set": {"destroyed": when}}])
    for name in GOES:
        eraser[name].delete_many(_within(plan_id))
    eraser["plans"].update_one(keyed(plan_id), {"$set": {"emptied": True}})


def _within(plan_id: str) -> Document:
    """Everything whose id begins with the plan's: not every collection has an index by plan, and each has this one."""
    return {"authority": authority_of(plan_id), "_id": {"$gt": f"{plan_id}:", "$lt": f"{plan_id};"}}
