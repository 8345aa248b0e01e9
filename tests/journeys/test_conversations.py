"""A mother points at a sentence and words it herself: with script and without, by keyboard, at 320 px."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.live import Live
from tests.journeys.test_accessible import PHONE, faults, listen

Desk = Callable[..., Page]
SENTENCE = "Leo practises making things happen"
WORDING = "Leo makes things happen with the eye gaze screen."


def item_of(live: Live, called: str, letter: str, words: str) -> str:
    """The id of the item that begins with these words."""
    items = live.plan_of(called).sections[letter].content.items
    return next(each.id for each in items if each.text("what").startswith(words))


def test_a_mother_suggests_a_wording_without_script_and_the_council_takes_it_in(live: Live, desk: Desk) -> None:
    emma = desk("Emma Whitfield", "families", java_script_enabled=False)
    item, base = item_of(live, "Leo", "F", SENTENCE), f"{live.url}/plans/{live.plan_of('Leo').id}"
    emma.goto(f"{base}/sections/F")
    emma.locator(f"#item-{item}").get_by_role("link", name=re.compile("^Suggest")).click()
    emma.get_by_role("radio", name=re.compile(SENTENCE)).check()
    emma.get_by_label("What should it say instead?").fill(WORDING)
    emma.get_by_role("button", name="Send").click()
    expect(emma).to_have_url(re.compile(r"/sections/F/conversations#conversation-\d+$"))
    expect(emma.locator("main")).to_contain_text(WORDING)
    number = live.plan_of("Leo").conversations[-1].number

    priya = desk("Priya Nair", "council", java_script_enabled=False)
    priya.goto(base)
    expect(priya.locator("main")).to_contain_text("Emma Whitfield waits for the SEN team")
    priya.goto(f"{base}/sections/F/conversations/{number}")
    priya.get_by_role("button", name="Take this wording in").click()
    expect(priya.locator("main")).to_contain_text("Taken in")
    emma.goto(f"{base}/sections/F/authors")
    expect(emma.locator("main")).to_contain_text("taken in by Priya Nair")
    emma.goto(f"{base}/sections/F")
    expect(emma.locator(f"#item-{item}")).to_contain_text(WORDING)


def test_axe_finds_nothing_on_the_pages_of_a_conversation_and_nothing_scrolls_sideways(live: Live, desk: Desk) -> None:
    page = desk("Priya Nair", "council", **PHONE)
    loud = listen(page)
    plan = live.plan_of("Leo")
    number, item = plan.conversations[0].number, item_of(live, "Leo", "C", "")
    base, found = f"{live.url}/plans/{plan.id}", []
    paths = ("", "/sections/F", "/sections/F/conversations", f"/sections/F/conversations/{number}")
    for path in (*paths, f"/sections/C/items/needs/{item}/comment", f"/sections/C/items/needs/{item}/suggest"):
        answer = page.goto(base + path)
        assert answer is not None
        assert answer.status == 200, path
        found += faults(page)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    found += faults(page)
    assert found == []
    assert [each for each in loud if "422" not in each] == []


def test_a_comment_is_made_by_keyboard_alone(live: Live, desk: Desk) -> None:
    page = desk("Emma Whitfield", "families")
    base, item = f"{live.url}/plans/{live.plan_of('Leo').id}", item_of(live, "Leo", "C", "")
    page.goto(f"{base}/sections/C/items/needs/{item}/comment")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.locator("#field-words")).to_be_focused()
    page.keyboard.type("Is that still so?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/sections/C/conversations#conversation-\d+$"))
    expect(page.locator("main")).to_contain_text("Is that still so?")


def test_a_sentence_that_the_pointer_rests_on_offers_to_be_commented_on(live: Live, desk: Desk) -> None:
    page = desk("Emma Whitfield", "families")
    plan = live.plan_of("Leo")
    item = plan.sections["F"].content.items[0]
    page.goto(f"{live.url}/plans/{plan.id}/sections/F")
    words = page.locator(f"#item-{item.id} .gt-item__says p").first
    words.scroll_into_view_if_needed()
    words.hover(position={"x": 12, "y": 12})
    offered = page.get_by_role("link", name="Comment on this sentence")
    expect(offered).to_be_visible()
    offered.click()
    chosen = page.locator("input[name=sentence]:checked")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_value("what:0")
