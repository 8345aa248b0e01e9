"""A plan's chain: one link for each thing that happened, added and read and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.domain import hashing
from portal.domain.content import new_salt
from portal.domain.decision import Decision
from portal.domain.error import NotFound
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.moment import stamp
from portal.domain.plan import Plan
from portal.store import revisions
from portal.store.database import Database, Document, Session
from portal.store.plans import of_plan

NAMED: Document = {"$lookup": {"from": "people", "localField": "facts.who", "foreignField": "_id", "as": "names"}}


@dataclass(frozen=True)
class Entry:
    """One link of a plan's chain as it is kept. `facts` is exactly what was hashed with `previous`."""

    sequence: int
    kind: str
    at: datetime
    facts: Mapping[str, Any]
    previous: bytes
    hash: bytes
    name: str = ""
    words: str = ""  # the reason or the answer that stands beside it
    place: str = ""  # of an item whose words stand beside it (domain/set_aside.py)
    suggested_by: str = ""  # the name of whoever suggested the words that were taken in
    revisions: Mapping[str, int] = field(default_factory=dict)  # of each section that has any, once this was done


@dataclass(frozen=True)
class Link:
    """A link about to be added: its number, what it is taken over, its hash, and the salt of what stands beside it."""

    sequence: int
    facts: dict[str, Value]
    hash: bytes
    salt: bytes
    previous: bytes


def entry_facts(plan_id: str, sequence: int, decision: Decision, beside: str) -> dict[str, Value]:
    """What a link is taken over (docs/hash-format.md): no names and no free text, since a chain can't forget."""
    event, by = decision.event, decision.by
    return {
        "format": hashing.FORMAT,
        "plan": plan_id,
        "sequence": sequence,
        "kind": event.kind.value,
        "at": stamp(by.at),
        "who": by.person,
        "agency": by.agency,
        "agency_name": decision.agency_name,
        "section": event.section,
        "revision": event.revision,
        "hash": event.hash.hex(),
        "facts": dict(event.facts),
        "beside": beside,
    }


def link(plan: Plan, decision: Decision) -> Link:
    """The decision as the link that follows the plan's last."""
    sequence, salt, beside = plan.sequence + 1, new_salt(), decision.event.beside
    hashed = hashing.leaf(f"beside/{sequence}", beside, (), salt).hex() if beside else ""
    facts = entry_facts(plan.id, sequence, decision, hashed)
    return Link(sequence, facts, hashing.entry(plan.head, facts), salt, plan.head)


def add(db: Database, plan: Plan, decision: Decision, link: Link, session: Session) -> None:
    """Add a link to the chain and its statement beside it; the unique _id is a second guard against two of a number.

    `plan` is the plan once this has happened: the link notes which revision of each section stands then.
    """
    place = {"_id": f"{plan.id}:{link.sequence}", "authority": plan.authority, "plan": plan.id}
    numbered = {**place, "sequence": link.sequence}
    kept = {"kind": decision.event.kind.value, "at": decision.by.at, "facts": link.facts}
    stand = {letter: head.revision for letter, head in plan.sections.items() if head.revision}
    hashed = {"previous": link.previous, "hash": link.hash}
    db["chain"].insert_one({**numbered, **kept, **hashed, "revisions": stand}, session=session)
    if decision.event.beside:
        statement = {"beside": dict(decision.event.beside), "salt": link.salt}
        db["statements"].insert_one({**numbered, **statement}, session=session)


def entries(db: Database, plan_id: str, before: int = 0, limit: int = 50) -> list[Entry]:
    """Links of a plan's chain, newest first, with what stands beside them; `before` pages back by sequence."""
    query: Document = of_plan(plan_id)
    if before:
        query["sequence"] = {"$lt": before}
    found = list(db["chain"].find(query).sort("sequence", -1).limit(limit))
    return _with_names(db, found, beside=True)


def _with_names(db: Database, found: list[Document], beside: bool = False) -> list[Entry]:
    """Links with the names of those who acted, and what stands beside each where that is wanted."""
    numbers = [each["sequence"] for each in found if beside and each["facts"]["beside"]]
    query = {**of_plan(found[0]["plan"]), "sequence": {"$in": numbers}} if numbers else {}
    said = {each["sequence"]: each.get("beside", {}) for each in db["statements"].find(query)} if numbers else {}
    wanted = {name for each in found for name in (each["facts"]["who"], _suggested_by(each)) if name}
    people = db["people"].find({"_id": {"$in": sorted(wanted)}}, {"name": 1})
    names = {each["_id"]: each["name"] for each in people}
    return [_entry_in(each, said, names) for each in found]


def one(plan_id: str, sequence: int) -> list[Document]:
    """The stages that read one link, with the name of who acted and the revision that it tells of."""
    return [{"$match": {**of_plan(plan_id), "sequence": sequence}}, NAMED, revisions.told_of(plan_id)]


def entry_at(db: Database, plan_id: str, sequence: int) -> Entry:
    """One link; NotFound when the chain is not that long."""
    found = next(iter(db["chain"].aggregate(one(plan_id, sequence))), None)
    if found is None:
        raise NotFound("no such entry")
    return entry_in(db, found)


def entry_in(db: Database, found: Document) -> Entry:
    """A link as `one` reads it; the words of its revision are remembered."""
    for each in found["revision"]:
        revisions.remember(db, each)
    return _named(found)


def signatures(db: Database, plan: Plan) -> tuple[Entry, ...]:
    """Every sign-off and withdrawal so far, oldest first: asked for once until something more happens to the plan."""

    def ask() -> tuple[Entry, ...]:
        kinds = {"kind": {"$in": [EventKind.SECTION_SIGNED.value, EventKind.SIGN_OFF_WITHDRAWN.value]}}
        so_far = {**of_plan(plan.id), **kinds, "sequence": {"$lte": plan.sequence}}
        found = db["chain"].aggregate([{"$match": so_far}, {"$sort": {"sequence": 1}}, NAMED])
        return tuple(_named(each) for each in found)

    found: tuple[Entry, ...] = db.signatures.get((plan.id, plan.sequence), ask)
    return found


def _named(found: Document) -> Entry:
    return _entry_in(found, {}, {who["_id"]: who["name"] for who in found["names"]})


def _suggested_by(document: Document) -> str:
    return str(document["facts"]["facts"].get("suggested_by", ""))


def _entry_in(document: Document, beside: Mapping[int, Mapping[str, Any]], names: Mapping[str, str]) -> Entry:
    return Entry(
        sequence=document["sequence"],
        kind=document["kind"],
        at=document["at"],
        facts=document["facts"],
        previous=bytes(document["previous"]),
        hash=bytes(document["hash"]),
        name=names.get(document["facts"]["who"], "Somebody no longer here"),
        words=str(beside.get(document["sequence"], {}).get("words", "")),
        place=str(beside.get(document["sequence"], {}).get("place", "")),
        suggested_by=names.get(_suggested_by(document), ""),
        revisions=document["revisions"],
    )
