"""Openings: that a person read a child's plan, once for each half hour, kept apart from the plan's chain."""

import contextlib
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from portal.domain.identifier import authority_of
from portal.store.database import Database
from portal.store.plans import keyed

HALF_HOUR = 1800


def record(db: Database, plan_id: str, person: str, wall: datetime) -> None:
    """Note that the person opened the plan in this half hour; again in the same half hour changes nothing."""
    place = keyed(plan_id, f":{person}:{int(wall.timestamp()) // HALF_HOUR}")

    def note() -> bool:
        facts = {"plan": plan_id, "person": person, "at": wall}
        with contextlib.suppress(DuplicateKeyError):  # another tab was first: the opening stands
            db["openings"].update_one(place, {"$setOnInsert": facts}, upsert=True)
        return True

    db.noted.get(place["_id"], note)  # an opening is never taken back, so a process asks once


def last_by_person(db: Database, plan_id: str) -> dict[str, datetime]:
    """When each person last opened the plan."""
    match = {"authority": authority_of(plan_id), "plan": plan_id}
    group = {"_id": "$person", "at": {"$max": "$at"}}
    return {each["_id"]: each["at"] for each in db["openings"].aggregate([{"$match": match}, {"$group": group}])}
