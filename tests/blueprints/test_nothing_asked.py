"""Of a plan in which somebody has no part nothing is asked, so that no answer takes longer because it is there."""

from typing import Any

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.identifier import new_request_id
from portal.store import drafts
from portal.store.database import Database
from portal.web.security import UNSAFE
from tests.asked import Recorder, verb_of
from tests.blueprints.test_words_kept import end_session
from tests.blueprints.warm import end_parts
from tests.conftest import settings
from tests.hostile.addresses import TYPED, addresses
from tests.listened import app, db, recorder
from tests.world import Browser, World, build_world

__all__ = ["app", "db", "recorder", "settings"]  # of a portal of this module's own
HEADERS: tuple[dict[str, str], ...] = ({}, {"HX_Request": "true"}, {"Accept": "application/json"})
ITS_END = "emergency.end"  # one's own hour may be over before its button is pressed


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    made = build_world(app, db, settings)
    made.write_a_little()
    return made


def asked_by(recorder: Recorder, browser: Browser, method: str, path: str, headers: dict[str, str]) -> list[str]:
    """What one request asks of the database, each question by its verb and where it is put."""
    before = len(recorder.commands)
    if method in UNSAFE:
        browser.post(path, {"request_id": new_request_id(), **TYPED}, **headers)
    else:
        browser.get(path, **headers)
    return [_said(each) for each in recorder.commands[before:]]


def _said(command: dict[str, Any]) -> str:
    stages = [next(iter(each)) for each in command.get("pipeline", ())]
    return f"{verb_of(command)} {command[verb_of(command)]} {' '.join(stages)}"


@pytest.mark.parametrize("key", ["stranger", "admin"])
def test_a_plan_that_is_there_is_asked_for_no_more_than_one_that_never_was(
    world: World, recorder: Recorder, key: str
) -> None:
    browser, absent, tried = world.client(key), f"{world.plan_id[:4]}{'0' * 16}", 0
    for rule, method, path in addresses(world, "plan_id"):
        if rule.endpoint == ITS_END:
            continue
        for headers in HEADERS:
            there = asked_by(recorder, browser, method, path, headers)
            assert there == asked_by(recorder, browser, method, path.replace(world.plan_id, absent), headers)
            assert [each.split()[1] for each in there] == ["sessions"], (method, path)
            tried += 1
    assert tried > 150


def test_nothing_more_is_asked_once_a_part_is_over_though_the_browser_has_been_there(
    world: World, recorder: Recorder
) -> None:
    browser = world.client("therapist")
    for _ in range(2):
        assert browser.get(browser.base).status_code == 200
    end_parts(world, "therapist")
    assert browser.get(browser.base).status_code == 404
    before = len(recorder.commands)
    assert browser.get(f"{browser.base}/sections/C").status_code == 404
    assert [str(each.get(verb_of(each))) for each in recorder.commands[before:]] == ["sessions"]


def test_a_page_that_is_opened_again_still_takes_one_question(world: World, recorder: Recorder) -> None:
    browser = world.client("caseworker")
    for _ in range(2):
        browser.get(browser.base)
    before = len(recorder.commands)
    assert browser.get(browser.base).status_code == 200
    assert len(recorder.commands) == before + 1


def test_a_form_that_comes_after_the_session_tells_nobody_whether_a_plan_is_there(world: World) -> None:
    for key, kept in (("parent", True), ("stranger", False)):
        browser = world.client(key)
        end_session(browser, "missing")
        answers = []
        for plan in (world.plan_id, f"{world.plan_id[:4]}{'0' * 16}"):
            answer = browser.post(f"/plans/{plan}/sections/A/items/people/people", {"revision": "0", "words": "Hers"})
            answers.append("words=kept" in answer.headers["Location"])
        assert answers == [kept, False]
        assert bool(drafts.of_person(world.db, world.people[key], world.plan_id)) is kept
