"""Messages about a request: the other side is told and finds them on their list, and the plan's people read them."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.domain.actor import Role
from portal.domain.contact import Contact
from portal.domain.identifier import new_request_id
from portal.domain.notice import Notice, NoticeKind
from portal.operations import notices as telling
from portal.operations import people, restrict
from portal.store import assessment_requests as store
from portal.store import contacts, notices
from portal.store.database import Database
from tests.blueprints.page import Page
from tests.factories import grant
from tests.world import World, build_world, now

JSON = {"Accept": "application/json"}
CHILD = {"name": "Noor Haddad", "called": "Noor", "subject": "she", "born": "2018-04-09", "school": "Elm Road"}
ASKED = {**CHILD, "council": "northmere-council", "relation": "mother", "reason": "She falls behind and is unhappy."}
SAID = "The zebra report is in the post."


@pytest.fixture
def world(app: Flask, db: Database, settings: Settings) -> World:
    """People of the test's own who can be told by email; nobody else's request waits, and nobody is yet to be told."""
    db["assessment_requests"].update_many({"authority": "nmr"}, {"$set": {"state": "answered"}})
    db["outbox"].update_many({"authority": "nmr"}, {"$set": {"delivered": True}})
    made = build_world(app, db, settings)
    for key in ("parent", "caseworker", "manager", "senco"):
        contacts.keep(db, made.people[key], Contact(email=f"{key}@example.org"))
    return made


@pytest.fixture
def asked(world: World) -> str:
    """The id of a request that a parent has sent."""
    sent = {**ASKED, "request_id": new_request_id()}
    assert world.client("parent").post("/request-assessment", sent).status_code == 303
    (found,) = store.waiting(world.db, "nmr")
    return found.id


def write(world: World, key: str, request: str, waits: str = "yes", words: str = SAID) -> TestResponse:
    sent = {"words": words, "waits": waits, "request_id": new_request_id()}
    return world.client(key).post(f"/requests/{request}/messages", sent)


def told(world: World, request: str) -> list[tuple[str, NoticeKind]]:
    """Who of the cast was told what of a request, once its outbox was seen to."""
    telling.spread(world.db, "nmr", now())
    keys = {person: key for key, person in world.people.items()}
    found = notices.of_a_plan(world.db, request)
    return sorted((keys[each.person], each.kind) for each in found if each.person in keys)


def on_list(world: World, key: str) -> int:
    found = re.search(r"(\d+) messages? waits? for an answer", Page(world.client(key).get("/worklist")).words)
    return int(found[1]) if found else 0


def test_what_a_family_asks_is_told_to_the_councils_officers_and_stands_on_their_list(world: World, asked: str) -> None:
    assert write(world, "parent", asked).status_code == 303
    assert ("manager", NoticeKind.WAITS) in told(world, asked)
    assert {key for key, _ in told(world, asked)}.isdisjoint({"parent", "senco", "stranger"})
    assert [on_list(world, key) for key in ("manager", "caseworker", "parent", "senco")] == [1, 1, 0, 0]
    page = Page(world.client("manager").get("/worklist"))
    assert "1 message waits for an answer about a request for an assessment." in page.words
    assert "/requests" in page.links()


def test_the_councils_question_is_told_to_the_family_alone_and_stands_on_their_list(world: World, asked: str) -> None:
    assert write(world, "caseworker", asked).status_code == 303
    assert told(world, asked) == [("parent", NoticeKind.WAITS)]
    assert [on_list(world, key) for key in ("parent", "other_parent", "caseworker")] == [1, 0, 0]
    assert "/request-assessment" in Page(world.client("parent").get("/worklist")).links()


def test_an_answer_goes_to_whoever_of_the_council_had_written(world: World, asked: str) -> None:
    write(world, "caseworker", asked)
    write(world, "parent", asked)
    assert told(world, asked) == [("caseworker", NoticeKind.WAITS)]


def test_what_asks_for_no_answer_waits_for_nobody_and_an_answer_is_told_as_one(world: World, asked: str) -> None:
    write(world, "parent", asked, "no")
    assert (told(world, asked), on_list(world, "manager")) == ([], 0)
    write(world, "manager", asked, "no")
    assert told(world, asked) == [("parent", NoticeKind.ANSWERED)]
    assert on_list(world, "parent") == 0


def notice_of(world: World, request: str, key: str) -> Notice:
    (found,) = notices.of_a_plan(world.db, request, world.people[key])
    return found


def test_what_was_answered_before_it_was_told_is_not_told(world: World, asked: str) -> None:
    write(world, "caseworker", asked)
    told(world, asked)
    notice = notice_of(world, asked, "parent")
    assert telling.still_due(world.db, notice, now()) == (True, None)
    write(world, "parent", asked, "no")
    assert telling.still_due(world.db, notice, now()) == (False, None)


def test_an_officer_whose_part_has_ended_is_not_told(world: World, asked: str) -> None:
    write(world, "caseworker", asked)
    write(world, "parent", asked)
    told(world, asked)
    notice = notice_of(world, asked, "caseworker")
    assert telling.still_due(world.db, notice, now()) == (True, None)
    world.end_grants({"authority": "nmr", "person": world.people["caseworker"]})
    assert telling.still_due(world.db, notice, now()) == (False, None)


def test_a_message_and_what_tells_of_it_are_kept_together_and_hold_no_word(world: World, asked: str) -> None:
    write(world, "parent", asked)
    (entry,) = world.db["outbox"].find({"authority": "nmr", "plan": asked})
    assert "zebra" not in str(entry)
    assert "Noor" not in str(entry)
    once = new_request_id()
    for _ in range(2):
        sent = {"words": "Once.", "waits": "yes", "request_id": once}
        assert world.client("parent").post(f"/requests/{asked}/messages", sent).status_code == 303
    assert world.db["outbox"].count_documents({"authority": "nmr", "plan": asked}) == 2


def begun(world: World, request: str, **parts: Role) -> str:
    """The plan that the request began, in which more of the cast have a part."""
    assert world.client("caseworker").post(f"/requests/{request}/take", {}).status_code == 303
    found = store.one(world.db, request)
    assert found is not None
    since = now().wall
    for key, role in parts.items():
        agency = next(each.agency for each in world.actor(key).grants if each.role is role)
        people.give(world.db, grant(role, world.people[key], agency=agency, scope=found.plan, since=since))
    return found.plan


def read(world: World, key: str, request: str) -> int:
    return world.client(key).get(f"/requests/{request}", **JSON).status_code


def test_the_plans_people_read_it_once_the_record_is_begun_and_no_other_parent_does(world: World, asked: str) -> None:
    write(world, "parent", asked)
    assert read(world, "senco", asked) == 404
    plan = begun(world, asked, senco=Role.SENCO, other_parent=Role.PARENT)
    assert [read(world, key, asked) for key in ("parent", "caseworker", "senco", "other_parent", "stranger")] == [
        200,
        200,
        200,
        404,
        404,
    ]
    page = Page(world.client("senco").get(f"/requests/{asked}"))
    assert SAID in page.words
    assert not [each for each in page.links() if each == "/requests"]
    for key, linked in (("senco", True), ("parent", True), ("other_parent", False)):
        assert (f"/requests/{asked}" in Page(world.client(key).get(f"/plans/{plan}/case")).links()) is linked, key
    assert write(world, "senco", asked).status_code == 404


def test_whoever_something_is_kept_from_in_that_plan_does_not_read_it(world: World, asked: str) -> None:
    write(world, "parent", asked)
    plan = begun(world, asked, senco=Role.SENCO, manager=Role.SEN_MANAGER)
    assert read(world, "senco", asked) == 200
    here = World(world.app, world.db, world.settings, plan, world.people)
    restrict.restrict(world.db, here.actor("manager"), plan, "child/school", (), "A court order.", now())
    assert read(world, "senco", asked) == 404
    assert read(world, "caseworker", asked) == 200
    assert f"/requests/{asked}" not in Page(world.client("senco").get(f"/plans/{plan}/case")).links()


def test_that_they_read_it_counts_as_opening_the_plan(world: World, asked: str) -> None:
    write(world, "parent", asked)
    plan = begun(world, asked, senco=Role.SENCO)
    read(world, "senco", asked)
    opened = world.db["openings"].find_one({"authority": "nmr", "plan": plan, "person": world.people["senco"]})
    assert opened is not None
