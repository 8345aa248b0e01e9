"""Every page for every role: axe finds nothing, nothing scrolls sideways at 320 px, and the console stays quiet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.live import Live

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K")
EVERYWHERE = ("", "/unread", "/people", "/history", "/as-at/3", "/versions", "/retention")
# Who looks, through which provider, at whose plan, and at which pages beyond those that everybody has.
VISITS: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "Nadia Rahman",
        "families",
        "Amira",
        ("/sections/A/items/people/people", "/sections/A/history", "/sections/A/compare", "/sections/A/authors"),
    ),
    ("Emma Whitfield", "families", "Leo", ("/answer", "/versions/1", "/sections/A/sign-off")),
    ("Sam Adeyemi", "families", "Sam", ("/versions/1", "/versions/2", "/versions/compare?from=1&to=2")),
    ("Anita Patel", "schools", "Amira", ("/sections/A/items/most-important/most-important",)),
    ("Dr Helen Ward", "council", "Amira", ("/sections/K/items/advice/new",)),
    (
        "Ruth Lindqvist",
        "nhs",
        "Amira",
        ("/sections/G/items/provision/new", "/sections/G/compare", "/sections/G/authors"),
    ),
    ("Jo Mensah", "nhs", "Amira", ("/sections/G/sign-off", "/sections/C/sign-off")),
    ("Lee Grant", "council", "Amira", ("/sections/H1/items/provision/new", "/sections/H2/sign-off")),
    ("Fiona Marsh", "council", "Leo", ("/sections/D/sign-off",)),
    ("Chris Doyle", "council", "Amira", ("/sections/E/items/outcomes/new", "/sections/B/items/needs/new", "/issue", "/people/invite", "/people/give")),
    ("Maria Silva", "council", "Kieran", ("/issue", "/sections/F/sign-off", "/sections/J/items/budget/budget")),
    ("Grace Obi", "council", "Amira", ()),
]


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether it scrolls sideways."""
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}}).then(result => result.violations)", RULES
    )
    said = [f"{page.url}: {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        said.append(f"{page.url}: scrolls sideways at {page.viewport_size}")
    return said


@pytest.mark.parametrize("visit", VISITS, ids=[f"{who} at {child}" for who, _, child, _ in VISITS])
def test_axe_finds_nothing_on_any_page_and_nothing_scrolls_sideways(
    live: Live, desk: Callable[..., Page], visit: tuple[str, str, str, tuple[str, ...]]
) -> None:
    who, slug, child, more = visit
    page = desk(who, slug, viewport={"width": 320, "height": 740}, bypass_csp=True)
    loud: list[str] = []
    page.on("console", lambda message: loud.append(message.text) if message.type in ("error", "warning") else None)
    page.add_init_script(AXE)
    base = f"{live.url}/plans/{live.plan_of(child).id}"
    found = []
    for path in (*EVERYWHERE, *(f"/sections/{letter}" for letter in LETTERS), *more):
        answer = page.goto(base + path)
        assert answer is not None
        assert answer.status == 200, path
        found += faults(page)
    for path in ("/worklist", "/sessions", "/help", "/privacy", "/accessibility", "/plans/nmr-0000000000000000"):
        page.goto(live.url + path)
        found += faults(page)
    assert found == []
    assert [each for each in loud if "404" not in each] == []


def test_the_sign_in_page_is_clean_in_light_and_dark(live: Live, browser: Any) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 320, "height": 740}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.add_init_script(AXE)
        page.goto(f"{live.url}/sign-in")
        assert faults(page) == []
        context.close()


def test_dark_pages_keep_their_contrast(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Chris Doyle", "council", color_scheme="dark", bypass_csp=True)
    page.add_init_script(AXE)
    base = f"{live.url}/plans/{live.plan_of('Amira').id}"
    found = []
    for path in ("", "/sections/A", "/sections/F", "/sections/F/items/provision/new", "/history", "/issue"):
        page.goto(base + path)
        found += faults(page)
    assert found == []
