"""In a real browser: what is typed outlives the page, the network, the session and the portal, and is nobody else's."""

import json
import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from portal.store import drafts
from tests.journeys.live import Live
from tests.journeys.test_sessions import STORED

Desk = Callable[..., Page]
CANARY = "Biscuit slept on the canary-yellow rug"
KEPT = re.compile(r"Kept at \d\d:\d\d, not yet saved\.")


@pytest.fixture(autouse=True)
def nothing_kept(live: Live) -> None:
    """Each test begins without unsent words."""
    live.db["drafts"].delete_many({"authority": "nmr"})


def form_at(live: Live) -> str:
    return f"{live.url}/plans/{live.plan_of('Amira').id}/sections/A/items/people/people"


def open_form(live: Live, desk: Desk) -> Page:
    """Nadia with a form of section A open before her."""
    page = desk("Nadia Rahman", "families")
    page.goto(form_at(live))
    return page


def kept_words(live: Live) -> list[str]:
    person = live.db["people"].find_one({"name": "Nadia Rahman"})
    assert person is not None
    found = drafts.of_person(live.db, person["_id"], live.plan_of("Amira").id)
    return [each.fields["words"][0] for each in found]


def saved_words(live: Live) -> str:
    item = live.plan_of("Amira").sections["A"].content.item("people")
    assert item is not None
    return item.text("words")


def type_at_end(page: Page, words: str) -> None:
    page.locator("#field-words").press("Control+End")
    page.keyboard.type(words)


def kill_worker(live: Live) -> None:
    """End the portal's worker process with nothing said; its server starts another."""
    bound = f"PORTAL_BIND={live.url.removeprefix('http://')}".encode()
    ours = {int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and bound in _environ(each)}
    (worker,) = (each for each in ours if _parent(each) in ours)
    os.kill(worker, signal.SIGKILL)


def _environ(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # over meanwhile, or somebody else's
        return []


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])


def test_words_typed_two_seconds_before_a_laptop_is_closed_are_there_after_signing_on_again(
    live: Live, desk: Desk
) -> None:
    page = open_form(live, desk)
    page.clock.install()
    type_at_end(page, CANARY)
    page.clock.run_for(2000)
    expect(page.locator("[data-saved]")).to_have_text(KEPT)
    expect(page.locator("#gt-announce")).to_have_text(KEPT)
    page.context.close()
    again = desk("Nadia Rahman", "families")
    expect(again).to_have_url(f"{form_at(live)}#field-words")
    expect(again.locator("#field-words")).to_be_focused()
    expect(again.locator("#field-words")).to_have_value(re.compile(CANARY))
    expect(again.locator("[data-kept]")).to_contain_text("They have not been saved. They were kept as you typed")
    expect(again.locator("#gt-announce")).to_contain_text("are here")


def test_whoever_types_without_a_pause_has_no_more_to_lose_than_the_last_ten_seconds(live: Live, desk: Desk) -> None:
    page = open_form(live, desk)
    page.clock.install()
    for second in range(10):
        type_at_end(page, f" word{second}")
        page.clock.run_for(1000)
    expect(page.locator("[data-saved]")).to_have_text(KEPT)
    assert "word0" in kept_words(live)[0]


def test_words_typed_just_before_the_page_is_left_are_kept_too(live: Live, desk: Desk) -> None:
    page = open_form(live, desk)
    page.on("dialog", lambda dialog: dialog.accept())
    type_at_end(page, CANARY)
    page.goto(f"{live.url}/help")
    page.goto(form_at(live))
    expect(page.locator("#field-words")).to_have_value(re.compile(CANARY))


def test_the_portal_is_killed_while_somebody_types_and_their_words_are_kept_by_the_next(live: Live, desk: Desk) -> None:
    page = open_form(live, desk)
    kill_worker(live)
    type_at_end(page, CANARY)
    expect(page.locator("[data-saved]")).to_have_text(KEPT, timeout=30_000)
    assert CANARY in kept_words(live)[0]


def test_without_a_network_words_wait_in_the_page_and_are_kept_when_it_is_back(live: Live, desk: Desk) -> None:
    page = open_form(live, desk)
    page.context.set_offline(True)
    type_at_end(page, CANARY)
    expect(page.locator("[data-saved]")).to_contain_text("You are offline. Your words wait on this page")
    expect(page.locator("#gt-announce")).to_contain_text("You are offline.")
    assert kept_words(live) == []
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text(KEPT)
    assert CANARY in kept_words(live)[0]


def test_what_is_saved_without_a_network_is_saved_once_it_is_back_and_nothing_of_it_stays_unsent(
    live: Live, desk: Desk
) -> None:
    page = open_form(live, desk)
    page.context.set_offline(True)
    type_at_end(page, " saved-offline")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-saved]")).to_contain_text("and are saved as soon as you are back.")
    page.context.set_offline(False)
    expect(page.locator("#item-people")).to_contain_text("saved-offline")
    assert saved_words(live).count("saved-offline") == 1
    assert kept_words(live) == []


def test_the_session_ends_while_somebody_types_and_in_a_new_tab_they_sign_in_and_type_on(
    live: Live, desk: Desk
) -> None:
    page = open_form(live, desk)
    live.db["sessions"].update_many({"ended": None}, {"$set": {"ended": datetime.now(UTC), "data": {}}})
    type_at_end(page, CANARY)
    expect(page.locator("[data-saved]")).to_contain_text("You have been signed out. Your words stay on this page.")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    tab = opened.value
    tab.goto(f"{live.url}/sign-in/families")
    tab.get_by_role("button", name=re.compile("^Nadia Rahman")).click()
    expect(page.locator("[data-saved]")).to_have_text(KEPT)
    expect(page.locator("#field-words")).to_have_value(re.compile(CANARY))
    assert CANARY in kept_words(live)[0]


def test_what_is_saved_while_it_is_being_kept_leaves_nothing_unsent(live: Live, desk: Desk) -> None:
    page = open_form(live, desk)
    page.clock.install()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/draft", hold)
    type_at_end(page, " late-words")
    with page.expect_request("**/draft"):
        page.clock.run_for(1600)
    page.get_by_role("button", name="Save", exact=True).click()
    (on_its_way,) = held
    on_its_way.continue_()
    expect(page.locator("#item-people")).to_contain_text("late-words")
    assert kept_words(live) == []


def test_nothing_that_was_typed_stays_in_the_browser_after_signing_out(live: Live, desk: Desk) -> None:
    page = open_form(live, desk)
    page.on("dialog", lambda dialog: dialog.accept())
    type_at_end(page, CANARY)
    expect(page.locator("[data-saved]")).to_have_text(KEPT)
    page.context.set_offline(True)
    type_at_end(page, f" {CANARY}")
    expect(page.locator("[data-saved]")).to_contain_text("You are offline.")
    assert CANARY not in json.dumps(page.evaluate(STORED))
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text(KEPT)
    page.get_by_role("button", name="Sign out").first.click()
    expect(page).to_have_url(f"{live.url}/sign-in")
    page.wait_for_load_state()
    page.goto(live.url)
    assert CANARY not in json.dumps(page.evaluate(STORED))
    assert CANARY not in json.dumps(page.context.storage_state())
    for _ in range(3):
        page.go_back()
        expect(page.locator("body")).not_to_contain_text(CANARY)
