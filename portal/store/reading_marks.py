"""Reading marks: one document for each person and plan, saying how far they have read; shown to nobody else."""

from typing import Any

from pymongo.errors import DuplicateKeyError

from portal.domain.reading_mark import Marks, ReadingMark
from portal.store.codec import Document
from portal.store.database import Database
from portal.store.plans import keyed


def of_person(db: Database, plan_id: str, person: str) -> Marks | None:
    """How far this person has read the plan; None when they have never opened it."""
    found = db["reading_marks"].find_one(keyed(plan_id, f":{person}"))
    return of_document(found) if found else None


def of_document(document: Document) -> Marks:
    return {place: _in(each) for place, each in document["marks"].items()}


def advance(db: Database, plan_id: str, person: str, marks: Marks) -> None:
    """Move these marks forward, in one update; a mark never goes back, whichever of a person's pages comes last."""
    place = keyed(plan_id, f":{person}")
    # Documents compare field by field in order, so that the greatest is the one that has read furthest.
    further = {f"marks.{name}": _out(mark) for name, mark in marks.items()}
    change = {"$max": further, "$setOnInsert": {"plan": plan_id, "person": person}}
    try:
        db["reading_marks"].update_one(place, change, upsert=True)
    except DuplicateKeyError:  # another tab made it meanwhile: the marks go into what it made
        db["reading_marks"].update_one(place, change)


def _out(mark: ReadingMark) -> Document:
    return {"number": mark.number, "at": mark.at, "since": mark.since, "since_at": mark.since_at}


def _in(document: dict[str, Any]) -> ReadingMark:
    return ReadingMark(document["number"], document["at"], document["since"], document["since_at"])
