"""What comes with the session in one question: a list as its browser asked before, a moment of the past as it stood."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.standing import Standing
from portal.operations import people
from portal.store import people as people_store
from portal.store.database import Database
from tests.asked import Recorder, questions
from tests.blueprints.page import bytes_of
from tests.blueprints.warm import end_parts
from tests.conftest import settings
from tests.fresh import fresh
from tests.listened import app, db, recorder
from tests.world import Browser, World, build_world

__all__ = ["app", "db", "recorder", "settings"]  # of a portal of this module's own
JSON = {"Accept": "application/json"}


@pytest.fixture
def world(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


def listed(browser: Browser) -> set[str]:
    return {each["plan"] for each in browser.get("/worklist", **JSON).json["plans"]}  # type: ignore[index]  # it is JSON


@pytest.mark.parametrize("key", ["therapist", "manager"])
def test_a_list_that_was_asked_before_takes_one_question(world: World, recorder: Recorder, key: str) -> None:
    browser = world.client(key)
    first = listed(browser)
    before = len(recorder.commands)
    assert listed(browser) == first != set()
    (asked,) = recorder.commands[before:]
    assert [each.collection for each in questions(asked)] == ["sessions", "caseload"]


def test_a_moment_of_the_past_takes_one_question_whether_it_is_new_or_kept(world: World, recorder: Recorder) -> None:
    world.write_a_little()
    browser, last = world.client("caseworker"), world.plan().sequence
    browser.get(f"{browser.base}/as-at/1", **JSON)  # from here on the opening is noted, and what was blank is known
    for number in range(2, last + 1):
        for _ in range(2):
            before = len(recorder.commands)
            json = browser.get(f"{browser.base}/as-at/{number}", **JSON).json
            assert len(recorder.commands) == before + 1
            assert json is not None
            assert json["entry"]["sequence"] == number
            made = json["sections"].get(json["entry"]["section"])
            assert made is None or made["revision"] == json["entry"]["revision"]


def test_whoever_has_no_part_is_shown_the_same_empty_list_again(world: World) -> None:
    browser = world.client("stranger")
    first, again = (bytes_of(browser.get("/worklist")) for _ in range(2))
    assert first == again


def test_the_pages_of_a_list_are_asked_for_each_by_itself(world: World) -> None:
    browser, later = world.client("therapist"), "/worklist?due=9999-12-31&after=nmr-zzzzzzzzzzzzzzzz"
    for _ in range(2):
        assert world.plan_id in browser.get("/worklist", **JSON).text
        assert world.plan_id not in browser.get(later, **JSON).text


def test_a_part_that_is_given_or_ended_is_in_the_very_next_list(world: World) -> None:
    browser, other = world.client("therapist"), fresh(world, "parent")
    given = replace(world.actor("therapist").grants[0], scope=other.plan_id)
    for _ in range(2):
        assert listed(browser) == {world.plan_id}
    people.give(world.db, given)
    for _ in range(2):
        assert listed(browser) == {world.plan_id, other.plan_id}
    end_parts(world, "therapist")
    for _ in range(2):
        assert listed(browser) == {other.plan_id}


def test_an_ended_session_is_shown_no_list_that_it_was_shown_before(world: World) -> None:
    browser = world.client("therapist")
    for _ in range(2):
        assert listed(browser) == {world.plan_id}
    world.db["sessions"].update_many({"person": world.people["therapist"]}, {"$set": {"ended": world.plan().head}})
    assert browser.get("/worklist", **JSON).status_code == 401


def test_rows_that_came_for_who_somebody_was_are_not_shown_though_another_tab_was_told_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grant ends; this tab has asked as before, and before it answers another tab asks as things are now."""
    browser, tab = world.client("therapist"), world.client("therapist")
    cookie = browser.http.get_cookie("golden_thread_session")
    assert cookie is not None
    tab.http.set_cookie("golden_thread_session", cookie.value)
    for each in (browser, tab, browser):
        assert listed(each) == {world.plan_id}
    end_parts(world, "therapist")
    told, seen = people_store.standing_by, list[set[str]]()

    def meanwhile(db: Database, person: str, stamp: str) -> Standing | None:
        monkeypatch.setattr(people_store, "standing_by", told)
        seen.append(listed(tab))
        return told(db, person, stamp)

    monkeypatch.setattr(people_store, "standing_by", meanwhile)
    assert listed(browser) == set()
    assert seen == [set()]
