"""Who can be left out of what: everybody whom leaving out keeps something from, and nobody else."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.restricted import plan_for
from portal.operations import people, restrict
from portal.store.database import Database
from tests.conftest import app, db, settings
from tests.world import AGENCIES, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

REASON = "It was asked."


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    """The cast, with an educational psychologist whom the council itself employs."""
    made = build_world(app, db, settings)
    like = next(each for each in made.actor("psychologist").grants if each.scope == made.plan_id)
    employed = people.signed_on(db, settings.providers[0].issuer, f"employed-{made.plan_id}", "Edie Marlow")
    council = AGENCIES["council"]
    people.give(db, replace(like, person=employed, name="Edie Marlow", agency=council.slug, agency_name=council.name))
    return replace(made, people={**made.people, "employed": employed})


def named(world: World) -> dict[str, str]:
    return {each.id: each.name for each in restrict.readers_of(world.db, world.plan_id, now())}


def test_the_sen_team_is_not_offered_though_others_work_in_its_agency(world: World) -> None:
    found = named(world)
    assert AGENCIES["council"].slug not in found
    for key in ("caseworker", "manager", "other_caseworker", "other_manager"):
        assert world.people[key] not in found


def test_whoever_works_beside_the_sen_team_is_named_by_person_with_what_they_are(world: World) -> None:
    found = named(world)
    assert found[world.people["employed"]] == "Edie Marlow, educational psychologist"
    assert found[world.people["auditor"]] == "Grace Obi, data protection officer"


def test_the_family_comes_first_and_whoever_opens_no_plan_is_not_offered(world: World) -> None:
    found = list(named(world))
    family = [world.people[key] for key in ("parent", "other_parent", "young_person", "advocate")]
    assert set(found[: len(family)]) == set(family)
    assert world.people["admin"] not in found


def test_everybody_who_is_offered_is_kept_from_what_they_are_left_out_of(world: World) -> None:
    everybody, left_out = restrict.readers_of(world.db, world.plan_id, now()), set()
    manager, place = world.actor("manager"), "child/address"
    for out in everybody:
        readers = tuple(each.id for each in everybody if each != out)
        after = restrict.restrict(world.db, manager, world.plan_id, place, readers, "It was asked.", now())
        for key in world.people:
            actor = world.actor(key)
            if out.id in (actor.person, *(each.agency for each in actor.grants_on(after.id, "nmr"))):
                assert plan_for(after, actor).child.address == "", key
                left_out.add(out)
    assert left_out == set(everybody)
