"""Pieces of files that no plan names: what is left of a placement that was killed, refused, or lost to another."""

from collections.abc import Iterator
from datetime import datetime

from portal.domain.identifier import authority_of
from portal.store.database import Database, Document


def stray(db: Database, authority: str, before: datetime) -> Iterator[str]:
    """The id of each file of which pieces are kept and that no plan names, though it was begun before that moment.

    One step from file to file, whatever they weigh: never through their pieces.
    """
    after, end = f"{authority}-", f"{authority}."
    while piece := _next(db, authority, after, end):
        name = str(piece["files_id"])
        after = _end_of(name)
        named = db["media.files"].find_one({"authority": authority, "_id": name}, {"_id": 1})
        if named is None and piece.get("at", datetime.min.replace(tzinfo=before.tzinfo)) < before:
            yield name


def _next(db: Database, authority: str, after: str, end: str) -> Document | None:
    place = {"authority": authority, "_id": {"$gt": after, "$lt": end}}
    return db["media.chunks"].find_one(place, {"files_id": 1, "at": 1}, sort=[("_id", 1)])


def remove(eraser: Database, name: str, before: datetime) -> int:
    """Remove a stray file's pieces, and none that was begun since; answers how many. The retention user alone may."""
    here = {"_id": {"$gt": f"{name}:", "$lt": _end_of(name)}, "at": {"$not": {"$gte": before}}}
    return eraser["media.chunks"].delete_many({"authority": authority_of(name), **here}).deleted_count


def _end_of(name: str) -> str:
    """Pieces are named after their file and ":": ";" follows it."""
    return f"{name};"
