"""What somebody may do is remembered, and never longer than it is so: in this process and in every other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.standing import Standing
from portal.operations import people as operations
from portal.store import people, sessions
from portal.store.database import Database
from tests.at_once import at_once
from tests.world import AGENCIES, World, build_world, now

DAY = timedelta(hours=12)


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Database]:
    """The database as another process of the portal has it, with a memory of its own."""
    other = Database(settings.mongodb_uri, settings.database, settings.master_key)
    yield other
    other.close()


def sign_on(db: Database, person: str) -> str:
    made = sessions.new_session_id()
    sessions.keep(db, made, {"_user_id": person}, datetime.now(UTC), DAY)
    return made


def as_asked(db: Database, session_id: str) -> Standing:
    """Who a request of this session is made by, as the portal finds out."""
    session = sessions.find(db, session_id)
    assert session is not None
    standing = people.standing_by(db, session["person"], session["standing"])
    assert standing is not None
    return standing


def live(db: Database, session_id: str) -> set[str]:
    return {each.role.value for each in as_asked(db, session_id).actor(now().wall).grants}


def test_while_nothing_changes_the_database_is_not_asked_again(world: World) -> None:
    session_id = sign_on(world.db, world.people["senco"])
    assert as_asked(world.db, session_id) is as_asked(world.db, session_id)


def test_what_is_given_and_ended_is_felt_at_once_in_every_process(world: World, elsewhere: Database) -> None:
    person = operations.signed_on(world.db, world.settings.providers[0].issuer, "standing-1", "Rosa Lind")
    session_id = sign_on(world.db, person)
    given = replace(world.actor("senco").grants[0], person=person, scope=world.plan_id)
    for _ in range(3):
        for db in (world.db, elsewhere):
            assert live(db, session_id) == set()
        operations.give(world.db, replace(given, since=now().wall))
        for db in (world.db, elsewhere):
            assert live(db, session_id) == {"senco"}
        world.end_grants({"authority": "nmr", "person": person})


def test_an_agencys_new_setting_binds_its_people_at_their_next_request(world: World, elsewhere: Database) -> None:
    session_id = sign_on(world.db, world.people["dco"])
    for careful in (True, False):
        people.keep_agency(elsewhere, replace(AGENCIES["icb"], second_person=careful))
        actor = as_asked(world.db, session_id).actor(now().wall)
        assert {each.second_person for each in actor.grants if each.agency == AGENCIES["icb"].slug} == {careful}


def test_nobody_signs_on_past_a_withdrawal_that_is_made_at_the_same_moment(world: World) -> None:
    issuer = world.settings.providers[0].issuer
    first = world.actor("senco").grants[0]
    for number in range(25):
        person = operations.signed_on(world.db, issuer, f"racing-{number}", "Rosa Lind")
        operations.give(world.db, replace(first, person=person, scope=world.plan_id, since=now().wall))
        made: list[str] = []

        def enters(person: str = person, made: list[str] = made) -> None:
            made.append(sign_on(world.db, person))
            live(world.db, made[0])  # remembers whatever it reads

        def leaves(person: str = person) -> None:
            world.end_grants({"authority": "nmr", "person": person})

        assert at_once(enters, leaves) == []
        assert live(world.db, made[0]) == set()
