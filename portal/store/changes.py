"""What is saved, as it is saved: one change stream over all chains, and the links of a chain beyond a number."""

from collections.abc import Generator
from dataclasses import dataclass

from portal.store.database import Database, Document
from portal.store.plans import of_plan

FIELDS = ("plan", "sequence", "facts.section")
# No word leaves the database: what has changed is asked for by whoever may read it.
ADDED: list[Document] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {f"fullDocument.{each}": 1 for each in FIELDS}},
]


@dataclass(frozen=True)
class Change:
    """One link of a plan's chain: its number, and the section it is about, empty for one about the whole plan."""

    plan: str
    sequence: int
    section: str


def watch(db: Database, patience_s: float) -> Generator[Change | None, None, None]:
    """Every link that is added to any chain from now on; None as soon as it listens, and when nothing came for a while.

    Goes on for ever; DatabaseError when the server can't be heard any longer.
    """
    with db["chain"].watch(ADDED, max_await_time_ms=round(patience_s * 1000)) as stream:
        yield None
        while stream.alive:
            found = stream.try_next()
            yield _change(found["fullDocument"]) if found else None


def since(db: Database, plan_id: str, after: int, limit: int) -> list[Change]:
    """The links of a plan's chain beyond a number, in their order."""
    beyond = {**of_plan(plan_id), "sequence": {"$gt": after}}
    found = db["chain"].find(beyond, dict.fromkeys(FIELDS, 1)).sort("sequence", 1).limit(limit)
    return [_change(each) for each in found]


def _change(document: Document) -> Change:
    return Change(document["plan"], document["sequence"], document["facts"]["section"])
