"""All that a plan's history is proved by: links, statements, revisions and versions, with their salts, as kept.

What was lawfully destroyed is None here: its hash still stands on the chain.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo.errors import EncryptionError

from portal.domain.account import Account, Settled
from portal.domain.advice_account import lines_of, taken_lines
from portal.domain.content import Content, Mark
from portal.domain.decision import Version
from portal.domain.identifier import authority_of
from portal.domain.plan import Advised
from portal.domain.state import PlanState
from portal.store import versions as versions_store
from portal.store.advice_codec import request_in, taken_in
from portal.store.codec import (
    answer_in,
    content_in,
    conversation_in,
    day_in,
    happened_in,
    head_in,
    keeping_in,
    mark_in,
    rights_in,
    version_line_in,
)
from portal.store.database import Database, Document
from portal.store.plans import of_plan
from portal.store.process_codec import process_in


@dataclass(frozen=True)
class Kept:
    """A plan as it is kept, for checking: its last link and the account it gives of itself.

    Of a plan that was destroyed nothing is told but the last link; its standard is empty.
    """

    plan: str
    sequence: int
    head: bytes
    standard: str
    account: Account
    destroyed: bool


@dataclass(frozen=True)
class KeptLink:
    """One link of a chain, with what stands beside it when that is still kept."""

    sequence: int
    kind: str
    at: datetime
    facts: Mapping[str, Any]
    previous: bytes
    hash: bytes
    beside: Mapping[str, Any] = field(default_factory=dict)
    salt: bytes = b""
    revisions: Mapping[str, int] = field(default_factory=dict)  # what the link says stood then, which is not hashed


@dataclass(frozen=True)
class KeptRevision:
    """A revision; what it holds and whose it is are None when they were destroyed."""

    section: str
    number: int
    hash: bytes
    content: Content | None
    by: Mark | None
    agency_name: str
    destroyed: bool


@dataclass(frozen=True)
class KeptVersion:
    """An issued version; `version` is None when what its manifest is made of was destroyed."""

    number: int
    hash: bytes
    head: bytes
    version: Version | None
    destroyed: bool


class Damaged(Exception):
    """Something is kept in a shape that can't be read; the message is the kind of error, and no word of it."""


