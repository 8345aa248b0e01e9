"""A section in easy words and in Urdu in a real browser: which way words run, what fits a phone, what a voice says."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Live
from tests.journeys.test_accessible import AXE, faults
from tests.journeys.test_understanding import VOICE

PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 740}, "bypass_csp": True}
# Where a paragraph's words begin and end on the screen, and where the paragraph does.
EDGES = """
each => {
  const range = document.createRange();
  range.selectNodeContents(each);
  const lines = [...range.getClientRects()];
  const box = each.getBoundingClientRect();
  return {
    direction: getComputedStyle(each).direction,
    begins: box.right - Math.max(...lines.map((line) => line.right)),
    ends: Math.min(...lines.map((line) => line.left)) - box.left,
  };
}
"""


def settled(page: Page) -> list[str]:
    """What axe finds once the letters' shapes have come, with the page at its top."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
    return faults(page)


def at(live: Live, page: str) -> str:
    return f"{live.url}/plans/{live.plan_of('Amira').id}/sections/{page}"


@pytest.mark.parametrize("size", [{"width": 320, "height": 740}, {"width": 1280, "height": 900}], ids=["phone", "desk"])
def test_urdu_runs_from_right_to_left_beside_the_english_and_nothing_scrolls_sideways(
    live: Live, desk: Callable[..., Page], size: dict[str, int]
) -> None:
    page = desk("Yusuf Rahman", "families", viewport=size, bypass_csp=True)
    page.add_init_script(AXE)
    page.goto(at(live, "A/twins/ur"))
    words = page.locator('div[lang="ur"] p')
    assert words.count() > 5
    for each in words.evaluate_all(f"all => all.map({EDGES})"):
        assert each["direction"] == "rtl"
        assert abs(each["begins"]) < 2  # at the right edge, however short the line
        assert each["ends"] > -1
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "ltr"
    assert page.evaluate("document.documentElement.lang") == "en-GB"
    expect(page.get_by_text("Out of date.", exact=True)).to_be_visible()
    assert settled(page) == []
    page.goto(at(live, "A/twins/ur/write"))
    area = page.locator('textarea[lang="ur"]').first
    assert area.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert settled(page) == []


def test_a_caseworker_writes_it_a_manager_checks_it_and_the_plan_moves_on(
    live: Live, desk: Callable[..., Page]
) -> None:
    chris = desk("Chris Doyle", "council", **PHONE)
    chris.add_init_script(AXE)
    chris.goto(at(live, "J"))
    chris.get_by_role("link", name="In other words or another language").click()
    chris.get_by_text("Write it in another language").click()
    chris.get_by_role("link", name="Arabic").click()
    expect(chris.get_by_role("heading", level=1)).to_contain_text("in Arabic")
    chris.get_by_role("button", name="Save").click()
    expect(chris.get_by_role("alert")).to_contain_text("Write something for one of these.")
    assert settled(chris) == []
    chris.locator("textarea").fill("قيل لناديا ويوسف ما هي الميزانية الشخصية.")
    chris.get_by_role("button", name="Save").click()
    expect(chris.get_by_text("Not yet checked", exact=True)).to_be_visible()
    assert chris.locator('div[lang="ar"] p').evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert settled(chris) == []
    maria = desk("Maria Silva", "council")
    maria.goto(at(live, "J/twins/ar"))
    maria.get_by_role("link", name="Read both and check").click()
    maria.get_by_role("button", name="Confirm").click()
    expect(maria.get_by_text("Checked by Maria Silva")).to_be_visible()
    chris.goto(at(live, "J/items/budget/budget"))
    chris.locator("textarea").first.fill("They have asked for one since.")
    chris.get_by_role("button", name="Save").click()
    expect(chris.get_by_text("They have asked for one since.")).to_be_visible()
    chris.goto(at(live, "J/twins/ar"))
    expect(chris.get_by_text("Out of date.", exact=True)).to_be_visible()
    expect(chris.locator('div[lang="ar"]')).to_contain_text("الميزانية")
    assert settled(chris) == []


def test_a_voice_is_told_in_which_language_each_sentence_is(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Nadia Rahman", "families")
    page.add_init_script(VOICE)
    page.goto(at(live, "A/twins/ur"))
    page.get_by_role("button", name="Read aloud").click()
    for _ in range(5):
        page.evaluate("endSentence()")
    spoken = page.evaluate("spoken")
    assert {lang for _, lang in spoken} == {"en-GB", "ur"}
    assert all(("؀" <= words[1] <= "ۿ") == (lang == "ur") for words, lang in spoken)


def test_it_prints_as_words_alone_and_works_without_script(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Chris Doyle", "council", java_script_enabled=False)
    page.goto(at(live, "F/twins/easy-read"))
    words = page.locator('div[lang="en-GB"]').first
    expect(words).to_contain_text("A speech therapist helps Amira say her sounds.")
    page.emulate_media(media="print")
    expect(words).to_be_visible()
    expect(page.locator("summary", has_text="What the plan says").first).not_to_be_visible()
    expect(page.locator(".gt-header")).not_to_be_visible()
    expect(page.get_by_text("This is a help to read.")).to_be_visible()
    expect(page.get_by_text("Not yet checked.", exact=True)).to_be_visible()


def test_what_is_typed_of_a_twin_outlives_its_page_and_goes_once_it_is_saved(
    live: Live, desk: Callable[..., Page]
) -> None:
    page = desk("Nadia Rahman", "families", **PHONE)
    page.add_init_script(AXE)
    page.goto(at(live, "A/twins/easy-read/write"))
    page.locator("textarea").nth(1).fill("Mum, Abbu and Nani.")
    expect(page.locator("[data-saved]")).to_contain_text("not yet saved", timeout=15_000)
    again = desk("Nadia Rahman", "families", **PHONE)
    again.add_init_script(AXE)
    again.goto(at(live, "A/twins/easy-read/write"))
    expect(again.locator("textarea").nth(1)).to_have_value("Mum, Abbu and Nani.")
    expect(again.locator("#gt-announce")).to_contain_text("Your words are here.")
    assert settled(again) == []
    again.get_by_role("button", name="Save").click()
    expect(again.get_by_text("Mum, Abbu and Nani.")).to_be_visible()
    again.goto(at(live, "A/twins/easy-read/write"))
    expect(again.get_by_text("Your words are here.")).to_have_count(0)
