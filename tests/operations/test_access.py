"""Who gives what to whom: by the table, never to oneself, on record, and for a manager only by two people."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.identifier import random_id
from portal.operations import people
from portal.operations.access import end_part, give_part, settle
from portal.store import access, chain, parts
from portal.store import people as people_store
from portal.store.database import Database
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world, now

ON_THE_PLAN = ("parent", "other_parent", "senco", "therapist", "dco", "social_worker", "dsco", "caseworker")
COUNCIL, ICB, TRUST = "northmere-council", "northmere-icb", "northmere-community-health"


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    made = build_world(app, db, settings)
    people_store.lead(db, made.people["dco"], [ICB])
    people_store.lead(db, made.people["auditor"], [COUNCIL])
    people_store.lead(db, made.people["stranger"], ["southfell-council"])
    return made


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, on which most of the cast work."""
    return fresh(cast, *ON_THE_PLAN)


def give(world: World, giver: str, to: str, role: Role, agency: str, scope: str = "") -> None:
    give_part(world.db, world.actor(giver), to, role, agency, scope or world.plan_id, now(), None)


def newcomer(world: World, agency: str, role: Role) -> str:
    """Somebody who works for an agency already, on another plan."""
    person = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(8), "Rosa Lind")
    other = fresh(world)
    like = next(each for each in _grants(world) if each.agency == agency)
    people.give(world.db, replace(like, person=person, name="Rosa Lind", role=role, scope=other.plan_id))
    return person


def _grants(world: World) -> Iterator[Grant]:
    return (grant for key in world.people for grant in world.actor(key).grants)


def roles(world: World, person: str) -> set[Role]:
    found = people.load_actor(world.db, person, now())
    assert found is not None
    return set(found.roles_on(world.plan_id, "nmr"))


def said(world: World) -> list[str]:
    return [each.kind for each in chain.entries(world.db, world.plan_id)]


def key(world: World, who: str, role: Role) -> str:
    grants = world.actor(who).grants
    return next(people_store.key_of(each) for each in grants if each.role == role and each.scope == world.plan_id)


def test_a_caseworker_gives_a_colleague_of_a_trust_a_part_in_the_plan_and_the_chain_says_so(world: World) -> None:
    person = newcomer(world, TRUST, Role.HEALTH_CONTRIBUTOR)
    give(world, "caseworker", person, Role.HEALTH_CONTRIBUTOR, TRUST)
    assert roles(world, person) == {Role.HEALTH_CONTRIBUTOR}
    assert said(world)[0] == "grant_given"
    entry = chain.entries(world.db, world.plan_id)[0]
    assert entry.facts["facts"] == {"person": person, "role": "health_contributor"}
    assert entry.facts["who"] == world.people["caseworker"]


def test_the_same_part_given_twenty_times_at_once_is_one_part_and_one_entry(world: World) -> None:
    person = newcomer(world, TRUST, Role.HEALTH_CONTRIBUTOR)
    act = lambda: give(world, "caseworker", person, Role.HEALTH_CONTRIBUTOR, TRUST)  # noqa: E731
    assert at_once(*[act] * 20) == []
    assert said(world).count("grant_given") == 1


@pytest.mark.parametrize("giver", ["parent", "senco", "therapist", "social_worker", "admin", "dsco"])
def test_whoever_only_works_on_a_plan_gives_nobody_a_part(world: World, giver: str) -> None:
    person = newcomer(world, TRUST, Role.HEALTH_CONTRIBUTOR)
    with pytest.raises((NotAllowed, NotFound)):
        give(world, giver, person, Role.HEALTH_CONTRIBUTOR, TRUST)
    assert roles(world, person) == set()


@pytest.mark.parametrize("giver", ["caseworker", "manager", "dco", "auditor"])
@pytest.mark.parametrize("scope", ["", WHOLE_CASELOAD])
def test_nobody_gives_anything_to_themselves(world: World, giver: str, scope: str) -> None:
    before = world.actor(giver).grants
    for role in Role:
        for agency in (COUNCIL, ICB, "family"):
            with pytest.raises(NotAllowed):
                give(world, giver, world.people[giver], role, agency, scope)
    assert world.actor(giver).grants == before


