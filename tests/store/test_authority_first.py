"""What can be spread by authority: every index begins with it, and what runs by night asks no wider than it must."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.moment import Moment
from portal.operations import retention, verify
from portal.store import caseload
from portal.store import checkpoints as checkpoints_store
from portal.store.database import Database
from portal.worker import work_once
from tests.asked import WHOLE, WRITES, Command, Recorder, added, authorities, transactions, unnamed, verb_of
from tests.conftest import settings, uri_of
from tests.listened import app, db, recorder
from tests.operations.test_checkpoints import make
from tests.world import MASTER_KEY, World, build_world, now

__all__ = ["app", "db", "recorder", "settings"]  # of a portal of this module's own

Index = Mapping[str, Any]
FIRST = "authority"
# Indexes that begin with something else, and why.
ELSEWHERE = {
    ("caseload", "reader_1_due_1_authority_1"): "the national report of what is overdue, by authority",
    ("requests", "at_1"): "each machine forgets what is over by itself",
    ("drafts", "gone_1"): "each machine forgets what is over by itself",
    ("uploads.files", "gone_1"): "each machine forgets what is over by itself",
    ("uploads.chunks", "gone_1"): "each machine forgets what is over by itself",
    ("presence", "gone"): "each machine forgets what is over by itself",
    ("searches", "forgotten"): "each machine forgets what is over by itself",
    ("assessment_requests", "gone"): "each machine forgets what is over by itself",
}
# Questions that no page and no save asks, put to every machine, and why.
ACROSS = {
    ("aggregate", "caseload", ("reader", "due")): "the national report of what is overdue, by authority",
    ("distinct", "plans", ()): "which authorities there are, once for each run",
}
# What is written with the plan's own authority although it stays on one machine.
BESIDE = {
    "people": "whoever is given a part in an authority's plan is found by it at their next request",
    "sessions": "their sessions carry the stamp of what they may do",
}


@pytest.fixture(scope="module")
def eraser(mongod: EmbeddedMongod, settings: Settings, recorder: Recorder) -> Iterator[Database]:
    """The database as the retention user, written down too."""
    with recorder.listening():
        made = Database(uri_of(mongod, settings.database, "retention"), settings.database, MASTER_KEY)
    yield made
    made.close()


@pytest.fixture(scope="module")
def begun(app: Flask, db: Database, settings: Settings, recorder: Recorder) -> list[Command]:
    """All that is asked to start a plan and to give seventeen people their part in it or in the caseload."""
    build_world(app, db, settings, one_by_one=True)
    return list(recorder.commands)


@pytest.fixture(scope="module")
def night(app: Flask, db: Database, eraser: Database, settings: Settings, recorder: Recorder) -> list[Command]:
    """All that is asked by what runs beside the pages: worker, checkpoint, verification, reports and destruction."""
    world = build_world(app, db, settings)
    _live(world)
    recorder.commands.clear()
    while work_once(db, now().wall):
        pass
    made = make(db)
    assert checkpoints_store.inclusion(db, made, world.plan_id)
    assert [each.problems for each in verify.everything(db)] == [[]] * (verify.size(db))
    caseload.overdue(db, date(2027, 1, 1))
    due = Moment(datetime(2048, 3, 14, 9, tzinfo=UTC), now().wall)
    for key in ("manager", "other_manager"):
        retention.confirm(db, world.actor(key), world.plan_id, due)
    assert list(retention.due(db, due.today))
    assert list(retention.destroy(db, eraser, due)) == [world.plan_id]
    return list(recorder.commands)


def _live(world: World) -> None:
    world.write_a_little()
    world.to_finalising()


@pytest.fixture
def indexes(mongod: EmbeddedMongod, settings: Settings, db: Database) -> Iterator[dict[str, list[Index]]]:
    """Every collection that is spread by authority, with its indexes but for that of its ids."""
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        there = client[settings.database]
        names = sorted(set(there.list_collection_names()) - set(WHOLE))
        yield {name: [each for each in there[name].list_indexes() if each["name"] != "_id_"] for name in names}


def begin_elsewhere(indexes: dict[str, list[Index]]) -> set[tuple[str, str]]:
    return {
        (name, each["name"]) for name, found in indexes.items() for each in found if next(iter(each["key"])) != FIRST
    }


def test_every_index_of_what_hangs_on_a_plan_begins_with_the_authority(indexes: dict[str, list[Index]]) -> None:
    assert len(indexes) >= 14
    assert begin_elsewhere(indexes) == set(ELSEWHERE)


def test_the_same_look_finds_an_index_that_does_not() -> None:
    right = {"name": "authority_1_plan_1", "key": {"authority": 1, "plan": 1}}
    wrong = {"name": "plan_1_authority_1", "key": {"plan": 1, "authority": 1}}
    assert begin_elsewhere({"chain": [right, wrong]}) == {("chain", "plan_1_authority_1")}


def test_nothing_but_an_id_is_promised_to_be_there_once(indexes: dict[str, list[Index]]) -> None:
    """No machine can promise that for what stands on another one."""
    once = {(name, each["name"]) for name, found in indexes.items() for each in found if each.get("unique")}
    assert once == set()


def test_what_is_forgotten_by_its_age_is_forgotten_by_each_machine_alone(indexes: dict[str, list[Index]]) -> None:
    timed = {(name, each["name"]) for name, found in indexes.items() for each in found if "expireAfterSeconds" in each}
    uploads = {("uploads.files", "gone_1"), ("uploads.chunks", "gone_1")}
    others = {("requests", "at_1"), ("drafts", "gone_1"), ("presence", "gone"), ("searches", "forgotten")}
    assert timed == uploads | others | {("assessment_requests", "gone")}


def test_what_runs_by_night_goes_authority_by_authority_but_for_two_questions(night: list[Command]) -> None:
    assert unnamed(night) == set(ACROSS)


def test_a_plan_is_destroyed_within_its_authority(night: list[Command]) -> None:
    made = transactions(night)
    assert made
    assert [each for each in made if authorities(each) != {"nmr"}] == []


def test_a_part_is_given_within_one_authority_and_noted_with_its_person(begun: list[Command]) -> None:
    made = transactions(begun)
    assert len(made) > 10
    assert [each for each in made if len(authorities(each)) != 1] == []
    beside = {str(each[verb_of(each)]) for one in made for each in one if verb_of(each) in WRITES} & set(WHOLE)
    assert beside == set(BESIDE)


def test_tiles_of_a_checkpoint_stand_with_their_authority(night: list[Command]) -> None:
    tiles = [each for name, each in added(night) if name == "checkpoint_tiles"]
    assert tiles
    assert [each for each in tiles if not each["_id"].startswith(f"{each['authority']}:")] == []
