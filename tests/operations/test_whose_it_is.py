"""Whose a thing is, asked where no page comes: each of these would pass unseen behind another check that says no."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import Role
from portal.domain.content import Mark
from portal.domain.error import NotAllowed, NotFound
from portal.domain.plan import Child
from portal.domain.state import VersionKind
from portal.operations import intake, live, media, people, plans, staff
from portal.operations.drafts import may_go_on, must_answer, place_to_write
from portal.operations.readings import has_a_part
from portal.store import access, caseload, drafts
from portal.store.database import Database
from portal.store.drafts import Draft
from tests.fresh import fresh
from tests.world import World, build_world, now

OF_AGE = date(2009, 5, 2)


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    return fresh(cast, "parent", "senco", "therapist", "dco", "social_worker", "caseworker")


def issued(cast: World) -> World:
    """A plan whose draft was served."""
    world = fresh(cast, "parent", "dco", "social_worker", "caseworker")
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    return world


def words(world: World, section: str = "B", later: int = 0) -> Draft:
    at = now().wall + timedelta(seconds=later)
    return Draft(world.plan_id, section, "needs" if section else "", "", {"need": ["Waiting"]}, 0, at)


def test_a_stranger_with_a_form_is_told_that_there_is_no_such_plan(world: World) -> None:
    with pytest.raises(NotFound, match="no such plan"):
        place_to_write(world.db, world.plan(), world.actor("stranger"), "B", "needs", "new")
    with pytest.raises(NotAllowed):
        place_to_write(world.db, world.plan(), world.actor("therapist"), "B", "needs", "new")


def test_one_parent_types_nothing_into_what_the_other_said(cast: World) -> None:
    world = fresh(cast, "parent", "other_parent")
    item = world.add("parent", "A", "parent-views", views="He is kind.")
    assert place_to_write(world.db, world.plan(), world.actor("parent"), "A", "parent-views", item)
    with pytest.raises(NotAllowed):
        place_to_write(world.db, world.plan(), world.actor("other_parent"), "A", "parent-views", item)


def test_a_section_offers_a_pen_to_those_who_write_it_alone(world: World) -> None:
    expected = {"B": {"caseworker"}, "C": {"therapist", "dco"}}  # of those with a part in this plan
    people_here = ("parent", "senco", "therapist", "dco", "social_worker", "caseworker")
    for letter, pens in expected.items():
        found = {
            each: plans.reading_of(world.db, world.plan(), world.actor(each)).sections[letter] for each in people_here
        }
        assert {each for each, section in found.items() if section.may_edit} == pens, letter


@pytest.mark.parametrize(("who", "goes_on"), [("parent", True), ("caseworker", False), ("stranger", False)])
def test_the_familys_answer_is_gone_on_with_by_the_family_alone(cast: World, who: str, goes_on: bool) -> None:
    world = issued(cast)
    assert may_go_on(world.db, world.actor(who), words(world, "")) is goes_on


def test_words_for_a_plan_one_may_no_longer_open_are_not_gone_on_with(world: World) -> None:
    assert may_go_on(world.db, world.actor("caseworker"), words(world))
    assert not may_go_on(world.db, world.actor("stranger"), words(world))


def test_the_newest_words_are_ones_own_whoever_typed_later(world: World) -> None:
    drafts.keep(world.db, world.people["caseworker"], words(world))
    drafts.keep(world.db, world.people["senco"], replace(words(world, later=5), fields={"need": ["Somebody else’s"]}))
    found = drafts.newest(world.db, world.people["caseworker"], "nmr")
    assert {each.fields["need"][0] for each in found} == {"Waiting"}


def test_a_stranger_is_told_of_a_version_only_that_there_is_no_such_plan(cast: World) -> None:
    world = issued(cast)
    for number in (1, 9):
        with pytest.raises(NotFound, match="no such plan"):
            plans.open_version(world.db, world.actor("stranger"), world.plan_id, number, now())


def test_whoever_sees_to_nobody_has_no_agency_whose_people_they_see_to(world: World) -> None:
    for who in ("parent", "therapist", "stranger"):
        with pytest.raises(NotAllowed):
            staff.agencies_of(world.db, world.actor(who))


def test_whoever_signed_and_no_longer_signs_for_anybody_does_not_take_it_back(world: World) -> None:
    world.write_a_little()
    world.sign("dco", "C")
    signer = world.actor("dco")
    contributor = next(each for each in world.actor("therapist").grants if each.scope == world.plan_id)
    later = replace(signer, grants=(replace(contributor, person=signer.person),))
    for actor, may in ((signer, True), (later, False)):
        assert plans.reading_of(world.db, world.plan(), actor).sections["C"].may_withdraw is may


@pytest.fixture
def grown(cast: World) -> Iterator[World]:
    """A young person's plan, in which a parent still holds the part that they had."""
    by = Mark(cast.people["manager"], "Maria Silva", "northmere-council", now().product)
    child = replace(cast.plan().child, born=OF_AGE)
    plan = plans.start(cast.db, "nmr", "Northmere Council", child, by, "Northmere Council SEN team")
    world = replace(cast, plan_id=plan.id)
    part = next(each for each in cast.actor("parent").grants if each.role is Role.PARENT)
    people.give(world.db, replace(part, scope=plan.id))
    yield world
    world.end_grants({"authority": "nmr", "scope": plan.id})


