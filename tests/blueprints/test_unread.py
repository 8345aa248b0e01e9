"""Since you last read, over HTTP: the plan says how much, a page shows exactly that, a button says that it is read."""

from datetime import timedelta

import pytest

from portal.domain.amend import Because
from portal.domain.state import VersionKind
from portal.domain.unread import Unread
from portal.operations import plans, review, unread
from portal.store import reading_marks
from tests.blueprints.page import Page
from tests.world import Browser, World, now

JSON = {"Accept": "application/json"}
HTMX = {"HX_Request": "true"}
NOTE = "#unread"


def opens(browser: Browser, path: str = "") -> Page:
    answer = browser.get(browser.base + path)
    assert answer.status_code == 200, path
    return Page(answer)


def days_ago(world: World, key: str, days: int) -> None:
    """Somebody's marks as they would be had they read the plan so many days ago."""
    marks, ago = reading_marks.of_person(world.db, world.plan_id, world.people[key]), timedelta(days=days)
    for place, mark in (marks or {}).items():
        earlier = {"number": mark.number, "at": mark.at - ago, "since": mark.since, "since_at": mark.since_at - ago}
        one = {"authority": "nmr", "_id": f"{world.plan_id}:{world.people[key]}"}
        world.db["reading_marks"].update_one(one, {"$set": {f"marks.{place}": earlier}})


def says(world: World, key: str, words: str) -> None:
    world.edit(key, "A", "people", {"words": words}, "people")


@pytest.fixture
def changed(world: World) -> World:
    """Nadia has read the plan; then a teacher changed section A twice and Nadia once herself."""
    says(world, "parent", "My brother")
    opens(world.client("parent"))
    says(world, "senco", "My brother Adam")
    world.edit("parent", "A", "people", {"told": "At breakfast"}, "people")
    says(world, "senco", "My brother Adam and Biscuit")
    return world


def test_the_plan_says_how_many_changes_there_are_since_one_last_read_and_on_which_day(changed: World) -> None:
    days_ago(changed, "parent", 18)
    at = now().today - timedelta(days=18)
    said = opens(changed.client("parent")).said_in(NOTE)
    year = "" if at.year == now().today.year else f" {at.year}"
    assert said == [f"2 changes since you last read, on {at.day} {at:%B}{year}"]


def test_at_the_first_opening_nothing_is_new_yet(world: World) -> None:
    says(world, "senco", "My brother")
    browser = world.client("parent")
    assert opens(browser).said_in(NOTE) == []
    assert "Nobody has changed anything" in opens(browser, "/unread").words


def test_the_page_shows_exactly_the_changes_of_others_word_by_word_with_who_and_when(changed: World) -> None:
    page = opens(changed.client("parent"), "/unread")
    who = page.said_in(".gt-change h3 small")
    assert [each.split(" at ")[0] for each in who] == ["Anita Patel , today"] * 2
    assert (page.said_in("ins"), page.said_in("del")) == (["added: Adam", "added: and Biscuit"], [])
    assert "Nobody else sees what you have read." in page.words


def test_reading_the_page_moves_nothing_and_the_button_moves_all_that_was_shown(changed: World) -> None:
    browser = changed.client("parent")
    for _ in range(2):
        form = opens(browser, "/unread").form("I have read these")
    assert form.fields["seen"] == ["A:4"]
    says(changed, "other_parent", "My brother Adam and Biscuit and Dad")
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)
    assert opens(browser).said_in(NOTE)[0].startswith("1 change since you last read, today at")
    assert opens(browser, "/unread").said_in("ins") == ["added: and Dad"]


def test_the_button_sent_again_or_from_an_old_page_changes_nothing(changed: World) -> None:
    browser = changed.client("parent")
    form = opens(browser, "/unread").form("I have read these")
    opens(browser, "/sections/A")
    before = reading_marks.of_person(changed.db, changed.plan_id, changed.people["parent"])
    for _ in range(2):
        assert browser.post(form.action, form.fields).status_code == 303
    assert reading_marks.of_person(changed.db, changed.plan_id, changed.people["parent"]) == before


def test_the_other_parent_is_told_nothing_of_it_and_keeps_a_mark_of_their_own(changed: World) -> None:
    other = changed.client("other_parent")
    opens(other)
    says(changed, "senco", "Biscuit")
    opens(changed.client("parent"), "/sections/A")
    assert opens(other).said_in(NOTE)[0].startswith("1 change since you last read")
    assert len(opens(other, "/unread").said_in(".gt-change")) == 1


