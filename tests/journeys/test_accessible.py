"""Every page for every role: axe finds nothing, nothing scrolls sideways at 320 px, and the console stays quiet."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.live import Live
from tests.journeys.makeup import Makeup

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 740}, "bypass_csp": True}
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K")
EVERYWHERE = (
    "",
    "/unread",
    "/people",
    "/openings",
    "/notices",
    "/rights",
    "/history",
    "/case",
    "/advice",
    "/review",
    "/consultations",
    "/redress",
    "/as-at/3",
    "/versions",
    "/retention",
    "/profile",
)
# Who looks, through which provider, at whose plan, and at which pages beyond those that everybody has.
VISITS: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "Nadia Rahman",
        "families",
        "Amira",
        (
            "/sections/A/items/people/people",
            "/sections/A/history",
            "/sections/A/compare",
            "/sections/A/authors",
            "/sections/A/twins",
            "/sections/A/twins/ur",
            "/sections/A/twins/ur/write",
            "/media/new",
            "/rights/consent",
        ),
    ),
    ("Emma Whitfield", "families", "Leo", ("/answer", "/versions/1", "/sections/A/sign-off")),
    ("Daniel Price", "families", "Leo", ("/answer", "/versions/1")),
    ("Sharon Boyle", "families", "Kieran", ("/versions/1",)),
    ("Sam Adeyemi", "families", "Sam", ("/versions/1", "/versions/2", "/versions/compare?from=1&to=2")),
    ("Sam Adeyemi", "families", "Sam", ("/rights/consent", "/letters", "/letters/1")),
    ("Tomasz Nowak", "families", "Tomasz", ("/review/1", "/review/2", "/review/advice", "/review/views")),
    (
        "Chris Doyle",
        "council",
        "Tomasz",
        ("/review/invitations", "/review/meeting", "/review/decision", "/review/not-to-amend"),
    ),
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
    (
        "Chris Doyle",
        "council",
        "Amira",
        (
            "/sections/E/items/outcomes/new",
            "/sections/B/items/needs/new",
            "/issue",
            "/people/invite",
            "/people/give",
            "/people/give?agency=northmere-community-health",
            "/people/consult",
            "/people/consult?agency=elm-road-primary",
            "/redress/record?kind=decision_letter_sent",
            "/case/record",
            "/letters",
            "/letters/1",
            "/letters/write?kind=no_plan",
            "/case/record?kind=advice_requested",
            "/advice/ask",
            "/advice/ask?kind=c&agency=northmere-community-health",
            "/sections/F/advice",
            "/sections/B/advice",
            "/case/1/correct",
        ),
    ),
    ("Priya Nair", "council", "Leo", ("/audience", "/audience/A/history/history")),
    ("Maria Silva", "council", "Kieran", ("/issue", "/sections/F/sign-off", "/sections/J/items/budget/budget")),
    ("Maria Silva", "council", "Sam", ("/rights/capacity", "/rights/limit")),
    ("Maria Silva", "council", "Amira", ("/sections/F/twins/easy-read", "/sections/F/twins/easy-read/check")),
    ("Grace Obi", "council", "Kieran", ("/reading", "/readings/1")),
]
# Who has pages that hang on no plan.
ELSEWHERE: list[tuple[str, str, tuple[str, ...]]] = [
    ("Nadia Rahman", "families", ("/preferences", "/preferences/contact", "/calendar")),
    ("Moira Lennox", "nhs", ("/access", "/access/person?agency=northmere-community-health&person={Ben Carter}")),
    ("Maria Silva", "council", ("/access", "/access/person?agency=northmere-council&person={Chris Doyle}", "/search")),
    ("Maria Silva", "council", ("/pictures", "/pictures?need=communication")),
    ("Grace Obi", "council", ("/pictures",)),
    ("Maria Silva", "council", ("/our-letters", "/our-letters/edit?kind=final", "/our-letters/edit?kind=contacts")),
    ("Dr Helen Ward", "council", ("/advice",)),
    ("Chris Doyle", "council", ("/access/person?agency=northmere-council&person={Chris Doyle}",)),
    ("Priya Nair", "council", ("/requests", "/requests/new", "/requests/moved-in")),
    ("Ruth Ellison", "families", ("/request-assessment",)),
    ("Idris Vaughan", "council", ("/emergency",)),
    ("Grace Obi", "council", ("/alerts",)),
    ("Nia Okoro", "families", ("/invitations/nmr-0000000000000000",)),
]
# An empty form that somebody sends: it comes back with what is wrong beside each field.
EMPTY: list[tuple[str, str, str, str]] = [
    ("Chris Doyle", "council", "/plans/{Amira}/people/invite", "Make the invitation"),
    (
        "Chris Doyle",
        "council",
        "/plans/{Amira}/people/give?agency=northmere-community-health",
        "Give the part",
    ),
    ("Chris Doyle", "council", "/plans/{Amira}/people/consult?agency=elm-road-primary", "Consult them"),
    ("Chris Doyle", "council", "/plans/{Amira}/audience", "Save"),
    ("Sam Adeyemi", "families", "/plans/{Sam}/rights/consent", "Let them read"),
    ("Maria Silva", "council", "/plans/{Sam}/rights/capacity", "Record it"),
    ("Maria Silva", "council", "/plans/{Sam}/rights/limit", "Record it"),
    ("Maria Silva", "council", "/search", "Find"),
    ("Maria Silva", "council", "/requests/new", "Begin the record"),
    ("Maria Silva", "council", "/requests/moved-in", "Begin the record"),
    ("Nadia Rahman", "families", "/request-assessment", "Send it to the council"),
    ("Priya Nair", "council", "/plans/{Leo}/case/record?kind=decision_letter_sent", "Put it on record"),
    ("Moira Lennox", "nhs", "/access", "Make the invitation"),
    ("Idris Vaughan", "council", "/emergency", "Open the plan"),
    ("Grace Obi", "council", "/plans/{Kieran}/reading", "Read the plan"),
    ("Grace Obi", "council", "/plans/{Kieran}/readings/1", "I have seen to this"),
]


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands, and whether it scrolls sideways."""
    found: list[dict[str, Any]] = page.evaluate(
        """rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})
            .then(result => result.violations)""",
        RULES,
    )
    said = [f"{page.url}: {each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
        said.append(f"{page.url}: scrolls sideways at {page.viewport_size}")
    return said


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """The signs of what axe was asked about before (makeup.py)."""
    return set()


def look(page: Page, url: str, looked_at: set[str], status: int = 200) -> list[str]:
    """The faults of a page, which is opened in the browser when it holds anything that was not looked at before."""
    answer = page.request.get(url, headers={"Accept": "text/html"})
    assert answer.status == status, url
    signs = Makeup(answer.text()).signs
    if signs <= looked_at:
        return []
    looked_at |= signs
    page.goto(url)
    return faults(page)


def listen(page: Page) -> list[str]:
    """What the console says from now on, and axe on every page."""
    loud: list[str] = []
    page.on("console", lambda message: loud.append(message.text) if message.type in ("error", "warning") else None)
    page.add_init_script(AXE)
    return loud


@pytest.mark.parametrize("visit", VISITS, ids=[f"{who} at {child}, {more[-1]}" for who, _, child, more in VISITS])
def test_axe_finds_nothing_on_any_page_and_nothing_scrolls_sideways(
    live: Live, seat: Callable[..., Page], looked_at: set[str], visit: tuple[str, str, str, tuple[str, ...]]
) -> None:
    who, slug, child, more = visit
    page = seat(who, slug, **PHONE)
    loud = listen(page)
    base = f"{live.url}/plans/{live.plan_of(child).id}"
    found = []
    first = next(each for each in VISITS if each[0] == who) is visit  # what a role sees everywhere is looked at once
    everywhere = (*EVERYWHERE, *(f"/sections/{letter}" for letter in LETTERS)) if first else ()
    for path in (*everywhere, *more):
        found += look(page, base + path, looked_at)
    for path in ("/worklist", "/sessions", "/help", "/privacy", "/accessibility"):
        found += look(page, live.url + path, looked_at)
    found += look(page, f"{live.url}/plans/nmr-0000000000000000", looked_at, 404)
    assert found == []
    assert [each for each in loud if "404" not in each] == []


@pytest.mark.parametrize(("who", "slug", "paths"), ELSEWHERE, ids=[each[0] for each in ELSEWHERE])
def test_axe_finds_nothing_on_the_pages_that_hang_on_no_plan(
    live: Live, seat: Callable[..., Page], who: str, slug: str, paths: tuple[str, ...]
) -> None:
    page = seat(who, slug, **PHONE)
    loud = listen(page)
    found = []
    for path in (*paths, "/worklist"):
        page.goto(live.url + re.sub(r"\{(.+)\}", lambda name: live.person(name[1]), path))
        for folded in page.locator("main summary").all():
            folded.click()
        found += faults(page)
    assert found == []
    assert [each for each in loud if "404" not in each] == []


@pytest.mark.parametrize(("who", "slug", "path", "act"), EMPTY, ids=[f"{each[0]} at {each[2]}" for each in EMPTY])
def test_an_empty_form_comes_back_with_what_is_wrong_beside_its_fields(
    live: Live, seat: Callable[..., Page], who: str, slug: str, path: str, act: str
) -> None:
    page = seat(who, slug, **PHONE)
    listen(page)
    page.goto(live.url + re.sub(r"\{(.+)\}", lambda child: live.plan_of(child[1]).id, path))
    page.locator("main").get_by_role("button", name=act, exact=True).click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is something to put right")
    for link in summary.get_by_role("link").all():
        field = page.locator(f"[id='{(link.get_attribute('href') or '').removeprefix('#')}']")
        expect(field).to_be_visible()
        expect(page.locator(".govuk-form-group--error", has=field)).to_have_count(1)
    assert page.title().startswith("Error: ")
    page.wait_for_load_state("networkidle")  # its words stand before its letters' shapes have come
    page.evaluate("document.fonts.ready.then(() => scrollTo(0, 0))")
    assert faults(page) == []


def test_the_pages_that_ask_for_a_fresh_proof_are_clean(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Maria Silva", "council", **PHONE)
    listen(page)
    live.age("Maria Silva", auth_time=timedelta(minutes=16))
    base = f"{live.url}/plans/{live.plan_of('Kieran').id}"
    found = []
    for path in ("/sections/F/sign-off", "/issue"):
        page.goto(base + path)
        found += faults(page)
    page.goto(f"{live.url}/emergency")
    expect(page.locator("main")).to_contain_text("we first ask you to prove that it is you")
    assert found + faults(page) == []


def test_the_warning_before_a_session_ends_is_clean(live: Live, desk: Callable[..., Page]) -> None:
    page = desk("Yusuf Rahman", "families", **PHONE)
    page.clock.install()
    listen(page)
    page.goto(f"{live.url}/worklist")
    live.age("Yusuf Rahman", seen=timedelta(minutes=56))
    page.clock.fast_forward("54:30")
    expect(page.get_by_role("region", name="Your session")).to_be_visible()
    assert faults(page) == []


def test_the_page_for_who_asks_too_often_is_clean(live: Live, seat: Callable[..., Page]) -> None:
    page = seat("Robert Ainsley", "council", **PHONE)
    listen(page)
    asking = live.http("robert-ainsley", "council")
    for _ in range(2):  # thirty in one minute are too many, and a new minute may begin on the way
        answers = (asking.post("/search", words="9990000018").status_code for _ in range(64))
        assert 429 in answers
        page.goto(f"{live.url}/search")
        page.get_by_label(re.compile("NHS number")).fill("9990000018")
        page.get_by_role("button", name="Find", exact=True).click()
        if page.get_by_role("heading", level=1).inner_text() == "One moment, please":
            break
    expect(page.get_by_role("heading", level=1)).to_have_text("One moment, please")
    assert faults(page) == []


def test_the_sign_in_page_is_clean_in_light_and_dark(live: Live, browser: Any) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, **PHONE)
        page = context.new_page()
        page.add_init_script(AXE)
        page.goto(f"{live.url}/sign-in")
        assert faults(page) == []
        context.close()


DARK: list[tuple[str, str, str, tuple[str, ...]]] = [
    (
        "Chris Doyle",
        "council",
        "/plans/{Amira}",
        (
            "",
            "/sections/A",
            "/sections/F",
            "/sections/F/items/provision/new",
            "/history",
            "/issue",
            "/people",
            "/people/invite",
            "/rights",
            "/openings",
            "/audience",
        ),
    ),
    ("Grace Obi", "council", "", ("/worklist", "/alerts", "/plans/{Kieran}/readings/1", "/plans/{Kieran}/reading")),
    ("Moira Lennox", "nhs", "", ("/access", "/sessions")),
    ("Idris Vaughan", "council", "", ("/emergency",)),
]


@pytest.mark.parametrize(("who", "slug", "base", "paths"), DARK, ids=[each[0] for each in DARK])
def test_dark_pages_keep_their_contrast(
    live: Live, seat: Callable[..., Page], who: str, slug: str, base: str, paths: tuple[str, ...]
) -> None:
    page = seat(who, slug, color_scheme="dark", bypass_csp=True)
    page.add_init_script(AXE)
    found = []
    for path in paths:
        answer = page.goto(live.url + re.sub(r"\{(.+)\}", lambda child: live.plan_of(child[1]).id, base + path))
        assert answer is not None
        assert answer.status == 200, path
        found += faults(page)
    assert found == []
