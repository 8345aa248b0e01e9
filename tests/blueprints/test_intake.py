"""Asking for an assessment: what a family sends, and the record that the council begins with it, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.domain.actor import Role
from portal.domain.case import counts_as_received, received_on
from portal.domain.error import Invalid, NotReady
from portal.domain.identifier import new_request_id
from portal.domain.intake import RequestState
from portal.operations import beginning, intake, intake_messages, verify
from portal.store import assessment_requests as store
from portal.store import plans
from portal.store.database import Database
from tests.at_once import at_once
from tests.blueprints.page import Page
from tests.world import World, build_world, now

JSON = {"Accept": "application/json"}
CHILD = {"name": "Noor Haddad", "called": "Noor", "subject": "she", "born": "2018-04-09", "school": "Elm Road"}
ASKED = {**CHILD, "council": "northmere-council", "relation": "mother", "reason": "She falls behind and is unhappy."}


@pytest.fixture
def world(app: Flask, db: Database, settings: Settings) -> World:
    """People of the test's own, since requests wait for a council and not for a plan."""
    made = build_world(app, db, settings)
    db["assessment_requests"].update_many({"authority": "nmr"}, {"$set": {"state": "answered"}})
    return made


def send(world: World, key: str = "parent", **changed: Any) -> TestResponse:
    return world.client(key).post("/request-assessment", {**ASKED, "request_id": new_request_id(), **changed})


def waiting(world: World, key: str = "caseworker") -> list[str]:
    found = world.client(key).get("/requests", **JSON).json
    assert found is not None
    return [each["request"] for each in found["waiting"]]


def test_a_family_sends_a_request_and_reads_what_happens_next(world: World) -> None:
    assert send(world).status_code == 303
    words = Page(world.client("parent").get("/request-assessment")).words
    assert "About Noor , sent on" in words
    assert "It counts as received on" in words
    assert "Noor" not in Page(world.client("other_parent").get("/request-assessment")).words
    listed = Page(world.client("caseworker").get("/requests")).words
    assert "Noor Haddad" in listed
    assert "She falls behind and is unhappy." in listed


def test_nothing_of_the_child_stands_in_clear(world: World) -> None:
    send(world)
    (row,) = world.db["assessment_requests"].find({"authority": "nmr", "_id": waiting(world)[0]})
    assert not any(each in str(row) for each in ("Noor", "2018", "behind", "Elm Road"))