def test_the_section_says_what_is_new_in_it_and_goes_on_saying_so_when_reloaded(changed: World) -> None:
    browser = changed.client("parent")
    for _ in range(2):
        page = opens(browser, "/sections/A")
        assert page.said_in(".gt-note a")[0].startswith("2 changes since you last read")
        assert f"{browser.base}/sections/A/compare?from=1&to=4" in page.links()
        assert [str(each["id"]) for each in page.soup.select("article:has(> .gt-new)")] == ["item-people"]
    assert opens(browser).said_in(NOTE) == []


def test_htmx_that_opens_a_section_in_place_is_told_the_same(changed: World) -> None:
    browser = changed.client("parent")
    page = Page(browser.get(f"{browser.base}/sections/A", **HTMX))
    assert page.said_in(".gt-new") == ["Changed since you last read"]


def test_ones_own_save_is_no_news(world: World) -> None:
    browser = world.client("parent")
    opens(browser)
    assert browser.save("A", "people", "people", words="My brother").status_code == 303
    assert opens(browser).said_in(NOTE) == []
    assert opens(browser, "/sections/A").said_in(".gt-new") == []


def test_parts_that_open_with_the_draft_are_named_until_they_are_opened(world: World) -> None:
    world.write_a_little()
    browser = world.client("parent")
    opens(browser)
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    assert "5 parts of this plan that you have not opened yet" in opens(browser).words
    opens(browser, "/sections/F")
    assert "4 parts of this plan that you have not opened yet" in opens(browser).words
    assert "Special educational provision (section F)" not in opens(browser, "/unread").said_in("#unopened + ul li")


def test_whoever_reads_finals_is_sent_to_the_two_versions_to_compare(world: World) -> None:
    ids = world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    browser = world.client("senco")
    opens(browser)
    why = "The walk to school is longer now."
    review.amend(world.db, world.actor("caseworker"), world.plan_id, Because.OTHER, why, now())
    world.edit("therapist", "C", "needs", {"effect": "It aches after a long walk."}, ids["health"])
    world.sign("dco", "C")
    world.issue("manager", VersionKind.PROPOSED_AMENDMENT)
    plans.answer(world.db, world.actor("parent"), world.plan_id, "We agree.", now())
    plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, now())
    world.issue("manager", VersionKind.AMENDED_FINAL)
    assert opens(browser).said_in(NOTE)[0].startswith("1 change since you last read")
    assert opens(browser, "/unread").said_in("ins") == ["added: long"]
    links = opens(browser, "/sections/C").links()
    (compare,) = (each for each in links if "/versions/compare" in each)
    assert Page(browser.get(compare)).said_in("ins") == ["added: long"]


def test_what_is_unread_as_json_is_what_the_page_shows(changed: World) -> None:
    json = changed.client("parent").get(f"/plans/{changed.plan_id}/unread", **JSON).json
    assert json is not None
    assert (json["count"], json["unopened"]) == (2, [])
    assert [(each["number"], each["name"]) for each in json["sections"][0]["changes"]] == [
        (2, "Anita Patel"),
        (4, "Anita Patel"),
    ]


@pytest.mark.parametrize("seen", ["A", "A:", ":4", "A:-1", "A:x", "$ne:1", "marks.A:1", "A:4:4", "A:99", "é:1"])
def test_a_form_that_says_what_no_page_showed_is_refused(changed: World, seen: str) -> None:
    browser = changed.client("parent")
    before = reading_marks.of_person(changed.db, changed.plan_id, changed.people["parent"])
    assert browser.post(f"{browser.base}/unread", {"seen": ["A:4", seen]}).status_code == 422
    assert reading_marks.of_person(changed.db, changed.plan_id, changed.people["parent"]) == before


def test_a_form_about_parts_that_are_not_the_readers_marks_nothing(changed: World) -> None:
    browser = changed.client("parent")
    assert browser.post(f"{browser.base}/unread", {"seen": ["B:0", "final-C:1"]}).status_code == 303
    marks = reading_marks.of_person(changed.db, changed.plan_id, changed.people["parent"])
    assert marks is not None
    assert set(marks) == {"A"}


def test_a_stranger_is_told_that_there_is_no_such_plan(changed: World) -> None:
    browser = changed.client("stranger")
    assert browser.get(f"{browser.base}/unread").status_code == 404
    assert browser.post(f"{browser.base}/unread", {"seen": ["A:4"]}).status_code == 404
    assert reading_marks.of_person(changed.db, changed.plan_id, changed.people["stranger"]) is None


def test_an_auditor_is_shown_no_change_and_no_word_of_one(changed: World) -> None:
    browser = changed.client("auditor")
    opens(browser)
    says(changed, "senco", "Chrysanthemum")
    assert "Chrysanthemum" not in opens(browser, "/unread").html
    seen = plans.reading_of(changed.db, changed.plan(), changed.actor("auditor"))
    assert unread.beyond(changed.db, seen, unread.marks_of(changed.db, seen, now())) == Unread()
