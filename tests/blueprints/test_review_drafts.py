"""What is typed in the forms of a review is kept as it is typed, for whoever types it alone, until it is sent."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.operations import drafts as drafting
from portal.operations import review
from portal.store import drafts
from portal.store.database import Database
from tests.blueprints.page import Page
from tests.world import Browser, World, build_world, now

HALF = "She speaks up in sm"
FORMS = [
    ("parent", "advice", "progress"),
    ("parent", "views", "views"),
    ("senco", "meeting", "said"),
    ("caseworker", "decision", "words"),
]
each_form = pytest.mark.parametrize(("key", "which", "name"), FORMS, ids=[each[1] for each in FORMS])
JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def planned(app: Flask, db: Database, settings: Settings) -> World:
    """A plan in force, whose review has a day."""
    world = build_world(app, db, settings)
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    review.plan_meeting(world.db, world.actor("senco"), world.plan_id, now().today, "At two.", now())
    return world


@pytest.fixture
def world(planned: World) -> World:
    """Nobody has any unsent words."""
    planned.db["drafts"].delete_many({"authority": "nmr", "plan": planned.plan_id})
    return planned


def keep(browser: Browser, which: str, **typed: str) -> TestResponse:
    sent = {"request_id": new_request_id(), **typed}
    return browser.post(f"{browser.base}/review/{which}/draft", sent, **JSON)


def kept(world: World, key: str, which: str) -> drafts.Draft | None:
    return drafts.find(world.db, world.people[key], world.plan_id, drafting.REVIEW, which, "")


def words(world: World, key: str, path: str = "") -> str:
    browser = world.client(key)
    return Page(browser.get(browser.base + path)).words


@each_form
def test_half_a_sentence_stands_in_its_form_again_for_its_author_alone(
    world: World, key: str, which: str, name: str
) -> None:
    browser = world.client(key)
    assert keep(browser, which, **{name: HALF}).get_json()["kept"]
    page = browser.get(f"{browser.base}/review/{which}")
    if which != "decision":  # it is asked for once the meeting was held
        assert HALF in page.text
    assert "Your words from today" in Page(page).words
    assert f"{browser.base}/review/{which}" in browser.get(browser.base).text
    assert HALF not in world.client("manager").get(f"{browser.base}/review/{which}").text


@each_form
def test_a_form_that_is_emptied_again_is_kept_no_more(world: World, key: str, which: str, name: str) -> None:
    browser = world.client(key)
    keep(browser, which, **{name: HALF})
    assert keep(browser, which, **{name: " "}).get_json() == {"kept": None}
    assert kept(world, key, which) is None


@each_form
def test_what_was_sent_while_the_session_ended_is_kept_and_led_back_to(
    world: World, key: str, which: str, name: str
) -> None:
    browser = world.client(key)
    browser.http.delete_cookie("golden_thread_session")
    answer = browser.post(f"{browser.base}/review/{which}", {name: HALF})
    assert answer.status_code == 303
    assert "words=kept" in answer.headers["Location"]
    draft = drafting.newest(world.db, world.actor(key))
    assert draft is not None
    assert draft.fields[name] == [HALF]
    assert drafting.may_go_on(world.db, world.actor(key), draft)
    assert not drafting.may_go_on(world.db, world.actor("stranger"), draft)


def test_what_is_sent_is_kept_no_more(world: World) -> None:
    browser = world.client("parent")
    keep(browser, "advice", progress=HALF)
    sent = {"request_id": new_request_id(), "progress": "She speaks up in small groups.", "change": ""}
    assert browser.post(f"{browser.base}/review/advice", sent).status_code == 303
    assert kept(world, "parent", "advice") is None
    assert "not sent yet" not in words(world, "parent")


def test_a_part_that_is_no_part_of_the_form_is_refused(world: World) -> None:
    browser = world.client("parent")
    assert keep(browser, "advice", progress=HALF, said="Zebra").status_code == 422
    assert kept(world, "parent", "advice") is None


@pytest.mark.parametrize(("key", "which", "status"), [("parent", "meeting", 403), ("senco", "decision", 403)])
def test_whoever_does_not_write_there_has_nothing_kept(world: World, key: str, which: str, status: int) -> None:
    assert keep(world.client(key), which, said=HALF).status_code == status
    assert kept(world, key, which) is None
