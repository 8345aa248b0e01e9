"""`portal verify` reads every file that a plan's words name: one that lacks a piece or has another byte is found."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient
from pymongo.database import Database as Mongo

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.operations import media, plans, sections, verify
from portal.operations.sections import Submission
from portal.store import media as store
from portal.store import outbox
from portal.store.database import Database
from portal.store.media import CHUNK
from portal.store.plans import keyed
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.uploads.plain import GOOD
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

Raw = Mongo[dict[str, Any]]


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture(scope="module")
def root(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Raw]:
    """The database as nobody has it but who runs the server."""
    with MongoClient[dict[str, Any]](mongod.uri("root"), tz_aware=True) as client:
        yield client[settings.database]


@pytest.fixture
def world(cast: World) -> World:
    """A plan with a sound of several pieces in section A."""
    world = fresh(cast, "parent")
    reading = plans.open_plan(world.db, world.actor("parent"), world.plan_id, now())
    name = media.send(world.db, reading, long_sound(), "me", now())
    media.look_at(world.db, world.plan_id, name, 1)
    outbox.finish(world.db, keyed(world.plan_id, f":{name}:{outbox.FILE}"))
    upload = store.find(world.db, world.plan_id, name)
    assert upload is not None
    words = {"alt": "She hums.", "shows": "me", "transcript": "Hm."}
    media.place(world.db, world.actor("parent"), world.plan_id, upload, words, now())
    return world


def long_sound() -> bytes:
    """A WAV whose samples fill several pieces."""
    short = GOOD["voice.wav"]()
    at = short.index(b"data") + 4
    samples = bytes(range(256)) * (3 * CHUNK // 256)
    size = (at + 4 + len(samples) - 8).to_bytes(4, "little")
    return short[:4] + size + short[8:at] + len(samples).to_bytes(4, "little") + samples


def found(world: World) -> list[str]:
    return [each for one in verify.plans(world.db, "nmr", world.plan_id) for each in one.problems]


def last(root: Raw, world: World) -> dict[str, Any]:
    pieces = list(root["media.chunks"].find({"plan": world.plan_id}).sort("_id", 1))
    assert len(pieces) > 2
    return pieces[1]


def missing(root: Raw, world: World) -> None:
    root["media.chunks"].delete_one({"_id": last(root, world)["_id"]})


def changed(root: Raw, world: World) -> None:
    piece = last(root, world)
    data = bytearray(piece["data"])
    data[len(data) // 2] ^= 1
    root["media.chunks"].update_one({"_id": piece["_id"]}, {"$set": {"data": type(piece["data"])(bytes(data), 6)}})


def swapped(root: Raw, world: World) -> None:
    """Another piece that is sealed as it should be: only the whole tells that it does not belong here."""
    other = root["media.chunks"].find_one({"plan": world.plan_id, "n": 0})
    assert other is not None
    root["media.chunks"].update_one({"_id": last(root, world)["_id"]}, {"$set": {"data": other["data"]}})


def gone(root: Raw, world: World) -> None:
    root["media.chunks"].delete_many({"plan": world.plan_id})


def test_a_plan_whose_files_are_whole_has_no_problem_and_they_are_counted(world: World) -> None:
    (plan,) = verify.plans(world.db, "nmr", world.plan_id)
    assert (plan.problems, plan.counted["files"]) == ([], 1)


def lengthened(root: Raw, world: World) -> None:
    """A piece more, sealed as it should be: nothing is read beyond where the file should end."""
    pieces = list(root["media.chunks"].find({"plan": world.plan_id}).sort("_id", 1))
    name = pieces[-1]["_id"].rpartition(":")[0]
    more = {**pieces[-1], "_id": f"{name}:{len(pieces):04d}", "n": len(pieces)}
    root["media.chunks"].insert_one(more)


@pytest.mark.parametrize("harm", [missing, changed, swapped, gone, lengthened])
def test_a_file_that_is_not_the_one_that_the_plan_names_is_found(
    world: World, root: Raw, harm: Callable[[Raw, World], None]
) -> None:
    harm(root, world)
    item = world.plan().sections["A"].content.in_group("pictures")[0].id
    assert found(world) == [f"section A, file {item}: it is not there as the plan names it"]


def test_a_file_that_only_an_earlier_revision_names_is_read_too(world: World, root: Raw) -> None:
    item = world.plan().sections["A"].content.in_group("pictures")[0].id
    revision = world.plan().sections["A"].revision
    sent = Submission("A", "pictures", item, {}, revision, remove=True)
    sections.edit(world.db, world.actor("parent"), world.plan_id, sent, now())
    assert world.plan().sections["A"].content.in_group("pictures") == ()
    (plan,) = verify.plans(world.db, "nmr", world.plan_id)
    assert (plan.problems, plan.counted["files"]) == ([], 1)
    missing(root, world)
    assert found(world) == [f"section A, file {item}: it is not there as the plan names it"]


def test_a_file_that_many_revisions_name_is_read_once(world: World) -> None:
    for words in ("To swim.", "To swim well."):
        world.add("parent", "A", "aspirations", hope=words, whose="child")
    (plan,) = verify.plans(world.db, "nmr", world.plan_id)
    assert plan.counted["files"] == 1
