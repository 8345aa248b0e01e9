"""How people can be reached, sealed with each person; the address that waits for its code; a private calendar's key."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.domain.contact import TRIES, Contact, Unconfirmed, Way
from portal.store.database import Database, Document, Session

LEASE = timedelta(minutes=5)


def of_people(db: Database, people: Iterable[str], session: Session | None = None) -> dict[str, Contact]:
    """The contacts of those who gave any."""
    place = {"_id": {"$in": sorted(set(people))}}
    found = db["people"].find(place, {"contact": 1}, session=session)
    return {each["_id"]: _in(db.unseal(each["contact"])) for each in found if "contact" in each}


def of_person(db: Database, person: str, session: Session | None = None) -> Contact:
    return of_people(db, [person], session).get(person, Contact())


def names(db: Database, people: Iterable[str]) -> dict[str, str]:
    """What these people are called now."""
    found = db["people"].find({"_id": {"$in": sorted(set(people))}}, {"name": 1})
    return {each["_id"]: each["name"] for each in found}


def keep(
    db: Database, person: str, contact: Contact, waits: Unconfirmed | None = None, session: Session | None = None
) -> None:
    """Keep how somebody can be reached; with `waits` an address that is to be confirmed, in place of one before."""
    change: Document = {"contact": db.seal(_out(contact))}
    if waits:
        sealed = db.seal({"email": waits.email, "code": waits.code})
        facts = {"sealed": sealed, "until": waits.until, "tries": 0, "begun": list(waits.begun)}
        change["unconfirmed"] = {**facts, "next": waits.begun[-1]}
    db["people"].update_one({"_id": person}, {"$set": change}, session=session)


def waiting(db: Database, person: str, session: Session | None = None) -> Unconfirmed | None:
    """The address for which a code was asked for last, whether it can still be confirmed or not."""
    found = db["people"].find_one({"_id": person}, {"unconfirmed": 1}, session=session)
    return _waiting_in(db, found["unconfirmed"]) if found and "unconfirmed" in found else None


def take_a_try(db: Database, person: str, waits: Unconfirmed, wall: datetime) -> bool:
    """Whether there was a try left, which is now used: taken before the code is looked at, so that none is free."""
    place = {
        "_id": person,
        "unconfirmed.until": {"$gt": wall, "$eq": waits.until},
        "unconfirmed.tries": {"$lt": TRIES},
    }
    return db["people"].update_one(place, {"$inc": {"unconfirmed.tries": 1}}).modified_count == 1


def confirm(db: Database, person: str, waits: Unconfirmed, contact: Contact, session: Session) -> bool:
    """Make the address the person's own; False when another one was asked for meanwhile."""
    place = {"_id": person, "unconfirmed.until": waits.until}
    change = {"$set": {"contact": db.seal(_out(contact)), "unconfirmed.until": waits.begun[-1]}}
    change["$unset"] = {"unconfirmed.next": ""}
    return db["people"].update_one(place, change, session=session).modified_count == 1


def next_code(db: Database, wall: datetime) -> tuple[str, Unconfirmed] | None:
    """(person, address and code) of a code that is still to be sent, leased to whoever asked."""
    due = {"unconfirmed.next": {"$lte": wall}}
    change = {"$set": {"unconfirmed.next": wall + LEASE}}
    found = db["people"].find_one_and_update(due, change, {"unconfirmed": 1}, sort=[("unconfirmed.next", 1)])
    return (found["_id"], _waiting_in(db, found["unconfirmed"])) if found else None


def code_is_sent(db: Database, person: str, waits: Unconfirmed) -> None:
    """Nothing more is done for this code: it was taken, or it is too late for it."""
    place = {"_id": person, "unconfirmed.until": waits.until}
    db["people"].update_one(place, {"$unset": {"unconfirmed.next": ""}})


def code_is_over(db: Database, person: str, waits: Unconfirmed, session: Session) -> None:
    """The address is not to be confirmed any more; when codes were asked for is still known."""
    place = {"_id": person, "unconfirmed.until": waits.until}
    over: Document = {"$set": {"unconfirmed.until": waits.begun[-1]}, "$unset": {"unconfirmed.next": ""}}
    db["people"].update_one(place, over, session=session)


def take_the_hour(db: Database, person: str, wall: datetime, pause: timedelta) -> bool:
    """Whether nothing was sent to the person within the pause; from now on something was."""
    free = {"_id": person, "$or": [{"told": {"$exists": False}}, {"told": {"$lte": wall - pause}}]}
    return db["people"].update_one(free, {"$set": {"told": wall}}).modified_count == 1


def told(db: Database, person: str) -> datetime | None:
    """When this was last asked for, and given."""
    found = db["people"].find_one({"_id": person}, {"told": 1})
    at: datetime | None = found.get("told") if found else None
    return at


def new_calendar(db: Database, person: str) -> None:
    """A new secret for the person's calendar, sealed until it has been shown; the one before opens nothing more."""
    token = secrets.token_urlsafe(32)
    kept = {"token": _hash(token), "shown_once": db.seal({"token": token})}
    db["people"].update_one({"_id": person}, {"$set": {"calendar": kept}})


def end_calendar(db: Database, person: str) -> None:
    db["people"].update_one({"_id": person}, {"$unset": {"calendar": ""}})


def has_calendar(db: Database, person: str) -> bool:
    return db["people"].find_one({"_id": person, "calendar": {"$exists": True}}, {"_id": 1}) is not None


def reveal_calendar(db: Database, person: str) -> str:
    """The secret, once; empty for whoever asks second."""
    place = {"_id": person, "calendar.shown_once": {"$exists": True}}
    found = db["people"].find_one_and_update(place, {"$unset": {"calendar.shown_once": ""}}, {"calendar": 1})
    return str(db.unseal(found["calendar"]["shown_once"])["token"]) if found else ""


def by_calendar(db: Database, token: str) -> str:
    """The id of the person whose calendar a secret opens, or empty."""
    found = db["people"].find_one({"calendar.token": _hash(token)}, {"_id": 1})
    return str(found["_id"]) if found else ""


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _out(contact: Contact) -> Document:
    return {
        "email": contact.email,
        "mobile": contact.mobile,
        "address": list(contact.address),
        "first": contact.first.value if contact.first else "",
        "daily": contact.daily,
    }


def _in(facts: Mapping[str, Any]) -> Contact:
    first = Way(facts["first"]) if facts["first"] else None
    return Contact(facts["email"], facts["mobile"], tuple(facts["address"]), first, facts["daily"])


def _waiting_in(db: Database, kept: Mapping[str, Any]) -> Unconfirmed:
    facts = db.unseal(kept["sealed"])
    return Unconfirmed(facts["email"], facts["code"], kept["until"], kept["tries"], tuple(kept["begun"]))
