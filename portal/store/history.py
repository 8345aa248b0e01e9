"""What may be added and read and never changed: revisions, the chain, versions, and what was stated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.domain import hashing
from portal.domain.content import Content, new_salt
from portal.domain.decision import Decision, Revision, Version, VersionSection
from portal.domain.error import NotFound
from portal.domain.hashing import Value
from portal.domain.moment import stamp
from portal.domain.plan import Plan
from portal.domain.state import VersionKind
from portal.store.codec import (
    Document,
    child_in,
    child_out,
    content_in,
    content_out,
    mark_in,
    mark_out,
    sign_off_in,
    sign_off_out,
)
from portal.store.database import Database, Session
from portal.store.plans import keyed, of_plan

BLANK = 0


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


@dataclass(frozen=True)
class Link:
    """A link about to be added: its number, what it is taken over, its hash, and the salt of what stands beside it."""

    sequence: int
    facts: dict[str, Value]
    hash: bytes
    salt: bytes


def revision_id(plan_id: str, letter: str, number: int) -> str:
    return f"{plan_id}:{letter}:{number}"


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
    return Link(sequence, facts, hashing.entry(plan.head, facts), salt)


def add_link(db: Database, plan: Plan, decision: Decision, link: Link, session: Session) -> None:
    """Add a link to the chain and its statement beside it; the unique _id is a second guard against two of a number."""
    place = {"_id": f"{plan.id}:{link.sequence}", "authority": plan.authority, "plan": plan.id}
    numbered = {**place, "sequence": link.sequence}
    kept = {"kind": decision.event.kind.value, "at": decision.by.at, "facts": link.facts}
    db["chain"].insert_one({**numbered, **kept, "previous": plan.head, "hash": link.hash}, session=session)
    if decision.event.beside:
        statement = {"beside": dict(decision.event.beside), "salt": link.salt}
        db["statements"].insert_one({**numbered, **statement}, session=session)


def add_revisions(db: Database, plan: Plan, revisions: Iterable[Revision], session: Session) -> None:
    documents = [
        {
            "_id": revision_id(plan.id, each.section, each.number),
            "authority": plan.authority,
            "plan": plan.id,
            "section": each.section,
            "number": each.number,
            "hash": each.hash,
            "by": mark_out(each.by),
            "agency_name": each.agency_name,
            "content": content_out(each.content),
        }
        for each in revisions
    ]
    if documents:
        db["section_revisions"].insert_many(documents, session=session)


def add_version(db: Database, plan: Plan, version: Version, head: bytes, session: Session) -> None:
    document: Document = {
        "_id": f"{plan.id}:v{version.number}",
        "authority": plan.authority,
        "plan": plan.id,
        "number": version.number,
        "kind": version.kind.value,
        "by": mark_out(version.by),
        "agency_name": version.agency_name,
        "authority_name": version.authority_name,
        "commissioner": version.commissioner,
        "cover": db.seal(child_out(version.cover)),
        "cover_salt": version.cover_salt,
        "sections": [_version_section_out(each) for each in version.sections],
        "hash": version.hash,
        "head": head,
    }
    db["versions"].insert_one(document, session=session)


def revisions_of(db: Database, plan_id: str, letter: str) -> list[Revision]:
    """Every saved change of a section, newest first; the blank revision 0 is not one."""
    query = {**of_plan(plan_id), "section": letter, "number": {"$gt": BLANK}}
    return [_revision_in(each) for each in db["section_revisions"].find(query).sort("number", -1)]


def revision(db: Database, plan_id: str, letter: str, number: int, session: Session | None = None) -> Revision:
    """One revision of a section; NotFound when it was never saved."""
    document = db["section_revisions"].find_one(keyed(plan_id, f":{letter}:{number}"), session=session)
    if document is None:
        raise NotFound("no such revision")
    return _revision_in(document)


def contents(db: Database, plan_id: str, version: Version) -> dict[str, Content]:
    """The contents that a version prints, by letter, in one query."""
    ids = {revision_id(plan_id, each.letter, each.revision): each.letter for each in version.sections}
    found = db["section_revisions"].find({"authority": plan_id.partition("-")[0], "_id": {"$in": list(ids)}})
    return {ids[each["_id"]]: content_in(each["content"]) for each in found}


def version(db: Database, plan_id: str, number: int) -> Version:
    document = db["versions"].find_one(keyed(plan_id, f":v{number}"))
    if document is None:
        raise NotFound("no such version")
    return Version(
        number=document["number"],
        kind=VersionKind(document["kind"]),
        by=mark_in(document["by"]),
        agency_name=document["agency_name"],
        authority_name=document["authority_name"],
        commissioner=document["commissioner"],
        cover=child_in(db.unseal(document["cover"])),
        cover_salt=bytes(document["cover_salt"]),
        sections=tuple(_version_section_in(each) for each in document["sections"]),
        hash=bytes(document["hash"]),
        head=bytes(document["head"]),
    )


def entries(db: Database, plan_id: str, before: int = 0, limit: int = 50) -> list[Entry]:
    """Links of a plan's chain, newest first, with what stands beside them; `before` pages back by sequence."""
    query: Document = of_plan(plan_id)
    if before:
        query["sequence"] = {"$lt": before}
    found = list(db["chain"].find(query).sort("sequence", -1).limit(limit))
    numbers = [each["sequence"] for each in found if each["facts"]["beside"]]
    said = db["statements"].find({**of_plan(plan_id), "sequence": {"$in": numbers}}) if numbers else ()
    beside = {each["sequence"]: each["beside"] for each in said}
    people = db["people"].find({"_id": {"$in": sorted({each["facts"]["who"] for each in found})}}, {"name": 1})
    names = {each["_id"]: each["name"] for each in people}
    return [_entry_in(each, beside, names) for each in found]


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
    )


def _revision_in(document: Document) -> Revision:
    return Revision(
        document["section"],
        document["number"],
        content_in(document["content"]),
        bytes(document["hash"]),
        mark_in(document["by"]),
        document["agency_name"],
    )


def _version_section_out(each: VersionSection) -> Document:
    return {
        "letter": each.letter,
        "revision": each.revision,
        "hash": each.hash,
        "sign_offs": [sign_off_out(signed) for signed in each.sign_offs],
        "reason": each.reason,
        "reason_salt": each.reason_salt,
        "agreed": each.agreed,
    }


def _version_section_in(document: Mapping[str, Any]) -> VersionSection:
    return VersionSection(
        document["letter"],
        document["revision"],
        bytes(document["hash"]),
        tuple(sign_off_in(each) for each in document["sign_offs"]),
        document["reason"],
        bytes(document["reason_salt"]),
        document["agreed"],
    )
