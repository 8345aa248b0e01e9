"""What is not there: plans of which only a part is left, and plans that a checkpoint does not name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.domain.checkpoint import Checkpoint, Head
from portal.domain.identifier import authority_of
from portal.store.database import Database, Document
from portal.store.plans import keyed

# What of a plan tells that there is or was one, each under ids that begin with the plan's.
TELLS = ("chain", "section_revisions", "versions")
BATCH = 1000


@dataclass(frozen=True)
class Tile:
    """A run of heads in a checkpoint, numbered from 0 within its authority."""

    index: int
    heads: list[Head]


def without_plan(db: Database, authority: str, plan_id: str = "") -> list[str]:
    """The ids of plans of which something is kept though the plan itself is not there, not even as a gravestone.

    Plans are asked last: one that was started meanwhile is there with all that tells of it.
    """
    named = {each for name in TELLS for each in _named_in(db, name, authority, plan_id)}
    return sorted(named - there(db, authority, named))


def _named_in(db: Database, name: str, authority: str, plan_id: str) -> Iterator[str]:
    """The ids of the plans, or of the one, that a collection holds something of: one question for each."""
    after, end = (f"{plan_id}:", f"{plan_id};") if plan_id else (f"{authority}-", f"{authority}.")
    while True:
        query = {"authority": authority, "_id": {"$gt": after, "$lt": end}}
        found = db[name].find_one(query, {"_id": 1}, sort=[("_id", 1)])
        if found is None:
            return
        named = found["_id"].partition(":")[0]
        yield named
        after = f"{named};"


def there(db: Database, authority: str, plan_ids: Iterable[str]) -> set[str]:
    """Those of the plans that are kept, as they stand or as a gravestone."""
    ids, found = sorted(plan_ids), set[str]()
    for first in range(0, len(ids), BATCH):
        query: Document = {"authority": authority, "_id": {"$in": ids[first : first + BATCH]}}
        found |= {each["_id"] for each in db["plans"].find(query, {"_id": 1})}
    return found


def first_link(db: Database, plan_id: str) -> datetime | None:
    """When a plan was started, by the facts of its first link; None without one."""
    found = db["chain"].find_one(keyed(plan_id, ":1"), {"facts.at": 1})
    return datetime.fromisoformat(found["facts"]["at"]) if found else None


def around(db: Database, checkpoint: Checkpoint, plan_id: str) -> tuple[Tile, Tile, list[bytes]]:
    """The tile in which a plan would stand, the one after it, and the roots of all its authority's tiles.

    Before the first tile and after the last stands an empty one, numbered on.
    """
    place: Document = {"authority": authority_of(plan_id), "run": checkpoint.run}
    tiles = db["checkpoint_tiles"]
    before = tiles.find_one({**place, "first": {"$lte": plan_id}}, sort=[("first", -1)])
    after = tiles.find_one({**place, "first": {"$gt": plan_id}}, sort=[("first", 1)])
    whole = tiles.find_one({"authority": place["authority"], "_id": f"{place['authority']}:{checkpoint.run}"})
    roots = [bytes(each) for each in whole["roots"]] if whole else []
    return _tile_in(before, -1), _tile_in(after, len(roots)), roots


def _tile_in(document: Document | None, index: int) -> Tile:
    if document is None:
        return Tile(index, [])
    return Tile(document["index"], [Head(plan, number, bytes(head)) for plan, number, head in document["heads"]])
