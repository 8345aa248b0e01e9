"""A list of more than one page, over HTTP: links that lead on and back, and no empty page, and no address a fault."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.domain.identifier import random_id
from portal.domain.state import VersionKind
from portal.operations import people, plans
from portal.store.caseload import PAGE
from tests.blueprints.page import Page
from tests.fresh import fresh
from tests.world import Browser, World, now

HTMX = {"HX_Request": "true"}
JSON = {"Accept": "application/json"}
NEXT, BACK = "Show the next plans", "Back to the first plans"


@pytest.fixture(scope="module")
def many(cast: World) -> World:
    """One more plan than a page holds; `exactly` writes in all but the last, `more` in all, `signer` signs in all."""
    found = [fresh(cast).plan_id for _ in range(PAGE + 1)]
    writer, officer = (cast.actor(key).grants[0] for key in ("social_worker", "dco"))
    parts = {"exactly": (writer, found[:-1]), "more": (writer, found), "signer": (officer, found)}
    known = {}
    for key, (grant, plan_ids) in parts.items():
        name = f"Rosa {key.title()}"
        known[key] = people.signed_on(cast.db, cast.settings.providers[0].issuer, random_id(12), name)
        for plan_id in plan_ids:
            people.give(cast.db, replace(grant, person=known[key], name=name, scope=plan_id))
    return replace(cast, plan_id=found[0], people={**cast.people, **known})


def walk(browser: Browser, **headers: str) -> list[Page]:
    """Every page, from the first on, by the link that leads on."""
    pages = [Page(browser.get("/worklist", **headers))]
    while NEXT in pages[-1].said_in(".gt-links a"):
        (onward,) = (each["href"] for each in pages[-1].soup.select(".gt-links a") if each.get_text() == NEXT)
        pages.append(Page(browser.get(str(onward), **headers)))
        assert len(pages) < 60
    return pages


def plans_on(page: Page) -> list[str]:
    return [str(each["href"]).removeprefix("/plans/") for each in page.soup.select(".gt-task__what a")]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_the_links_lead_through_every_plan_once_with_and_without_script(many: World, headers: dict[str, str]) -> None:
    pages = walk(many.client("more"), **headers)
    assert [len(plans_on(each)) for each in pages] == [PAGE, 1]
    shown = [plan for each in pages for plan in plans_on(each)]
    assert shown == sorted(shown)
    assert len(set(shown)) == PAGE + 1
    assert [BACK in each.said_in(".gt-links a") for each in pages] == [False, True]
    assert all(each.is_whole for each in pages)


def test_a_list_that_fills_a_page_exactly_leads_to_no_empty_page(many: World) -> None:
    pages = walk(many.client("exactly"))
    assert [len(plans_on(each)) for each in pages] == [PAGE]
    assert "The first" not in pages[0].words
    assert "more" not in (many.client("exactly").get("/worklist", **JSON).json or {})


def test_a_page_says_which_part_of_the_list_it_is_and_never_that_nothing_waits(many: World) -> None:
    first, second = walk(many.client("more"))
    assert f"The first {PAGE} of your plans, what is most pressing first." in first.words
    assert f"{PAGE} plans wait for you on this page." in first.words
    assert "Further plans, what is most pressing first." in second.words
    for page in walk(many.client("manager")):
        assert "Nothing waits for you" not in page.words


def test_a_page_beyond_the_last_plan_says_so_and_leads_back(many: World) -> None:
    page = Page(many.client("more").get("/worklist?due=9999-12-31&after=zzz-zzzzzzzzzzzzzzzz"))
    assert "There are no further plans." in page.words
    assert "There is no child" not in page.words
    assert BACK in page.said_in(".gt-links a")


def test_json_says_where_the_next_page_begins_until_there_is_none(many: World) -> None:
    browser = many.client("more")
    first = browser.get("/worklist", **JSON).json
    assert first is not None
    assert len(first["plans"]) == PAGE
    assert set(first["more"]) == {"due", "after"}
    query = "&".join(f"{name}={value}" for name, value in first["more"].items())
    last = browser.get(f"/worklist?{query}", **JSON).json
    assert last is not None
    assert (len(last["plans"]), "more" in last) == (1, False)
    assert not {each["plan"] for each in first["plans"]} & {each["plan"] for each in last["plans"]}


def test_the_link_that_leads_on_names_a_date_and_a_plan_and_never_a_child(many: World) -> None:
    first = walk(many.client("more"))[0]
    (onward,) = (str(each["href"]) for each in first.soup.select(".gt-links a"))
    query = parse_qs(urlsplit(onward).query)
    assert set(query) == {"due", "after"}
    assert query["after"] == [plans_on(first)[-1]]


BAD = [
    "due=tomorrow",
    "due=2026-1-1",
    "due=2026-01-01T00:00",
    "due=2026-01-01%0A",
    "due[$gt]=",
    "due=2026-01-01&due=2026-01-02",
    "due=%00",
    "after=x",
    "after=nmr-",
    "after=nmr-ilou000000000000",
    "after=nmr-0000000000000000%0A",
    "after[$ne]=x",
    "after=%FF%FE",
    "page=2",
    "limit=100000",
    "due=" + "9" * 5000,
]


@pytest.mark.parametrize("query", BAD)
@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["page", "htmx", "json"])
def test_an_address_that_no_page_has_is_refused_and_never_a_fault(
    many: World, query: str, headers: dict[str, str]
) -> None:
    answer = many.client("parent").get(f"/worklist?{query}", **headers)
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize("query", ["due=", "after=", "due=2026-01-01", "due=9999-99-99", "after=nmr-0000000000000000"])
def test_an_address_that_is_half_of_one_shows_a_list(many: World, query: str) -> None:
    assert many.client("more").get(f"/worklist?{query}").status_code == 200


# Last, since it gives every plan a date.


def test_what_waits_on_a_later_page_is_not_denied_on_one_where_nothing_does(many: World) -> None:
    """Plans whose date is still to come stand first; what waits without a date stands behind them."""
    moment = now()
    for plan_id in plans_on(walk(many.client("more"))[0]):
        world = replace(many, plan_id=plan_id)
        ago = replace(moment, product=moment.product - timedelta(days=1))
        plans.issue(world.db, world.actor("manager"), plan_id, VersionKind.DRAFT, {"A": "The date is here."}, ago)
    first = walk(many.client("manager"))[0]
    assert first.said_in("#theirs") == ["You’re waiting for"]
    assert "Nothing waits for you" not in first.words
    later = " ".join(each.words for each in walk(many.client("manager"))[1:])
    assert "Waiting for you" in later
