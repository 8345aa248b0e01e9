"""Openings: that a person read a child's plan, once for each half hour, kept apart from the plan's chain."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from portal.domain.actor import FAMILY_ROLES, Grant, Role
from portal.domain.identifier import authority_of
from portal.domain.reasoned_reading import ReadingKind
from portal.store.database import Database, Document
from portal.store.plans import keyed, of_plan

HALF_HOUR = 1800


@dataclass(frozen=True)
class Opening:
    """Who read, in which part, when first in that half hour. `what` is empty for the plan's pages, else the document.

    Of an opening that was noted before its part was, `role` is None and the agency empty.
    """

    person: str
    name: str
    role: Role | None
    agency_name: str
    what: str
    at: datetime


def record(db: Database, plan_id: str, person: str, wall: datetime, part: Grant | None = None, what: str = "") -> None:
    """Note that the person opened the plan, or a document of it, in this half hour; again changes nothing.

    `part` is the grant by which they did: what a reasoned reading opens is noted apart from their daily work.
    """
    how = part.reading if part else ""
    # By a document's name and a reading's kind beside the half hour: reading the plan doesn't hide taking a copy of it.
    slot = ":".join(filter(None, (str(int(wall.timestamp()) // HALF_HOUR), what, how)))
    place = keyed(plan_id, f":{person}:{slot}")

    def note() -> bool:
        facts = {"plan": plan_id, "person": person, "at": wall, "what": what, "how": how, **_part(part)}
        with contextlib.suppress(DuplicateKeyError):  # another tab was first: the opening stands
            db["openings"].update_one(place, {"$setOnInsert": facts}, upsert=True)
        return True

    db.noted.get(place["_id"], note)  # an opening is never taken back, so a process asks once


def _part(part: Grant | None) -> Document:
    return {"role": part.role.value, "agency_name": part.agency_name} if part else {}


def last_by_person(db: Database, plan_id: str) -> dict[str, datetime]:
    """When each person last opened the plan at their daily work."""
    match = {"authority": authority_of(plan_id), "plan": plan_id, "how": {"$ne": ReadingKind.EMERGENCY.value}}
    group = {"_id": "$person", "at": {"$max": "$at"}}
    return {each["_id"]: each["at"] for each in db["openings"].aggregate([{"$match": match}, {"$group": group}])}


def of_a_plan(db: Database, plan_id: str, upto: datetime, limit: int, but: Iterable[str] = ()) -> list[Opening]:
    """Openings by a moment, the newest first, without those of some people.

    What a reasoned reading opened is left out: the reading itself says who read, when, and why.
    """
    query = {**of_plan(plan_id), "how": "", "at": {"$lte": upto}, "person": {"$nin": sorted(but)}}
    found = list(db["openings"].find(query).sort([("at", -1), ("_id", -1)]).limit(limit))
    people = db["people"].find({"_id": {"$in": sorted({each["person"] for each in found})}}, {"name": 1})
    names = {each["_id"]: each["name"] for each in people}
    return [_in(each, names.get(each["person"], "Somebody no longer here")) for each in found]


def family_of(db: Database, plan_id: str) -> set[str]:
    """Everybody who is or was of the child's family in this plan."""
    given = db["grants"].find({"authority": authority_of(plan_id), "scope": plan_id}, {"person": 1, "role": 1})
    return {str(each["person"]) for each in given if each["role"] in FAMILY_ROLES}


def choose(db: Database, plan_id: str, person: str, shown: bool) -> None:
    """Keep whether somebody of the family shows the others of it when they read."""
    facts = {"plan": plan_id, "person": person, "shown": shown}
    db["opening_choices"].update_one(keyed(plan_id, f":{person}"), {"$set": facts}, upsert=True)


def choosers(db: Database, plan_id: str) -> set[str]:
    """Those of the family who show the others when they read."""
    return {str(each["person"]) for each in db["opening_choices"].find({**of_plan(plan_id), "shown": True})}


def share(db: Database, plan_id: str, person: str, shares: bool) -> None:
    """Keep whether a parent and another may show each other what they say of the plan."""
    change = {"$set": {"plan": plan_id, "person": person, "shares": shares}, "$setOnInsert": {"shown": False}}
    db["opening_choices"].update_one(keyed(plan_id, f":{person}"), change, upsert=True)


def sharers(db: Database, plan_id: str) -> set[str]:
    """Those who chose that."""
    return {str(each["person"]) for each in db["opening_choices"].find({**of_plan(plan_id), "shares": True})}


def _in(document: Document, name: str) -> Opening:
    role = Role(document["role"]) if document.get("role") else None
    place = (document["person"], name, role, document.get("agency_name", ""))
    return Opening(*place, document.get("what", ""), document["at"])
