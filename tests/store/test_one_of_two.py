"""Two of everything, kept side by side: each question answers with the one that was asked for."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.identifier import new_plan_id
from portal.domain.invitation import Invitation, Secrets
from portal.store import invitations, openings, parts, people
from portal.store.database import Database
from tests.factories import grant
from tests.world import now

FIRST, SECOND = "first-trust", "second-trust"
PERSON, OTHER = "somebody", "somebody-else"


@pytest.fixture
def plans() -> tuple[str, str]:
    return new_plan_id("nmr"), new_plan_id("nmr")


@pytest.fixture
def given(db: Database, plans: tuple[str, str]) -> list[Grant]:
    """A part in each of two plans and in the whole caseload, for each of two people, by each of two agencies."""
    since = now().wall - timedelta(days=1)
    made = [
        grant(Role.SEN_CASEWORKER, person, agency=agency, scope=scope, since=since)
        for person in (PERSON, OTHER)
        for agency in (FIRST, SECOND)
        for scope in (*plans, WHOLE_CASELOAD)
    ]
    for each in made:
        db.transaction(partial(people.give, db, each))
    return made


def agency(slug: str) -> Agency:
    return Agency(slug, slug.title(), AgencyKind.COUNCIL, "nmr")


def test_an_agencys_people_are_its_own(db: Database, given: list[Grant]) -> None:
    for slug in (FIRST, SECOND):
        assert {each.agency for each in parts.people_of(db, agency(slug), now().wall)} == {slug}
        assert {each.agency for each in parts.parts_of(db, "nmr", slug, PERSON, now().wall)} == {slug}
        assert {each.person for each in parts.parts_of(db, "nmr", slug, PERSON, now().wall)} == {PERSON}


def test_whoever_leaves_takes_nobody_elses_part_with_them(
    db: Database, given: list[Grant], plans: tuple[str, str]
) -> None:
    ended = db.transaction(lambda session: parts.leave(db, "nmr", FIRST, PERSON, now().wall, session))
    assert {(each.person, each.agency) for each in ended} == {(PERSON, FIRST)}
    assert {each.scope for each in ended} >= {*plans, WHOLE_CASELOAD}
    assert {(each.person, each.agency) for each in parts.people_of(db, agency(SECOND), now().wall)} == {
        (PERSON, SECOND),
        (OTHER, SECOND),
    }
    db.transaction(lambda session: parts.leave(db, "nmr", FIRST, OTHER, now().wall, session))
    unsaid = parts.unsaid(db, "nmr", FIRST, PERSON)
    assert {each.person for each in unsaid} == {PERSON}
    assert WHOLE_CASELOAD not in {each.scope for each in unsaid}  # no plan's chain has to say that
    assert parts.unsaid(db, "nmr", SECOND, PERSON) == []
    left = parts.without(db, agency(FIRST), Role.SEN_CASEWORKER, now().wall)
    assert set(plans) <= set(left)
    assert WHOLE_CASELOAD not in left
    assert parts.without(db, agency(SECOND), Role.SEN_CASEWORKER, now().wall) == []


def test_a_plans_openings_leave_out_whom_they_are_to_leave_out(db: Database, plans: tuple[str, str]) -> None:
    at = now().wall
    for plan_id in plans:
        for person in (PERSON, OTHER):
            openings.record(db, plan_id, person, at)
    found = openings.of_a_plan(db, plans[0], at, 10, but=[OTHER])
    assert [each.person for each in found] == [PERSON]
    assert len(openings.of_a_plan(db, plans[0], at, 10)) == 2
    assert set(openings.last_by_person(db, plans[0])) == {PERSON, OTHER}


def test_a_family_is_that_of_one_child(db: Database, plans: tuple[str, str]) -> None:
    for person, plan_id in zip((PERSON, OTHER), plans, strict=True):
        parent = grant(Role.PARENT, person, agency="family", scope=plan_id)
        db.transaction(partial(people.give, db, parent))
    assert openings.family_of(db, plans[0]) == {PERSON}


def test_an_invitation_stands_with_its_own_plan_and_its_own_agency(db: Database, plans: tuple[str, str]) -> None:
    for plan_id in plans:
        for slug in (FIRST, SECOND):
            db.transaction(partial(invitations.add, db, invitation(plan_id, slug), Secrets("token", "code")))
    assert {each.scope for each in invitations.of_plan(db, plans[0])} == {plans[0]}
    assert {each.agency for each in invitations.of_agency(db, "nmr", FIRST)} == {FIRST}


def invitation(plan_id: str, slug: str) -> Invitation:
    at, link = now().wall, invitations.id_for("nmr", plan_id, f"{plan_id}-{slug}")
    whose = (slug, Role.HEALTH_CONTRIBUTOR, plan_id, "", "giver", "Ann Giver", "northmere-council")
    return replace(Invitation(link, "nmr", f"hash-{plan_id}-{slug}", "code", *whose, at, at + timedelta(days=7)))
