"""Understanding a plan in a real browser: words, the summary, reading aloud, larger text, calm colours and paper."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Live
from tests.journeys.test_accessible import AXE, faults

# A browser's speech with one voice, which notes what it is given and says when it has said it.
VOICE = """
(() => {
  window.spoken = [];
  const queue = [];
  const speech = {
    getVoices: () => [{ lang: "en-GB", name: "A voice" }],
    speak: (said) => { window.spoken.push([said.text, said.lang]); queue.push(said); },
    cancel: () => { queue.length = 0; },
    addEventListener: () => {},
  };
  window.endSentence = () => queue.shift()?.onend?.();
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})();
"""
LOOKS = ("Larger text", "Calm colours", "More space")


def choose(page: Page, live: Live, looks: tuple[str, ...] = LOOKS) -> None:
    page.goto(f"{live.url}/preferences")
    for each in LOOKS:
        page.get_by_label(each, exact=True).set_checked(each in looks)
    page.get_by_role("button", name="Use these").click()
    expect(page.locator("html.gt-look-calm")).to_have_count(1 if "Calm colours" in looks else 0)
    page.wait_for_load_state()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_larger_calm_and_spaced_pages_keep_their_contrast_and_fit_a_phone(
    live: Live, desk: Callable[..., Page], scheme: str
) -> None:
    options: dict[str, Any] = {"viewport": {"width": 320, "height": 740}, "color_scheme": scheme, "bypass_csp": True}
    page = desk("Chris Doyle", "council", **options)
    page.add_init_script(AXE)
    choose(page, live)
    base = f"{live.url}/plans/{live.plan_of('Amira').id}"
    found = []
    for path in ("", "/summary", "/sections/A", "/sections/F", "/sections/F/items/provision/new", "/history", "/issue"):
        page.goto(base + path)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
        found += faults(page)
    for path in ("/help/words", "/preferences", "/worklist"):
        page.goto(live.url + path)
        found += faults(page)
    assert "\n".join(found) == ""


def test_the_pages_of_words_and_of_what_will_happen_are_clean_for_everybody(
    live: Live, desk: Callable[..., Page]
) -> None:
    page = desk("Emma Whitfield", "families", viewport={"width": 320, "height": 740}, bypass_csp=True)
    page.add_init_script(AXE)
    found = []
    for path in (f"/plans/{live.plan_of('Leo').id}/summary", "/help/words", "/preferences"):
        page.goto(live.url + path)
        found += faults(page)
    assert found == []


def test_a_word_tells_its_meaning_by_pointer_keyboard_and_press(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Chris Doyle", "council")
    page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/E")
    page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/B")
    word, meaning = page.locator("a.gt-word").first, page.get_by_role("tooltip")
    word.hover()
    expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    expect(meaning).to_have_count(0)
    page.mouse.move(0, 0)
    word.click()
    expect(meaning).to_contain_text(str(word.get_attribute("data-means")))
    expect(page.locator("#gt-announce")).to_contain_text(str(word.get_attribute("data-means")))
    page.get_by_role("heading", level=1).click()
    expect(meaning).to_have_count(0)
    page.locator(".govuk-breadcrumbs a").last.focus()
    page.keyboard.press("Tab")
    while page.evaluate("!document.activeElement.matches('a.gt-word, .gt-footer a')"):
        page.keyboard.press("Tab")
    expect(meaning).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "gt-meaning"


def test_without_script_a_word_leads_to_the_page_of_words(live: Live, browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live.url}/help/words#outcome")
    expect(page.locator("dt#outcome")).to_be_in_viewport()
    assert page.get_by_role("button", name="Read aloud").count() == 0
    context.close()


def test_a_section_is_read_aloud_sentence_by_sentence_and_can_be_paused_and_stopped(
    live: Live, desk: Callable[..., Page]
) -> None:
    page = desk("Chris Doyle", "council")
    page.add_init_script(VOICE)
    page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/F")
    page.get_by_role("button", name="Read aloud").click()
    page.evaluate("endSentence()")
    page.evaluate("endSentence()")
    spoken = page.evaluate("spoken")
    assert len(spoken) == 3
    assert {lang for _, lang in spoken} == {"en-GB"}
    expect(page.locator(".gt-spoken")).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    page.evaluate("endSentence()")
    assert page.evaluate("spoken.length") == 3
    page.get_by_role("button", name="Go on").click()
    assert page.evaluate("spoken[3][0]") == spoken[2][0]
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".gt-spoken")).to_have_count(0)
    expect(page.get_by_role("button", name="Read aloud")).to_be_focused()
    words = page.locator("[data-read-aloud]").inner_text()
    assert "Change" in words
    assert not [text for text, _ in spoken if text in ("Change", "History", "Read aloud")]


def test_where_a_browser_has_no_voice_nothing_is_offered_that_would_stay_silent(
    live: Live, desk: Callable[..., Page]
) -> None:
    page = desk("Chris Doyle", "council")
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined })")
    page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/F")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    expect(page.get_by_role("button", name="Read aloud")).to_have_count(0)


def test_on_paper_there_is_the_section_and_nothing_to_press(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Chris Doyle", "council")
    choose(page, live)
    for path in ("/sections/F", "/summary"):
        page.goto(f"{live.url}/plans/{live.plan_of('Amira').id}{path}")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for gone in (".gt-header", ".gt-footer", ".gt-aloud", ".gt-item__acts", ".gt-two__side", ".govuk-breadcrumbs"):
            assert [each for each in page.locator(gone).all() if each.is_visible()] == [], gone
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        page.emulate_media(media="screen")


def test_chosen_looks_give_way_to_forced_colours_and_more_contrast(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Chris Doyle", "council", contrast="more", color_scheme="light")
    choose(page, live)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(contrast="no-preference")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(238, 240, 236)"
    page.emulate_media(forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(238, 240, 236)"
