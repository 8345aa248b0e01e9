"""Files as GridFS lays them out, authority first and sealed: those that wait to be placed, and those in a plan."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from portal.domain.error import NotFound
from portal.domain.hashing import Value
from portal.domain.identifier import authority_of
from portal.domain.media import MediaFile, Reason, file_in
from portal.store import outbox
from portal.store.database import Database, Document, Session
from portal.store.media_bytes import AT_ONCE, KeptBytes, sealed
from portal.store.plans import keyed

CHUNK = 512 * 1024  # bytes, before they are sealed
KEPT = timedelta(days=7)  # what nobody places in the plan is forgotten after these
CLEAN = "-clean"  # after the name of an upload: what was made of it
WAITING, READY, REFUSED = "waiting", "ready", "refused"


@dataclass(frozen=True)
class Upload:
    """A file that somebody sent, until they place it: `file` once it was cleaned, `reason` when it was not taken."""

    plan: str
    id: str
    person: str
    shows: str
    at: datetime
    state: str
    file: MediaFile | None = None
    reason: Reason | None = None


def send(db: Database, upload: Upload, content: bytes) -> None:
    """Keep what was sent and ask the worker to look at it; the same one sent twice is kept once.

    Its pieces come first: they are too large for one transaction, and without their file the server forgets them. An
    upload's id is of its content too, so that of two at once each puts the same pieces, and neither takes any away.
    """
    if find(db, upload.plan, upload.id):
        return
    document = {
        **_place(upload.plan, upload.id),
        "plan": upload.plan,
        "person": upload.person,
        "shows": upload.shows,
        "length": len(content),
        "chunkSize": CHUNK,
        "uploadDate": upload.at,
        "gone": upload.at + KEPT,
        "state": WAITING,
        "reason": "",
        "file": {},
    }

    def body(session: Session) -> None:
        db["uploads.files"].insert_one(document, session=session)
        outbox.add_file_job(db, upload.plan, upload.id, session)

    for each in _chunks(db, upload.plan, upload.id, content, upload.at + KEPT):
        _put(db, each)
    try:
        db.transaction(body)
    except DuplicateKeyError:
        return


def _put(db: Database, piece: Document) -> None:
    place = {"authority": piece["authority"], "_id": piece["_id"]}
    with suppress(DuplicateKeyError):  # the other of two at once has just put it
        db["uploads.chunks"].update_one(place, {"$set": piece}, upsert=True)


def _write(db: Database, plan_id: str, name: str, content: bytes, gone: datetime) -> None:
    """Write the pieces of what was made of a file, in the place of any that a killed worker left."""
    db["uploads.chunks"].delete_many(_within(plan_id, name))
    for each in _chunks(db, plan_id, name, content, gone):
        db["uploads.chunks"].insert_one(each)


def find(db: Database, plan_id: str, upload_id: str) -> Upload | None:
    found = db["uploads.files"].find_one(_place(plan_id, upload_id))
    return _upload_in(found) if found else None


def of_person(db: Database, plan_id: str, person: str) -> list[Upload]:
    """What somebody sent and has not placed yet, the oldest first."""
    asked = {"authority": authority_of(plan_id), "plan": plan_id, "person": person}
    return [_upload_in(each) for each in db["uploads.files"].find(asked).sort("uploadDate", 1)]


def sent(db: Database, plan_id: str, upload_id: str) -> bytes:
    """The bytes that were sent; none once it was cleaned, refused, placed or thrown away."""
    found = db["uploads.chunks"].find(_within(plan_id, upload_id)).sort("_id", 1)
    return b"".join(db.unseal_bytes(each["data"]) for each in found)


def cleaned(db: Database, plan_id: str, upload_id: str, file: MediaFile) -> KeptBytes:
    """What may be kept of them, to be read from any place; raises Altered where it is not there."""
    return _opened(db, "uploads.chunks", plan_id, upload_id + CLEAN, file)


def accept(db: Database, plan_id: str, upload_id: str, file: MediaFile, content: bytes) -> None:
    """Put what may be kept beside what was sent, and then in its place."""
    place = {**_place(plan_id, upload_id), "state": WAITING}
    before = db["uploads.files"].find_one(place)
    if before is None:  # thrown away meanwhile, or done before by a worker that was slow
        return
    _write(db, plan_id, upload_id + CLEAN, content, before["gone"])
    change: dict[str, Any] = {"$set": {"state": READY, "file": file.value, "length": file.size}}
    db["uploads.files"].update_one(place, change)
    db["uploads.chunks"].delete_many(_within(plan_id, upload_id))


def refuse(db: Database, plan_id: str, upload_id: str, reason: Reason) -> None:
    """Say why it is not taken, and forget its bytes."""
    place = {**_place(plan_id, upload_id), "state": WAITING}
    change: dict[str, Any] = {"$set": {"state": REFUSED, "reason": reason.value, "length": 0}}
    if db["uploads.files"].update_one(place, change).modified_count:
        db["uploads.chunks"].delete_many(_within(plan_id, upload_id))


def throw_away(db: Database, upload: Upload, session: Session | None = None) -> bool:
    """Forget that it was sent, and answer whether this did: of two at once one does.

    Its pieces go by `forget`, since they are too many for one transaction.
    """
    return db["uploads.files"].delete_one(_place(upload.plan, upload.id), session=session).deleted_count == 1


def forget(db: Database, upload: Upload) -> None:
    for name in (upload.id, upload.id + CLEAN):
        db["uploads.chunks"].delete_many(_within(upload.plan, name))


def copy(db: Database, upload: Upload, item: str, at: datetime) -> None:
    """Copy a cleaned file to where it stays, under the item that will name it: nobody reads it before that item is.

    `at` is when this was begun, so that what nobody ever names can be told from what is on its way (stray_files.py).
    A name stands for one content: the pieces of it that a killed copy left there are these.
    """
    pieces = db["uploads.chunks"].find(_within(upload.plan, upload.id + CLEAN)).sort("_id", 1)
    for each in pieces.batch_size(AT_ONCE):
        with suppress(DuplicateKeyError):
            db["media.chunks"].insert_one({**_chunk(upload.plan, item, each["n"], each["data"]), "at": at})


def place(db: Database, upload: Upload, item: str, session: Session) -> None:
    """Say with the item that its file is there, and that it waits no longer.

    NotFound when it was placed or thrown away meanwhile: what was copied may lack pieces then.
    """
    if not throw_away(db, upload, session):
        raise NotFound("no such upload")
    kept: Document = {
        **_place(upload.plan, item),
        "plan": upload.plan,
        "length": upload.file.size if upload.file else 0,
        "chunkSize": CHUNK,
        "uploadDate": upload.at,
    }
    db["media.files"].insert_one(kept, session=session)


def opened(db: Database, plan_id: str, item: str, file: MediaFile) -> KeptBytes:
    """The bytes that the plan names, to be read from any place; raises Altered when they are others, or not there."""
    return _opened(db, "media.chunks", plan_id, item, file)


def check(db: Database, plan_id: str, item: str, file: MediaFile) -> None:
    """Read the whole file anew, a piece at a time; raises Altered when it is another than the plan names."""
    sealed(db, "media.chunks", _within(plan_id, item), file, CHUNK)


def _opened(db: Database, collection: str, plan_id: str, name: str, file: MediaFile) -> KeptBytes:
    """A process reads a whole file the first time it is asked for, and from then on what it is asked for of it."""
    key = (collection, plan_id, name, file.sha256)
    seals = db.seals.get(key, lambda: sealed(db, collection, _within(plan_id, name), file, CHUNK))
    places = [_place(plan_id, f"{name}:{number:04d}") for number in range(len(seals))]
    return KeptBytes(db, collection, places, seals, CHUNK, file.size)


def _place(plan_id: str, name: str) -> Document:
    return keyed(plan_id, f":{name}")


def _within(plan_id: str, name: str) -> Document:
    """The filter of a file's chunks: their ids share a beginning, and ";" follows ":"."""
    beginning = f"{plan_id}:{name}"
    return {"authority": authority_of(plan_id), "_id": {"$gt": f"{beginning}:", "$lt": f"{beginning};"}}


def _chunks(db: Database, plan_id: str, name: str, content: bytes, gone: datetime) -> Iterator[Document]:
    for number, at in enumerate(range(0, len(content), CHUNK)):
        sealed = db.seal_bytes(content[at : at + CHUNK])
        yield {**_chunk(plan_id, name, number, sealed), "gone": gone}


def _chunk(plan_id: str, name: str, number: int, sealed: Any) -> Document:
    key = _place(plan_id, f"{name}:{number:04d}")
    return {**key, "plan": plan_id, "files_id": f"{plan_id}:{name}", "n": number, "data": sealed}


def _upload_in(document: Document) -> Upload:
    plan_id, _, name = document["_id"].partition(":")
    value: Value = document["file"]
    reason = Reason(document["reason"]) if document["reason"] else None
    state, person = document["state"], document["person"]
    return Upload(plan_id, name, person, document["shows"], document["uploadDate"], state, file_in(value), reason)
