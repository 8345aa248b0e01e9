"""Checking the whole database: what was lived through holds, and whatever was changed as root is found."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain import hashing
from portal.domain.moment import Moment
from portal.domain.state import VersionKind
from portal.operations import checkpoints, retention, sign_off, verify, verify_checkpoints
from portal.store import checkpoints as store
from portal.store import evidence, outbox
from portal.store.database import Database
from tests.blueprints.warm import remembering_nothing
from tests.conftest import app, db, settings, uri_of
from tests.fresh import fresh
from tests.operations.attacks import (
    ATTACKS,
    Change,
    Raw,
    mine,
    put_a_gravestone,
    take_the_plan_and_its_words_away,
    take_the_plan_away,
)
from tests.world import MASTER_KEY, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

Stored = dict[str, list[dict[str, Any]]]
KEY = Ed25519PrivateKey.generate()
# The child of the tests' world was born on 14 March 2017.
DUE = Moment(datetime(2048, 3, 14, 9, tzinfo=UTC), now().wall)


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture(scope="module")
def root(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Raw]:
    """The database as nobody has it but who runs the server."""
    with MongoClient[dict[str, Any]](mongod.uri("root"), tz_aware=True) as client:
        yield client[settings.database]


@pytest.fixture(scope="module")
def lived(cast: World) -> World:
    """A plan issued as a final with its PDF, and a checkpoint over it.

    On its way a sign-off was withdrawn, a section handed over and another sent back, and a hold came and went.
    """
    world = fresh(cast, *cast.people)
    world.write_a_little()
    live_on(world)
    world.to_finalising()
    world.edit("caseworker", "E", "outcomes", {"what": "She tells two friends a story"})
    world.sign("manager", "E")
    world.issue("manager", VersionKind.FINAL)
    paper = b"%PDF, as the worker would keep it"
    outbox.keep_document(world.db, world.plan_id, 2, paper, hashlib.sha256(paper).hexdigest())
    checkpoints.make(world.db, KEY, lambda: now().wall)
    return world


@pytest.fixture(scope="module")
def as_it_was(lived: World, root: Raw) -> Stored:
    return stored_in(root)


@pytest.fixture
def world(lived: World, as_it_was: Stored, root: Raw) -> Iterator[World]:
    """That plan, with all put back that an earlier test tampered with or added, for a process that has just begun."""
    for name, documents in stored_in(root).items():
        before = as_it_was.get(name, [])
        if documents != before:
            root[name].delete_many({})
            if before:
                root[name].insert_many(before)
    with remembering_nothing(lived):
        yield lived


def stored_in(root: Raw) -> Stored:
    return {name: list(root[name].find()) for name in root.list_collection_names()}


def live_on(world: World) -> None:
    db, plan = world.db, world.plan_id
    sign_off.hand_over(db, world.actor("social_worker"), plan, "D", now())
    sign_off.send_back(db, world.actor("manager"), plan, "B", "The second need is not finished.", now())
    world.sign("dco", "C")
    sign_off.withdraw(db, world.actor("dco"), plan, "C", "Signed too soon.", now())
    retention.hold(db, world.actor("manager"), plan, "A claim is open.", now())
    retention.release(db, world.actor("auditor"), plan, "The claim is over.", now())


def problems(world: World) -> list[str]:
    """What is wrong with the world's plan and with what checkpoints say of it."""
    return [each for found in verify.everything(world.db, "nmr", world.plan_id) for each in found.problems]


def test_a_plan_that_was_lived_through_holds(world: World) -> None:
    assert problems(world) == []
    (found,) = verify.plans(world.db, "nmr", world.plan_id)
    assert found.counted["entries"] == world.plan().sequence
    assert found.counted["versions"] == 2
    assert found.counted[verify.DESTROYED] == 0


def test_the_whole_database_is_gone_over_by_plan_and_by_checkpoint(world: World) -> None:
    other = fresh(world)
    names = [each.what for each in verify.everything(world.db)]
    assert len(names) == verify.size(world.db)
    assert {f"plan {world.plan_id}", f"plan {other.plan_id}", "checkpoint 1"} <= set(names)
    assert verify.size(world.db, "nmr", world.plan_id) < len(names)


