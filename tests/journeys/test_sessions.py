"""In a real browser: a warning before the session ends, a proof before a signature, and nothing left behind."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Live

Desk = Callable[..., Page]
CHILD = "Amira"
# Everything in which a browser keeps what pages gave it.
STORED = """async () => {
  const held = { local: {...localStorage}, session: {...sessionStorage}, history: history.state };
  held.caches = [];
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys()) held.caches.push(asked.url);
  held.databases = (await indexedDB.databases()).map((each) => each.name);
  held.workers = (await navigator.serviceWorker.getRegistrations()).length;
  return held;
}"""


def test_whoever_writes_is_told_before_an_unused_session_ends_and_stays_by_one_press(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")
    page.clock.install()
    page.goto(f"{live.url}/plans/{live.plan_of(CHILD).id}/sections/A")
    page.get_by_role("link", name=re.compile("Change")).first.click()
    words = page.locator("main textarea").first
    words.fill("I am in the middle of this")
    page.clock.run_for(3_000)
    expect(page.locator("main")).to_contain_text(re.compile("Kept at .*, not yet saved"))  # typing is a sign of life
    live.age("Nadia Rahman", seen=timedelta(minutes=56))
    page.clock.fast_forward("54:30")
    banner = page.get_by_role("region", name="Your session")
    expect(banner).to_contain_text(re.compile(r"You will be signed out at \d\d:\d\d\."))
    expect(page.locator("#gt-announce")).to_contain_text("You will be signed out at")
    expect(words).to_be_focused()
    expect(words).to_have_value("I am in the middle of this")
    banner.get_by_role("button", name="Stay signed in").click()
    expect(banner).to_have_count(0)
    person = live.db["people"].find_one({"name": "Nadia Rahman"})
    assert person is not None
    newest = max(each["seen"] for each in live.db["sessions"].find({"person": person["_id"]}))
    assert newest > datetime.now(UTC) - timedelta(minutes=5)


def test_at_the_end_of_the_longest_day_one_is_told_to_save(live: Live, desk: Desk) -> None:
    page = desk("Yusuf Rahman", "families")
    live.age("Yusuf Rahman", started=timedelta(hours=11, minutes=50))
    page.clock.install()
    page.goto(f"{live.url}/worklist")
    live.age("Yusuf Rahman", started=timedelta(hours=11, minutes=56))
    page.clock.fast_forward("05:30")
    banner = page.get_by_role("region", name="Your session")
    expect(banner).to_contain_text("Save what you have typed, then sign in again.")
    expect(banner.get_by_role("button")).to_have_count(0)


def test_whoever_comes_too_late_is_told_that_their_words_are_still_there(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")
    page.clock.install()
    page.goto(f"{live.url}/worklist")
    live.age("Nadia Rahman", seen=timedelta(minutes=61))
    page.clock.fast_forward("54:30")
    banner = page.get_by_role("region", name="Your session")
    expect(banner).to_contain_text("What you typed is still on this page.")


@pytest.mark.parametrize(
    ("who", "slug", "letter", "script"),
    [("Lee Grant", "council", "H2", False), ("Jo Mensah", "nhs", "G", True)],
    ids=["without script", "with script"],
)
def test_a_signer_proves_who_they_are_and_comes_back_to_sign(
    live: Live, desk: Desk, who: str, slug: str, letter: str, script: bool
) -> None:
    page = desk(who, slug, java_script_enabled=script)
    place = f"{live.url}/plans/{live.plan_of(CHILD).id}/sections/{letter}/sign-off"
    live.age(who, auth_time=timedelta(minutes=16))
    page.goto(place)
    expect(page.locator("main")).to_contain_text("we first ask you to prove that it is you")
    page.get_by_role("button", name=f"Sign section {letter}").click()
    page.get_by_role("button", name=re.compile(f"^{who}")).click()
    expect(page).to_have_url(place)
    expect(page.locator("main")).to_contain_text("You have proved that it is you: now sign.")
    page.get_by_role("button", name=f"Sign section {letter}").click()
    expect(page).to_have_url(re.compile("/plans/[^/]+$"))


def test_after_signing_out_nothing_about_the_child_is_left_in_the_browser(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")
    base = f"{live.url}/plans/{live.plan_of(CHILD).id}"
    for path in ("", "/sections/A", "/history", "/people"):
        page.goto(base + path)
        expect(page.locator("body")).to_contain_text(CHILD)
    page.goto(f"{base}/sections/A")
    page.get_by_role("link", name=re.compile("Change")).first.click()  # HTMX keeps a history of its own
    expect(page.locator("main textarea").first).to_be_visible()
    page.get_by_role("button", name="Sign out").first.click()
    expect(page).to_have_url(f"{live.url}/sign-in")
    page.wait_for_load_state()  # what is opened while the way out still goes on would be cut off by it
    page.goto(live.url)
    held = page.evaluate(STORED)
    # HTMX notes the path of the page that is open, and nothing else is ever kept.
    assert held.pop("session") in ({}, {"htmx-current-path-for-history": "/sign-in"})
    assert held == {"local": {}, "history": None, "caches": [], "databases": [], "workers": 0}
    for _ in range(4):
        page.go_back()
        expect(page.locator("body")).not_to_contain_text(CHILD)
    assert CHILD not in json.dumps(page.context.storage_state())


def test_the_back_button_of_a_browser_that_lost_its_session_shows_nothing(live: Live, desk: Desk) -> None:
    page = desk("Yusuf Rahman", "families")
    page.goto(f"{live.url}/plans/{live.plan_of(CHILD).id}")
    expect(page.locator("body")).to_contain_text(CHILD)
    page.goto(f"{live.url}/help")
    live.db["sessions"].update_many({"ended": None}, {"$set": {"ended": datetime.now(UTC), "data": {}}})
    page.go_back()
    expect(page).to_have_url(re.compile("/sign-in"))
    expect(page.locator("body")).not_to_contain_text(CHILD)


def test_a_phone_that_was_left_somewhere_is_signed_out_from_the_desk(live: Live, desk: Desk) -> None:
    phone, at_desk = desk("Nadia Rahman", "families"), desk("Nadia Rahman", "families", java_script_enabled=False)
    at_desk.goto(f"{live.url}/worklist")
    at_desk.get_by_role("link", name=re.compile("where you are signed in")).first.click()
    expect(at_desk.get_by_role("heading", level=2, name="Chrome on Linux (this one)")).to_be_visible()
    at_desk.get_by_role("button", name="End all but this one").click()
    expect(at_desk.locator("main")).to_contain_text("You are signed in nowhere else.")
    phone.goto(f"{live.url}/worklist")
    expect(phone).to_have_url(re.compile("/sign-in"))
