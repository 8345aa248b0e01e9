"""Waiting for you over HTTP: a sentence for each plan of one's own, or straight to the plan when there is one."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.identifier import random_id
from portal.domain.state import VersionKind
from portal.operations import people
from portal.store.database import Database
from tests.blueprints.page import Page
from tests.world import Browser, World, build_world

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


def test_who_is_not_signed_on_is_asked_to_sign_in_first(world: World) -> None:
    nobody = Browser(world, "")
    assert nobody.get("/worklist").headers["Location"] == "/sign-in?next=/worklist"
    assert nobody.get("/worklist", Accept="application/json").status_code == 401
