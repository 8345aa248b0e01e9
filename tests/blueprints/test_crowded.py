"""Many save one plan at once: whoever has to wait for too long keeps their words, and is not told that all is down."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.domain.identifier import new_request_id
from portal.operations import act as acting
from portal.store import database, drafts, people, plans
from tests.asked import Recorder
from tests.blueprints.page import Page
from tests.world import Browser, World, now

WORDS = "Biscuit, my cat, sleeps on my bed."
JSON = {"Accept": "application/json"}


def save(browser: Browser, **headers: str) -> Any:
    sent = {"revision": "0", "request_id": new_request_id(), "words": WORDS}
    return browser.post(f"{browser.base}/sections/A/items/people/people", sent, **headers)


def while_another_saves(world: World, act: Callable[[], Any]) -> Any:
    """What comes of it while the transaction of another save has written the plan and does not end."""
    with world.db.client.start_session() as session, session.start_transaction():
        plans.touch(world.db, world.plan_id, session)
        answer = act()
        session.abort_transaction()
    return answer


@pytest.mark.parametrize("headers", [{}, {"HX_Request": "true"}, JSON])
def test_a_save_that_waits_too_long_for_another_is_429_and_its_words_are_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    browser, before = world.client("parent"), world.plan().sequence
    answer = while_another_saves(world, lambda: save(browser, **headers))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert "What was typed is kept" in answer.text
    assert world.plan().sequence == before
    (kept,) = drafts.of_person(world.db, world.people["parent"], world.plan_id)
    assert kept.fields["words"] == [WORDS]
    assert save(browser).status_code == 303
    assert world.plan().sequence == before + 1


def test_a_save_that_others_came_before_again_and_again_keeps_its_words_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "TRIES", 0)
    browser = world.client("parent")
    answer = save(browser)
    assert answer.status_code == 429
    assert "What was typed is kept" in Page(answer).words
    assert Page(browser.get(f"{browser.base}/sections/A/items/people/people")).form("Save").fields["words"] == [WORDS]


def test_a_reason_that_has_no_draft_is_given_back_to_copy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    browser = world.client("caseworker")
    path = f"{browser.base}/sections/B/conversations"
    sent = {"words": WORDS, "request_id": new_request_id()}
    answer = while_another_saves(world, lambda: browser.post(path, sent))
    assert answer.status_code == 429
    assert WORDS in answer.text


def test_however_many_have_a_part_the_server_tells_them_in_one_answer(world: World) -> None:
    one = world.db["grants"].find_one({"authority": "nmr", "scope": world.plan_id})
    assert one is not None
    crowd = [{**one, "_id": f"{one['_id']}-{number}", "person": f"crowd-{number}"} for number in range(150)]
    world.db["grants"].insert_many(crowd)
    recorder = Recorder()
    with recorder.portal(world.settings) as app:
        found = people.grants_on(app.extensions["database"], world.plan_id, now().wall)
    assert len(found) > len(crowd)
    assert recorder.asked("getMore") == []
