"""People, keyed by issuer and subject, and the grants that say what each may see and do."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.identifier import authority_of, new_person_id
from portal.store.database import Database, Document, Session


def known(db: Database, issuer: str, subject: str, name: str) -> str:
    """The id of the person an issuer knows by this subject; made, with no grant, when first seen. Never by email."""
    who = {"issuer": issuer, "subject": subject}
    fresh = {"_id": new_person_id(), "name": name, "authorities": []}
    change = {"$setOnInsert": fresh}
    try:
        found = db["people"].find_one_and_update(who, change, upsert=True, return_document=ReturnDocument.AFTER)
    except DuplicateKeyError:  # two browsers signed on for the first time at once
        found = db["people"].find_one(who)
    return str(found["_id"]) if found else known(db, issuer, subject, name)


def person(db: Database, person_id: str) -> Document | None:
    return db["people"].find_one({"_id": person_id})


def live_grants(db: Database, person: Document, wall: datetime) -> tuple[Grant, ...]:
    """The person's grants that hold now, over the authorities where they have any."""
    if not person["authorities"]:
        return ()
    query = {"authority": {"$in": person["authorities"]}, "person": person["_id"]}
    grants = [_in(each) for each in db["grants"].find(query)]
    asking = _second_person_agencies(db, {each.agency for each in grants})
    return tuple(replace(each, second_person=each.agency in asking) for each in grants if each.live_at(wall))


def _second_person_agencies(db: Database, slugs: set[str]) -> set[str]:
    """Those of the agencies that ask a second person to sign: read anew, so that a setting holds at once."""
    query = {"_id": {"$in": sorted(slugs)}, "second_person": True}
    return {each["_id"] for each in db["agencies"].find(query, {"_id": 1})}


def grants_on(db: Database, plan_id: str, wall: datetime) -> list[Grant]:
    """Everybody who has a live grant on a plan, those of its authority's whole caseload with them."""
    query = {"authority": authority_of(plan_id), "scope": {"$in": [plan_id, WHOLE_CASELOAD]}}
    grants = (_in(each) for each in db["grants"].find(query).sort("from", 1))
    return [each for each in grants if each.live_at(wall)]


def give(db: Database, grant: Grant, session: Session | None = None) -> None:
    """Give a grant once: the same person, agency, role and scope make one row."""
    key = f"{grant.authority}:{grant.person}:{grant.agency}:{grant.role.value}:{grant.scope}"
    place = {"authority": grant.authority, "_id": key}
    ended = {**place, "until": {"$lte": grant.since}}
    db["grants"].update_one(ended, {"$set": _out(grant)}, session=session)
    db["grants"].update_one(place, {"$setOnInsert": _out(grant)}, upsert=True, session=session)
    db["people"].update_one({"_id": grant.person}, {"$addToSet": {"authorities": grant.authority}}, session=session)


def keep_agency(db: Database, agency: Agency) -> None:
    facts = {"name": agency.name, "kind": agency.kind.value, "authority": agency.authority}
    change = {"$set": {**facts, "second_person": agency.second_person}}
    db["agencies"].update_one({"_id": agency.slug}, change, upsert=True)


def agency(db: Database, slug: str) -> Agency | None:
    found = db["agencies"].find_one({"_id": slug})
    if found is None:
        return None
    return Agency(slug, found["name"], AgencyKind(found["kind"]), found["authority"], found["second_person"])


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
    }


def _in(document: dict[str, Any]) -> Grant:
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
    )
