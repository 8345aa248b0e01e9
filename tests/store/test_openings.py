"""That somebody read a child's plan is noted once for each half hour, for the family to see, apart from the chain."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.config import Settings
from portal.store import chain, openings
from portal.store.database import Database
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test."""
    return fresh(cast)


def record(world: World, key: str, *times: datetime) -> None:
    for wall in times:
        openings.record(world.db, world.plan_id, world.people[key], wall)


def kept(world: World) -> list[tuple[Any, datetime]]:
    found = world.db["openings"].find({"authority": "nmr", "plan": world.plan_id}).sort("at", 1)
    return [(each["person"], each["at"]) for each in found]


def test_reading_again_in_the_same_half_hour_is_one_opening(world: World) -> None:
    minutes = (0, 1, 10, 29)
    record(world, "parent", *[NOON + timedelta(minutes=each) for each in minutes])
    record(world, "parent", NOON + timedelta(minutes=29, seconds=59))
    assert kept(world) == [(world.people["parent"], NOON)]


def test_the_next_half_hour_is_another_opening(world: World) -> None:
    record(
        world, "parent", NOON, NOON + timedelta(minutes=30), NOON + timedelta(minutes=59), NOON + timedelta(hours=24)
    )
    assert [at for _, at in kept(world)] == [NOON, NOON + timedelta(minutes=30), NOON + timedelta(hours=24)]


def test_each_person_and_each_plan_has_openings_of_its_own(world: World, cast: World) -> None:
    other = fresh(cast)
    record(world, "parent", NOON)
    record(world, "caseworker", NOON + timedelta(minutes=1))
    openings.record(world.db, other.plan_id, world.people["parent"], NOON)
    assert [person for person, _ in kept(world)] == [world.people["parent"], world.people["caseworker"]]
    assert [person for person, _ in kept(other)] == [world.people["parent"]]


def test_the_family_is_told_when_each_person_last_read_the_plan(world: World) -> None:
    record(world, "parent", NOON, NOON + timedelta(hours=2), NOON + timedelta(hours=1))
    record(world, "dco", NOON)
    assert openings.last_by_person(world.db, world.plan_id) == {
        world.people["parent"]: NOON + timedelta(hours=2),
        world.people["dco"]: NOON,
    }
    assert openings.last_by_person(world.db, "nmr-0000000000000000") == {}


def test_an_opening_is_no_link_of_the_chain(world: World) -> None:
    before = world.plan()
    record(world, "auditor", NOON)
    assert world.plan() == before
    assert len(chain.entries(world.db, world.plan_id)) == before.sequence


def test_a_plan_opened_in_several_tabs_at_once_is_one_opening_and_no_error(world: World) -> None:
    plan, raised = world.plan(), []
    for at in range(20):
        wall = NOON + timedelta(hours=at)
        raised += at_once(*[lambda wall=wall: openings.record(world.db, plan.id, world.people["parent"], wall)] * 8)
    assert raised == []
    assert len(kept(world)) == 20
