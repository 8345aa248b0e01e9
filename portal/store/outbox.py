"""What others are to be told and what the worker is to make, written in the same transaction as the event."""

from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from portal.domain.decision import Decision
from portal.domain.plan import Plan
from portal.store.database import Database, Document, Session
from portal.store.plans import keyed

LEASE = timedelta(minutes=5)
PDF, FILE, LETTER = "pdf", "file", "letter"


def add(db: Database, plan: Plan, decision: Decision, sequence: int, session: Session) -> None:
    """One outbox entry for the event (kind and section, never the child), and the job of an issued version's PDF."""
    event = decision.event
    entry = {
        "_id": f"{plan.id}:{sequence}",
        "authority": plan.authority,
        "plan": plan.id,
        "kind": event.kind.value,
        "section": event.section,
        "at": decision.by.at,
        "delivered": None,
    }
    db["outbox"].insert_one(entry, session=session)
    if decision.version:
        add_job(db, plan.id, PDF, decision.version.number, session)


def tell(db: Database, plan_id: str, kind: str, number: int, at: datetime, session: Session) -> None:
    """One outbox entry for what is not on the plan's chain; `number` counts those of its kind in the plan."""
    place = keyed(plan_id, f":{kind}:{number}")
    entry = {**place, "plan": plan_id, "kind": kind, "section": "", "at": at, "delivered": None}
    db["outbox"].insert_one(entry, session=session)


def tell_once(db: Database, plan_id: str, kind: str, number: int, at: datetime) -> None:
    """The same outside any save, and nothing where it was told already."""
    place = keyed(plan_id, f":{kind}:{number}")
    entry = {"plan": plan_id, "kind": kind, "section": "", "at": at, "delivered": None}
    db["outbox"].update_one(place, {"$setOnInsert": entry}, upsert=True)


def add_job(db: Database, plan_id: str, kind: str, number: int, session: Session) -> None:
    """Ask for a document to be made: the PDF of a version or of a letter, by its number."""
    _ask(db, plan_id, f"{kind}:v{number}", {"kind": kind, "number": number}, session)


def add_file_job(db: Database, plan_id: str, upload_id: str, session: Session) -> None:
    """Ask for a file to be looked at: its number is 0, and `upload` names it within its plan."""
    _ask(db, plan_id, f"{upload_id}:{FILE}", {"kind": FILE, "number": 0, "upload": upload_id}, session)


def _ask(db: Database, plan_id: str, name: str, asked: Document, session: Session) -> None:
    nobody_yet = {"done": False, "leased_until": None, "attempts": 0}
    db["jobs"].insert_one({**keyed(plan_id, f":{name}"), "plan": plan_id, **asked, **nobody_yet}, session=session)


def lease(db: Database, wall: datetime) -> Document | None:
    """Take the job that has waited longest; a worker that dies lets go of it when the lease runs out."""
    free = {"done": False, "$or": [{"leased_until": None}, {"leased_until": {"$lt": wall}}]}
    change: dict[str, Any] = {"$set": {"leased_until": wall + LEASE}, "$inc": {"attempts": 1}}
    return db["jobs"].find_one_and_update(
        free, change, sort=[("attempts", 1), ("_id", 1)], return_document=ReturnDocument.AFTER
    )


def finish(db: Database, job: Document) -> None:
    db["jobs"].update_one({"authority": job["authority"], "_id": job["_id"]}, {"$set": {"done": True}})


def keep_document(db: Database, plan_id: str, number: int, content: bytes, digest: str, kind: str = PDF) -> None:
    """Keep a made PDF once, of a version or of a letter; a second worker that made it too changes nothing."""
    document = {
        **keyed(plan_id, f":{kind}:v{number}"),
        "plan": plan_id,
        "content": db.seal_bytes(content),
        "digest": digest,
    }
    try:
        db["documents"].insert_one(document)
    except DuplicateKeyError:
        return


def document(db: Database, plan_id: str, number: int, kind: str = PDF) -> bytes | None:
    """The PDF of a version or a letter, or None while the worker has not made it yet."""
    found = db["documents"].find_one(keyed(plan_id, f":{kind}:v{number}"))
    return db.unseal_bytes(found["content"]) if found else None
