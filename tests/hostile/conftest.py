"""One portal for this folder; for each module two children of one authority, and one of the neighbouring authority."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.content import Mark
from portal.domain.plan import Child
from portal.operations import people, plans
from portal.store.database import Database
from tests.one_portal import app, db, settings
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # of one portal for this folder
CANARY = Child(
    "Zephyrine Quillon", "Zephyrine", "she", date(2016, 2, 3), "9990000026", "Z801200001002", "9 Wagtail Yard"
)


@pytest.fixture(scope="module")
def one(app: Flask, db: Database, settings: Settings) -> World:
    """A child's plan with one thread from hope to provision, and its cast."""
    made = build_world(app, db, settings)
    made.write_a_little()
    return made


@pytest.fixture(scope="module")
def another(app: Flask, db: Database, settings: Settings) -> World:
    """Another family's plan of the same authority, with colleagues of the same agencies and no part in the first."""
    made = build_world(app, db, settings)
    made.write_a_little()
    return made


@pytest.fixture
def canary(one: World) -> World:
    """A plan of a child whose every fact is found by a search wherever it turns up."""
    return plan_for(one, "nmr", "Northmere Council", CANARY)


def plan_for(world: World, authority: str, name: str, child: Child) -> World:
    """A new plan in which the same people have the same parts."""
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product - timedelta(days=30))
    plan = plans.start(world.db, authority, name, child, by, f"{name} SEN team")
    for key in world.people:
        for each in world.actor(key).grants:
            if each.scope == world.plan_id and each.authority == authority:
                people.give(world.db, replace(each, scope=plan.id))
    return replace(world, plan_id=plan.id)


def neighbour(world: World) -> World:
    """A plan of the neighbouring authority, with a caseworker and a manager of its own."""
    made = plan_for(world, "sfl", "Southfell Council", CANARY)
    person = people.signed_on(world.db, world.settings.providers[0].issuer, f"south-{made.plan_id}", "Sue South")
    people.give(
        world.db,
        Grant(
            person=person,
            name="Sue South",
            agency="southfell-council",
            agency_name="Southfell Council SEN team",
            role=Role.SEN_MANAGER,
            authority="sfl",
            scope=WHOLE_CASELOAD,
            since=now().wall - timedelta(minutes=1),
        ),
    )
    return replace(made, people={**world.people, "south": person})
