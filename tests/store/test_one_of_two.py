"""Two of everything, kept side by side: each question answers with the one that was asked for."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.error import NotFound
from portal.domain.identifier import new_person_id, new_plan_id
from portal.domain.invitation import Invitation, Secrets
from portal.store import invitations, openings, parts, people, sessions
from portal.store import plans as plans_store
from portal.store.database import Database
from tests.asked import Recorder
from tests.factories import grant
from tests.world import now

PERSON, OTHER = "somebody", "somebody-else"


@pytest.fixture
def plans() -> tuple[str, str]:
    return new_plan_id("nmr"), new_plan_id("nmr")


@pytest.fixture
def slugs() -> tuple[str, str]:
    """Two agencies that no other test knows."""
    return f"trust-{new_person_id()}", f"trust-{new_person_id()}"


@pytest.fixture
def given(db: Database, plans: tuple[str, str], slugs: tuple[str, str]) -> list[Grant]:
    """A part in each of two plans and in the whole caseload, for each of two people, by each of two agencies."""
    since = now().wall - timedelta(days=1)
    made = [
        grant(Role.SEN_CASEWORKER, person, agency=agency, scope=scope, since=since)
        for person in (PERSON, OTHER)
        for agency in slugs
        for scope in (*plans, WHOLE_CASELOAD)
    ]
    for each in made:
        db.transaction(partial(people.give, db, each))
    return made


def agency(slug: str) -> Agency:
    return Agency(slug, slug.title(), AgencyKind.COUNCIL, "nmr")


def test_an_agencys_people_are_its_own(db: Database, given: list[Grant], slugs: tuple[str, str]) -> None:
    for slug in slugs:
        assert {each.agency for each in parts.people_of(db, agency(slug), now().wall)} == {slug}
        assert {each.agency for each in parts.parts_of(db, "nmr", slug, PERSON, now().wall)} == {slug}
        assert {each.person for each in parts.parts_of(db, "nmr", slug, PERSON, now().wall)} == {PERSON}


def test_whoever_leaves_takes_nobody_elses_part_with_them(
    db: Database, given: list[Grant], plans: tuple[str, str], slugs: tuple[str, str]
) -> None:
    first, second = slugs
    ended = db.transaction(lambda session: parts.leave(db, "nmr", first, PERSON, now().wall, session))
    assert {(each.person, each.agency) for each in ended} == {(PERSON, first)}
    assert {each.scope for each in ended} >= {*plans, WHOLE_CASELOAD}
    assert {(each.person, each.agency) for each in parts.people_of(db, agency(second), now().wall)} == {
        (PERSON, second),
        (OTHER, second),
    }
    db.transaction(lambda session: parts.leave(db, "nmr", first, OTHER, now().wall, session))
    unsaid = parts.unsaid(db, "nmr", first, PERSON)
    assert {each.person for each in unsaid} == {PERSON}
    assert WHOLE_CASELOAD not in {each.scope for each in unsaid}  # no plan's chain has to say that
    assert parts.unsaid(db, "nmr", second, PERSON) == []
    left = parts.without(db, agency(first), Role.SEN_CASEWORKER, now().wall)
    assert set(plans) <= set(left)
    assert WHOLE_CASELOAD not in left
    assert parts.without(db, agency(second), Role.SEN_CASEWORKER, now().wall) == []


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


def test_an_invitation_stands_with_its_own_plan_and_its_own_agency(
    db: Database, plans: tuple[str, str], slugs: tuple[str, str]
) -> None:
    for plan_id in plans:
        for slug in slugs:
            db.transaction(partial(invitations.add, db, invitation(plan_id, slug), Secrets("token", "code")))
    assert {each.scope for each in invitations.of_plan(db, plans[0])} == {plans[0]}
    assert {each.agency for each in invitations.of_agency(db, "nmr", slugs[0])} == {slugs[0]}


def stamps(db: Database, *people_asked: str) -> list[tuple[str, str]]:
    """How each of these people stands, and how each of their sessions does."""
    known = {each["_id"]: each["standing"] for each in db["people"].find({"_id": {"$in": list(people_asked)}})}
    carried = {each["person"]: each["standing"] for each in db["sessions"].find({"person": {"$in": [*people_asked]}})}
    return [(known[each], carried[each]) for each in people_asked]


@pytest.fixture
def here_and_there(db: Database) -> tuple[str, str, str]:
    """Somebody of an agency, somebody of another, and somebody for whom another council uses the first one's name."""
    made = tuple(people.known(db, "https://issuer.example", new_person_id(), "Ann Example") for _ in range(3))
    at, slug = now().wall, f"trust-{new_person_id()}"
    for person, agency_slug, authority in zip(made, (slug, f"{slug}-2", slug), ("nmr", "nmr", "sfl"), strict=True):
        sessions.keep(db, f"session of {person}", {"_user_id": person}, at, timedelta(hours=1))
        scope = new_plan_id(authority)
        held = grant(Role.SEN_CASEWORKER, person, agency=agency_slug, authority=authority, scope=scope, since=at)
        db.transaction(partial(people.give, db, held))
    people.keep_agency(db, agency(slug))
    first, second, third = made
    return first, second, third


def test_when_somebody_is_given_something_nobody_else_stands_anew(
    db: Database, here_and_there: tuple[str, str, str]
) -> None:
    first, *others = here_and_there
    before = stamps(db, first, *others)
    db.transaction(lambda session: people.restand(db, [first], session))
    after = stamps(db, first, *others)
    assert after[1:] == before[1:]
    assert set(after[0]).isdisjoint(before[0])


def test_when_an_agency_is_changed_its_own_people_stand_anew(
    db: Database, here_and_there: tuple[str, str, str]
) -> None:
    first, *others = here_and_there
    held = db["grants"].find_one({"person": first})
    assert held is not None
    before = stamps(db, first, *others)
    people.keep_agency(db, replace(agency(held["agency"]), second_person=True))
    after = stamps(db, first, *others)
    assert after[1:] == before[1:]
    assert set(after[0]).isdisjoint(before[0])


def test_a_plan_that_is_not_there_is_asked_for_once(settings: Settings) -> None:
    recorder = Recorder()
    with recorder.listening():
        listened = Database(settings.mongodb_uri, settings.database, settings.master_key)
    with pytest.raises(NotFound):
        plans_store.load(listened, new_plan_id("nmr"))
    listened.close()
    assert len(recorder.asked("find")) == 1


def invitation(plan_id: str, slug: str) -> Invitation:
    at, link = now().wall, invitations.id_for("nmr", plan_id, f"{plan_id}-{slug}")
    whose = (slug, Role.HEALTH_CONTRIBUTOR, plan_id, "", "giver", "Ann Giver", "northmere-council")
    return replace(Invitation(link, "nmr", f"hash-{plan_id}-{slug}", "code", *whose, at, at + timedelta(days=7)))
