"""Acts that refuse where no page offers them: each is asked outright, and nothing is changed by it."""

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import Role
from portal.domain.error import NotAllowed, NotFound
from portal.domain.invitation import InvitationState
from portal.domain.state import VersionKind
from portal.operations import access, cover, invitations, openings, restrict, staff
from portal.operations.invitations import Asked
from portal.store import chain
from portal.store import invitations as store
from portal.store import openings as openings_store
from portal.store import people as people_store
from portal.store.database import Database
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

COUNCIL = "northmere-council"


def test_without_an_agency_for_families_there_is_nobody_to_invite_for(db: Database) -> None:
    with pytest.raises(NotFound):
        staff.family(db)


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    made = build_world(app, db, settings)
    people_store.lead(db, made.people["auditor"], [COUNCIL])
    return made


@pytest.fixture
def world(cast: World) -> World:
    return fresh(cast, "parent", "senco", "therapist", "caseworker", "other_caseworker")


def invited(world: World) -> str:
    asked = Asked(Role.PARENT, "family", world.plan_id, "mother")
    return invitations.invite(world.db, world.actor("caseworker"), asked, now()).id


def test_a_part_for_an_agency_that_is_not_known_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        access.agency_named(world.db, "nowhere")


@pytest.mark.parametrize("to", ["other_caseworker", "stranger"])
def test_whoever_sees_to_nobody_hands_not_even_their_own_work_over_to_whomever(world: World, to: str) -> None:
    me, before = world.people["caseworker"], world.actor("caseworker").grants
    with pytest.raises(NotAllowed):
        cover.hand_over(world.db, world.actor("caseworker"), COUNCIL, me, world.people[to], now())
    assert world.actor("caseworker").grants == before


@pytest.mark.parametrize("who", ["parent", "therapist"])
def test_an_invitation_is_taken_back_only_by_whoever_may_give_what_it_gives(world: World, who: str) -> None:
    invitation = invited(world)
    with pytest.raises(NotAllowed):
        invitations.take_back(world.db, world.actor(who), "nmr", invitation, now())
    found = store.by_id(world.db, "nmr", invitation)
    assert found is not None
    assert found.state_at(now().wall) is InvitationState.WAITING


def test_an_invitation_that_never_was_or_is_of_another_authority_is_not_found(world: World) -> None:
    invitation = invited(world)
    for authority, one in (("nmr", "nmr:nothing"), ("sfl", invitation)):
        with pytest.raises(NotFound):
            invitations.take_back(world.db, world.actor("caseworker"), authority, one, now())


@pytest.mark.parametrize("who", ["caseworker", "senco", "manager", "stranger"])
def test_nobody_but_the_family_chooses_what_the_family_shows_one_another(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        openings.choose(world.db, world.actor(who), world.plan(), shown=True)
    assert openings_store.choosers(world.db, world.plan_id) == set()


def test_a_fact_that_no_cover_has_is_not_restricted(cast: World) -> None:
    world = fresh(cast, "parent", "dco", "social_worker", "caseworker")
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    with pytest.raises(NotFound):
        restrict.restrict(world.db, world.actor("manager"), world.plan_id, "child/nothing", None, "Because.", now())


def test_nobody_is_found_among_an_agencys_people_who_does_not_work_there(world: World) -> None:
    lead = world.actor("auditor")
    assert staff.member(world.db, lead, COUNCIL, world.people["caseworker"], now())
    with pytest.raises(NotFound):
        staff.member(world.db, lead, COUNCIL, world.people["therapist"], now())


def test_an_entry_beyond_the_end_of_the_chain_is_not_found(world: World) -> None:
    last = world.plan().sequence
    assert chain.entry_at(world.db, world.plan_id, last)
    with pytest.raises(NotFound):
        chain.entry_at(world.db, world.plan_id, last + 1)
