"""Browser sessions and half-done sign-ons, kept on the server: a cookie holds only a random id, kept here as a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from portal.store.database import Database, Document
from portal.store.people import PARTS

# An ended session is kept a while, so that words sent after it ended can be given back to their author.
KEPT_AFTER_END = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)


def new_session_id() -> str:
    return secrets.token_urlsafe(32)


def key_of(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


def find(db: Database, session_id: str, *beside: Document) -> Document | None:
    """A session with the person it belongs to and their parts (`who`: one document or none), in one question.

    `beside` are stages that bring more with it (store/glance.py).
    """
    who = {"from": "people", "localField": "person", "foreignField": "_id", "pipeline": PARTS, "as": "who"}
    found = db["sessions"].aggregate([{"$match": {"_id": key_of(session_id)}}, {"$lookup": who}, *beside])
    return next(iter(found), None)


def keep(db: Database, session_id: str, data: dict[str, Any], now: datetime, lifetime: timedelta) -> None:
    """Write a session's data whole; a session is one browser's, so the last write is the right one."""
    fixed = {"started": now, "gone": now + lifetime + KEPT_AFTER_END}
    change = {"$set": {"data": data, "person": data.get("_user_id", ""), "seen": now}, "$setOnInsert": fixed}
    db["sessions"].update_one({"_id": key_of(session_id)}, change, upsert=True)


def touch(db: Database, session: Document, now: datetime) -> None:
    """Note that a session is alive, at most once a minute."""
    if now - session["seen"] >= SEEN_EVERY:
        db["sessions"].update_one({"_id": session["_id"]}, {"$max": {"seen": now}})


def end(db: Database, session_id: str, now: datetime) -> None:
    db["sessions"].update_one({"_id": key_of(session_id)}, {"$set": {"ended": now, "data": {}}})


def keep_sign_in(db: Database, key: str, value: str, now: datetime, seconds: int) -> None:
    """One half-done sign-on: state, nonce and PKCE verifier, to be taken once."""
    document = {"value": value, "gone": now + timedelta(seconds=seconds)}
    db["sign_ins"].update_one({"_id": key}, {"$set": document}, upsert=True)


def take_sign_in(db: Database, key: str, now: datetime) -> str | None:
    """Take a half-done sign-on away: of two callbacks with one state, only the first finds it."""
    found = db["sign_ins"].find_one_and_delete({"_id": key})
    return str(found["value"]) if found and found["gone"] > now else None
