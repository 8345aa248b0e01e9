"""Who holds which part: of one person, of one agency, and the plans that were left without somebody in a role."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.permission_law import ADVISER, CONSULTED
from portal.store import pictures
from portal.store.database import Database, Document, Session
from portal.store.people import grant_of, key_of, restand

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


# Two people who give the same part at once read their clocks before either has saved.
AT_ONCE = timedelta(minutes=1)


def holds(db: Database, grant: Grant) -> bool:
    """Whether the person has this very part already, for as long as this grant would last."""
    found = db["grants"].find_one({"authority": grant.authority, "_id": key_of(grant)})
    if found is None or not grant_of(found).live_at(grant.since + AT_ONCE):
        return False
    return found["until"] is None or (grant.until is not None and found["until"] >= grant.until)


def not_ended(wall: datetime) -> Document:
    """What a grant's row says while it is live, or still to begin."""
    return {"$or": [{"until": None}, {"until": {"$gt": wall}}]}


def parts_of(db: Database, authority: str, agency: str, person: str, wall: datetime) -> list[Grant]:
    """What one person holds for one agency in one authority, now or from a later day."""
    place = {"authority": authority, "agency": agency, "person": person}
    return _by_scope(grant_of(each) for each in db["grants"].find({**place, **not_ended(wall)}))


def _by_scope(grants: Iterable[Grant]) -> list[Grant]:
    """A few rows, put in order here: no index does it for this question."""
    return sorted(grants, key=lambda each: (each.scope, each.role))


def people_of(db: Database, agency: Agency, wall: datetime, limit: int = 2_000) -> list[Grant]:
    """What an agency's people hold now or from a later day, person by person."""
    place = {"authority": agency.authority, "agency": agency.slug}
    found = db["grants"].find({**place, **not_ended(wall)}).sort("person", 1).limit(limit)
    return [grant_of(each) for each in found]


def without(db: Database, agency: Agency, role: Role, wall: datetime, limit: int = 100) -> list[str]:
    """The plans in which somebody had this role for the agency, beyond being consulted or asked, and nobody has it."""
    place = {"authority": agency.authority, "agency": agency.slug}
    parts = {**place, "role": role.value, "scope": {"$ne": WHOLE_CASELOAD}, "relation": {"$nin": [CONSULTED, ADVISER]}}
    last = {"$max": {"$ifNull": ["$until", FOREVER]}}
    stages: list[Document] = [
        {"$match": parts},
        {"$group": {"_id": "$scope", "last": last}},
        {"$match": {"last": {"$lte": wall}}},
        {"$limit": limit},
    ]
    return sorted(str(each["_id"]) for each in db["grants"].aggregate(stages))


def works_on(db: Database, agency: Agency, plan_id: str) -> bool:
    """Whether somebody has, or had, a part in a plan for the agency, more than to be consulted."""
    place = {"authority": agency.authority, "agency": agency.slug, "scope": plan_id, "relation": {"$ne": CONSULTED}}
    return db["grants"].find_one(place, {"_id": 1}) is not None


def one(db: Database, authority: str, key: str, wall: datetime) -> Grant | None:
    """One grant by its key (people.key_of), unless it has ended."""
    found = db["grants"].find_one({"authority": authority, "_id": key, **not_ended(wall)})
    return grant_of(found) if found else None


def row_of(grant: Grant) -> Document:
    """The filter of a grant's row, as long as it ends when this grant does."""
    return {"authority": grant.authority, "_id": key_of(grant), "until": grant.until}


def stands(db: Database, grant: Grant) -> bool:
    """Whether the grant is still as it was read: nobody ended or prolonged it meanwhile."""
    return db["grants"].find_one(row_of(grant), {"_id": 1}) is not None


def leave(db: Database, authority: str, agency: str, person: str, wall: datetime, session: Session) -> list[Grant]:
    """End all that somebody holds for an agency in one authority; answers what that was.

    Each row notes that its plan's chain does not say so yet (`unsaid`), so that a run that was killed is gone on with.
    """
    place = {"authority": authority, "agency": agency, "person": person, **not_ended(wall)}
    place["unsaid"] = {"$exists": False}  # of two who end them at once, one does
    ended = [grant_of(each) for each in db["grants"].find(place, session=session)]
    for each in ended:
        db["grants"].update_one(row_of(each), {"$set": {"until": wall, "unsaid": True}}, session=session)
        pictures.part_changed(db, each.authority, each.scope, each.role, wall, session)
    db["people"].update_one({"_id": person}, {"$pull": {"leads": agency}}, session=session)
    restand(db, [person], session)
    return ended


def unsaid(db: Database, authority: str, agency: str, person: str) -> list[Grant]:
    """The parts that a leaver held in one plan each and whose end that plan's chain does not say yet."""
    place: Document = {"authority": authority, "agency": agency, "person": person, "unsaid": True}
    place["scope"] = {"$ne": WHOLE_CASELOAD}
    return _by_scope(grant_of(each) for each in db["grants"].find(place))


def is_unsaid(db: Database, grant: Grant) -> bool:
    place = {"authority": grant.authority, "_id": key_of(grant), "unsaid": True}
    return db["grants"].find_one(place, {"_id": 1}) is not None


def say(db: Database, grant: Grant, session: Session) -> None:
    place = {"authority": grant.authority, "_id": key_of(grant)}
    db["grants"].update_one(place, {"$set": {"unsaid": False}}, session=session)


def agencies(db: Database, *kinds: AgencyKind) -> list[Agency]:
    """Every agency of these kinds, by name: a short list."""
    wanted = {"kind": {"$in": [each.value for each in kinds]}}
    found = db["agencies"].find(wanted).sort("name", 1)
    return [Agency(each["_id"], each["name"], AgencyKind(each["kind"]), each["authority"]) for each in found]
