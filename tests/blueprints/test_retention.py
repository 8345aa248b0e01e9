"""How long a plan is kept, over HTTP: what everybody reads, what the council's keepers do, and who is refused."""

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.actor import Grant
from tests.blueprints.conftest import plan_of
from tests.blueprints.page import Page, bytes_of
from tests.world import World, now

NOBODY = "nmr-0000000000000000"
HTMX = {"HX_Request": "true"}
HOLD, RELEASE = "Put a hold on this plan", "Release the hold"
FIRST, SECOND = "Confirm as the first person", "Confirm as the second person"
READERS = ["parent", "young_person", "advocate", "senco", "therapist", "dco", "social_worker", "caseworker"]
KEEPERS = ["manager", "other_manager", "auditor"]
WHY = "The family has made a claim.\n\n- Keep everything"


@pytest.fixture
def old(cast: World, parts: list[Grant]) -> World:
    """The plan of somebody who is 40 today, so that its years are over."""
    return plan_of(cast, parts, replace(cast.plan().child, born=date(now().today.year - 40, 1, 15)))


def page_of(world: World, key: str) -> Page:
    return Page(world.client(key).get(f"/plans/{world.plan_id}/retention"))


def press(world: World, key: str, button: str, **typed: str | list[str]) -> int:
    """Open the page, fill in the form of a button and press it; answers the status."""
    browser = world.client(key)
    form = Page(browser.get(f"{browser.base}/retention")).form(button)
    answer = browser.post(form.action, form.filled(**typed))
    if answer.status_code == 303:
        assert answer.headers["Location"] == f"{browser.base}/retention"
    return answer.status_code


@pytest.mark.parametrize("key", [*READERS, *KEEPERS])
def test_everybody_who_may_open_the_plan_reads_how_long_it_is_kept_and_why(shared: World, key: str) -> None:
    page = page_of(shared, key)
    assert page.is_whole
    assert "Amira's plan, and everything written in it, is kept safe until 14 March 2048 at least." in page.words
    assert "keeps the plan of every child for 31 years from birth" in page.words
    assert "One person alone can’t do it." in page.words
    assert "IRMS toolkit for schools" in page.words


def test_the_plan_of_a_looked_after_child_is_kept_by_the_longer_rule(cast: World, parts: list[Grant]) -> None:
    kept = plan_of(cast, parts, replace(cast.plan().child, looked_after=True))
    words = page_of(kept, "parent").words
    assert "14 March 2092" in words
    assert "for 75 years from birth" in words
    assert "regulation 50(2)" in words


@pytest.mark.parametrize("key", READERS)
def test_whoever_only_reads_has_no_form_there_and_is_told_of_a_copy(shared: World, key: str) -> None:
    page = page_of(shared, key)
    assert not {HOLD, RELEASE, FIRST, SECOND} & set(page.buttons())
    assert f"/plans/{shared.plan_id}/versions" in page.links()


@pytest.mark.parametrize("key", KEEPERS)
def test_before_its_day_a_plan_can_be_held_and_not_confirmed(shared: World, key: str) -> None:
    page = page_of(shared, key)
    assert HOLD in page.buttons()
    assert FIRST not in page.buttons()
    browser = shared.client(key)
    answer = browser.post(f"{browser.base}/retention/confirm")
    assert answer.status_code == 409
    assert "This plan is to be kept for longer." in Page(answer).words


def test_a_hold_is_told_to_all_its_reason_to_the_keepers_alone(world: World) -> None:
    assert press(world, "manager", HOLD, reason=WHY) == 303
    for key in KEEPERS:
        page = page_of(world, key)
        assert "Maria Silva put it on today at" in page.words
        assert "The family has made a claim." in page.words
        assert (HOLD in page.buttons(), RELEASE in page.buttons()) == (False, True)
    for key in READERS:
        page = page_of(world, key)
        assert "There is a hold on this plan" in page.words
        assert "claim." not in page.words
        assert RELEASE not in page.buttons()
    assert press(world, "auditor", RELEASE, reason="The claim is settled.") == 303
    assert world.plan().keeping.hold is None
    history = Page(world.client("manager").get(f"/plans/{world.plan_id}/history")).words
    assert "Maria Silva put a hold on this plan, so that it is kept." in history
    assert "Grace Obi released the hold on this plan." in history


def test_the_history_gives_a_holds_reason_to_the_council_and_to_nobody_else(world: World) -> None:
    press(world, "manager", HOLD, reason=WHY)
    for key in READERS:
        browser = world.client(key)
        told = "made a claim" in browser.get(f"{browser.base}/history").text
        assert told == (key == "caseworker"), key


