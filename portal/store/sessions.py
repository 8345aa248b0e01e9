"""Browser sessions and half-done sign-ons, kept on the server: a cookie holds only a random id, kept here as a hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.store.database import Database, Document, Session

# An ended session is kept a while, so that words sent after it ended can be given back to their author.
KEPT_AFTER_END = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
AT_PROVIDER = ("provider", "sid")  # by which a provider ends the sessions that it began


@dataclass(frozen=True)
class StillThere:
    """A session that nobody has ended: when it began, when it was seen last, and its person's stamp."""

    started: datetime
    seen: datetime
    stamp: str


def new_session_id() -> str:
    return secrets.token_urlsafe(32)


def key_of(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


def find(db: Database, session_id: str, *beside: Document) -> Document | None:
    """A session, with the stamp that its person's standing carries (`standing`, store/people.py).

    `beside` are stages that bring documents with it in the same question (store/glance.py, store/caseload.py).
    """
    key = key_of(session_id)
    found = list(db["sessions"].aggregate([{"$match": {"_id": key}}, *beside]))
    session = next((each for each in found if each["_id"] == key), None)
    return session and {**session, "beside": [each for each in found if each is not session]}


def still_there(db: Database, keys: list[str]) -> dict[str, StillThere]:
    """Those of these sessions that nobody has ended, by key, in one question."""
    shown = {"started": 1, "seen": 1, "standing": 1}
    found = db["sessions"].find({"_id": {"$in": keys}, "ended": None}, shown)
    return {each["_id"]: StillThere(each["started"], each["seen"], each["standing"]) for each in found}


def keep(db: Database, session_id: str, data: dict[str, Any], now: datetime, lifetime: timedelta) -> None:
    """Write a session's data whole; a session is one browser's, so the last write is the right one.

    Somebody's session is written together with its person, so that it can't miss a change of what they may do.
    """
    person = data.get("_user_id", "")
    fixed = {"started": now, "gone": now + lifetime + KEPT_AFTER_END}

    def body(session: Session) -> None:
        signed_on = {"$set": {"signed_on": now}}
        known = db["people"].find_one_and_update({"_id": person}, signed_on, session=session) if person else None
        facts = {"data": data, "person": person, "seen": now, "standing": (known or {}).get("standing", "")}
        facts |= {name: data.get(name, "") for name in AT_PROVIDER}
        change = {"$set": facts, "$setOnInsert": fixed}
        db["sessions"].update_one({"_id": key_of(session_id)}, change, upsert=True, session=session)

    db.transaction(body)


def touch(db: Database, session: Document, now: datetime) -> None:
    """Note that a session is alive, at most once a minute."""
    if now - session["seen"] >= SEEN_EVERY:
        db["sessions"].update_one({"_id": session["_id"]}, {"$max": {"seen": now}})


def end(db: Database, session_id: str, now: datetime) -> None:
    db["sessions"].update_one({"_id": key_of(session_id)}, {"$set": {"ended": now, "data": {}}})


def of_person(db: Database, person: str) -> list[Document]:
    """Somebody's sessions that nobody has ended; some may be over by their age."""
    return [each for each in db["sessions"].find({"person": person}) if not each.get("ended")]


def handle_of(session: Document) -> str:
    """What names a session on a page: a part of its hash, from which nobody finds the cookie's id."""
    return str(session["_id"])[:16]


def end_those(db: Database, place: Document, now: datetime, session: Session | None = None) -> int:
    """End the sessions that `place` finds and that are not over yet; answers how many there were."""
    change = {"$set": {"ended": now, "data": {}}}
    return db["sessions"].update_many({**place, "ended": None}, change, session=session).modified_count


def keep_sign_in(db: Database, key: str, value: str, now: datetime, seconds: int) -> None:
    """One half-done sign-on: state, nonce and PKCE verifier, to be taken once."""
    document = {"value": value, "gone": now + timedelta(seconds=seconds)}
    db["sign_ins"].update_one({"_id": key}, {"$set": document}, upsert=True)


def take_sign_in(db: Database, key: str, now: datetime) -> str | None:
    """Take a half-done sign-on away: of two callbacks with one state, only the first finds it."""
    found = db["sign_ins"].find_one_and_delete({"_id": key})
    return str(found["value"]) if found and found["gone"] > now else None


def were_begun(db: Database, provider: str, sid: str, session: Session) -> bool:
    """Whether a provider's session ever began one of ours, one that is over with the others."""
    return db["sessions"].find_one({"provider": provider, "sid": sid}, {"_id": 1}, session=session) is not None
