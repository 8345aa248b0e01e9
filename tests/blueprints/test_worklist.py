"""Waiting for you over HTTP: a sentence for each plan of one's own, or straight to the plan when there is one."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.identifier import new_request_id, random_id
from portal.domain.state import VersionKind
from portal.operations import people, sign_off
from portal.store.caseload import rows_for
from portal.store.database import Database
from portal.web.plan_words import waits_of
from tests.blueprints.page import Page
from tests.conftest import app, db, settings
from tests.world import Browser, World, build_world, now

__all__ = ["app", "db", "settings"]  # a portal of its own: what is listed and counted is a whole council's
HTMX = {"HX_Request": "true"}


@pytest.fixture
def world(app: Flask, db: Database, settings: Settings) -> World:
    """People of the test's own, since a list holds all the plans that somebody has."""
    return build_world(app, db, settings)


def a_second_plan(world: World, key: str) -> World:
    """Another child's plan in which the same person has the same part."""
    other = build_world(world.app, world.db, world.settings)
    for each in world.actor(key).grants:
        people.give(world.db, replace(each, scope=other.plan_id))
    return other


def test_whoever_has_one_plan_lands_on_it(world: World) -> None:
    browser = world.client("parent")
    for headers in ({}, HTMX):
        answer = browser.get("/worklist", **headers)
        assert (answer.headers.get("Location") or answer.headers.get("HX-Redirect")) == browser.base


def test_whoever_has_several_sees_a_sentence_for_each_and_one_button(world: World) -> None:
    other = a_second_plan(world, "therapist")
    browser = world.client("therapist")
    answer = browser.get("/worklist")
    page = Page(answer)
    assert answer.status_code == 200
    assert "HX-Request" in answer.headers["Vary"]
    assert page.said_in("h1") == ["Waiting for you, Ben"]
    tasks = page.said_in(".gt-task")
    assert len(tasks) == 2
    assert all("Amira Rahman : write sections C and G" in each for each in tasks)
    assert {f"/plans/{each.plan_id}/sections/C" for each in (world, other)} <= page.links()


def test_what_has_the_nearest_legal_date_comes_first(world: World) -> None:
    a_second_plan(world, "parent")
    world.sign("parent", "A")
    world.issue("manager", VersionKind.DRAFT)
    browser = world.client("parent")
    first = Page(browser.get("/worklist")).said_in(".gt-task")[0]
    assert "say what you think of the draft" in first
    assert "By " in first


def test_the_list_is_json_at_the_same_address(world: World) -> None:
    answer = world.client("therapist").get("/worklist", Accept="application/json")
    assert answer.json == {
        "plans": [
            {
                "plan": world.plan_id,
                "name": "Amira Rahman",
                "state": "drafting",
                "waiting_for_you": [{"kind": "write", "sections": ["C", "G"], "due": None}],
            }
        ]
    }


def test_a_new_person_without_any_grant_gets_a_kind_and_empty_page(world: World) -> None:
    issuer = world.settings.providers[0].issuer
    world.people["nobody"] = people.signed_on(world.db, issuer, random_id(12), "Dr Pat Oyelaran")
    browser = world.client("nobody")
    page = Page(browser.get("/worklist"))
    assert "There is no child’s plan here for you yet." in page.words
    assert page.said_in("h1") == ["Waiting for you, Dr Pat Oyelaran"]
    assert browser.get("/worklist", Accept="application/json").json == {"plans": []}


def test_nobody_sees_a_plan_of_another_authority_or_one_they_lost(world: World) -> None:
    assert world.plan_id not in world.client("stranger").get("/worklist").text
    assert world.plan_id not in world.client("admin").get("/worklist").text
    browser = world.client("senco")
    assert browser.get("/worklist").headers["Location"] == browser.base
    world.end_grants({"authority": "nmr", "person": world.people["senco"]})
    assert world.plan_id not in browser.get("/worklist").text


def test_what_is_done_leaves_the_list_at_once(world: World) -> None:
    a_second_plan(world, "dco")
    browser = world.client("dco")
    world.write_a_little()
    world.client("therapist").post(f"/plans/{world.plan_id}/sections/C/sign-off/hand-over")
    asked = f"/plans/{world.plan_id}/sections/C/sign-off"
    assert asked in Page(browser.get("/worklist")).links()
    form = Page(browser.get(asked)).form("Sign section C")
    browser.post(form.action, form.fields)
    assert asked not in Page(browser.get("/worklist")).links()


