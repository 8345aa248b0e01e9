"""One portal for this folder, a cast for each module, a plan for each test: making them all anew would take longest."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import Grant
from portal.domain.content import Mark
from portal.domain.plan import Child
from portal.operations import plans
from portal.store.database import Database
from tests.given import give_at_once
from tests.one_portal import app, db, settings
from tests.world import CAST, World, build_world, now

__all__ = ["app", "db", "settings"]  # of one portal for this folder


@pytest.fixture(scope="module", autouse=True)
def work_of_others_is_done(db: Database) -> None:
    """What earlier modules left for the worker is theirs: who lets it work here would else wait for all their PDFs."""
    db["jobs"].update_many({"done": False}, {"$set": {"done": True}})


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    """The module's people, with a first plan."""
    return build_world(app, db, settings)


@pytest.fixture(scope="module")
def shared(cast: World) -> World:
    """A plan with one thread from hope to provision, made once for a module: for reading, and for what is refused."""
    cast.write_a_little()
    return cast


@pytest.fixture(scope="module")
def parts(cast: World) -> list[Grant]:
    """The parts that the cast have in the one plan, not in the whole caseload."""
    return [each for key in CAST for each in cast.actor(key).grants if each.scope == cast.plan_id]


def plan_of(cast: World, parts: list[Grant], child: Child) -> World:
    """A new plan for a child, in which the module's people have the same parts."""
    db, first = cast.db, cast.plan()
    by = Mark(cast.people["manager"], "Maria Silva", "northmere-council", now().product - timedelta(days=30))
    plan = plans.start(db, first.authority, first.authority_name, child, by, "Northmere Council SEN team")
    give_at_once(db, [replace(each, scope=plan.id) for each in parts])
    return replace(cast, plan_id=plan.id)


@pytest.fixture
def world(cast: World, parts: list[Grant]) -> World:
    return plan_of(cast, parts, cast.plan().child)


@pytest.fixture
def hidden(cast: World, parts: list[Grant]) -> World:
    """A child whose address nobody may learn, and so neither the school."""
    child = replace(cast.plan().child, hidden_address=True, address="7 Quince Mews", school="Marigold Primary")
    return plan_of(cast, parts, child)