def test_taking_a_request_begins_the_record_with_its_day_and_everybody_s_part(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    answer = world.client("caseworker").post(f"/requests/{request}/take", {"request_id": new_request_id()})
    assert answer.status_code == 303
    plan_id = answer.headers["Location"].split("/")[2]
    plan = plans.load(world.db, plan_id)
    assert (plan.child.name, plan.case.events[0].on) == ("Noor Haddad", counts_as_received(now().product))
    assert waiting(world) == []
    for key in ("parent", "caseworker", "manager"):
        assert world.client(key).get(f"/plans/{plan_id}/case").status_code == 200, key
    assert world.client("other_parent").get(f"/plans/{plan_id}").status_code == 404
    sent = Page(world.client("parent").get("/request-assessment"))
    assert f"/plans/{plan_id}/case" in sent.links()
    kept = world.db["assessment_requests"].find_one({"authority": "nmr", "_id": request})
    assert kept is not None
    assert "facts" not in kept
    history = world.client("parent").get(f"/plans/{plan_id}/history", **JSON).json
    assert history is not None
    assert [each["kind"] for each in history["entries"]] == ["grant_given", "request_received"]


# Messages about it


def write(world: World, key: str, request: str, words: str, waits: str = "yes", **also: str) -> TestResponse:
    sent = {"words": words, "waits": waits, "request_id": new_request_id(), **also}
    return world.client(key).post(f"/requests/{request}/messages", sent)


def said(world: World, key: str, request: str) -> list[str]:
    found = world.client(key).get(f"/requests/{request}", **JSON).json
    assert found is not None
    return [each["words"] for each in found["messages"]]


def test_a_family_and_the_council_write_about_a_request_and_each_sees_who_waits_for_whom(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    assert write(world, "caseworker", request, "Has a doctor seen her?").status_code == 303
    asked = Page(world.client("parent").get("/request-assessment")).words
    assert "Chris Doyle waits for you" in asked
    assert "The council waits for Nadia Rahman" in Page(world.client("manager").get("/requests")).words
    assert write(world, "parent", request, "Yes, in May.").status_code == 303
    assert "Nadia Rahman waits for the council" in Page(world.client("manager").get("/requests")).words
    assert write(world, "manager", request, "Thank you.", "no").status_code == 303
    assert "waits for" not in Page(world.client("parent").get(f"/requests/{request}")).words
    for key in ("parent", "caseworker", "other_manager"):
        assert said(world, key, request) == ["Has a doctor seen her?", "Yes, in May.", "Thank you."]
    (row,) = world.db["assessment_requests"].find({"authority": "nmr", "_id": request})
    assert "doctor" not in str(row)


def test_nobody_else_reads_or_writes_about_a_request_and_it_looks_like_one_that_never_was(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    for key in ("other_parent", "senco", "dco", "stranger", "admin", "auditor"):
        browser = world.client(key)
        # As data: a page holds a token of the second in which it was made.
        here, nowhere = (browser.get(f"/requests/{each}", **JSON) for each in (request, "nmr-0000000000000000"))
        assert (here.status_code, here.data) == (404, nowhere.data), key
        assert write(world, key, request, "Me too.").status_code == 404, key
    assert said(world, "parent", request) == []


def test_a_message_has_words_and_says_whether_its_writer_waits(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    answer = write(world, "parent", request, " ")
    assert (answer.status_code, "Write what you want to say." in answer.text) == (422, True)
    answer = write(world, "parent", request, "Where do I send it?", "perhaps")
    assert (answer.status_code, "Where do I send it?" in answer.text) == (422, True)
    assert said(world, "parent", request) == []


def test_the_same_message_sent_twice_is_one_and_those_sent_at_once_all_stand(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    once = new_request_id()
    for _ in range(2):
        assert write(world, "parent", request, "Once.", request_id=once).status_code == 303
    actors = [world.actor(key) for key in ("parent", "caseworker", "manager", "other_manager")]
    write_at_once = (
        lambda actor=each: intake_messages.say(world.db, actor, request, actor.person, True, now()) for each in actors
    )
    assert at_once(*write_at_once) == []
    assert sorted(said(world, "parent", request)) == sorted(["Once.", *(each.person for each in actors)])


def test_a_request_is_not_settled_over_a_message_that_nobody_has_read(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    before = store.one(world.db, request)
    assert before is not None
    write(world, "parent", request, "Please wait: we are moving.")
    after = replace(before, state=RequestState.ANSWERED, answer="There is a record.")
    assert not world.db.transaction(lambda session: store.settle(world.db, after, session))
    assert said(world, "parent", request) == ["Please wait: we are moving."]


def test_what_was_written_stays_with_the_request_once_its_record_is_begun_and_nothing_follows(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    write(world, "parent", request, "She is seven.")
    assert world.client("caseworker").post(f"/requests/{request}/take", {}).status_code == 303
    assert write(world, "parent", request, "And loves trains.").status_code == 409
    for key, page in (("parent", "/request-assessment"), ("manager", "/requests")):
        assert f"/requests/{request}" in Page(world.client(key).get(page)).links()
        assert said(world, key, request) == ["She is seven."]
    (row,) = world.db["assessment_requests"].find({"authority": "nmr", "_id": request})
    kept = world.db.unseal(row["facts"])
    assert (kept["child"], row["state"]) == (None, "taken")


def test_two_caseworkers_who_take_one_request_at_once_make_one_record(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    actors = [world.actor(key) for key in ("caseworker", "other_caseworker")]
    before = world.db["plans"].count_documents({"authority": "nmr"})

    raised = at_once(*(lambda actor=actor: intake.take(world.db, actor, request, now()) for actor in actors))
    assert {type(each) for each in raised} <= {NotReady}
    assert world.db["plans"].count_documents({"authority": "nmr"}) == before + 1
    assert waiting(world) == []


def test_a_record_and_both_its_parts_are_begun_together_or_not_at_all(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    before = world.db["plans"].count_documents({"authority": "nmr"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beginning, "enlist", _power_cut)
        with pytest.raises(PowerCut):
            intake.take(world.db, world.actor("caseworker"), request, now())
    assert world.db["plans"].count_documents({"authority": "nmr"}) == before
    assert waiting(world) == [request]
    first = intake.take(world.db, world.actor("caseworker"), request, now())
    assert [each.problems for each in verify.plans(world.db, "nmr", first)] == [[]]


class PowerCut(Exception):
    """What a test stops a save with."""


def _power_cut(*_: object) -> None:
    raise PowerCut


def test_a_mistake_is_answered_in_words_that_the_family_reads(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    browser = world.client("manager")
    assert browser.post(f"/requests/{request}/answer", {"reason": ""}).status_code == 422
    assert browser.post(f"/requests/{request}/answer", {"reason": "Noor has a plan already."}).status_code == 303
    assert waiting(world) == []
    assert "Noor has a plan already." in Page(world.client("parent").get("/request-assessment")).words
    assert browser.post(f"/requests/{request}/answer", {"reason": "Again."}).status_code == 409
    assert browser.post(f"/requests/{request}/take").status_code == 409


def test_the_same_form_sent_twice_is_one_request(world: World) -> None:
    browser, sent = world.client("parent"), {**ASKED, "request_id": new_request_id()}
    assert [browser.post("/request-assessment", sent).status_code for _ in range(2)] == [303, 303]
    assert len(waiting(world)) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"born": "soon"}, "born"),
        ({"born": "2089-01-01"}, "born"),
        ({"born": "1980-01-01"}, "born"),
        ({"nhs_number": "9990000019"}, "nhs_number"),
        ({"nhs_number": "9999999999"}, "nhs_number"),
        ({"upn": "A801200001001"}, "upn"),
        ({"council": "nowhere"}, "council"),
        ({"relation": ""}, "relation"),
        ({"relation": "self"}, "relation"),
        ({"reason": ""}, "reason"),
        ({"plan": "nmr"}, "form"),
    ],
)
def test_a_request_that_does_not_fit_comes_back_with_what_to_do(
    world: World, changed: dict[str, str], field: str
) -> None:
    answer = send(world, **changed)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert waiting(world) == []


def test_nobody_but_the_sen_team_of_that_council_sees_or_settles_requests(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    for key, status in (("parent", 403), ("senco", 403), ("admin", 403), ("auditor", 403)):
        browser = world.client(key)
        assert browser.get("/requests").status_code == status
        assert browser.get("/requests/new").status_code == status
        assert browser.post("/requests/new").status_code == status
        assert browser.post(f"/requests/{request}/take").status_code == status
        assert browser.post(f"/requests/{request}/answer", {"reason": "No."}).status_code == status
    assert waiting(world, "stranger") == []
    elsewhere = world.client("stranger").post(f"/requests/{request}/take")
    assert elsewhere.status_code == 404
    assert world.client("caseworker").post("/requests/nmr-x/take").status_code == 404
    assert waiting(world) == [request]


def test_the_council_writes_down_a_request_that_came_by_letter(world: World) -> None:
    browser = world.client("caseworker")
    came = now().today - timedelta(days=7)
    sent = {**CHILD, "asked_by": "school", "on": came.isoformat(), "evening": "yes", "request_id": new_request_id()}
    answers = [browser.post("/requests/new", sent) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    plan = plans.load(world.db, answers[0].headers["Location"].split("/")[2])
    assert plan.case.events[0].on == received_on(came, evening=True)
    assert world.client("caseworker").get(f"/plans/{plan.id}").status_code == 200
    other = world.client("other_caseworker")
    assert other.get(f"/plans/{plan.id}").status_code == 404
    tomorrow = (now().today + timedelta(days=1)).isoformat()
    assert browser.post("/requests/new", {**sent, "on": tomorrow}).status_code == 422


def test_nobody_but_the_sen_team_has_a_form_of_theirs_judged(world: World) -> None:
    send(world)
    (request,) = waiting(world)
    for key in ("parent", "senco", "auditor"):
        for path in ("/requests/new", f"/requests/{request}/answer", f"/requests/{request}/take"):
            assert world.client(key).post(path, {"request_id": new_request_id()}).status_code == 403, (key, path)
        assert world.client(key).get("/requests/new").status_code == 403, key
    assert waiting(world) == [request]


def test_of_two_requests_for_one_child_that_are_taken_at_once_one_becomes_a_record(world: World) -> None:
    for key in ("parent", "other_parent"):
        send(world, key, nhs_number="999 355 1171")
    officers = (world.actor("manager"), world.actor("other_manager"))
    taken = (partial(intake.take, world.db, *each, now()) for each in zip(officers, waiting(world), strict=True))
    (refused,) = at_once(*taken)
    assert isinstance(refused, Invalid)
    assert list(refused.errors) == ["nhs_number"]
    assert len(waiting(world)) == 1


def test_no_second_record_is_begun_of_a_child_with_the_same_number(world: World) -> None:
    browser, born = world.client("manager"), {**CHILD, "nhs_number": "999 362 6023"}
    came = (now().today - timedelta(days=3)).isoformat()
    sent = {**born, "asked_by": "parent", "on": came, "evening": "no"}
    first = browser.post("/requests/new", {**sent, "request_id": new_request_id()})
    assert first.status_code == 303, first.text
    again = browser.post("/requests/new", {**sent, "request_id": new_request_id()})
    assert again.status_code == 422
    assert "has a record here already" in again.text


@pytest.mark.parametrize(
    ("arrived", "counts"),
    [
        ("2026-11-20 16:59", "2026-11-20"),
        ("2026-11-20 17:00", "2026-11-23"),
        ("2026-11-21 10:00", "2026-11-23"),
        ("2026-11-19 17:01", "2026-11-20"),
        ("2026-12-24 18:00", "2026-12-29"),
        ("2026-12-25 09:00", "2026-12-29"),
    ],
)
def test_what_comes_in_the_evening_or_at_a_weekend_counts_from_the_next_working_day(arrived: str, counts: str) -> None:
    at = datetime.strptime(arrived, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert counts_as_received(at).isoformat() == counts


# A school's own request


def known_through(world: World, key: str, kind: str) -> None:
    """Everybody's provider is one of this kind from now on."""
    issuer, known = world.actor(key).issuer, world.settings.providers
    providers = tuple(replace(each, issuer=issuer) for each in known if each.agency_kind == kind)
    world.app.extensions["settings"] = replace(world.settings, providers=providers)


@pytest.fixture
def school(world: World) -> Iterator[World]:
    """The same people in a portal that knows them through the schools' provider."""
    known_through(world, "senco", "education")
    yield world
    world.app.extensions["settings"] = world.settings


def test_a_school_asks_for_a_pupil_and_the_record_says_so_and_gives_the_school_its_part(school: World) -> None:
    assert "Talk with the family first" in school.client("senco").get("/request-assessment").text
    assert send(school, "senco", relation="SENCO at Elm Road Primary School").status_code == 303
    (request,) = waiting(school)
    assert "the school’s part in it" in school.client("caseworker").get("/requests").text
    answer = school.client("caseworker").post(f"/requests/{request}/take", {"request_id": new_request_id()})
    plan_id = answer.headers["Location"].split("/")[2]
    assert school.client("senco").get(f"/plans/{plan_id}/case").status_code == 200
    (part,) = [each for each in school.actor("senco").grants if each.scope == plan_id]
    assert (part.role, part.agency) == (Role.SENCO, "elm-road-primary")
    found = school.db["statements"].find_one({"authority": "nmr", "plan": plan_id, "sequence": 1})
    assert found is not None
    assert found["beside"] == {"words": "A school or college asked."}
    assert f"/plans/{plan_id}/case" in school.client("senco").get("/request-assessment").text


def test_a_school_that_the_portal_does_not_know_asks_too_and_is_given_no_part(school: World) -> None:
    assert send(school, "stranger", relation="SENCO at Hollow Lane").status_code == 303
    (request,) = waiting(school)
    answer = school.client("caseworker").post(f"/requests/{request}/take", {"request_id": new_request_id()})
    plan_id = answer.headers["Location"].split("/")[2]
    assert school.client("stranger").get(f"/plans/{plan_id}").status_code == 404
    page = Page(school.client("stranger").get("/request-assessment"))
    assert "The council gives your school its part in the record." in page.words
    assert f"/plans/{plan_id}/case" not in page.links()


def test_nobody_of_a_school_asks_as_the_young_person(school: World) -> None:
    answer = send(school, "senco", relation="self")
    assert answer.status_code == 422
    assert waiting(school) == []


def test_whoever_signs_in_as_neither_family_nor_school_asks_for_nobody(world: World) -> None:
    known_through(world, "dco", "health")
    try:
        assert send(world, "dco").status_code == 403
        assert "Sign in that way to use it" in world.client("dco").get("/request-assessment").text
    finally:
        world.app.extensions["settings"] = world.settings
