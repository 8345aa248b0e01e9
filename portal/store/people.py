"""People, keyed by issuer and subject, and the grants that say what each may see and do."""

from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.identifier import authority_of, new_person_id
from portal.domain.permission_law import is_adviser, is_consulted
from portal.domain.standing import Standing
from portal.store import pictures
from portal.store.database import ONE_ANSWER, Database, Document, Session


def known(db: Database, issuer: str, subject: str, name: str) -> str:
    """The id of the person an issuer knows by this subject; made, with no grant, when first seen. Never by email."""
    who = {"issuer": issuer, "subject": subject}
    fresh = {"_id": new_person_id(), "name": name, "authorities": [], "standing": ""}
    change = {"$setOnInsert": fresh}
    try:
        found = db["people"].find_one_and_update(who, change, upsert=True, return_document=ReturnDocument.AFTER)
    except DuplicateKeyError:  # two browsers signed on for the first time at once
        found = db["people"].find_one(who)
    return str(found["_id"]) if found else known(db, issuer, subject, name)


def find(db: Database, issuer: str, subject: str, session: Session) -> str:
    """The id of the person an issuer knows by this subject, or empty when it has never been seen."""
    found = db["people"].find_one({"issuer": issuer, "subject": subject}, {"_id": 1}, session=session)
    return str(found["_id"]) if found else ""


def rename(db: Database, person_id: str, name: str) -> None:
    """Take over the name a provider gives somebody now; what they signed and were given keeps the name it was under."""

    def body(session: Session) -> None:
        other = {"_id": person_id, "name": {"$ne": name}}
        if db["people"].update_one(other, {"$set": {"name": name}}, session=session).modified_count:
            restand(db, [person_id], session)

    if db["people"].find_one({"_id": person_id, "name": {"$ne": name}}, {"_id": 1}):
        db.transaction(body)


def lead(db: Database, person_id: str, agencies: list[str]) -> None:
    """Make somebody the lead of these agencies, beside those they lead already."""

    def body(session: Session) -> None:
        change = {"$addToSet": {"leads": {"$each": agencies}}}
        if db["people"].update_one({"_id": person_id}, change, session=session).modified_count:
            restand(db, [person_id], session)

    db.transaction(body)


def keep_look(db: Database, person_id: str, look: list[str], wording: str) -> None:
    """Keep how somebody likes their pages to look and to read; what is remembered for them was made otherwise."""
    liked = {"look": look, "wording": wording}

    def body(session: Session) -> None:
        if db["people"].update_one({"_id": person_id}, {"$set": liked}, session=session).modified_count:
            restand(db, [person_id], session)

    db.transaction(body)


HOUR = 3_600_000  # milliseconds
# A reading that is long over begins no more; whether one is live is for whoever knows the moment.
THEIR_RECENT = [{"$eq": ["$person", "$$person"]}, {"$gt": ["$until", "$$recently"]}]
# Stages that give a person's document their grants, and their agencies' settings read anew so that they hold at once.
PARTS: list[Document] = [
    {
        "$lookup": {
            "from": "grants",
            "localField": "authorities",
            "foreignField": "authority",
            "let": {"person": "$_id"},
            "pipeline": [{"$match": {"$expr": {"$eq": ["$person", "$$person"]}}}],
            "as": "grants",
        }
    },
    {"$lookup": {"from": "agencies", "localField": "grants.agency", "foreignField": "_id", "as": "agencies"}},
    {
        "$lookup": {
            "from": "reasoned_readings",
            "localField": "authorities",
            "foreignField": "authority",
            "let": {"person": "$_id", "recently": {"$subtract": ["$$NOW", 2 * HOUR]}},
            "pipeline": [{"$match": {"$expr": {"$and": THEIR_RECENT}}}],
            "as": "readings",
        }
    },
]


def standing(db: Database, person_id: str) -> Standing | None:
    """Who somebody is and what they were given, read anew in one question; None when nobody is known by this id."""
    found = next(iter(db["people"].aggregate([{"$match": {"_id": person_id}}, *PARTS])), None)
    return _standing_of(found) if found else None


def standing_by(db: Database, person_id: str, stamp: str) -> Standing | None:
    """The same for a session that carries this stamp: remembered, since no session carries an old one (`restand`)."""
    key = (person_id, stamp)
    remembered = db.standings.recall(key)
    if remembered is None:
        remembered = standing(db, person_id)
        if remembered and remembered.stamp == stamp:
            db.standings.keep(key, remembered)
    return remembered


def _standing_of(person: Document) -> Standing:
    asking = {each["_id"] for each in person["agencies"] if each["second_person"]}
    grants = tuple(grant_of(each, each["agency"] in asking) for each in person["grants"])
    grants += tuple(part for each in person["readings"] for part in _parts_to_read(each, grants))
    stamp, leads = person.get("standing", ""), tuple(person.get("leads", ()))
    liked = (tuple(person.get("look", ())), person.get("wording", ""))
    return Standing(person["_id"], person["name"], person["issuer"], person["subject"], grants, stamp, leads, *liked)


def _parts_to_read(reading: Document, grants: tuple[Grant, ...]) -> list[Grant]:
    """The part that a reasoned reading gives, an auditor's in one plan: gone with the part by which it was begun."""
    begun_by = [each for each in grants if each.authority == reading["authority"] and each.role == reading["role"]]
    return [
        Grant(
            person=reading["person"],
            name=reading["name"],
            agency=reading["agency"],
            agency_name=reading["agency_name"],
            role=Role.AUDITOR,
            authority=reading["authority"],
            scope=reading["plan"],
            since=reading["since"],
            until=min(reading["until"], each.until or reading["until"]),
            given_by=reading["person"],
            reading=reading["kind"],
        )
        for each in begun_by
        if each.agency == reading["agency"]
    ]