def test_a_young_persons_plan_is_on_no_parents_list(grown: World) -> None:
    actor = grown.actor("parent")
    assert grown.plan_id in {each.scope for each in actor.grants}
    assert grown.plan_id not in {each.plan for each in caseload.rows_for(grown.db, actor, 50)}


def test_a_part_that_the_law_has_closed_is_no_part_by_which_a_plan_is_open_already(grown: World) -> None:
    """So that a Designated Officer who was a parent there once can still open it in an emergency."""
    assert not has_a_part(grown.db, grown.actor("parent"), grown.plan_id)
    assert has_a_part(grown.db, grown.actor("manager"), grown.plan_id)


def test_whom_the_law_has_closed_a_plan_to_is_told_that_there_is_none(grown: World) -> None:
    """A page never gets so far; a stream that is open when the day comes does, and so does a form that is sent then."""
    for ask in (
        lambda: live.follow(grown.db, grown.actor("parent"), grown.plan_id),
        lambda: must_answer(grown.plan(), grown.actor("parent")),
    ):
        with pytest.raises(NotFound, match="no such plan"):
            ask()
    assert live.follow(grown.db, grown.actor("manager"), grown.plan_id).id == grown.plan_id


def test_whoever_does_not_write_section_a_sends_no_file_for_it(world: World) -> None:
    reading = plans.reading_of(world.db, world.plan(), world.actor("dco"))
    with pytest.raises(NotAllowed):
        media.send(world.db, reading, b"", "", now())


@pytest.mark.parametrize("kind", ["council", "health", "care", ""])
def test_whoever_signed_on_at_work_asks_for_no_assessment(world: World, kind: str) -> None:
    child = Child("Noor Haddad", "Noor", "she", date(2018, 4, 9))
    sent = intake.Sent("northmere-council", child, "mother", "She falls behind.")
    with pytest.raises(NotAllowed):
        intake.send(world.db, world.actor("parent"), kind, sent, now())


def test_what_one_agency_asked_for_is_told_to_no_other_of_the_same_council(world: World) -> None:
    db, at, like = world.db, now().wall, next(iter(world.actor("caseworker").grants))
    for agency in ("first-trust", "second-trust"):
        asked = replace(like, person=f"person-of-{agency}", name="Rosa Lind", agency=agency, role=Role.SEN_MANAGER)
        db.transaction(partial(access.ask, db, asked, "asker", "Ann Asker", at))
        db.transaction(partial(access.log, db, "given", asked, "asker", "Ann Asker", at))
    assert {each.agency for each in access.waiting(db, "nmr", "first-trust")} == {"first-trust"}
    assert {each.person for each in access.logged(db, "nmr", "second-trust")} == {"person-of-second-trust"}
