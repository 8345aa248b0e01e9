"""That somebody looked for a child: when, in which authority and by what kind of fact, never the words themselves."""

from datetime import datetime, timedelta

from pymongo.errors import DuplicateKeyError

from portal.domain.actor import Role
from portal.store.caseload import reader_of_role
from portal.store.database import Database, Document

MINUTE = timedelta(minutes=1)


def note(db: Database, authority: str, person: str, kind: str, wall: datetime, a_minute: int) -> bool:
    """Note that this person looks for a child there; False when they have as often as a minute allows.

    The note is one of the minute's places, each with an id of its own: of many searches at once no more find one
    than there are.
    """
    minute = wall.replace(second=0, microsecond=0)
    query = {"authority": authority, "person": person, "at": {"$gte": minute, "$lt": minute + MINUTE}}
    for place in range(db["searches"].count_documents(query), a_minute):
        facts = {"_id": f"{authority}:{person}:{minute:%Y%m%d%H%M}:{place}", "person": person, "kind": kind, "at": wall}
        try:
            db["searches"].insert_one({"authority": authority, **facts})
        except DuplicateKeyError:  # taken at this very moment
            continue
        return True
    return False


def rows(db: Database, authority: str, plans: list[str], role: Role) -> list[Document]:
    """The rows of these plans in the list that a role over the whole caseload shares."""
    ids = [f"{each}:{reader_of_role(role)}" for each in plans]
    return list(db["caseload"].find({"authority": authority, "_id": {"$in": ids}})) if ids else []
