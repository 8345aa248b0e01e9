"""Checkpoints: tiles of heads first, the signed checkpoint last, so that one left half-written never counts."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from portal.domain.checkpoint import TILE, Checkpoint, Head, Inclusion, Part, path
from portal.domain.error import NotFound, Refusal
from portal.domain.identifier import authority_of
from portal.store.database import Database, Document


class MadeMeanwhile(Refusal):
    """Another run made the checkpoint of this number first."""


def authorities(db: Database) -> list[str]:
    """The codes of the authorities that maintain a plan, in order."""
    return sorted(db["plans"].distinct("authority"))


def heads(db: Database, authority: str) -> Iterator[Head]:
    """Every plan's head in the order of the plans' ids, one batch in memory at a time.

    A plan may move on while others are read: each head was a true one at some moment before the end, no plan comes
    twice since ids never change, and one that is started meanwhile is in the next checkpoint at the latest.
    """
    fields = {"sequence": 1, "head": 1}
    for each in db["plans"].find({"authority": authority}, fields).sort("_id", 1):
        yield Head(each["_id"], each["sequence"], bytes(each["head"]))


def add_tile(db: Database, authority: str, run: str, index: int, tile: Sequence[Head]) -> None:
    """Keep up to TILE heads of one authority; `run` ties them to the checkpoint that names it."""
    document = {
        "_id": f"{authority}:{run}:{index}",
        "authority": authority,
        "run": run,
        "first": tile[0].plan,
        "index": index,
        "heads": [[each.plan, each.sequence, each.head] for each in tile],
    }
    db["checkpoint_tiles"].insert_one(document)


def add_roots(db: Database, authority: str, run: str, roots: Sequence[bytes]) -> None:
    """Keep the roots of an authority's tiles together, so that a proof reads no tile but its own."""
    place = {"_id": f"{authority}:{run}", "authority": authority, "run": run}
    db["checkpoint_tiles"].insert_one({**place, "roots": list(roots)})


def add(db: Database, checkpoint: Checkpoint) -> None:
    """Keep the signed checkpoint; MadeMeanwhile when its number is taken."""
    document = {
        "_id": checkpoint.number,
        "at": checkpoint.at,
        "plans": checkpoint.plans,
        "root": checkpoint.root,
        "previous": checkpoint.previous,
        "public_key": checkpoint.public_key,
        "signature": checkpoint.signature,
        "parts": [[each.authority, each.count, each.root] for each in checkpoint.parts],
        "run": checkpoint.run,
    }
    try:
        db["checkpoints"].insert_one(document)
    except DuplicateKeyError:
        raise MadeMeanwhile("Another checkpoint was made at the same moment. Run this again.") from None


def find(db: Database, number: int) -> Checkpoint:
    """NotFound when there is no checkpoint of that number."""
    found = db["checkpoints"].find_one({"_id": number})
    if found is None:
        raise NotFound("no such checkpoint")
    return _in(found)


def latest(db: Database, before: datetime | None = None) -> Checkpoint | None:
    """The newest checkpoint, or the newest that was made before a moment."""
    query = {"at": {"$lt": before}} if before else {}
    found = db["checkpoints"].find_one(query, sort=[("_id", -1)])
    return _in(found) if found else None


def recent(db: Database, limit: int) -> list[Checkpoint]:
    """The newest checkpoints, newest first."""
    return [_in(each) for each in db["checkpoints"].find().sort("_id", -1).limit(limit)]


def count(db: Database) -> int:
    return int(db["checkpoints"].count_documents({}))


def all_of(db: Database) -> Iterator[Checkpoint]:
    """Every checkpoint, oldest first."""
    return (_in(each) for each in db["checkpoints"].find().sort("_id", 1))


def tiles(db: Database, checkpoint: Checkpoint, authority: str) -> Iterator[list[Head]]:
    """The tiles of one authority's part, in order, one at a time."""
    query = {"authority": authority, "run": checkpoint.run, "first": {"$exists": True}}
    for each in db["checkpoint_tiles"].find(query).sort("first", 1):
        yield _heads_in(each)


def inclusion(db: Database, checkpoint: Checkpoint, plan_id: str) -> Inclusion | None:
    """The proof that a plan is in a checkpoint; None when it had not been started yet."""
    authority = authority_of(plan_id)
    place = next((at for at, part in enumerate(checkpoint.parts) if part.authority == authority), None)
    query = {"authority": authority, "run": checkpoint.run, "first": {"$lte": plan_id}}
    tile = db["checkpoint_tiles"].find_one(query, sort=[("first", -1)])
    if place is None or tile is None:
        return None
    found = _heads_in(tile)
    index = next((at for at, each in enumerate(found) if each.plan == plan_id), None)
    whole = db["checkpoint_tiles"].find_one({"authority": authority, "_id": f"{authority}:{checkpoint.run}"})
    if index is None or whole is None:
        return None
    within = path([each.leaf for each in found], index) + path([bytes(each) for each in whole["roots"]], tile["index"])
    over = path([each.leaf for each in checkpoint.parts], place)
    return Inclusion(checkpoint, found[index], within, checkpoint.parts[place], over)


def _heads_in(document: Document) -> list[Head]:
    return [Head(plan, sequence, bytes(head)) for plan, sequence, head in document["heads"][:TILE]]


def _in(document: Document) -> Checkpoint:
    return Checkpoint(
        number=document["_id"],
        at=document["at"],
        plans=document["plans"],
        root=bytes(document["root"]),
        previous=document["previous"],
        public_key=bytes(document["public_key"]),
        signature=bytes(document["signature"]),
        parts=tuple(Part(code, count, bytes(root)) for code, count, root in document["parts"]),
        run=document["run"],
    )
