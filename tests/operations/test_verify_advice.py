"""Advice is held against the chain: what was changed, taken away or slipped in is found and named."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database as MongoDatabase

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.operations import verify
from portal.store.database import Database
from tests.conftest import uri_of
from tests.operations.test_advice import ask, give, some
from tests.world import World

Raw = MongoDatabase[dict[str, Any]]


@pytest.fixture
def raw(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Raw]:
    """The database as somebody reaches it who may change everything."""
    uri = uri_of(mongod, settings.database, "migrator")
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        yield client[settings.database]


def problems(db: Database, plan_id: str) -> list[str]:
    return [said for each in verify.plans(db, "nmr", plan_id) for said in each.problems]


def test_advice_that_was_changed_or_taken_away_or_slipped_in_is_named(world: World, raw: Raw) -> None:
    number = ask(world)
    give(world, number)
    place, named = {"_id": f"{world.plan_id}:{number}:1"}, f"the advice given as number 1 of entry {number}"
    kept = raw["advice"].find_one(place)
    assert kept is not None
    raw["advice"].update_one(place, {"$set": {"content": world.db.seal(dict(some("Nothing at all.").value))}})
    assert problems(world.db, world.plan_id) == [f"{named}: it is not what was submitted"]
    raw["advice"].delete_one(place)
    assert problems(world.db, world.plan_id) == [f"{named}: it is missing"]
    raw["advice"].insert_many([kept, {**kept, "_id": f"{world.plan_id}:{number}:2", "number": 2}])
    found = problems(world.db, world.plan_id)
    assert found == [f"{named.replace('number 1', 'number 2')}: {each}" for each in SLIPPED_IN]
    raw["advice"].delete_one({"_id": f"{world.plan_id}:{number}:2"})
    assert problems(world.db, world.plan_id) == []


SLIPPED_IN = ("it is not what was submitted", "the chain has it otherwise")


def test_a_plan_that_forgets_who_was_asked_disagrees_with_its_chain(world: World, raw: Raw) -> None:
    ask(world)
    raw["plans"].update_one({"_id": world.plan_id}, {"$set": {"advice": []}})
    assert "the plan: who was asked for advice, and what came of it, is not as the chain says" in problems(
        world.db, world.plan_id
    )
