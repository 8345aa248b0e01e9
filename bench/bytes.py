"""`python -m bench.bytes` prints what one plan costs in each collection: bytes on disk, counted by MongoDB itself.

Every plan gets sixty saves of 600 new words, two versions, an opening and a mark for each reader; the disk is then
counted after a checkpoint of the server. The rest of docs/scale.md multiplies these figures.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database as Store

from bench import seed
from bench.crowd import AUTHORITIES, plan_id
from bench.deep import FIRST, SAVES, SEED, words_of
from bench.prose import Writer
from bench.stage import stage
from bench.storage import ZSTD
from portal.documents.pdf import make_pdf
from portal.domain.actor import Actor
from portal.domain.checkpoint import TILE, Head
from portal.domain.content import new_salt
from portal.domain.decision import Decision, Version, VersionSection
from portal.domain.edit import ItemEdit, edit_item
from portal.domain.event import Event, EventKind
from portal.domain.identifier import new_request_id
from portal.domain.moment import Moment
from portal.domain.plan import Plan, VersionLine
from portal.domain.reading_mark import ReadingMark
from portal.domain.state import VersionKind
from portal.operations.people import load_actor
from portal.store import checkpoints, ledger, openings, outbox, people, reading_marks
from portal.store.database import Database
from portal.store.requests import Request

PLANS = int(os.environ.get("PLANS") or 300)
NATION = 640_000
READERS = tuple(seed.CAST)
# What stays whole when the rest is sharded.
WHOLE = {"people", "sessions", "agencies", "jobs", "key_vault", "_migrations", "checkpoints"}
Stats = dict[str, Any]


@dataclass(frozen=True)
class Weight:
    """A collection as the server counts it: documents, their mean size, and bytes on disk with its indexes."""

    name: str
    count: int
    mean: int
    stored: int
    indexes: int

    def line(self, plans: int) -> str:
        each = (self.stored + self.indexes) / plans
        nation = each * NATION / 1e9
        sizes = f"{self.count:>9,}{self.mean:>9,}{self.stored / plans:>10,.0f}{self.indexes / plans:>9,.0f}"
        return f"{self.name:20}{sizes}{each:>10,.0f}{nation:>9,.1f}"


def main() -> None:
    with stage() as on:
        db, heads = on.database("bytes"), on.database("heads")
        actor = load_actor(db, seed.caseworkers(db, 1)[0].id, Moment(FIRST, datetime.now(UTC)))
        assert actor
        live(db, actor)
        checkpoint(heads)
        on.settle()
        print(f"\nBytes for each of {PLANS} plans, and for {NATION:,} of them:")
        print(f"{'':20}{'documents':>9}{'mean':>9}{'disk':>10}{'indexes':>9}{'a plan':>10}{'GB 640k':>9}")
        for each in weights(on.client, "bytes"):
            print(each.line(PLANS))
        make_ready_to_shard(on.client["bytes"])
        on.settle()
        print("\nMade ready to be sharded: not clustered, and with the index that a shard key asks for:")
        for each in weights(on.client, "bytes"):
            print(each.line(PLANS))
        print(f"\nOne checkpoint over {NATION:,} plans:")
        for each in weights(on.client, "heads"):
            if each.name.startswith("checkpoint"):
                print(f"{each.name:20}{each.count:>9,}{(each.stored + each.indexes) / 1e6:>10,.1f} MB")


def live(db: Database, actor: Actor) -> None:
    """The plans' whole life, round by round, so that revisions of different plans lie between each other."""
    cast = {name: people.known(db, "http://127.0.0.1:9/council", name, name) for name in READERS}
    plans = [seed.begin(db, each, cast) for each in seed.texts(Writer(SEED), PLANS)]
    for number in range(1, SAVES + 1):
        at = FIRST + timedelta(days=number)
        plans = [_saved(db, actor, each, number, Moment(at, at)) for each in plans]
    pdf = _pdf(plans[0])
    print(f"A PDF has {len(pdf):,} bytes.")
    for each in plans:
        issued = _issued(db, _issued(db, each, VersionKind.DRAFT, pdf), VersionKind.FINAL, pdf)
        for person in cast.values():
            openings.record(db, each.id, person, FIRST)
            reading_marks.advance(db, each.id, person, _marks(issued))