def test_a_lead_gives_only_their_own_agencys_parts(world: World) -> None:
    theirs = newcomer(world, TRUST, Role.HEALTH_CONTRIBUTOR)
    with pytest.raises(NotAllowed):
        give(world, "dco", theirs, Role.HEALTH_CONTRIBUTOR, TRUST)
    own = newcomer(world, ICB, Role.DESIGNATED_CLINICAL_OFFICER)
    give(world, "dco", own, Role.DESIGNATED_CLINICAL_OFFICER, ICB, WHOLE_CASELOAD)
    assert roles(world, own) == {Role.DESIGNATED_CLINICAL_OFFICER}
    (line,) = [each for each in access.logged(world.db, "nmr", ICB) if each.person == own]
    assert (line.kind, line.by, line.role) == ("given", world.people["dco"], Role.DESIGNATED_CLINICAL_OFFICER)


def test_a_lead_of_another_councils_agency_finds_nothing_here(world: World) -> None:
    person = newcomer(world, COUNCIL, Role.SEN_CASEWORKER)
    with pytest.raises(NotFound):
        give(world, "stranger", person, Role.SEN_CASEWORKER, "southfell-council")
    with pytest.raises(NotAllowed):
        give(world, "stranger", person, Role.SEN_CASEWORKER, COUNCIL, WHOLE_CASELOAD)
    assert roles(world, person) == set()


def test_leading_an_agency_opens_no_plan(world: World) -> None:
    person = people.signed_on(world.db, "https://x.example", random_id(8), "Rosa Lind")
    people_store.lead(world.db, person, [COUNCIL])
    found = people.load_actor(world.db, person, now())
    assert found is not None
    assert (found.leads, found.grants, found.roles_on(world.plan_id, "nmr")) == ((COUNCIL,), (), frozenset())


@pytest.mark.parametrize(("role", "agency"), [(Role.SENCO, TRUST), (Role.HEALTH_CONTRIBUTOR, "elm-road-primary")])
def test_a_role_of_another_kind_of_agency_is_refused_with_the_reason(world: World, role: Role, agency: str) -> None:
    person = newcomer(world, TRUST, Role.HEALTH_CONTRIBUTOR)
    with pytest.raises(Invalid) as refused:
        give(world, "caseworker", person, role, agency)
    assert "comes from" in refused.value.errors["role"]


def test_somebody_who_does_not_work_for_the_agency_is_invited_not_given(world: World) -> None:
    parent = world.people["other_parent"]
    with pytest.raises(Invalid):
        give(world, "caseworker", parent, Role.HEALTH_CONTRIBUTOR, TRUST)
    with pytest.raises(Invalid):
        give(world, "caseworker", world.people["parent"], Role.ADVOCATE, "family")


# Ending


def test_a_part_that_is_ended_is_gone_at_the_next_load_and_the_chain_says_so(world: World) -> None:
    end_part(world.db, world.actor("caseworker"), key(world, "therapist", Role.HEALTH_CONTRIBUTOR), now())
    assert roles(world, world.people["therapist"]) == set()
    assert said(world)[0] == "grant_ended"


def test_that_a_parent_no_longer_reads_the_plan_a_manager_decides(world: World) -> None:
    theirs = key(world, "other_parent", Role.PARENT)
    with pytest.raises(NotAllowed):
        end_part(world.db, world.actor("caseworker"), theirs, now())
    with pytest.raises(NotAllowed):
        end_part(world.db, world.actor("parent"), theirs, now())
    end_part(world.db, world.actor("manager"), theirs, now())
    assert roles(world, world.people["other_parent"]) == set()


