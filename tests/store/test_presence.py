"""Who is at which plan: one document for a person and a plan, read for many plans at once and for no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.presence import Place, Presence
from portal.store import presence
from portal.store.database import Database
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world, now

NADIA = Presence("nadia", "Nadia Rahman", Place("A", "people", "people", "words"), family=True, chose=True)
ANITA = Presence("anita", "Anita Patel", Place("B"))


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test."""
    return fresh(cast)


def there(world: World, *plans: str) -> dict[str, tuple[Presence, ...]]:
    return presence.at_plans(world.db, "nmr", plans or [world.plan_id], now().wall)


def test_each_plan_has_those_who_are_there_by_name_and_no_other_plan_is_read(world: World, cast: World) -> None:
    for one in (world, cast):
        presence.keep(world.db, one.plan_id, NADIA, now().wall)
    presence.keep(world.db, world.plan_id, ANITA, now().wall)
    assert there(world) == {world.plan_id: (ANITA, NADIA)}
    assert there(world, world.plan_id, cast.plan_id).keys() == {world.plan_id, cast.plan_id}
    assert presence.at_plans(world.db, "sfl", [world.plan_id], now().wall) == {}


def test_where_somebody_spoke_last_is_where_they_are(world: World) -> None:
    presence.keep(world.db, world.plan_id, NADIA, now().wall)
    moved = replace(NADIA, place=Place("A"))
    presence.keep(world.db, world.plan_id, moved, now().wall)
    assert there(world) == {world.plan_id: (moved,)}


def test_ten_pages_that_speak_at_once_are_one_person(world: World) -> None:
    said = [lambda: presence.keep(world.db, world.plan_id, NADIA, now().wall)] * 10
    assert at_once(*said) == []
    assert there(world) == {world.plan_id: (NADIA,)}


def test_whoever_leaves_is_gone_and_nobody_else_is(world: World) -> None:
    for each in (NADIA, ANITA):
        presence.keep(world.db, world.plan_id, each, now().wall)
    presence.leave(world.db, world.plan_id, NADIA.person)
    assert there(world) == {world.plan_id: (ANITA,)}


def test_a_choice_changes_ones_own_presence_and_makes_none(world: World) -> None:
    presence.choose(world.db, world.plan_id, NADIA.person, True)
    assert there(world) == {}
    for each in (NADIA, ANITA):
        presence.keep(world.db, world.plan_id, each, now().wall)
    presence.choose(world.db, world.plan_id, NADIA.person, False)
    assert there(world) == {world.plan_id: (ANITA, replace(NADIA, chose=False))}


def test_whoever_says_nothing_more_is_gone_after_a_while(world: World) -> None:
    presence.keep(world.db, world.plan_id, NADIA, now().wall - presence.STAYS)
    assert there(world) == {}
    presence.keep(world.db, world.plan_id, NADIA, now().wall - presence.STAYS + timedelta(minutes=1))
    assert there(world) == {world.plan_id: (NADIA,)}
