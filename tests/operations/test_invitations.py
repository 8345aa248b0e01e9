"""A link for one person: it works once, for a week, for whoever knows the facts; an address for mail is never asked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Actor, Role
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.identifier import ALPHABET, random_id
from portal.domain.invitation import LIFETIME, TRIES, Facts, InvitationState, Secrets, bound, plain
from portal.operations import invitations, people
from portal.operations.invitations import Asked, Closed
from portal.store import access, chain
from portal.store import invitations as store
from portal.store import people as people_store
from portal.store.database import Database
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world, now

BORN = date(2017, 3, 14)
MOTHER = Asked(Role.PARENT, "family", "", "mother")


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    return fresh(cast, "parent", "senco", "therapist", "caseworker")


def invited(world: World, key: str = "caseworker", asked: Asked = MOTHER) -> Secrets:
    """A new invitation to this plan, as its inviter is shown it."""
    scoped = replace(asked, scope=asked.scope or world.plan_id)
    made = invitations.invite(world.db, world.actor(key), scoped, now())
    waiting = store.by_id(world.db, made.authority, made.id)
    assert waiting is not None
    ((_, secrets),) = invitations.reveal(world.db, world.actor(key), [waiting], now())
    return secrets


def somebody(world: World, issuer: str = "https://families.example", subject: str = "") -> Actor:
    person = people.signed_on(world.db, issuer, subject or random_id(8), "Rosa Lind")
    found = people.load_actor(world.db, person, now())
    assert found is not None
    return found


def accept(world: World, actor: Actor, secrets: Secrets, born: date | None = BORN, code: str = "") -> None:
    facts = Facts(code or secrets.code, born)
    invitations.accept(world.db, actor, "family", secrets.token, facts, now())


def roles(world: World, actor: Actor) -> set[Role]:
    found = people.load_actor(world.db, actor.person, now())
    assert found is not None
    return set(found.roles_on(world.plan_id, "nmr"))


def newest(world: World) -> InvitationState:
    return store.of_plan(world.db, world.plan_id)[0].state_at(now().wall)


def test_a_parent_who_knows_the_facts_has_their_part_and_the_inviter_sees_who_it_was(world: World) -> None:
    rosa = somebody(world)
    accept(world, rosa, invited(world))
    assert roles(world, rosa) == {Role.PARENT}
    (found,) = store.of_plan(world.db, world.plan_id)
    assert (found.closed, found.accepted_by, found.accepted_name) == (
        InvitationState.ACCEPTED,
        rosa.person,
        "Rosa Lind",
    )
    said = [each.kind for each in chain.entries(world.db, world.plan_id)]
    assert said[:2] == ["invitation_accepted", "person_invited"]
    (grant,) = somebody(world, rosa.issuer, rosa.subject).grants
    assert (grant.relation, grant.given_by) == ("mother", world.people["caseworker"])


def test_of_twenty_who_accept_one_invitation_at_once_one_is_let_in(world: World) -> None:
    secrets, crowd = invited(world), [somebody(world) for _ in range(20)]
    raised = at_once(*[lambda who=who: accept(world, who, secrets) for who in crowd])
    assert [type(each) for each in raised] == [Closed] * 19
    assert [roles(world, each) for each in crowd].count({Role.PARENT}) == 1
    assert [each.kind for each in chain.entries(world.db, world.plan_id)].count("invitation_accepted") == 1


def test_the_same_person_who_accepts_in_twenty_tabs_at_once_has_one_part(world: World) -> None:
    secrets, rosa = invited(world), somebody(world)
    raised = at_once(*[lambda: accept(world, rosa, secrets)] * 20)
    assert len(raised) == 19
    assert world.db["grants"].count_documents({"authority": "nmr", "person": rosa.person}) == 1


def test_five_wrong_tries_close_an_invitation_even_for_who_knows_the_facts(world: World) -> None:
    secrets, rosa = invited(world), somebody(world)
    wrong = [(BORN, "00000000"), (date(2017, 4, 13), ""), (None, ""), (BORN, "zzzzzzzz"), (date(2016, 3, 14), "")]
    assert len(wrong) == TRIES
    for born, code in wrong:
        with pytest.raises(Invalid):
            accept(world, rosa, secrets, born, code)
        assert roles(world, rosa) == set()
    with pytest.raises(Closed):
        accept(world, rosa, secrets)
    assert newest(world) is InvitationState.SPENT


def test_no_more_than_five_guesses_are_answered_however_many_come_at_once(world: World) -> None:
    secrets, rosa = invited(world), somebody(world)
    raised = at_once(*[lambda: accept(world, rosa, secrets, code="00000000")] * 20)
    assert sorted(type(each).__name__ for each in raised) == ["Closed"] * 15 + ["Invalid"] * 5


def test_whoever_signed_on_elsewhere_with_the_same_subject_and_name_has_nothing_without_the_facts(
    world: World,
) -> None:
    known = world.actor("parent")
    elsewhere = somebody(world, "https://another-issuer.example", known.subject)
    people_store.rename(world.db, elsewhere.person, known.name)
    assert roles(world, elsewhere) == set()
    with pytest.raises(Invalid):
        accept(world, elsewhere, invited(world), code="00000000")
    assert roles(world, elsewhere) == set()
    assert roles(world, known) == {Role.PARENT}


def test_a_link_that_is_wrong_used_over_or_taken_back_is_one_and_the_same_refusal(world: World) -> None:
    used, over, back = invited(world), invited(world), invited(world)
    accept(world, somebody(world), used)
    (newest_made,) = [
        each for each in store.of_plan(world.db, world.plan_id) if bound(back.token, back.code) == each.code
    ]
    invitations.take_back(world.db, world.actor("caseworker"), "nmr", newest_made.id, now())
    late, rosa = replace(now(), wall=now().wall + LIFETIME), somebody(world)
    said = set()
    for token, moment in ((used.token, now()), (over.token, late), (back.token, now()), ("nmr-" + "x" * 43, now())):
        with pytest.raises(Closed) as refused:
            invitations.open_link(world.db, rosa, "family", token, moment)
        said.add(str(refused.value))
    for token in ("", "x", "../..", used.token[:-1], used.token.upper(), used.token.replace("nmr", "sfl")):
        with pytest.raises(Closed):
            invitations.open_link(world.db, rosa, "family", token, now())
    assert len(said) == 1


def test_an_invitation_lasts_for_seven_days(world: World) -> None:
    secrets, rosa, moment = invited(world), somebody(world), now()
    nearly = replace(moment, wall=moment.wall + timedelta(days=7, seconds=-5))
    assert invitations.open_link(world.db, rosa, "family", secrets.token, nearly)[0].role is Role.PARENT


def test_whoever_signed_in_as_another_kind_of_person_is_not_let_in_and_uses_no_try_up(world: World) -> None:
    secrets, rosa = invited(world), somebody(world)
    for kind in ("council", "health", "education", ""):
        with pytest.raises(NotAllowed):
            invitations.accept(world.db, rosa, kind, secrets.token, Facts(secrets.code, BORN), now())
    accept(world, rosa, secrets)


def test_whoever_invites_can_not_accept_it_themselves(world: World) -> None:
    secrets = invited(world)
    with pytest.raises(NotAllowed):
        accept(world, world.actor("caseworker"), secrets)
    assert Role.PARENT not in roles(world, world.actor("caseworker"))


def test_an_invitation_by_somebody_who_may_no_longer_give_it_opens_nothing(world: World) -> None:
    secrets = invited(world)
    world.end_grants({"authority": "nmr", "person": world.people["caseworker"], "scope": world.plan_id})
    with pytest.raises(Closed):
        accept(world, somebody(world), secrets)


@pytest.mark.parametrize("key", ["parent", "senco", "therapist", "admin", "stranger"])
def test_nobody_else_invites_a_parent(world: World, key: str) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        invited(world, key)


def test_the_link_and_the_code_are_shown_once_to_the_inviter_alone_and_are_never_kept(world: World) -> None:
    made = invitations.invite(world.db, world.actor("caseworker"), replace(MOTHER, scope=world.plan_id), now())
    found = store.of_plan(world.db, world.plan_id)
    assert invitations.reveal(world.db, world.actor("manager"), found, now()) == []
    ((_, secrets),) = invitations.reveal(world.db, world.actor("caseworker"), found, now())
    assert invitations.reveal(world.db, world.actor("caseworker"), found, now()) == []
    kept = repr(world.db["invitations"].find_one({"authority": "nmr", "_id": made.id}))
    assert secrets.token not in kept
    assert secrets.code not in kept
    assert len(secrets.token) == len("nmr-") + 43


def test_a_colleague_who_is_invited_as_manager_waits_for_a_second_person(world: World) -> None:
    asked = Asked(Role.SEN_MANAGER, "northmere-council", WHOLE_CASELOAD)
    made = invitations.invite(world.db, world.actor("manager"), asked, now())
    waiting = store.by_id(world.db, "nmr", made.id)
    assert waiting is not None
    ((_, secrets),) = invitations.reveal(world.db, world.actor("manager"), [waiting], now())
    rosa = somebody(world, "https://council.example")
    invitations.accept(world.db, rosa, "council", secrets.token, Facts(secrets.code), now())
    assert roles(world, rosa) == set()
    (asked_for,) = [each for each in access.waiting(world.db, "nmr", "northmere-council") if each.person == rosa.person]
    assert asked_for.asked_by == world.people["manager"]


@given(st.text(ALPHABET, min_size=8, max_size=8))
def test_a_code_is_known_again_however_it_was_typed(code: str) -> None:
    for typed in (code.upper(), f"{code[:4]} {code[4:]}", f" {code[:2]}-{code[2:]}. ", code.replace("0", "O")):
        assert plain(typed) == code
        assert bound("a token", typed) == bound("a token", code)