@pytest.mark.parametrize(("attack", "found"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_whatever_is_changed_as_root_is_found_and_named(world: World, root: Raw, attack: Change, found: str) -> None:
    attack(root, world.plan_id)
    said = problems(world)
    assert [each for each in said if found in each], said
    for each in said:
        assert "Amira" not in each
        assert "Rahman" not in each


def test_a_tile_that_was_changed_is_found(world: World, root: Raw) -> None:
    made = store.latest(world.db)
    assert made is not None
    tile = root["checkpoint_tiles"].find_one({"authority": "nmr", "run": made.run, "first": {"$exists": True}})
    assert tile
    heads = [[plan, sequence + 1, head] for plan, sequence, head in tile["heads"]]
    root["checkpoint_tiles"].update_one({"_id": tile["_id"]}, {"$set": {"heads": heads}})
    whole = [each for found in verify_checkpoints.all_checkpoints(world.db, "nmr") for each in found.problems]
    assert "the tiles of nmr: they are not what was signed" in whole
    assert f"plan {world.plan_id}: its head then does not lead to what was signed" in problems(world)
    root["checkpoint_tiles"].replace_one({"_id": tile["_id"]}, tile)
    assert problems(world) == []


def test_a_checkpoint_taken_out_or_signed_by_nobody_is_found(world: World, root: Raw) -> None:
    made = store.latest(world.db)
    kept = root["checkpoints"].find_one({"_id": made.number if made else 0})
    assert kept
    checkpoints.make(world.db, KEY, lambda: now().wall)
    root["checkpoints"].delete_one({"_id": kept["_id"]})
    assert {"one is missing before it", "it does not follow the one before it"} <= set(problems(world))
    root["checkpoints"].insert_one({**kept, "plans": kept["plans"] + 1})
    assert {"it is not signed with its key", "its root is not that of its authorities"} <= set(problems(world))
    root["checkpoints"].replace_one({"_id": kept["_id"]}, kept)
    assert problems(world) == []


def test_what_was_saved_while_a_plan_was_read_is_no_problem(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another save comes between the reading of the plan and of its chain."""
    links = evidence.links

    def late(db: Database, plan_id: str, upto: int = 0) -> Iterator[evidence.KeptLink]:
        monkeypatch.setattr(evidence, "links", links)
        world.edit("parent", "A", "people", {"words": "My brother"}, "people")
        return links(db, plan_id, upto)

    monkeypatch.setattr(evidence, "links", late)
    assert problems(world) == []
    assert world.plan().sections["A"].content.item("people").text("words") == "My brother"  # type: ignore[union-attr]


def test_a_redacted_field_still_verifies(world: World, root: Raw) -> None:
    kept = evidence_of(world, "C")
    item = kept.items[0]
    leaf = hashing.leaf(f"C/{item.id}/effect", item.slots["effect"].value, (), item.slots["effect"].salt)
    change = {"$set": {"content.items.0.slots.effect": {"h": leaf}}}
    root["section_revisions"].update_one({**mine(world.plan_id), "_id": f"{world.plan_id}:C:1"}, change)
    change = {"$set": {"sections.C.content.items.0.slots.effect": {"h": leaf}}}
    root["plans"].update_one({"authority": "nmr", "_id": world.plan_id}, change)
    assert problems(world) == []


def evidence_of(world: World, letter: str) -> Any:
    found = [each for each in evidence.revisions(world.db, world.plan_id) if (each.section, each.number) == (letter, 1)]
    return found[0].content


@pytest.fixture(scope="module")
def eraser(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database]:
    made = Database(uri_of(mongod, settings.database, "retention"), settings.database, MASTER_KEY)
    yield made
    made.close()


def test_a_plan_that_was_lawfully_destroyed_still_verifies_by_its_hashes(world: World, eraser: Database) -> None:
    world.db["jobs"].update_many({}, {"$set": {"done": True}})  # a PDF still to be made would stop it
    for key in ("manager", "auditor"):
        retention.confirm(world.db, world.actor(key), world.plan_id, DUE)
    assert problems(world) == []
    assert world.plan_id in list(retention.destroy(world.db, eraser, DUE))
    (found,) = verify.plans(world.db, "nmr", world.plan_id)
    assert found.problems == []
    assert found.counted[verify.DESTROYED] > 15
    assert problems(world) == []


def test_a_gravestone_in_place_of_a_plan_that_is_held_is_found(world: World, root: Raw) -> None:
    for key in ("manager", "auditor"):
        retention.confirm(world.db, world.actor(key), world.plan_id, DUE)
    retention.hold(world.db, world.actor("manager"), world.plan_id, "A claim came in.", DUE)
    put_a_gravestone(root, world.plan_id)
    assert [each for each in problems(world) if "two people's confirmation and no hold" in each]


def test_whatever_is_left_of_a_plan_is_found_in_the_whole_database_too(world: World, root: Raw) -> None:
    take_the_plan_and_its_words_away(root, world.plan_id)
    said = [(each.what, problem) for each in verify.everything(world.db) for problem in each.problems]
    assert (f"plan {world.plan_id}", "there is no such plan, though its chain or some of its words are kept") in said


def change_the_tile(root: Raw, world: World, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """What is found about the plan once the tile that holds it is another; the tile is put back then."""
    made = store.latest(world.db)
    assert made is not None
    query = {"authority": "nmr", "run": made.run, "heads": {"$elemMatch": {"$elemMatch": {"$eq": world.plan_id}}}}
    tile = root["checkpoint_tiles"].find_one(query)
    assert tile
    changed = {**tile, "heads": list(tile["heads"])}
    change(changed)
    root["checkpoint_tiles"].delete_one({"_id": tile["_id"]})
    if changed["heads"]:
        root["checkpoint_tiles"].insert_one(changed)
    said = problems(world)
    root["checkpoint_tiles"].replace_one({"_id": tile["_id"]}, tile, upsert=True)
    assert problems(world) == []
    return said


@pytest.mark.parametrize("tile_size", [1, 4, 256])
def test_a_plan_that_was_taken_out_of_a_tile_is_found_when_it_is_asked_for_alone(
    world: World, root: Raw, monkeypatch: pytest.MonkeyPatch, tile_size: int
) -> None:
    monkeypatch.setattr(checkpoints, "TILE", tile_size)
    fresh(world), fresh(world)
    checkpoints.make(world.db, KEY, lambda: now().wall)

    def out_of_it(tile: dict[str, Any]) -> None:
        tile["heads"] = [each for each in tile["heads"] if each[0] != world.plan_id]

    def gone(tile: dict[str, Any]) -> None:
        tile["heads"] = []

    def behind(tile: dict[str, Any]) -> None:
        tile["first"] = f"{world.plan_id}0"

    for change in (out_of_it, gone, behind):
        said = change_the_tile(root, world, change)
        assert f"plan {world.plan_id}: the tile that should hold it was changed" in said


def test_a_plan_that_was_hidden_while_a_checkpoint_was_made_is_found(world: World, root: Raw) -> None:
    kept = root["plans"].find_one({"authority": "nmr", "_id": world.plan_id})
    assert kept
    take_the_plan_away(root, world.plan_id)
    made = checkpoints.make(world.db, KEY, lambda: now().wall)
    root["plans"].insert_one(kept)
    said = [each for each in verify_checkpoints.all_checkpoints(world.db, "nmr", world.plan_id) if each.problems]
    assert [each.what for each in said] == [f"checkpoint {made.number}"]
    assert said[0].problems == [f"plan {world.plan_id}: it was there already and is not in it"]


def test_a_plan_that_was_started_after_a_checkpoint_or_while_it_was_made_is_no_problem(world: World) -> None:
    later = fresh(world)
    assert problems(later) == []
    started: list[World] = []

    def clock() -> datetime:
        """Asked once every head has been read."""
        started.append(fresh(world))
        return now().wall

    made = checkpoints.make(world.db, KEY, clock)
    assert store.inclusion(world.db, made, started[0].plan_id) is None
    assert problems(started[0]) == []
    checkpoints.make(world.db, KEY, lambda: now().wall)
    assert problems(started[0]) == []
