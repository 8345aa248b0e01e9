"""Advice as it was submitted: sealed, numbered and never changed; and who of those it is for first opened it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from portal.domain.advice_form import Advice, Table
from portal.domain.advise import Submitted
from portal.domain.error import NotFound
from portal.domain.event import EventKind
from portal.domain.identifier import authority_of
from portal.domain.media import file_in
from portal.store.codec import mark_in, mark_out
from portal.store.database import Database, Document, Session
from portal.store.plans import keyed, of_plan

SAID = (EventKind.ADVICE_CHASED, EventKind.ADVICE_DECLINED)
MOST = 200  # plans in which one person, or one agency, was asked


def add(db: Database, plan_id: str, submitted: Submitted, session: Session) -> None:
    """Keep one submission; of two at once that took the same number, the plan's own guard lets one be decided again."""
    place = {"plan": plan_id, "request": submitted.request, "number": submitted.number}
    hashed = {"salt": submitted.salt, "hash": submitted.hash}
    content = db.seal(dict(submitted.advice.value))
    document = {**_place(plan_id, submitted.request, submitted.number), **place, **hashed}
    db["advice"].insert_one({**document, "by": mark_out(submitted.by), "content": content}, session=session)


def find(db: Database, plan_id: str, request: int, number: int) -> Submitted:
    """One submission; NotFound when there was none of that number."""
    found = db["advice"].find_one(_place(plan_id, request, number))
    if found is None:
        raise NotFound("no such advice")
    return _in(db, found)


def of_numbers(db: Database, plan_id: str, wanted: list[tuple[int, int]]) -> list[Submitted]:
    """Some submissions of a plan, each named by its request and its number, in that order."""
    names = [f"{plan_id}:{request}:{number}" for request, number in wanted]
    query: Document = {"authority": authority_of(plan_id), "_id": {"$in": names}}
    found = {each["_id"]: each for each in db["advice"].find(query)}
    return [_in(db, found[name]) for name in names if name in found]


def of_whole_plan(db: Database, plan_id: str) -> Iterator[tuple[int, int, bytes, Submitted]]:
    """(request, number, the hash as it was kept, what was submitted) of all there is, in no order."""
    for each in db["advice"].find(of_plan(plan_id)):
        yield each["request"], each["number"], bytes(each["hash"]), _in(db, each)


def opened(db: Database, plan_id: str, request: int, number: int, side: str, at: datetime) -> None:
    """Note that a side opened a submission, once: the first opening counts."""
    place = keyed(plan_id, f":{request}:{number}:{side}")
    facts = {"plan": plan_id, "request": request, "number": number, "side": side, "at": at}
    if db["advice_read"].find_one(place, {"_id": 1}):
        return
    try:
        db["advice_read"].insert_one({**place, **facts})
    except DuplicateKeyError:  # somebody of the same side, at the same moment
        return


def first_openings(db: Database, plan_id: str, request: int) -> dict[tuple[int, str], datetime]:
    """When each side first opened each submission of a request: (its number, the side)."""
    found = db["advice_read"].find({**of_plan(plan_id), "request": request})
    return {(each["number"], each["side"]): each["at"] for each in found}


def asked_of_person(db: Database, authority: str, person: str) -> list[str]:
    """The plans of an authority in which somebody was asked for advice."""
    query: Document = {"authority": authority, "advice.to.person": person}
    return [each["_id"] for each in db["plans"].find(query, {"_id": 1}).limit(MOST)]


def asked_of_agency(db: Database, authority: str, agency: str) -> list[str]:
    """The plans in which an agency was asked, be it one of its people or whoever leads it."""
    query: Document = {"authority": authority, "advice.to.agency": agency}
    return [each["_id"] for each in db["plans"].find(query, {"_id": 1}).limit(MOST)]


def said(db: Database, plan_id: str, numbers: list[int]) -> dict[int, str]:
    """What was written beside some entries of a plan's chain, by their number."""
    query = {**of_plan(plan_id), "sequence": {"$in": numbers}}
    found: Iterable[Document] = db["statements"].find(query, {"sequence": 1, "beside": 1}) if numbers else []
    return {each["sequence"]: str(each.get("beside", {}).get("words", "")) for each in found}


def told(db: Database, plan_id: str, request: int, upto: int) -> list[tuple[int, EventKind, datetime, str]]:
    """(entry, what, when, by whose id) of all that was said about a request up to an entry, oldest first."""
    asked: Document = {**of_plan(plan_id), "kind": {"$in": [each.value for each in SAID]}, "sequence": {"$lte": upto}}
    found = db["chain"].find(asked).sort("sequence", 1)
    about = (each for each in found if each["facts"]["facts"].get("asked") == request)
    return [(each["sequence"], EventKind(each["kind"]), each["at"], each["facts"]["who"]) for each in about]


def _place(plan_id: str, request: int, number: int) -> Document:
    return keyed(plan_id, f":{request}:{number}")


def _in(db: Database, document: Document) -> Submitted:
    by, salt = mark_in(document["by"]), bytes(document["salt"])
    return Submitted(document["request"], document["number"], _advice(db.unseal(document["content"])), by, salt)


def _advice(content: dict[str, Any]) -> Advice:
    rows = {table: tuple(dict(row) for row in content["rows"][table.value]) for table in Table}
    file = file_in(content["file"]) if content["file"] else None
    return Advice(content["kind"], content["role"], content["answers"], rows, file)
