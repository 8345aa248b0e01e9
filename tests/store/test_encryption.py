"""What a stolen copy of the database tells: nothing that says which child it is about."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from bson.raw_bson import RawBSONDocument
from flask import Flask
from pymongo import MongoClient
from pymongo.errors import EncryptionError

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.content import Mark
from portal.domain.plan import Child
from portal.domain.state import VersionKind
from portal.operations import people, plans, restrict, search, sign_off
from portal.store import drafts, outbox
from portal.store.database import Database
from portal.store.drafts import Draft
from tests.conftest import app, db, settings
from tests.world import MASTER_KEY, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

# The world's child, and one more whose every fact is a word that stands nowhere else.
CANARY = Child(
    name="Zephyrine Quillfeather",
    called="Zephy",
    subject="they",
    born=date(2013, 11, 29),
    nhs_number="9990000026",
    upn="H801200009009",
    address="77 Kingfisher Wharf, Oxbow",
    hidden_address=True,
    school="Hollowbrook College",
)
NEEDLES = [
    *("Amira Rahman", "Amira", "9990000018", "999 000 0018", "H801200001001", "14 Larch Street", "Larch"),
    *("2017-03-14", "14 March 2017", "14/03/2017", "20170314"),
    *("Zephyrine", "Quillfeather", "Zephy", "9990000026", "H801200009009", "Kingfisher", "Oxbow", "Hollowbrook"),
    *("2013-11-29", "29 November 2013"),
]
BIRTHDAYS = [datetime(2017, 3, 14, tzinfo=UTC), datetime(2013, 11, 29, tzinfo=UTC)]


@pytest.fixture(scope="module")
def lived(app: Flask, db: Database, settings: Settings) -> World:
    """Two children whose plans were written, read, issued, answered and half-written, by hand and in the browser."""
    world = build_world(app, db, settings)
    world.write_a_little()
    sign_off.send_back(db, world.actor("dco"), world.plan_id, "G", "Say how often.", now())
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    drafts.keep(db, world.people["parent"], Draft(world.plan_id, "A", "people", "", {"words": ["More"]}, 0, now().wall))
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product)
    canary = plans.start(db, "nmr", "Northmere Council", CANARY, by, "Northmere Council SEN team")
    grant = world.actor("parent").grants[0]
    people.give(db, replace(grant, scope=canary.id))
    world.plan_id, first = canary.id, world.plan_id
    world.issue("manager", VersionKind.DRAFT, A="They asked for time.")
    for key in ("parent", "manager", "caseworker", "auditor"):
        browser = world.client(key)
        for plan_id in (first, canary.id):
            browser.get(f"/plans/{plan_id}")
            browser.get(f"/plans/{plan_id}/versions/1")
        browser.get("/worklist")
    world.plan_id = first
    restrict.restrict(db, world.actor("manager"), canary.id, "child/address", (), "A court order.", now())
    for words in ("9990000026", "H801200009009", "Quillfeather"):
        assert [each.plan for each in search.find(db, world.actor("manager"), words, now())] == [canary.id]
    return world


@pytest.fixture(scope="module")
def root(mongod: EmbeddedMongod, lived: World) -> Iterator[MongoClient[RawBSONDocument]]:
    with MongoClient(mongod.uri("root"), document_class=RawBSONDocument) as client:
        yield client


def dump(client: MongoClient[RawBSONDocument], database: str) -> dict[str, bytes]:
    """Every collection's bytes as they are kept, the server's own among them."""
    db = client[database]
    return {name: b"".join(each.raw for each in db[name].find({})) for name in db.list_collection_names()}


def test_a_dump_of_every_collection_holds_nothing_that_identifies_a_child(
    root: MongoClient[RawBSONDocument], lived: World
) -> None:
    found = dump(root, lived.db.name)
    empty = {name for name, content in found.items() if not content}
    assert not empty & {"plans", "caseload", "versions", "section_revisions", "identities", "searches", "grants"}
    assert len(found) >= 18
    for name, content in found.items():
        hits = [each for each in NEEDLES if each.encode() in content or each.lower().encode() in content.lower()]
        assert hits == [], name
        wide = [each for each in NEEDLES if each.encode("utf-16-le") in content]
        assert wide == [], name
        for day in BIRTHDAYS:
            assert struct.pack("<q", int(day.timestamp() * 1000)) not in content, name


def test_the_same_search_finds_what_is_not_sealed(root: MongoClient[RawBSONDocument], lived: World) -> None:
    found = dump(root, lived.db.name)
    assert b"Speech therapy" in found["section_revisions"]  # section text is the deployment's to encrypt, on disk
    assert b"Say how often." in found["statements"]


def test_the_servers_own_record_of_writes_holds_nothing_that_identifies_a_child(
    root: MongoClient[RawBSONDocument], lived: World
) -> None:
    ours = lived.db.name.encode()
    content = b"".join(each.raw for each in root["local"]["oplog.rs"].find({}) if ours in each.raw)
    assert b"Speech therapy" in content
    assert [each for each in NEEDLES if each.encode() in content] == []


def test_a_pdf_is_kept_sealed_since_its_cover_names_the_child(root: MongoClient[RawBSONDocument], lived: World) -> None:
    made = b"%PDF-1.7 " + " ".join(NEEDLES).encode() + bytes(range(256)) * 1000
    outbox.keep_document(lived.db, lived.plan_id, 1, made, "digest")
    found = dump(root, lived.db.name)["documents"]
    assert len(found) > len(made)
    assert b"%PDF" not in found
    assert [each for each in NEEDLES if each.encode() in found] == []
    assert outbox.document(lived.db, lived.plan_id, 1) == made


# The seal


def test_the_same_facts_never_look_the_same_sealed(db: Database) -> None:
    sealed = {bytes(db.seal({"name": "Amira Rahman"})) for _ in range(50)}
    assert len(sealed) == 50
    assert all(db.unseal(db.seal(facts)) == facts for facts in ({}, {"name": "Zoë \U0001f98a", "hidden": True, "n": 7}))


def test_a_sealed_fact_that_was_altered_does_not_open(db: Database) -> None:
    sealed = db.seal({"name": "Amira Rahman"})
    for at in (len(sealed) // 2, len(sealed) - 1):
        altered = bytearray(sealed)
        altered[at] ^= 1
        with pytest.raises(EncryptionError):
            db.unseal(type(sealed)(bytes(altered), 6))


def test_the_database_alone_does_not_open_its_own_seals(lived: World, settings: Settings) -> None:
    thief = Database(settings.mongodb_uri, settings.database, bytes(96))
    plan: dict[str, Any] | None = thief["plans"].find_one({"authority": "nmr", "_id": lived.plan_id})
    assert plan is not None
    with pytest.raises(EncryptionError):
        thief.unseal(plan["child"])
    thief.close()


def test_neither_the_master_key_nor_the_key_it_wraps_is_in_the_database(
    root: MongoClient[RawBSONDocument], lived: World
) -> None:
    everything = b"".join(dump(root, lived.db.name).values())
    for at in range(0, len(MASTER_KEY) - 16, 16):
        assert MASTER_KEY[at : at + 16] not in everything
