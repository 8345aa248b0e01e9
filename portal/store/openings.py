"""Openings: that a person read a child's plan, once for each half hour, kept apart from the plan's chain."""

import contextlib
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from portal.domain.identifier import authority_of
from portal.domain.plan import Plan
from portal.store.database import Database

HALF_HOUR = 1800


def record(db: Database, plan: Plan, person: str, wall: datetime) -> None:
    """Note that the person opened the plan in this half hour; again in the same half hour changes nothing."""
    slot = int(wall.timestamp()) // HALF_HOUR
    place = {"authority": plan.authority, "_id": f"{plan.id}:{person}:{slot}"}
    facts = {"plan": plan.id, "person": person, "at": wall}
    with contextlib.suppress(DuplicateKeyError):  # another tab was first: the opening stands
        db["openings"].update_one(place, {"$setOnInsert": facts}, upsert=True)


def last_by_person(db: Database, plan_id: str) -> dict[str, datetime]:
    """When each person last opened the plan."""
    match = {"authority": authority_of(plan_id), "plan": plan_id}
    group = {"_id": "$person", "at": {"$max": "$at"}}
    return {each["_id"]: each["at"] for each in db["openings"].aggregate([{"$match": match}, {"$group": group}])}
