"""What is on record of parts in whole caseloads, and the parts that wait for a second person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.domain.actor import Grant, Role
from portal.domain.identifier import random_id
from portal.store.database import Database, Document, Session

NEWEST = 50
WAITING, CONFIRMED, REFUSED = "waiting", "confirmed", "refused"


@dataclass(frozen=True)
class Logged:
    """One line of the log: what was done, to whom, by whom. Names are those they had that day."""

    kind: str
    person: str
    name: str
    role: Role
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """A part that one person asked for on somebody's behalf and a second must confirm."""

    id: str
    authority: str
    agency: str
    role: Role
    person: str
    name: str
    asked_by: str
    asked_by_name: str
    at: datetime


def log(db: Database, kind: str, grant: Grant, by: str, by_name: str, at: datetime, session: Session) -> None:
    """Put on record that a part in a whole caseload was asked for, given or ended."""
    place = {"_id": f"{grant.authority}:{random_id(20)}", "authority": grant.authority, "agency": grant.agency}
    who = {"person": grant.person, "name": grant.name, "role": grant.role.value}
    line = {**place, **who, "kind": kind, "by": by, "by_name": by_name, "at": at, "until": grant.until}
    db["access_log"].insert_one(line, session=session)


def logged(db: Database, authority: str, agency: str) -> list[Logged]:
    """The newest lines about an agency's people, newest first."""
    found = db["access_log"].find({"authority": authority, "agency": agency}).sort("at", -1).limit(NEWEST)
    return [
        Logged(each["kind"], each["person"], each["name"], Role(each["role"]), each["by"], each["by_name"], each["at"])
        for each in found
    ]


def ask(db: Database, grant: Grant, by: str, by_name: str, at: datetime, session: Session) -> None:
    """Note that a part waits for a second person; asked again meanwhile, it stays the first one's."""
    place = {"authority": grant.authority, "_id": f"{grant.authority}:{grant.person}:{grant.agency}:{grant.role}"}
    who = {"person": grant.person, "name": grant.name, "agency": grant.agency, "role": grant.role.value}
    fresh = {**who, "asked_by": by, "asked_by_name": by_name, "at": at, "state": WAITING}
    over = {**place, "state": {"$ne": WAITING}}
    db["grant_requests"].update_one(over, {"$set": fresh}, session=session)
    db["grant_requests"].update_one(place, {"$setOnInsert": fresh}, upsert=True, session=session)


def waiting(db: Database, authority: str, agency: str) -> list[Asked]:
    """The parts that wait for a second person, newest first."""
    found = db["grant_requests"].find({"authority": authority, "agency": agency, "state": WAITING}).sort("at", -1)
    return [_asked(each) for each in found]


def asked(db: Database, authority: str, request_id: str) -> Asked | None:
    """A part that waits; None when it does not, or no more."""
    found = db["grant_requests"].find_one({"authority": authority, "_id": request_id, "state": WAITING})
    return _asked(found) if found else None


def settle(db: Database, request: Asked, state: str, by: str, at: datetime, session: Session) -> bool:
    """Whether this settled it: of two at once one does."""
    place: Document = {"authority": request.authority, "_id": request.id, "state": WAITING, "at": request.at}
    change = {"$set": {"state": state, "settled_by": by, "settled_at": at}}
    return db["grant_requests"].update_one(place, change, session=session).modified_count == 1


def _asked(document: dict[str, Any]) -> Asked:
    return Asked(
        document["_id"],
        document["authority"],
        document["agency"],
        Role(document["role"]),
        document["person"],
        document["name"],
        document["asked_by"],
        document["asked_by_name"],
        document["at"],
    )
