"""Whoever sends forms or asks for pages too fast is told to wait, and loses no word by it."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import g
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.config import Settings
from portal.store import drafts
from tests.blueprints.page import Page
from tests.world import World, now

SAVES, READS = 2, 6
WORDS = "Biscuit, my cat"
JSON = {"Accept": "application/json"}


@pytest.fixture
def hasty(world: World, settings: Settings) -> Iterator[World]:
    """The same plan in a process that takes two forms and gives six pages a minute, and whose clock stands still."""
    made, at = create_app(replace(settings, save_limit=SAVES, read_limit=READS)), now()
    made.before_request_funcs.setdefault(None, []).insert(0, lambda: setattr(g, "moment", at))
    yield replace(world, app=made, db=made.extensions["database"])
    made.extensions["database"].close()


def spend(hasty: World, key: str = "parent") -> None:
    for number in range(SAVES):
        assert hasty.client(key).save("A", "also", "also", words=f"Words {number}").status_code == 303


def test_a_save_that_comes_too_fast_keeps_the_words_for_their_author_and_says_so(hasty: World) -> None:
    spend(hasty)
    browser, before = hasty.client("parent"), hasty.plan().sequence
    answer = browser.save("A", "people", "people", words=WORDS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert "What was typed is kept" in Page(answer).words
    assert WORDS not in answer.text
    assert hasty.plan().sequence == before
    assert Page(browser.get(f"{browser.base}/sections/A/items/people/people")).form("Save").fields["words"] == [WORDS]


@pytest.mark.parametrize("headers", [{"HX_Request": "true"}, JSON])
def test_htmx_and_a_program_are_told_to_wait_too_and_their_words_are_kept(
    hasty: World, headers: dict[str, str]
) -> None:
    spend(hasty)
    browser = hasty.client("parent")
    answer = browser.post(
        f"{browser.base}/sections/A/items/people/people", {"revision": "0", "words": WORDS}, **headers
    )
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (429, "beforebegin")
    assert "What was typed is kept" in answer.text
    assert "<html" not in answer.text
    (kept,) = drafts.of_person(hasty.db, hasty.people["parent"], hasty.plan_id)
    assert kept.fields["words"] == [WORDS]


class Unread(BytesIO):
    """A large body that nobody is to read."""

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("it was read")

    def readinto(self, buffer: Any) -> int:
        raise AssertionError("it was read")


def send_unread(world: World, key: str) -> TestResponse:
    """Send a file of forty million bytes as somebody; the form's token is in it, as a page without script has it."""
    browser, kind = world.client(key), "multipart/form-data; boundary=x"
    sent = {"CONTENT_LENGTH": "40000000", "wsgi.input": Unread()}
    return browser.http.post(f"{browser.base}/media", content_type=kind, environ_overrides=sent)


def test_a_file_that_comes_too_fast_is_not_even_read(hasty: World) -> None:
    spend(hasty)
    answer = send_unread(hasty, "parent")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


def test_a_file_for_a_plan_that_its_sender_can_not_open_is_not_even_read(hasty: World) -> None:
    assert send_unread(hasty, "stranger").status_code == 404


def test_a_reason_that_comes_too_fast_is_given_back_to_copy(hasty: World) -> None:
    browser = hasty.client("manager")
    for _ in range(SAVES):
        browser.post(f"{browser.base}/sections/B/sign-off/send-back", {"reason": ""})
    answer = browser.post(f"{browser.base}/sections/B/sign-off/send-back", {"reason": "Say how often <b>it</b> hurts."})
    assert answer.status_code == 429
    assert "Say how often &lt;b&gt;it&lt;/b&gt; hurts." in answer.text


def test_pages_that_are_asked_for_too_fast_answer_a_plain_page_that_says_when_to_come_back(hasty: World) -> None:
    browser = hasty.client("parent")
    assert [browser.get(browser.base).status_code for _ in range(READS)] == [200] * READS
    for headers in ({}, {"HX_Request": "true"}, JSON):
        answer = browser.get(f"{browser.base}/sections/A", **headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
        assert "Amira" not in answer.text
    assert "One moment, please" in Page(browser.get(browser.base)).words


def test_a_person_is_counted_in_all_their_browsers_and_nobody_for_anybody_else(hasty: World) -> None:
    one, other = hasty.client("parent"), hasty.client("parent")
    for _ in range(READS // 2):
        assert (one.get(one.base).status_code, other.get(one.base).status_code) == (200, 200)
    assert other.get(other.base).status_code == 429
    assert hasty.client("other_parent").get(one.base).status_code == 200
    assert one.save("A", "also", "also", words=WORDS).status_code == 303  # forms are counted apart


def test_files_and_pages_for_everybody_are_not_counted(hasty: World) -> None:
    browser = hasty.client("parent")
    for _ in range(READS):
        browser.get(browser.base)
    for path in ("/help", "/help/words", "/static/favicon.svg", "/sign-in"):
        assert browser.get(path).status_code in (200, 303), path
    assert browser.get(browser.base).status_code == 429
