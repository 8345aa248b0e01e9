"""Asking for an assessment: what a family sends, and the record that the council begins with it, once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.domain.case import counts_as_received, received_on
from portal.domain.error import NotReady
from portal.domain.identifier import new_request_id
from portal.operations import intake, verify
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
        patch.setattr(intake, "enlist", _power_cut)
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