def test_a_stranger_who_ends_a_part_is_told_that_there_is_none(world: World) -> None:
    for named in (key(world, "therapist", Role.HEALTH_CONTRIBUTOR), "nmr:nobody", "", "x"):
        with pytest.raises(NotFound):
            end_part(world.db, world.actor("stranger"), named, now())


def test_a_part_ended_twice_at_once_is_one_entry(world: World) -> None:
    named, actor = key(world, "therapist", Role.HEALTH_CONTRIBUTOR), world.actor("caseworker")
    raised = at_once(*[lambda: end_part(world.db, actor, named, now())] * 8)
    assert {type(each) for each in raised} <= {NotFound}
    assert said(world).count("grant_ended") == 1


# A manager's part


def asked(world: World, person: str) -> access.Asked | None:
    found = access.waiting(world.db, "nmr", COUNCIL)
    return next((each for each in found if each.person == person), None)


def ask_for_a_manager(world: World) -> tuple[str, str]:
    person = newcomer(world, COUNCIL, Role.SEN_CASEWORKER)
    give(world, "manager", person, Role.SEN_MANAGER, COUNCIL, WHOLE_CASELOAD)
    waiting = asked(world, person)
    assert waiting is not None
    return person, waiting.id


def settled(world: World, who: Actor, request: str, confirmed: bool = True) -> None:
    settle(world.db, who, COUNCIL, request, confirmed, now())


def test_a_managers_part_lives_only_once_a_second_person_has_confirmed_it(world: World) -> None:
    person, request = ask_for_a_manager(world)
    assert Role.SEN_MANAGER not in roles(world, person)
    with pytest.raises(NotAllowed):
        settled(world, world.actor("manager"), request)
    with pytest.raises((NotAllowed, NotFound)):
        settled(world, world.actor("caseworker"), request)
    settled(world, world.actor("other_manager"), request)
    assert Role.SEN_MANAGER in roles(world, person)
    assert asked(world, person) is None
    kinds = [each.kind for each in access.logged(world.db, "nmr", COUNCIL) if each.person == person]
    assert sorted(kinds) == ["asked", "given"]


def test_a_lead_may_be_the_second_person_and_may_refuse(world: World) -> None:
    person, request = ask_for_a_manager(world)
    settled(world, world.actor("auditor"), request, confirmed=False)
    assert Role.SEN_MANAGER not in roles(world, person)
    with pytest.raises(NotFound):
        settled(world, world.actor("other_manager"), request)


def test_whoever_asks_again_for_what_a_colleague_asked_for_does_not_become_the_first_of_two(world: World) -> None:
    person, request = ask_for_a_manager(world)
    give(world, "other_manager", person, Role.SEN_MANAGER, COUNCIL, WHOLE_CASELOAD)
    waiting = asked(world, person)
    assert waiting is not None
    assert waiting.asked_by == world.people["manager"]
    with pytest.raises(NotAllowed):
        settled(world, world.actor("manager"), request)


def test_of_many_who_confirm_at_once_one_does(world: World) -> None:
    person, request = ask_for_a_manager(world)
    actor = world.actor("other_manager")
    raised = at_once(*[lambda: settled(world, actor, request)] * 8)
    assert [type(each) for each in raised] == [NotFound] * 7
    given = [each for each in access.logged(world.db, "nmr", COUNCIL) if (each.person, each.kind) == (person, "given")]
    assert len(given) == 1


def test_the_person_who_would_be_manager_can_not_confirm_it(world: World) -> None:
    person = newcomer(world, COUNCIL, Role.SEN_CASEWORKER)
    people_store.lead(world.db, person, [COUNCIL])
    give(world, "manager", person, Role.SEN_MANAGER, COUNCIL, WHOLE_CASELOAD)
    waiting, own = asked(world, person), people.load_actor(world.db, person, now())
    assert waiting is not None
    assert own is not None
    with pytest.raises(NotAllowed):
        settled(world, own, waiting.id)
    assert parts.parts_of(world.db, "nmr", COUNCIL, person, now().wall)[0].role is not Role.SEN_MANAGER
