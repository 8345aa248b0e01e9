"""What is typed of a twin is kept as it is typed, for whoever types it alone, until it is saved."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.domain.identifier import new_request_id
from portal.operations import drafts as drafting
from portal.operations.twins import TWIN
from portal.store import drafts
from portal.store.database import Database
from tests.blueprints.page import Page
from tests.world import Browser, World, build_world

HALF = "She will see a sp"


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    world = build_world(app, db, settings)
    world.write_a_little()
    return world


@pytest.fixture
def row(world: World) -> str:
    """The id of the one row of provision; nobody has any unsent words."""
    world.db["drafts"].delete_many({"authority": "nmr", "plan": world.plan_id})
    return world.plan().sections["F"].content.in_group("provision")[0].id


def send(
    browser: Browser, row: str, words: str, act: str = "draft", tag: str = "easy-read", **also: Any
) -> TestResponse:
    revision = str(browser.world.plan().sections["F"].revision)
    sent = {
        "item": [row],
        "words": [words],
        "number": "0",
        "revision": revision,
        "request_id": new_request_id(),
        **also,
    }
    return browser.post(f"{browser.base}/sections/F/twins/{tag}/{act}", sent, Accept="application/json")


def form(browser: Browser, tag: str = "easy-read") -> Page:
    return Page(browser.get(f"{browser.base}/sections/F/twins/{tag}/write"))


def boxes(page: Page) -> list[str]:
    return [each.get_text().strip() for each in page.soup.select("textarea")]


def kept(world: World, key: str = "caseworker", tag: str = "easy-read") -> drafts.Draft | None:
    return drafts.find(world.db, world.people[key], world.plan_id, TWIN, "F", tag)


def test_words_stand_in_their_form_again_and_on_the_plans_page_until_they_are_saved(world: World, row: str) -> None:
    browser = world.client("caseworker")
    answer = send(browser, row, HALF, typed_in="words")
    assert (answer.status_code, bool((answer.json or {})["kept"])) == (200, True)
    page = form(browser)
    assert boxes(page) == [HALF]
    assert "Your words are here." in page.words
    here = f"{browser.base}/sections/F/twins/easy-read/write"
    assert here in Page(browser.get(browser.base)).links()
    actor = world.actor("caseworker")
    draft = drafting.newest(world.db, actor)
    assert draft is not None
    assert drafting.may_go_on(world.db, actor, draft)
    assert send(browser, row, "She will see a speech therapist.", "write").status_code in (200, 303)
    assert kept(world) is None
    assert "Your words are here." not in form(browser).words
    assert here not in Page(browser.get(browser.base)).links()


def test_nobody_else_sees_them_and_each_wording_has_its_own(world: World, row: str) -> None:
    browser = world.client("caseworker")
    assert send(browser, row, HALF, tag="pl").status_code == 200
    assert HALF not in form(world.client("other_caseworker"), "pl").words
    assert boxes(form(world.client("other_caseworker"), "pl")) == [""]
    assert kept(world) is None
    assert kept(world, tag="pl") is not None
    assert world.plan().sections["F"].revision == 1


def test_words_that_were_taken_back_leave_nothing_to_keep(world: World, row: str) -> None:
    browser = world.client("caseworker")
    send(browser, row, HALF, tag="cy")
    assert kept(world, tag="cy") is not None
    answer = send(browser, row, "", tag="cy")
    assert answer.json == {"kept": None}
    assert kept(world, tag="cy") is None


def test_whoever_does_not_write_it_keeps_nothing_in_its_place(world: World, row: str) -> None:
    for key, status in (("psychologist", 403), ("parent", 404), ("stranger", 404)):
        assert send(world.client(key), row, HALF).status_code == status, key
        assert kept(world, key) is None


def test_a_form_that_is_no_form_of_a_twin_is_refused(world: World, row: str) -> None:
    assert send(world.client("caseworker"), row, HALF, secret="x").status_code == 422
    assert send(world.client("caseworker"), row, HALF, tag="klingon").status_code == 404
    assert kept(world) is None


def test_somebody_who_lost_their_part_is_not_led_back_to_words_of_theirs(world: World, row: str) -> None:
    send(world.client("other_caseworker"), row, HALF)
    draft = kept(world, "other_caseworker")
    assert draft is not None
    actor = world.actor("psychologist")
    assert not drafting.may_go_on(world.db, actor, draft)
