"""The plan as it stood, over HTTP: a page and JSON for each entry of the chain, and nothing for anybody else."""

import pytest

from portal.operations import sign_off
from tests.blueprints.page import Page
from tests.world import Browser, World, now

JSON = {"Accept": "application/json"}
BEFORE = "She needs to be shown each step."


@pytest.fixture
def changed(world: World) -> World:
    """Entry 2 adds a need, 3 signs it, 4 rewords it, 5 takes nothing back: the first words are signed no more."""
    need = world.add("caseworker", "B", "needs", area="communication", need="Being understood", effect=BEFORE)
    world.sign("manager", "B")
    world.edit("caseworker", "B", "needs", {"effect": "She needs a picture for each step."}, need)
    world.edit("parent", "A", "most-important", {"words": "Biscuit, my cat"}, "most-important")
    return world


def stood(browser: Browser, number: int) -> Page:
    answer = browser.get(f"{browser.base}/as-at/{number}")
    assert answer.status_code == 200
    return Page(answer)


def test_the_page_shows_the_words_of_that_moment_and_who_had_signed_them(changed: World) -> None:
    browser = changed.client("caseworker")
    first, signed, reworded = (stood(browser, number) for number in (2, 3, 4))
    assert all(BEFORE in each.words for each in (first, signed))
    assert BEFORE not in reworded.words
    assert "She needs a picture for each step." in reworded.words
    assert [each.said_in(".gt-doc__signed") for each in (first, reworded)] == [[], []]
    assert signed.said_in(".gt-doc__signed")[0].startswith("Signed by Maria Silva on ")
    assert "Biscuit" not in reworded.words
    assert "Biscuit" in stood(browser, 5).words


def test_a_sign_off_that_was_taken_back_stood_until_then(changed: World) -> None:
    changed.sign("manager", "B")
    sign_off.withdraw(changed.db, changed.actor("manager"), changed.plan_id, "B", "Not yet.", now())
    browser = changed.client("caseworker")
    assert [bool(stood(browser, number).said_in(".gt-doc__signed")) for number in (5, 6, 7)] == [False, True, False]


def test_the_page_says_after_whose_act_and_that_these_are_not_the_words_of_now(changed: World) -> None:
    page = stood(changed.client("parent"), 3)
    assert "After Maria Silva signed section B. These are the words of that moment, not of now." in page.words
    assert page.said_in("h1")[0].startswith("Amira's plan as it stood today at ")


def test_the_first_entry_has_none_before_it_and_the_last_none_after(changed: World) -> None:
    browser = changed.client("caseworker")
    last = changed.plan().sequence
    for number in range(1, last + 1):
        links = stood(browser, number).links()
        assert (f"{browser.base}/as-at/{number - 1}" in links) == (number > 1)
        assert (f"{browser.base}/as-at/{number + 1}" in links) == (number < last)


def test_every_entry_of_the_history_leads_to_the_plan_as_it_stood_then(changed: World) -> None:
    browser = changed.client("caseworker")
    links = Page(browser.get(f"{browser.base}/history")).links()
    wanted = {f"{browser.base}/as-at/{number}" for number in range(1, changed.plan().sequence + 1)}
    assert wanted <= links
    assert {browser.get(each).status_code for each in wanted} == {200}


def test_whoever_may_not_read_a_part_now_may_not_read_it_as_it_stood(changed: World) -> None:
    for key in ("parent", "advocate", "auditor"):
        answer = changed.client(key).get(f"/plans/{changed.plan_id}/as-at/2")
        assert (answer.status_code, BEFORE in answer.text) == (200, False), key
        assert "This part of the plan is not yours to read while it is written." in answer.text
        json = changed.client(key).get(f"/plans/{changed.plan_id}/as-at/2", **JSON)
        assert BEFORE not in json.text
        assert json.json is not None
        assert "B" not in json.json["sections"]


def test_the_plan_as_it_stood_is_json_at_the_same_address(changed: World) -> None:
    json = changed.client("caseworker").get(f"/plans/{changed.plan_id}/as-at/3", **JSON).json
    assert json is not None
    assert (json["plan"], json["entry"]["sequence"], json["entry"]["kind"]) == (changed.plan_id, 3, "section_signed")
    section = json["sections"]["B"]
    assert section["revision"] == 1
    assert [each["name"] for each in section["signed"]] == ["Maria Silva"]
    assert [each["fields"]["effect"] for each in section["items"]] == [BEFORE]
    assert json["sections"]["A"]["revision"] == 0


@pytest.mark.parametrize("number", ["0", "6", "999", "2147483648", "9223372036854775807", "9" * 40, "-1", "x", "1.0"])
@pytest.mark.parametrize("key", ["caseworker", "stranger"])
def test_an_entry_that_the_chain_has_not_is_not_found(changed: World, key: str, number: str) -> None:
    for headers in ({}, JSON):
        assert changed.client(key).get(f"/plans/{changed.plan_id}/as-at/{number}", **headers).status_code == 404


def test_a_stranger_is_told_that_there_is_no_such_plan(changed: World) -> None:
    browser = changed.client("stranger")
    for number in (1, 2, 3):
        answer = browser.get(f"{browser.base}/as-at/{number}")
        assert (answer.status_code, "Amira" in answer.text) == (404, False)


def test_looking_at_the_past_is_noted_as_an_opening_and_changes_nothing(changed: World) -> None:
    before, browser = changed.plan(), changed.client("senco")
    stood(browser, 2)
    assert changed.plan() == before
    opened = {"authority": "nmr", "plan": changed.plan_id, "person": changed.people["senco"]}
    assert changed.db["openings"].count_documents(opened) == 1