def _saved(db: Database, actor: Actor, plan: Plan, number: int, moment: Moment) -> Plan:
    content = plan.sections["B"].content
    edit = ItemEdit("needs", content.items[0].id, words_of(plan.id, number), content)
    decision = edit_item(plan, actor, "B", edit, moment)
    assert decision
    return ledger.save(db, plan, decision, Request(new_request_id(), "0" * 64, actor.person, datetime.now(UTC)))


def _issued(db: Database, plan: Plan, kind: VersionKind, pdf: bytes) -> Plan:
    """A version of the plan as it stands, unsigned, with a PDF of the size that the worker makes."""
    version = _version(plan, kind)
    line = VersionLine(version.number, kind, seed.BY, version.hash)
    event = Event(EventKind.FINAL_ISSUED, hash=version.hash)
    after = replace(plan, versions=(*plan.versions, line))
    decision = Decision(after, event, seed.BY, seed.COUNCIL.name, version=version)
    outbox.keep_document(db, plan.id, version.number, pdf, "0" * 64)
    return ledger.save(db, plan, decision, None)


def _version(plan: Plan, kind: VersionKind) -> Version:
    printed = tuple(VersionSection(letter, head.revision, head.hash) for letter, head in plan.sections.items())
    council, covers = (seed.COUNCIL.name, plan.authority_name), (plan.child, new_salt())
    return Version(len(plan.versions) + 1, kind, seed.BY, *council, *covers, printed, bytes(32))


def _pdf(plan: Plan) -> bytes:
    contents = {letter: head.content for letter, head in plan.sections.items()}
    return make_pdf(plan.id, plan.standard, _version(plan, VersionKind.FINAL), contents)


def _marks(plan: Plan) -> dict[str, ReadingMark]:
    return {letter: ReadingMark(head.revision, FIRST, 0, FIRST) for letter, head in plan.sections.items()}


def checkpoint(db: Database) -> None:
    """The tiles of one day's checkpoint over the whole nation, with heads as random as hashes are."""
    for place, authority in enumerate(AUTHORITIES):
        numbers = range(place, NATION, len(AUTHORITIES))
        heads = [Head(plan_id(number, AUTHORITIES), SAVES, os.urandom(32)) for number in numbers]
        tiles = [heads[at : at + TILE] for at in range(0, len(heads), TILE)]
        for index, tile in enumerate(tiles):
            checkpoints.add_tile(db, authority, "run", index, tile)
        checkpoints.add_roots(db, authority, "run", [os.urandom(32) for _ in tiles])


def make_ready_to_shard(db: Store[Stats]) -> None:
    """The index {authority, _id} everywhere, and revisions in a collection that is not clustered, as they came."""
    db.create_collection("revisions_heaped", storageEngine=ZSTD)
    as_they_came: list[Stats] = [{"$sort": {"number": 1}}, {"$merge": {"into": "revisions_heaped"}}]
    list(db["section_revisions"].aggregate(as_they_came, allowDiskUse=True))
    for name in set(db.list_collection_names()) - WHOLE:
        db[name].create_index([("authority", 1), ("_id", 1)])


def weights(client: MongoClient[Stats], database: str) -> Iterator[Weight]:
    for name in sorted(client[database].list_collection_names()):
        told = client[database].command("collStats", name)
        if told["count"]:
            sizes = (told["count"], int(told["avgObjSize"]), int(told["storageSize"]), int(told["totalIndexSize"]))
            yield Weight(name, *sizes)


if __name__ == "__main__":
    main()
