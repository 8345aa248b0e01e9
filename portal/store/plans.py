"""Plan documents: one for each child's plan, holding the newest revision of every section."""

from typing import Any

from portal.domain.error import NotFound, Refusal
from portal.domain.identifier import PLAN_ID, authority_of
from portal.domain.plan import Advised, Plan
from portal.domain.process_account import Process
from portal.domain.state import PlanState
from portal.store.advice_codec import request_in, request_out, taken_in, taken_out
from portal.store.codec import (
    Document,
    answer_in,
    answer_out,
    child_in,
    child_out,
    conversation_in,
    conversation_out,
    day_in,
    happened_in,
    happened_out,
    head_in,
    head_out,
    keeping_in,
    keeping_out,
    restrictions_in,
    restrictions_out,
    rights_in,
    rights_out,
    version_line_in,
    version_line_out,
)
from portal.store.database import Database, Session
from portal.store.process_codec import process_in, process_out


class MovedOn(Refusal):
    """Another save came between the load and the save; the transaction is run again."""


def keyed(plan_id: str, suffix: str = "") -> Document:
    """The filter of one document that hangs on a plan: the authority first, which is the key that shards."""
    return {"authority": authority_of(plan_id), "_id": f"{plan_id}{suffix}"}


def of_plan(plan_id: str) -> Document:
    """The filter of everything in a collection that hangs on a plan."""
    return {"authority": authority_of(plan_id), "plan": plan_id}


def load(db: Database, plan_id: str, session: Session | None = None) -> Plan:
    """The plan as it stands; NotFound when there is none of that id, or no more."""
    if session is None:
        shown = {"sequence": 1, "destroyed": 1}
        return remembered(db, plan_id, db["plans"].find_one(keyed(plan_id), shown) if _is_id(plan_id) else None)
    return _read(db, plan_id, session)


def remembered(db: Database, plan_id: str, found: Document | None) -> Plan:
    """The plan whose number is now the one `found` gives: read only when this process does not remember it.

    No two plans of one id and number differ, since whatever changes a plan adds an entry to its chain.
    """
    if found is None or "destroyed" in found:
        db.plans.forget(plan_id)
        raise NotFound("no such plan")
    known = db.plans.recall(plan_id)
    if known and known.sequence == found["sequence"]:
        return known
    return db.plans.keep(plan_id, _read(db, plan_id, None))


def _read(db: Database, plan_id: str, session: Session | None) -> Plan:
    document = db["plans"].find_one(keyed(plan_id), session=session) if _is_id(plan_id) else None
    if document is None or "destroyed" in document:
        raise NotFound("no such plan")
    return _in(db, document)


def _is_id(plan_id: str) -> bool:
    return bool(PLAN_ID.fullmatch(plan_id))


def insert(db: Database, plan: Plan, session: Session) -> None:
    fixed = {"_id": plan.id, "authority": plan.authority, "child": db.seal(child_out(plan.child))}
    db["plans"].insert_one({**fixed, **_out(plan)}, session=session)


def update(db: Database, before: Plan, after: Plan, session: Session) -> None:
    """Write what differs, guarded by the sequence the decision was made on; MovedOn when it has moved."""
    changed = _differences(_out_shallow(before), _out_shallow(after))
    if after.restrictions != before.restrictions:  # sealed, the same never looks the same
        changed["restricted"] = db.seal(restrictions_out(after.restrictions))
    for letter, head in after.sections.items():
        if head is not before.sections[letter]:
            changed[f"sections.{letter}"] = head_out(head)
    guard = {**keyed(after.id), "sequence": before.sequence, "destroyed": None}
    result = db["plans"].update_one(guard, {"$set": changed}, session=session)
    if result.matched_count != 1:
        raise MovedOn("saved by somebody else meanwhile")


def named_in(db: Database, authority: str) -> tuple[str, str] | None:
    """What the plans of an authority call it and the body that agrees health provision; None without a plan."""
    shown = {"authority_name": 1, "commissioner": 1}
    found = db["plans"].find_one({"authority": authority, "destroyed": None}, shown)
    return (found["authority_name"], found["commissioner"]) if found else None


def touch(db: Database, plan_id: str, session: Session) -> None:
    """Make a save that is under way write its rows again, because who has a part in the plan is changing."""
    db["plans"].update_one(keyed(plan_id), {"$inc": {"parts": 1}}, session=session)


def _differences(before: Document, after: Document) -> Document:
    return {key: value for key, value in after.items() if before[key] != value}


def _out(plan: Plan) -> Document:
    return {**_out_shallow(plan), "sections": {letter: head_out(head) for letter, head in plan.sections.items()}}


def _out_shallow(plan: Plan) -> Document:
    return {
        "standard": plan.standard_name,
        "authority_name": plan.authority_name,
        "commissioner": plan.commissioner,
        "state": plan.state.value,
        "sequence": plan.sequence,
        "head": plan.head,
        "versions": [version_line_out(each) for each in plan.versions],
        "answers": [answer_out(each) for each in plan.answers],
        "keeping": keeping_out(plan.keeping),
        "rights": rights_out(plan.rights),
        "conversations": [conversation_out(each) for each in plan.conversations],
        "settled": [conversation_out(each) for each in plan.settled],
        "case": [happened_out(each) for each in plan.happened],
        "advice": [request_out(each) for each in plan.advice],
        "taken": [taken_out(each) for each in plan.taken],
        "advised": [vars(each) for each in plan.advised],
        "move_told": plan.move_told.isoformat() if plan.move_told else "",
        **process_out(Process(plan.representations, plan.consulted, plan.ordered)),
    }


def _in(db: Database, document: dict[str, Any]) -> Plan:
    return Plan(
        id=document["_id"],
        authority=document["authority"],
        authority_name=document["authority_name"],
        commissioner=document["commissioner"],
        child=child_in(db.unseal(document["child"])),
        sections={letter: head_in(head) for letter, head in document["sections"].items()},
        state=PlanState(document["state"]),
        sequence=document["sequence"],
        head=bytes(document["head"]),
        standard_name=document["standard"],
        versions=tuple(version_line_in(each) for each in document["versions"]),
        answers=tuple(answer_in(each) for each in document["answers"]),
        keeping=keeping_in(document.get("keeping")),
        rights=rights_in(document.get("rights")),
        restrictions=restrictions_in(db.unseal(document["restricted"])) if "restricted" in document else (),
        conversations=tuple(conversation_in(each) for each in document.get("conversations", ())),
        settled=tuple(conversation_in(each) for each in document.get("settled", ())),
        happened=tuple(happened_in(each) for each in document.get("case", ())),
        advice=tuple(request_in(each) for each in document.get("advice", ())),
        taken=tuple(taken_in(each) for each in document.get("taken", ())),
        advised=tuple(Advised(**each) for each in document.get("advised", ())),
        move_told=day_in(document.get("move_told", "")),
        **vars(process_in(document)),
    )
