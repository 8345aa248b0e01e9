"""The family's answer to a draft: their own words, kept with the version they had, for the council and themselves."""

import pytest

from portal.domain.state import VersionKind
from tests.blueprints.page import Page, bytes_of
from tests.world import World

NOBODY = "nmr-0000000000000000"
HTMX = {"HX_Request": "true"}
SEND = "Send to the council"
WORDS = "We agree with most of it.\n\n- Please name Elm Road\n- She needs more than 30 minutes"


@pytest.fixture
def drafted(world: World) -> World:
    """A plan whose draft lies with the family."""
    world.issue("manager", VersionKind.DRAFT, A="Not asked yet.")
    return world


def test_the_page_says_until_when_and_where_the_draft_is(drafted: World) -> None:
    page = Page(drafted.client("parent").get(f"/plans/{drafted.plan_id}/answer"))
    assert page.is_whole
    assert "You have until" in page.words
    assert f"/plans/{drafted.plan_id}/versions/1" in page.links()


@pytest.mark.parametrize("key", ["parent", "other_parent", "young_person"])
def test_an_answer_is_kept_in_its_own_words_with_who_and_which_version(drafted: World, key: str) -> None:
    browser = drafted.client(key)
    form = Page(browser.get(f"{browser.base}/answer")).form(SEND)
    answer = browser.post(form.action, form.filled(words=WORDS))
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)
    given = drafted.plan().answers[0]
    assert (given.words, given.by.person, given.version) == (WORDS, drafted.people[key], 1)
    page = Page(browser.get(f"{browser.base}/answer"))
    assert "She needs more than 30 minutes" in page.words
    assert "About version 1 of the plan." in page.words


def test_htmx_is_sent_on_after_answering(drafted: World) -> None:
    browser = drafted.client("parent")
    answer = browser.post(f"{browser.base}/answer", {"words": WORDS}, **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, browser.base)


def test_one_form_sent_twice_is_one_answer_and_a_second_form_is_a_second(drafted: World) -> None:
    browser = drafted.client("parent")
    form = Page(browser.get(f"{browser.base}/answer")).form(SEND)
    answers = [browser.post(form.action, form.filled(words=WORDS)) for _ in range(2)]
    assert [each.headers["Location"] for each in answers] == [browser.base] * 2
    assert len(drafted.plan().answers) == 1
    another = Page(browser.get(f"{browser.base}/answer")).form(SEND)
    browser.post(another.action, another.filled(words=WORDS))
    assert len(drafted.plan().answers) == 2


def test_the_council_reads_it_and_the_other_parent_does_not(drafted: World) -> None:
    browser = drafted.client("parent")
    browser.post(f"{browser.base}/answer", {"words": "Please do not tell my husband yet."})
    read = Page(drafted.client("manager").get(f"{browser.base}/issue"))
    assert "Please do not tell my husband yet." in read.words
    assert "Nadia Rahman" in read.words
    for key in ("other_parent", "senco", "dco", "social_worker", "advocate", "auditor"):
        other = drafted.client(key)
        for path in ("", "/history", "/answer", "/sections/A", "/versions/1"):
            for accept in ("text/html", "application/json"):
                assert "my husband" not in other.get(browser.base + path, Accept=accept).text, (key, path)


def test_an_empty_answer_is_asked_for_again(drafted: World) -> None:
    browser = drafted.client("parent")
    for words in ("", " \n "):
        answer = browser.post(f"{browser.base}/answer", {"words": words})
        assert answer.status_code == 422
        assert "Write what you think of the draft." in Page(answer).words
    assert drafted.plan().answers == ()


def test_twenty_thousand_characters_are_taken_and_one_more_comes_back_whole(drafted: World) -> None:
    browser = drafted.client("parent")
    long = "x" * 20_001
    answer = browser.post(f"{browser.base}/answer", {"words": long})
    page = Page(answer)
    assert answer.status_code == 422
    assert "This is 20,001 characters. Shorten it to 20,000 or fewer." in page.words
    assert page.form(SEND).fields["words"] == [long]
    assert drafted.plan().answers == ()
    assert browser.post(f"{browser.base}/answer", {"words": long[:-1]}).status_code == 303


def test_before_there_is_a_draft_there_is_nothing_to_answer(shared: World) -> None:
    browser = shared.client("parent")
    page = Page(browser.get(f"{browser.base}/answer"))
    assert "There is no draft to answer yet." in page.words
    assert SEND not in page.buttons()
    answer = browser.post(f"{browser.base}/answer", {"words": WORDS})
    assert answer.status_code == 409
    assert "There is no draft to answer now." in Page(answer).words
    assert shared.plan().answers == ()


@pytest.mark.parametrize("key", ["caseworker", "manager", "senco", "dco", "social_worker", "advocate", "auditor"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_nobody_else_answers_for_the_family(shared: World, key: str, headers: dict[str, str]) -> None:
    browser = shared.client(key)
    opened, sent = (
        browser.get(f"{browser.base}/answer", **headers),
        browser.post(f"{browser.base}/answer", {"words": "No"}),
    )
    assert (opened.status_code, sent.status_code) == (403, 403)
    assert Page(opened).is_whole is not bool(headers)
    assert "HX-Request" in opened.headers["Vary"]


@pytest.mark.parametrize("headers", [{}, HTMX, {"Accept": "application/json"}], ids=["page", "htmx", "json"])
def test_a_stranger_gets_the_same_bytes_as_for_a_plan_that_is_not_there(shared: World, headers: dict[str, str]) -> None:
    browser = shared.client("stranger")
    for sent in ({"words": WORDS}, {"words": ""}, {"surprise": "1"}):
        plans = (shared.plan_id, NOBODY)
        posted = [browser.post(f"/plans/{plan}/answer", sent, **headers) for plan in plans]
        assert [each.status_code for each in posted] == [404, 404], sent
        assert bytes_of(posted[0]) == bytes_of(posted[1])
    got = [browser.get(f"/plans/{plan}/answer", **headers) for plan in plans]
    assert [each.status_code for each in got] == [404, 404]
    assert bytes_of(got[0]) == bytes_of(got[1])
