"""The session ends while somebody writes: their words wait for them and for nobody else; nothing is saved."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.domain.identifier import random_id
from portal.domain.state import VersionKind
from portal.store import drafts, sessions
from tests.blueprints.page import Page
from tests.world import Browser, World, now

COOKIE = "golden_thread_session"
WORDS = "Amira told me at breakfast:\n- Biscuit, my cat\n- “the swings” & <nobody> shouting"
ENDINGS = ["ended", "idle", "too old", "unknown", "missing", "not one of ours"]


def end_session(browser: Browser, how: str) -> None:
    """Leave the browser as somebody finds it who comes back too late."""
    place, wall = {"_id": sessions.key_of(browser.session_id)}, now().wall
    changes = {"idle": {"seen": wall - timedelta(minutes=61)}, "too old": {"started": wall - timedelta(hours=13)}}
    if how == "ended":
        sessions.end(browser.world.db, browser.session_id, wall)
    elif how in changes:
        browser.world.db["sessions"].update_one(place, {"$set": changes[how]})
    elif how == "missing":
        browser.http.delete_cookie(COOKIE)
    else:
        browser.http.set_cookie(COOKIE, sessions.new_session_id() if how == "unknown" else 'é"; $where=1')


def next_of(location: str) -> str:
    return parse_qs(urlsplit(location).query)["next"][0]


@pytest.mark.parametrize("how", ENDINGS)
def test_a_save_after_the_session_is_over_leads_to_sign_in_and_back_to_the_very_words(world: World, how: str) -> None:
    browser = world.client("parent")
    here = f"{browser.base}/sections/A/items/people/people"
    form = Page(browser.get(here)).form("Save")
    before = world.plan().sequence
    end_session(browser, how)
    answer = browser.post(here, form.filled(words=WORDS))
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == "/sign-in"
    assert next_of(answer.headers["Location"]) == here
    assert "Your words are kept." in Page(browser.get(answer.headers["Location"])).words
    browser.sign_on("parent")
    page = Page(browser.get(next_of(answer.headers["Location"])))
    assert page.form("Save").fields["words"] == [WORDS]
    assert "They have not been saved." in page.words
    assert world.plan().sequence == before


def test_htmx_is_sent_to_sign_in_as_a_whole_page_and_never_gets_it_inside_a_section(world: World) -> None:
    browser = world.client("parent")
    end_session(browser, "ended")
    here = f"{browser.base}/sections/A/items/people/people"
    answer = browser.post(here, {"revision": "0", "words": WORDS}, HX_Request="true")
    assert (answer.status_code, answer.text) == (204, "")
    assert urlsplit(answer.headers["HX-Redirect"]).path == "/sign-in"
    assert next_of(answer.headers["HX-Redirect"]) == here
    browser.sign_on("parent")
    assert Page(browser.get(here)).form("Save").fields["words"] == [WORDS]


def test_a_program_is_told_to_sign_in_and_its_words_are_kept_too(world: World) -> None:
    browser = world.client("parent")
    end_session(browser, "ended")
    here = f"{browser.base}/sections/A/items/people/people"
    answer = browser.post(here, {"revision": "0", "words": WORDS}, Accept="application/json")
    assert (answer.status_code, answer.json) == (401, {"error": ["Sign in first."]})
    browser.sign_on("parent")
    assert Page(browser.get(here)).form("Save").fields["words"] == [WORDS]


def test_reading_after_the_session_is_over_leads_back_to_the_same_page(world: World) -> None:
    browser = world.client("parent")
    end_session(browser, "ended")
    path = f"{browser.base}/sections/A/compare?from=0&to=1"
    answer = browser.get(path)
    assert answer.status_code == 303
    assert next_of(answer.headers["Location"]) == path
    assert "words=kept" not in answer.headers["Location"]


def test_whoever_signs_on_next_in_that_browser_sees_nothing_of_them(world: World) -> None:
    browser = world.client("parent")
    end_session(browser, "ended")
    here = f"{browser.base}/sections/A/items/people/people"
    browser.post(here, {"revision": "0", "words": WORDS})
    browser.sign_on("other_parent")
    for path in (here, f"{browser.base}/sections/A", browser.base):
        page = Page(browser.get(path))
        assert "Biscuit" not in page.html, path
        assert "not saved yet" not in page.words, path
    assert "Biscuit" not in browser.get(f"{browser.base}/sections/A", Accept="application/json").text


def test_the_form_of_whoever_was_signed_on_before_is_refused_and_kept_for_them(world: World) -> None:
    browser = world.client("parent")
    here = f"{browser.base}/sections/A/items/people/people"
    form = Page(browser.get(here)).form("Save")
    before = world.plan().sequence
    browser.sign_on("other_parent")
    for headers in ({}, {"HX_Request": "true"}):
        answer = browser.post(here, form.filled(words=WORDS), **headers)
        assert answer.status_code == 403
        assert "Their words are kept for them." in Page(answer).words
        assert "Biscuit" not in answer.text
    assert world.plan().sequence == before
    assert "Biscuit" not in browser.get(here).text
    assert Page(world.client("parent").get(here)).form("Save").fields["words"] == [WORDS]


def test_kept_words_are_offered_on_the_plan_and_on_the_section(world: World) -> None:
    browser = world.client("parent")
    end_session(browser, "missing")
    here = f"{browser.base}/sections/A/items/people/people"
    browser.post(here, {"revision": "0", "words": WORDS})
    browser.sign_on("parent")
    for path in (browser.base, f"{browser.base}/sections/A"):
        page = Page(browser.get(path))
        assert "are kept, and not saved yet" in page.words
        assert here in page.links()


def test_kept_words_are_gone_once_they_are_saved(world: World) -> None:
    browser = world.client("parent")
    end_session(browser, "missing")
    here = f"{browser.base}/sections/A/items/people/people"
    browser.post(here, {"revision": "0", "words": WORDS})
    browser.sign_on("parent")
    assert browser.post(here, Page(browser.get(here)).form("Save").fields).status_code == 303
    item = world.plan().sections["A"].content.item("people")
    assert item is not None
    assert item.text("words") == WORDS
    assert "not saved yet" not in Page(browser.get(browser.base)).words
    assert drafts.of_person(world.db, world.people["parent"], world.plan_id) == []


def test_kept_words_of_a_new_item_keep_every_field_and_every_tick(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("caseworker")
    here = f"{browser.base}/sections/F/items/provision/new"
    form = Page(browser.get(here)).form("Save")
    typed = {"amount.minutes": "forty", "amount.how_often": "every week", "where": "In class"}
    sent = form.filled(what="A quiet place", needs=["", ids["need"]], **typed)
    end_session(browser, "idle")
    assert browser.post(here, sent).status_code == 303
    browser.sign_on("caseworker")
    again = Page(browser.get(here)).form("Save").fields
    told = {name: values for name, values in again.items() if name not in ("csrf_token", "request_id")}
    assert told == {name: values for name, values in sent.items() if name in told}


def test_words_kept_against_an_older_revision_clash_when_they_are_saved_and_overwrite_nobody(world: World) -> None:
    browser = world.client("caseworker")
    ids = world.write_a_little()
    here = f"{browser.base}/sections/B/items/needs/{ids['need']}"
    sent = Page(browser.get(here)).form("Save").filled(effect="Mine, before lunch.")
    end_session(browser, "idle")
    browser.post(here, sent)
    world.edit("other_caseworker", "B", "needs", {"effect": "Theirs, over lunch."}, ids["need"])
    browser.sign_on("caseworker")
    answer = browser.post(here, Page(browser.get(here)).form("Save").fields)
    assert answer.status_code == 409
    assert Page(answer).said_in(".gt-clash__side p") == ["Mine, before lunch.", "Theirs, over lunch."]


def test_a_place_that_is_not_in_the_standard_keeps_nothing(world: World) -> None:
    browser = world.client("parent")
    end_session(browser, "missing")
    for place in ("Z/items/people/people", "A/items/nothing/people", "A/items/people/NOT-AN-ID", "A/items/people/a$b"):
        answer = browser.post(f"{browser.base}/sections/{place}", {"revision": "0", "words": WORDS})
        assert answer.status_code == 303
    assert drafts.of_person(world.db, world.people["parent"], world.plan_id) == []


def test_a_form_without_a_token_or_with_a_forged_one_keeps_nothing(world: World) -> None:
    browser = world.client("parent")
    own = browser.token
    end_session(browser, "missing")
    here = f"{browser.base}/sections/A/items/people/people"
    for token in ("", "forged", own[:-2] + "xx", world.people["parent"], random_id(20)):
        answer = browser.post(here, {"revision": "0", "words": WORDS, "csrf_token": token})
        assert answer.status_code == 303
        assert "words=kept" not in answer.headers["Location"]
    assert drafts.of_person(world.db, world.people["parent"], world.plan_id) == []


def test_the_familys_answer_typed_while_the_session_ended_is_not_lost(world: World) -> None:
    world.issue("manager", VersionKind.DRAFT, A="Not asked yet.")
    browser = world.client("parent")
    form = Page(browser.get(f"{browser.base}/answer")).form("Send to the council")
    end_session(browser, "idle")
    answer = browser.post(form.action, form.filled(words=WORDS))
    assert answer.status_code == 303
    browser.sign_on("parent")
    page = Page(browser.get(next_of(answer.headers["Location"])))
    assert page.form("Send to the council").fields["words"] == [WORDS]


ACTS = [("parent", f"sections/A/items/people/people/{act}") for act in ("remove", "discard")]
ACTS += [("parent", f"sections/A/sign-off{act}") for act in ("", "/send-back", "/withdraw")]
ACTS += [("therapist", "sections/C/sign-off/hand-over"), ("parent", "answer")]
ACTS += [("manager", f"issue/{act}") for act in ("draft", "final", "finalise")]


def test_whatever_button_was_pressed_signing_on_again_leads_to_a_page_that_is_there(shared: World) -> None:
    lost = []
    for key, act in ACTS:
        browser = shared.client(key)
        end_session(browser, "missing")
        back = next_of(browser.post(f"{browser.base}/{act}").headers["Location"])
        browser.sign_on(key)
        if browser.get(back).status_code != 200:
            lost.append(act)
    assert lost == []
