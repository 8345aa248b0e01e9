"""Reads what is kept of a plan, as root and past the product's own reading, and computes every hash again."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any

from portal.domain import hashing
from portal.domain.content import content_hash
from portal.domain.identifier import authority_of
from portal.store.codec import content_in
from tests.faults.ground import DATABASE
from tests.faults.history import Entry, Record, Revision
from tests.faults.replica_set import Client

Document = dict[str, Any]
# The two fields of a section's item that hold a save's token, so that words of two saves would show.
TOKEN_FIELDS = {"B": ("need", "effect"), "F": ("what", "who")}


def record_of(root: Client, plan: str) -> Record:
    """The plan's sections that hold tokens, its chain, its outbox and its own document."""
    place = {"authority": authority_of(plan), "plan": plan}
    db = root[DATABASE]
    document = db["plans"].find_one({"authority": authority_of(plan), "_id": plan}) or {}
    revisions = {
        section_of(plan, letter): [
            _revision(letter, each["number"], each["hash"], each["content"])
            for each in db["section_revisions"].find({**place, "section": letter, "number": {"$gt": 0}}).sort("number")
        ]
        for letter in TOKEN_FIELDS
    }
    heads = {
        section_of(plan, letter): _revision(letter, head["revision"], head["hash"], head["content"])
        for letter, head in document["sections"].items()
        if letter in TOKEN_FIELDS
    }
    chain = _chain(plan, db["chain"].find(place).sort("sequence"), document["head"])
    announced = sorted(int(each["_id"].rpartition(":")[2]) for each in db["outbox"].find(place, {"_id": 1}))
    return Record(plan, revisions, heads, chain, announced, document["sequence"])


def section_of(plan: str, letter: str) -> str:
    """How histories and records name one section of one plan."""
    return f"{plan}:{letter}"


def digest(text_hash: str, items: Sequence[Mapping[str, Any]]) -> str:
    """Over a section's hash and every word of it, from a page's JSON (`id`, `group`, `fields` of each item)."""
    words = [[each["id"], each["group"], each["fields"]] for each in items]
    return hashlib.sha256(json.dumps([text_hash, words], sort_keys=True).encode()).hexdigest()


def token_of(letter: str, items: Sequence[Mapping[str, Any]]) -> str:
    """The token that a section's one item holds; empty when its two fields do not hold the same."""
    one, other = (items[0]["fields"][name] for name in TOKEN_FIELDS[letter])
    return str(one) if len(items) == 1 and one == other else ""


def _revision(letter: str, number: int, text_hash: bytes, content: Document) -> Revision:
    items = [_item(each) for each in content["items"]]
    token = token_of(letter, items) if items else ""
    sound = content_hash(letter, content_in(content)) == text_hash
    return Revision(number, token, digest(text_hash.hex(), items), text_hash.hex(), sound)


def _item(document: Document) -> Document:
    return {**document, "fields": {name: slot["v"] for name, slot in document["slots"].items()}}


def _chain(plan: str, links: Iterable[Document], head: bytes) -> list[Entry]:
    """The links in order, each held against the one before it, the last against the plan's own head."""
    chain, before = [], b""
    for each in links:
        facts = each["facts"]
        linked = each["previous"] == before and each["hash"] == hashing.entry(before, facts)
        linked = linked and (facts["plan"], facts["sequence"]) == (plan, each["sequence"])
        before = each["hash"]
        section = section_of(plan, facts["section"])
        chain.append(Entry(each["sequence"], each["kind"], section, facts["revision"], facts["hash"], linked))
    if chain and before != head:
        chain[-1] = replace(chain[-1], linked=False)
    return chain


@dataclass(frozen=True)
class Traces:
    """How many of each thing that a save writes a plan has: all of them move by one, or none."""

    sequence: int
    revision: int
    revisions: int
    links: int
    announced: int
    requests: int

    def one_more(self) -> "Traces":
        return Traces(*(each + 1 for each in astuple(self)))


def traces_of(root: Client, plan: str) -> Traces:
    """What section B's saves have left; the plan's start and its blank section count in each as they do."""
    place = {"authority": authority_of(plan), "plan": plan}
    db = root[DATABASE]
    document = db["plans"].find_one({"authority": authority_of(plan), "_id": plan}) or {}
    return Traces(
        document["sequence"],
        document["sections"]["B"]["revision"],
        db["section_revisions"].count_documents({**place, "section": "B"}),
        db["chain"].count_documents(place),
        db["outbox"].count_documents(place),
        db["requests"].count_documents(place),
    )