def test_two_people_confirm_one_after_the_other(old: World) -> None:
    assert "Two people at the council must each confirm" in page_of(old, "young_person").words
    assert press(old, "manager", FIRST) == 303
    page = page_of(old, "manager")
    assert not {FIRST, SECOND} & set(page.buttons())
    assert "The second person must be somebody else" in page.words
    assert "One person has confirmed that it may be destroyed." in page_of(old, "young_person").words
    assert press(old, "auditor", SECOND) == 303
    assert [each.name for each in old.plan().keeping.confirmed] == ["Maria Silva", "Grace Obi"]
    page = page_of(old, "other_manager")
    assert not {FIRST, SECOND} & set(page.buttons())
    assert "Until then, a hold still stops it." in page.words
    assert press(old, "other_manager", HOLD, reason=WHY) == 303
    assert old.plan().keeping.confirmed == ()


def test_the_same_person_is_refused_as_the_second_and_one_form_sent_twice_is_one(old: World) -> None:
    browser = old.client("manager")
    form = Page(browser.get(f"{browser.base}/retention")).form(FIRST)
    assert [browser.post(form.action, form.fields).status_code for _ in range(2)] == [303, 303]
    again = browser.post(form.action, {"request_id": ""})
    assert again.status_code == 409
    assert "The second person must be somebody else." in Page(again).words
    assert len(old.plan().keeping.confirmed) == 1


def test_a_plan_on_hold_shows_no_form_to_confirm_it_and_takes_none(old: World) -> None:
    press(old, "manager", HOLD, reason=WHY)
    page = page_of(old, "auditor")
    assert "That day is over, and it is still kept." in page.words
    assert not {FIRST, SECOND} & set(page.buttons())
    browser = old.client("auditor")
    answer = browser.post(f"{browser.base}/retention/confirm")
    assert answer.status_code == 409
    assert "It is kept until the hold is released." in Page(answer).words


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 2001], ids=["none", "blank", "too long"])
def test_a_reason_that_does_not_do_comes_back_with_what_to_put_right(world: World, reason: str) -> None:
    browser = world.client("manager")
    answer = browser.post(f"{browser.base}/retention/hold", {"reason": reason})
    page = Page(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Error: ")
    assert page.said_in("#field-reason-error")
    assert page.form(HOLD).fields["reason"] == [reason]
    assert world.plan().keeping.hold is None


def test_a_second_hold_is_refused_with_the_first_in_place(world: World) -> None:
    press(world, "manager", HOLD, reason=WHY)
    browser = world.client("auditor")
    assert browser.post(f"{browser.base}/retention/hold", {"reason": "An inquiry."}).status_code == 409
    hold = world.plan().keeping.hold
    assert hold is not None
    assert hold.by.name == "Maria Silva"


@pytest.mark.parametrize("key", READERS)
def test_nobody_else_holds_releases_or_confirms(shared: World, key: str) -> None:
    browser, before = shared.client(key), shared.plan().sequence
    for verb in ("hold", "release", "confirm"):
        for sent in ({"reason": "Why."}, {}, {"surprise": "1"}):
            answer = browser.post(f"{browser.base}/retention/{verb}", sent)
            assert answer.status_code == 403, (verb, sent)
            assert "data protection officer see to how long plans are kept" in Page(answer).words
    assert shared.plan().sequence == before


@pytest.mark.parametrize("key", ["stranger", "admin"])
@pytest.mark.parametrize("headers", [{}, HTMX, {"Accept": "application/json"}], ids=["page", "htmx", "json"])
def test_a_stranger_gets_the_same_bytes_as_for_a_plan_that_is_not_there(
    shared: World, key: str, headers: dict[str, str]
) -> None:
    browser = shared.client(key)
    bases = [f"/plans/{each}/retention" for each in (shared.plan_id, NOBODY)]
    for verb in ("hold", "release", "confirm"):
        posted = [browser.post(f"{base}/{verb}", {"reason": "Why."}, **headers) for base in bases]
        assert [each.status_code for each in posted] == [404, 404]
        assert bytes_of(posted[0]) == bytes_of(posted[1])
    got = [browser.get(base, **headers) for base in bases]
    assert [each.status_code for each in got] == [404, 404]
    assert bytes_of(got[0]) == bytes_of(got[1])


def test_htmx_is_sent_on_and_json_says_the_same_as_the_page(old: World) -> None:
    browser = old.client("manager")
    path = f"{browser.base}/retention"
    due = f"{now().today.year - 40 + 31}-01-15"
    said = {"plan": old.plan_id, "due": due, "held": False, "confirmed": 0}
    assert browser.get(path, Accept="application/json").json == said
    answer = browser.post(f"{path}/confirm", None, **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, path)
    assert browser.get(path, Accept="application/json").json == {**said, "confirmed": 1}


def test_words_typed_as_a_reason_are_shown_as_text(world: World) -> None:
    press(world, "manager", HOLD, reason="<script>alert(1)</script>")
    page = page_of(world, "auditor")
    assert "<script>alert(1)</script>" in page.words
    assert not [each for each in page.soup.find_all("script") if not each.get("src")]
