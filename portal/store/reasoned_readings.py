"""Reasoned readings: one row for each use, from which its reader's timed part and the officer's alert follow."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from portal.domain.actor import Role
from portal.domain.error import NotFound
from portal.domain.reasoned_reading import Delay, ReadingKind, ReasonedReading
from portal.store.codec import Document, mark_in, mark_out, note_in, note_out
from portal.store.database import Database, Session
from portal.store.plans import keyed, of_plan

MOST = 200  # of one page of alerts: a busy year of the largest authority


def next_number(db: Database, plan_id: str, session: Session) -> int:
    last = db["reasoned_readings"].find_one(of_plan(plan_id), {"number": 1}, sort=[("number", -1)], session=session)
    return int(last["number"]) + 1 if last else 1


def add(db: Database, reading: ReasonedReading, number: int, session: Session) -> None:
    """Write one use as this number of its plan; of two at once that took the same, one transaction is run again."""
    numbered = replace(reading, number=number)
    db["reasoned_readings"].insert_one({**_place(numbered), **_out(numbered)}, session=session)


def change(db: Database, before: ReasonedReading, after: ReasonedReading, session: Session) -> bool:
    """Write what an act changed; False when another act came between."""
    guard = {**_place(before), **{name: _out(before)[name] for name in ("until", "seen", "delays", "shown")}}
    return db["reasoned_readings"].update_one(guard, {"$set": _out(after)}, session=session).modified_count == 1


def find(db: Database, plan_id: str, number: int) -> ReasonedReading:
    found = db["reasoned_readings"].find_one(keyed(plan_id, f":{number}"))
    if found is None:
        raise NotFound("no such reading")
    return _in(found)


def of_a_plan(db: Database, plan_id: str, upto: datetime, limit: int, but: Sequence[int] = ()) -> list[ReasonedReading]:
    """The uses of one plan that began by a moment, the newest first, without those of some numbers."""
    query = {**of_plan(plan_id), "since": {"$lte": upto}, **({"number": {"$nin": list(but)}} if but else {})}
    found = db["reasoned_readings"].find(query).sort([("since", -1), ("number", -1)]).limit(limit)
    return [_in(each) for each in found]


def delayed(db: Database, plan_id: str) -> list[ReasonedReading]:
    """The uses of one plan that were ever kept from the family: few, if any."""
    return [_in(each) for each in db["reasoned_readings"].find({**of_plan(plan_id), "was_delayed": True})]


def alerts(db: Database, authority: str, seen: bool, limit: int = MOST) -> list[ReasonedReading]:
    """Emergencies of an authority, the newest first: those that nobody has acknowledged yet, or the others."""
    found = db["reasoned_readings"].find(_alerts(authority, seen)).sort("since", -1).limit(limit)
    return [_in(each) for each in found]


def count_alerts(db: Database, authority: str) -> int:
    """How many emergencies of an authority nobody has acknowledged yet, counted up to a page of them."""
    return int(db["reasoned_readings"].count_documents(_alerts(authority, seen=False), limit=MOST))


def _alerts(authority: str, seen: bool) -> Document:
    return {"authority": authority, "kind": ReadingKind.EMERGENCY.value, "waits": not seen}


def _place(reading: ReasonedReading) -> Document:
    return keyed(reading.plan, f":{reading.number}")


def _out(reading: ReasonedReading) -> Document:
    return {
        "plan": reading.plan,
        "number": reading.number,
        "kind": reading.kind.value,
        "person": reading.by.person,
        "name": reading.by.name,
        "agency": reading.by.agency,
        "agency_name": reading.agency_name,
        "role": reading.role.value,
        "category": reading.category,
        "reason": reading.reason,
        "since": reading.by.at,
        "until": reading.until,
        "waits": reading.seen is None,
        "was_delayed": bool(reading.delays),
        "seen": note_out(reading.seen),
        "delays": [_delay_out(each) for each in reading.delays],
        "shown": note_out(reading.shown),
    }


def _delay_out(delay: Delay) -> Document:
    return {"by": mark_out(delay.by), "words": delay.words, "review_on": delay.review_on.isoformat()}


def _in(document: Mapping[str, Any]) -> ReasonedReading:
    by = {"person": document["person"], "name": document["name"], "agency": document["agency"], "at": document["since"]}
    return ReasonedReading(
        plan=document["plan"],
        authority=document["authority"],
        kind=ReadingKind(document["kind"]),
        by=mark_in(by),
        role=Role(document["role"]),
        agency_name=document["agency_name"],
        category=document["category"],
        reason=document["reason"],
        until=document["until"],
        number=document["number"],
        seen=note_in(document["seen"]),
        delays=tuple(_delay_in(each) for each in document["delays"]),
        shown=note_in(document["shown"]),
    )


def _delay_in(document: Mapping[str, Any]) -> Delay:
    return Delay(mark_in(document["by"]), document["words"], date.fromisoformat(document["review_on"]))
