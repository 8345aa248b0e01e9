"""The same journeys without JavaScript, and by keyboard alone."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.live import Live

Desk = Callable[..., Page]


def test_a_parent_writes_without_javascript_and_lands_on_what_they_wrote(live: Live, desk: Desk) -> None:
    nadia = desk("Nadia Rahman", "families", java_script_enabled=False)
    nadia.get_by_role("link", name=re.compile("^All about me")).first.click()
    nadia.locator("#item-wellness").get_by_role("link", name=re.compile("Change")).click()
    nadia.locator("#field-told").fill("At the kitchen table on Sunday")
    nadia.get_by_role("button", name="Save").click()
    expect(nadia).to_have_url(re.compile("/sections/A#item-wellness$"))
    expect(nadia.locator("#item-wellness")).to_contain_text("At the kitchen table on Sunday")


def test_a_parent_reads_what_changed_and_says_so_without_javascript(live: Live, desk: Desk) -> None:
    sharon = desk("Sharon Boyle", "families", java_script_enabled=False)
    base = f"{live.url}/plans/{live.plan_of('Kieran').id}"
    sharon.goto(base)
    sharon.get_by_role("link", name=re.compile("^[0-9]+ changes since you last read, on ")).click()
    expect(sharon.locator("ins").first).to_be_visible()
    sharon.get_by_role("button", name="I have read these").click()
    expect(sharon).to_have_url(base)
    expect(sharon.get_by_text(re.compile("since you last read"))).to_have_count(0)


def test_who_wrote_each_sentence_is_one_link_away_with_and_without_javascript(live: Live, desk: Desk) -> None:
    for script in (True, False):
        page = desk("Emma Whitfield", "families", java_script_enabled=script)
        page.goto(f"{live.url}/plans/{live.plan_of('Leo').id}/sections/F")
        page.get_by_role("link", name="Who wrote this").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Who wrote this")
        expect(page.locator(".gt-authors dt").first).to_contain_text(re.compile("revision [0-9]+"))
        page.get_by_role("link", name="Back to the section").click()
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Who wrote this")


def test_a_clash_shows_both_texts_without_javascript_and_both_can_be_kept(live: Live, desk: Desk) -> None:
    chris = desk("Chris Doyle", "council", java_script_enabled=False)
    priya = desk("Priya Nair", "council", java_script_enabled=False)
    base = f"{live.url}/plans/{live.plan_of('Amira').id}/sections/B"
    for page, words in ((chris, "Chris writes this."), (priya, "Priya writes that.")):
        page.goto(base)
        page.locator(".gt-item").first.get_by_role("link", name=re.compile("Change")).click()
        page.locator("#field-strengths").fill(words)
    chris.get_by_role("button", name="Save").click()
    priya.get_by_role("button", name="Save").click()
    main = priya.locator("main")
    expect(main).to_contain_text("Chris writes this.")
    expect(main).to_contain_text("Priya writes that.")
    expect(priya.locator("#field-strengths")).to_have_value(re.compile("Chris writes this.*Priya writes that.", re.S))
    priya.get_by_role("button", name="Save").click()
    expect(priya.locator("main")).to_contain_text("Chris writes this.")
    expect(priya.locator("main")).to_contain_text("Priya writes that.")


def test_words_sent_after_the_session_ended_are_there_again_after_signing_on(live: Live, desk: Desk) -> None:
    page = desk("Yusuf Rahman", "families")
    page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/A")
    page.get_by_role("link", name=re.compile("Change Yusuf Rahman")).click()
    page.locator("#field-views").fill("I wrote this on the night bus and the session ended.")
    live.db["sessions"].update_many({}, {"$set": {"data": {}}})
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/sign-in?**")
    expect(page.locator("main")).to_contain_text(re.compile("kept|safe"))
    page.get_by_role("link", name=re.compile("parent or carer")).click()
    page.get_by_role("button", name="Yusuf Rahman").click()
    page.wait_for_url(f"{live.url}/plans/**")
    expect(page.locator("#field-views")).to_have_value("I wrote this on the night bus and the session ended.")


def test_a_section_can_be_written_and_saved_by_keyboard_alone(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")
    page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/A")
    change = page.locator("#item-people").get_by_role("link", name=re.compile("Change"))
    for _ in range(60):
        page.keyboard.press("Tab")
        if change.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#field-words")).to_be_visible()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "field-words":
            break
    page.keyboard.press("Control+End")
    page.keyboard.type(" And Biscuit.")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Save":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#item-people")).to_contain_text("And Biscuit.")
    expect(page.locator("#item-people")).to_contain_text("today at")


def test_whoever_types_before_the_page_has_settled_is_not_called_back_from_the_field(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")
    page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/A")
    page.evaluate("htmx.config.defaultSettleDelay = 600")
    settled = page.evaluate_handle(
        "({ done: new Promise((yes) => document.addEventListener('htmx:afterSettle', yes, { once: true })) })"
    )
    page.locator("#item-people").get_by_role("link", name=re.compile("Change")).click()
    page.locator("#field-words").focus()
    settled.evaluate("each => each.done.then(() => true)")
    page.keyboard.press("Control+End")
    page.keyboard.type(" And the cat.")
    expect(page.locator("#field-words")).to_have_value(re.compile(r"And the cat\.$"))
    assert page.evaluate("document.activeElement.id") == "field-words"
