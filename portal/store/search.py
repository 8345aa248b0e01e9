"""That somebody looked for a child: when, in which authority and by what kind of fact, never the words themselves."""

from datetime import datetime, timedelta

from portal.domain.actor import Role
from portal.domain.identifier import random_id
from portal.store.caseload import reader_of_role
from portal.store.database import Database, Document

MINUTE = timedelta(minutes=1)


def note(db: Database, authority: str, person: str, kind: str, wall: datetime) -> None:
    facts = {"_id": f"{authority}:{person}:{random_id(16)}", "person": person, "kind": kind, "at": wall}
    db["searches"].insert_one({"authority": authority, **facts})


def in_the_last_minute(db: Database, authority: str, person: str, wall: datetime) -> int:
    """How often this person has looked for a child there."""
    query = {"authority": authority, "person": person, "at": {"$gt": wall - MINUTE}}
    return db["searches"].count_documents(query)


def rows(db: Database, authority: str, plans: list[str], role: Role) -> list[Document]:
    """The rows of these plans in the list that a role over the whole caseload shares."""
    ids = [f"{each}:{reader_of_role(role)}" for each in plans]
    return list(db["caseload"].find({"authority": authority, "_id": {"$in": ids}})) if ids else []
