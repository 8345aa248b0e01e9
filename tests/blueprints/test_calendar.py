"""Dates in one's own calendar: by a secret address that can be taken back, and never a child's name."""

from typing import Any

import pytest

from portal.domain.calendar_file import SAID
from portal.domain.state import VersionKind
from portal.store import contacts
from tests.world import REASONS, Browser, World


@pytest.fixture
def draft(world: World) -> World:
    """A draft that the family has 15 days to answer."""
    world.issue("manager", VersionKind.DRAFT, **REASONS)
    return world


def address(world: World, key: str = "parent") -> str:
    """The private address, as its page shows it in the one moment after it was made."""
    browser = world.client(key)
    assert browser.post("/calendar").status_code == 303
    page = browser.get("/calendar").text
    return "/calendar/" + page.partition("/calendar/")[2].partition("<")[0].strip()


def test_the_address_is_shown_once_and_opens_without_a_session(draft: World) -> None:
    where = address(draft)
    secret = where.removeprefix("/calendar/").removesuffix(".ics")
    assert secret not in draft.client("parent").get("/calendar").text
    answer = Browser(draft, "").get(where)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    day = draft.plan().answer_by
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in answer.text
    assert f"SUMMARY:{SAID}" in answer.text
    assert f"/plans/{draft.plan_id}" in answer.text.replace("\r\n ", "")


@pytest.mark.parametrize("asked", [{"method": "HEAD"}, {"headers": {"Accept": "application/json"}}])
def test_what_shows_no_address_does_not_use_it_up(draft: World, asked: dict[str, Any]) -> None:
    browser = draft.client("parent")
    browser.post("/calendar")
    assert browser.http.open("/calendar", **asked).status_code == 200
    assert ".ics" in browser.get("/calendar").text


def test_a_calendar_says_nothing_of_the_child(draft: World) -> None:
    told = Browser(draft, "").get(address(draft))
    for word in ("Amira", "Rahman", "Larch", "9990000018", "Northmere"):
        assert word not in told.text
        assert word not in str(told.headers)


def test_another_address_ends_the_one_before_and_ending_it_ends_both(draft: World) -> None:
    first = address(draft)
    second = address(draft)
    nobody = Browser(draft, "")
    assert [nobody.get(each).status_code for each in (first, second)] == [404, 200]
    draft.client("parent").post("/calendar/end")
    assert [nobody.get(each).status_code for each in (first, second)] == [404, 404]


def test_whoever_has_no_part_any_more_has_no_dates(draft: World) -> None:
    where = address(draft, "other_parent")
    nobody = Browser(draft, "")
    assert SAID in nobody.get(where).text
    ended = {"authority": "nmr", "person": draft.people["other_parent"], "scope": draft.plan_id}
    draft.end_grants(ended)
    assert draft.plan_id not in nobody.get(where).text.replace("\r\n ", "")


def test_whoever_signs_in_where_nobody_is_believed_any_more_has_no_calendar(draft: World) -> None:
    where = address(draft, "other_parent")
    elsewhere = {"$set": {"issuer": "https://suspended.example"}}
    draft.db["people"].update_one({"_id": draft.people["other_parent"]}, elsewhere)
    assert Browser(draft, "").get(where).status_code == 404


def test_a_secret_that_was_never_made_and_one_that_ended_get_the_same_bytes(draft: World) -> None:
    where = address(draft)
    draft.client("parent").post("/calendar/end")
    nobody = Browser(draft, "")
    ended, never = nobody.get(where), nobody.get("/calendar/nothing.ics")
    assert (ended.status_code, ended.data) == (never.status_code, never.data)
    assert ended.status_code == 404


def test_the_database_holds_no_secret_that_opens_a_calendar(draft: World) -> None:
    secret = address(draft).removeprefix("/calendar/").removesuffix(".ics")
    stored = repr(draft.db["people"].find_one({"_id": draft.people["parent"]}))
    assert secret not in stored
    assert contacts.by_calendar(draft.db, secret) == draft.people["parent"]


def test_asking_for_a_calendar_begins_no_session(draft: World) -> None:
    assert "Set-Cookie" not in Browser(draft, "").get(address(draft)).headers


def test_a_plans_page_leads_to_a_file_of_its_dates_for_whoever_may_open_it(draft: World) -> None:
    parent, stranger = draft.client("parent"), draft.client("stranger")
    assert "calendar.ics" in parent.get(parent.base).text
    found = parent.get(f"{parent.base}/calendar.ics")
    assert f"SUMMARY:{SAID}" in found.text
    assert found.headers["Content-Disposition"] == 'attachment; filename="golden-thread.ics"'
    assert stranger.get(f"{stranger.base}/calendar.ics").status_code == 404