@contextmanager
def reading() -> Iterator[None]:
    """Whatever can't be read in here is Damaged, and never a reason to stop reading the rest."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, EncryptionError) as error:
        raise Damaged(type(error).__name__) from None


def plans(db: Database, authority: str, plan_id: str = "") -> Iterator[Document]:
    """Every plan of an authority in the order of ids, or one, a batch in memory at a time; `kept_in` reads each."""
    query: Document = {"authority": authority, **({"_id": plan_id} if plan_id else {})}
    told = (
        "standard",
        "state",
        "sections",
        "versions",
        "answers",
        "keeping",
        "rights",
        "conversations",
        "settled",
        "case",
        "advised",
        "move_told",
        "advice",
        "taken",
        "representations",
        "consulted",
        "ordered",
    )
    fields = dict.fromkeys(("authority", "sequence", "head", *told, "destroyed"), 1)
    yield from db["plans"].find(query, fields).sort("_id", 1).batch_size(20)


def count(db: Database, authority: str) -> int:
    """How many plans an authority has, about: a number for a progress bar."""
    return int(db["plans"].count_documents({"authority": authority}))


def kept_in(document: Document) -> Kept:
    last = (document["_id"], document["sequence"], bytes(document["head"]))
    if "destroyed" in document:
        return Kept(*last, "", Account(), True)
    heads = {letter: head for letter, head in document["sections"].items() if head.get("content") is not None}
    account = Account(
        PlanState(document["state"]),
        {letter: head_in(head) for letter, head in heads.items()},
        tuple(version_line_in(each) for each in document["versions"]),
        tuple(answer_in(each) for each in document["answers"]),
        keeping_in(document.get("keeping")),
        rights_in(document.get("rights")).hash,
        frozenset(each["number"] for each in document.get("conversations", ())),
        tuple(happened_in(each) for each in document.get("case", ())),
        advised=tuple(Advised(**each) for each in document.get("advised", ())),
        move_told=day_in(document.get("move_told", "")),
        advice=lines_of(tuple(request_in(each) for each in document.get("advice", ()))),
        taken=taken_lines(tuple(taken_in(each) for each in document.get("taken", ()))),
        process=process_in(document),
        settled=frozenset(_settled_in(each) for each in document.get("settled", ())),
    )
    return Kept(*last, document["standard"], account, False)


def _settled_in(document: Document) -> Settled:
    head = conversation_in(document)
    return Settled(head.number, head.section, head.role, head.by, head.last)


def links(db: Database, plan_id: str, upto: int = 0) -> Iterator[KeptLink]:
    """The chain from its first link to its last or to number `upto`, oldest first, with what stands beside each."""
    query: Document = {**of_plan(plan_id), **({"sequence": {"$lte": upto}} if upto else {})}
    said = {each["sequence"]: each for each in db["statements"].find(query)}
    for each in db["chain"].find(query).sort("sequence", 1):
        beside = said.get(each["sequence"], {})
        yield KeptLink(
            each["sequence"],
            each["kind"],
            each["at"],
            each["facts"],
            bytes(each["previous"]),
            bytes(each["hash"]),
            beside.get("beside") or {},
            bytes(beside.get("salt") or b""),
            each["revisions"],
        )


def revisions(db: Database, plan_id: str) -> Iterator[KeptRevision]:
    """Every revision of a plan, the blank ones too, in no order, a batch in memory at a time."""
    under = {"authority": authority_of(plan_id), "_id": {"$gt": f"{plan_id}:", "$lt": f"{plan_id};"}}
    for each in db["section_revisions"].find(under).batch_size(50):
        yield _revision_in(each)


def _revision_in(document: Document) -> KeptRevision:
    content = document.get("content")
    kept = content_in(content) if content else None
    by = mark_in(document["by"]) if document.get("by") else None
    place = (document["section"], document["number"], bytes(document["hash"]))
    return KeptRevision(*place, kept, by, document.get("agency_name", ""), "destroyed" in document)


def versions(db: Database, plan_id: str) -> Iterator[KeptVersion]:
    """Every issued version of a plan, oldest first."""
    fields = {"number": 1, "hash": 1, "head": 1, "cover_salt": 1, "destroyed": 1}
    for each in db["versions"].find(of_plan(plan_id), fields).sort("number", 1):
        whole = versions_store.find(db, plan_id, each["number"]) if each.get("cover_salt") else None
        yield KeptVersion(each["number"], bytes(each["hash"]), bytes(each["head"]), whole, "destroyed" in each)


def documents(db: Database, plan_id: str) -> Iterator[tuple[str, bytes | None, str]]:
    """(id, bytes or None when destroyed, digest as kept) of each PDF of a plan."""
    for each in db["documents"].find(of_plan(plan_id)):
        content = each.get("content")
        yield each["_id"], db.unseal_bytes(content) if content else None, each["digest"]


def hashes(db: Database, authority: str, places: list[tuple[str, int]]) -> dict[str, bytes]:
    """By plan: the hash of the link at one sequence of each, in one question."""
    ids = [f"{plan}:{sequence}" for plan, sequence in places]
    found = db["chain"].find({"authority": authority, "_id": {"$in": ids}}, {"plan": 1, "hash": 1})
    return {each["plan"]: bytes(each["hash"]) for each in found}


def names(db: Database, people: set[str]) -> dict[str, str]:
    """The names of people by their ids, as far as they are still known."""
    found = db["people"].find({"_id": {"$in": sorted(people)}}, {"name": 1})
    return {each["_id"]: each["name"] for each in found}


def education_agencies(db: Database, slugs: set[str]) -> set[str]:
    """Those of the agencies that are schools or other places of education."""
    query = {"_id": {"$in": sorted(slugs)}, "kind": "education"}
    return {each["_id"] for each in db["agencies"].find(query, {"_id": 1})}