def restand(db: Database, people: list[str], session: Session) -> None:
    """Give these people a new stamp, and with them their sessions, in the transaction that changes what they hold.

    A sign-on writes its person too (sessions.keep), so that one of the two waits for the other.
    """
    stamp = {"$set": {"standing": new_person_id()}}
    db["people"].update_many({"_id": {"$in": people}}, stamp, session=session)
    db["sessions"].update_many({"person": {"$in": people}}, stamp, session=session)


def grants_on(db: Database, plan_id: str, wall: datetime) -> list[Grant]:
    """Everybody who has a live grant on a plan, those of its authority's whole caseload with them."""
    query = {"authority": authority_of(plan_id), "scope": {"$in": [plan_id, WHOLE_CASELOAD]}}
    found = db["grants"].find(query).sort("from", 1).batch_size(ONE_ANSWER)
    return [each for each in map(grant_of, found) if each.live_at(wall)]


def give(db: Database, grant: Grant, session: Session) -> None:
    """Give a grant once: the same person, agency, role and scope make one row, which a longer grant prolongs."""
    place = {"authority": grant.authority, "_id": key_of(grant)}
    ended = {**place, "until": {"$lte": grant.since}}
    again = db["grants"].update_one(ended, {"$set": _out(grant), "$unset": {"unsaid": ""}}, session=session)
    _prolong(db, grant, session)
    first = db["grants"].update_one(place, {"$setOnInsert": _out(grant)}, upsert=True, session=session)
    db["people"].update_one({"_id": grant.person}, {"$addToSet": {"authorities": grant.authority}}, session=session)
    if again.modified_count or first.upserted_id:
        restand(db, [grant.person], session)
        pictures.part_changed(db, grant.authority, grant.scope, grant.role, grant.since, session)


def _prolong(db: Database, grant: Grant, session: Session) -> None:
    shorter = {"$ne": None} if grant.until is None else {"$lt": grant.until, "$ne": None}
    place = {"authority": grant.authority, "_id": key_of(grant), "until": shorter}
    longer = {"until": grant.until, "given_by": grant.given_by, "covering": grant.covering}
    if db["grants"].update_one(place, {"$set": longer}, session=session).modified_count:
        restand(db, [grant.person], session)


def key_of(grant: Grant) -> str:
    """The id of a grant's row: opaque ids and keys, never a name. To be consulted, or to advise, is a part beside one's
    own."""
    part = f"{grant.authority}:{grant.person}:{grant.agency}:{grant.role.value}:{grant.scope}"
    return f"{part}:{grant.relation}" if is_consulted(grant) or is_adviser(grant) else part


def end(db: Database, place: Document, until: datetime, session: Session) -> int:
    """End the grants that `place` finds, which begins with their authority; answers how many there were."""
    shown = {"person": 1, "scope": 1, "role": 1}
    found = list(db["grants"].find(place, shown, session=session))
    ended = db["grants"].update_many(place, {"$set": {"until": until}}, session=session)
    restand(db, sorted({str(each["person"]) for each in found}), session)
    for each in found:
        pictures.part_changed(db, place["authority"], each["scope"], Role(each["role"]), until, session)
    return ended.matched_count


def keep_agency(db: Database, agency: Agency) -> None:
    """Make an agency known or bring it up to date; its people stand anew, since its settings bind them."""
    facts = {"name": agency.name, "kind": agency.kind.value, "authority": agency.authority}
    settings = {**facts, "second_person": agency.second_person}

    def body(session: Session) -> None:
        place = {"_id": agency.slug}
        before = db["agencies"].find_one_and_update(place, {"$set": settings}, upsert=True, session=session)
        if before and before != {**place, **settings}:
            members = {"authority": agency.authority, "agency": agency.slug}
            found = db["grants"].find(members, {"person": 1}, session=session)
            restand(db, sorted({str(each["person"]) for each in found}), session)

    db.transaction(body)


def agency(db: Database, slug: str) -> Agency | None:
    found = db["agencies"].find_one({"_id": slug})
    if found is None:
        return None
    return Agency(slug, found["name"], AgencyKind(found["kind"]), found["authority"], found["second_person"])


def given(grant: Grant) -> Document:
    """A grant's row as it is given for the first time."""
    return {"authority": grant.authority, "_id": key_of(grant), **_out(grant)}


def belong(db: Database, members: list[str], authority: str, session: Session) -> None:
    """Note that these people have a part in something of an authority, and give each a new stamp."""
    change = {"$addToSet": {"authorities": authority}}
    db["people"].update_many({"_id": {"$in": members}}, change, session=session)
    restand(db, members, session)


def _out(grant: Grant) -> Document:
    return {
        "person": grant.person,
        "name": grant.name,
        "agency": grant.agency,
        "agency_name": grant.agency_name,
        "role": grant.role.value,
        "scope": grant.scope,
        "from": grant.since,
        "until": grant.until,
        "given_by": grant.given_by,
        "relation": grant.relation,
        "covering": grant.covering,
    }


def grant_of(document: dict[str, Any], second_person: bool = False) -> Grant:
    return Grant(
        document["person"],
        document["name"],
        document["agency"],
        document["agency_name"],
        Role(document["role"]),
        document["authority"],
        document["scope"],
        document["from"],
        document["until"],
        document["given_by"],
        document["relation"],
        second_person,
        document.get("covering", ""),
    )