# What others said


def said(browser: Browser, world: World, path: str, **sent: str) -> None:
    answer = browser.post(f"/plans/{world.plan_id}{path}", {"request_id": new_request_id(), **sent})
    assert answer.status_code == 303


def asked_of(browser: Browser, world: World) -> list[tuple[str, list[str]]]:
    rows = browser.get("/worklist", Accept="application/json").json or {}
    return [(task["kind"], task["sections"]) for row in rows["plans"] if row["plan"] == world.plan_id
            for task in row["waiting_for_you"] if task["kind"] in ("respond", "reply", "hear")]  # fmt: skip


def test_a_comment_waits_on_the_writers_lists_and_its_answer_on_the_list_of_whoever_asked(world: World) -> None:
    need = world.write_a_little()["need"]
    for key in ("psychologist", "manager", "caseworker", "therapist"):
        a_second_plan(world, key)
    psychologist, manager = world.client("psychologist"), world.client("manager")
    assert asked_of(manager, world) == asked_of(psychologist, world) == []
    about = {"sentence": "effect:0", "revision": str(world.plan().sections["B"].revision), "words": "Where?"}
    said(psychologist, world, f"/sections/B/items/needs/{need}/comment", **about)
    assert asked_of(manager, world) == asked_of(world.client("caseworker"), world) == [("respond", ["B"])]
    assert asked_of(psychologist, world) == asked_of(world.client("therapist"), world) == []
    number = world.plan().conversations[0].number
    here = f"/sections/B/conversations/{number}"
    said(manager, world, f"{here}/answer", words="At school?", then="ask")
    assert (asked_of(manager, world), asked_of(psychologist, world)) == ([], [("reply", ["B"])])
    said(psychologist, world, f"{here}/reply", words="At home.")
    said(manager, world, f"{here}/answer", words="It says so.", then="answer")
    assert (asked_of(manager, world), asked_of(psychologist, world)) == ([], [("hear", ["B"])])
    plan = Page(psychologist.get(psychologist.base))
    assert f"{psychologist.base}{here}" in plan.links()
    assert "read the answer to what you said of" in plan.words
    psychologist.get(f"{psychologist.base}{here}", X_By_Itself="yes")
    assert asked_of(psychologist, world) == [("hear", ["B"])]
    psychologist.get(f"{psychologist.base}{here}")
    assert asked_of(psychologist, world) == []
    assert "read the answer" not in Page(psychologist.get(psychologist.base)).words


def test_what_is_asked_of_one_of_those_who_share_a_list_is_asked_of_nobody_else(world: World) -> None:
    parent = world.client("parent")
    said(parent, world, "/sections/A/conversations", words="May we meet?", waits_for=world.people["other_manager"])
    assert asked_of(world.client("other_manager"), world) == [("reply", ["A"])]
    assert asked_of(world.client("manager"), world) == []


def test_a_family_is_told_of_an_answer_that_came_to_them(world: World) -> None:
    ids = world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    parent = world.client("parent")
    about = {"sentence": "effect:0", "revision": str(world.plan().sections["B"].revision), "words": "And at home?"}
    said(parent, world, f"/sections/B/items/needs/{ids['need']}/comment", **about)
    number = world.plan().conversations[0].number
    said(world.client("manager"), world, f"/sections/B/conversations/{number}/answer", words="Yes.", then="answer")
    for key in ("parent", "other_parent"):
        a_second_plan(world, key)
    assert ("hear", ["B"]) in asked_of(parent, world)
    assert asked_of(world.client("other_parent"), world) == []


def test_who_is_not_signed_on_is_asked_to_sign_in_first(world: World) -> None:
    nobody = Browser(world, "")
    assert nobody.get("/worklist").headers["Location"] == "/sign-in?next=/worklist"
    assert nobody.get("/worklist", Accept="application/json").status_code == 401


def test_a_plan_that_asks_nothing_of_its_reader_says_for_whom_it_waits(world: World) -> None:
    world.sign("parent", "A")
    sign_off.hand_over(world.db, world.actor("therapist"), world.plan_id, "C", now())
    (row,) = rows_for(world.db, world.actor("parent"))
    with world.app.test_request_context():
        assert waits_of(row.waited).startswith("Waiting for: Designated Clinical Officer (sign health needs")
