"""In real browsers: what others save appears while one reads and writes, and moves nothing of what one does oneself."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from portal.domain.identifier import new_request_id
from portal.operations import openings, people
from portal.store import people as people_store
from tests.journeys.live import Live
from tests.journeys.test_accessible import PHONE, faults
from tests.journeys.test_accessible import listen as listen_to_the_console
from tests.world import now

Desk = Callable[..., Page]
CHILD = "Amira"
# Where the caret stands, what is marked, what has the focus and how far the page was scrolled.
STANDING = """() => {
  const at = document.activeElement;
  return [at.id, at.selectionStart, at.selectionEnd, at.value, Math.round(at.getBoundingClientRect().top)];
}"""


@pytest.fixture(autouse=True)
def nobody_there(live: Live) -> None:
    """Each test begins with nobody there and nothing unsent."""
    for name in ("presence", "drafts"):
        live.db[name].delete_many({"authority": "nmr"})
    live.db["opening_choices"].update_many({"authority": "nmr"}, {"$set": {"shown": False}})


def section_at(live: Live, letter: str = "A") -> str:
    return f"{live.url}/plans/{live.plan_of(CHILD).id}/sections/{letter}"


def save(live: Live, who: str, slug: str, item: str, words: str, letter: str = "A", group: str = "") -> None:
    """Somebody else saves an item from elsewhere, over HTTP."""
    plan = live.plan_of(CHILD)
    caller = live.http(who, slug)
    form: dict[str, Any] = {"revision": plan.sections[letter].revision, "request_id": new_request_id(), "words": words}
    answer = caller.post(f"/plans/{plan.id}/sections/{letter}/items/{group or item}/{item}", **form)
    assert answer.status_code == 303, answer.text


def reading(page: Page, live: Live, path: str = "") -> Page:
    """At the section, and told who is there: from now on the page hears everything."""
    with page.expect_response(lambda answer: "/live" in answer.url and answer.request.method == "GET"):
        page.goto(section_at(live) + path)
    expect(page.locator("#gt-here")).to_contain_text(re.compile("here|reading|writing|section"))
    return page


def assert_stands(page: Page, before: list[Any]) -> None:
    """Everything is as it was, and at its place on the screen to within what a browser rounds."""
    *after, top = page.evaluate(STANDING)
    assert after == before[:-1]
    assert abs(top - before[-1]) <= 1


def test_what_the_other_parent_saves_appears_in_place_and_is_said(live: Live, desk: Desk) -> None:
    nadia, yusuf = (desk(name, "families") for name in ("Nadia Rahman", "Yusuf Rahman"))
    reading(nadia, live)
    reading(yusuf, live, "/items/people/people")
    yusuf.locator("#field-words").fill("Her cousin Zaynab, whom she phones")
    yusuf.get_by_role("button", name="Save", exact=True).click()
    expect(nadia.locator("#item-people")).to_contain_text("whom she phones")
    expect(nadia.locator("#item-people")).to_contain_text("Changed just now")
    expect(nadia.locator("#gt-announce")).to_contain_text("People who are important to me was changed.")
    expect(nadia.locator("#gt-announce")).to_contain_text("Yusuf Rahman")
    expect(nadia).to_have_url(section_at(live))


def test_whoever_types_keeps_caret_marked_words_focus_and_place_while_others_save(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families", viewport={"width": 500, "height": 600})
    reading(page, live, "/items/support/support")
    field = page.locator("#field-words")
    field.press("Control+End")
    page.keyboard.type(" I am in the middle of")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")
    before = page.evaluate(STANDING)
    assert before[1] != before[2]
    long = "\n\n".join(f"Paragraph {each} of what she likes." for each in range(12))
    save(live, "yusuf-rahman", "families", "most-important", long)
    expect(page.locator("#item-most-important")).to_contain_text("Paragraph 11")
    assert_stands(page, before)
    page.keyboard.type(", still")
    expect(field).to_have_value(re.compile(r"I am in the middle, still$"))


def test_an_item_whose_form_is_open_says_that_there_is_a_newer_text_and_keeps_every_word(
    live: Live, desk: Desk
) -> None:
    page = desk("Nadia Rahman", "families")
    reading(page, live, "/items/wellness/wellness")
    field = page.locator("#field-words")
    field.press("Control+End")
    page.keyboard.type(" My own words, unsaved.")
    before = page.evaluate(STANDING)
    save(live, "yusuf-rahman", "families", "wellness", "What Yusuf says of a good day")
    expect(page.locator("[data-newer]")).to_have_text("Somebody saved a newer text of this. Your words stay here.")
    expect(page.locator("#gt-announce")).to_contain_text("Somebody saved a newer text of this.")
    assert_stands(page, before)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#section")).to_contain_text("My own words, unsaved.")
    expect(page.locator("#section")).to_contain_text("What Yusuf says of a good day")


def test_what_somebody_saves_themselves_is_no_news_to_them(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")
    reading(page, live)
    page.locator("#item-also").get_by_role("link", name=re.compile("Change|Write")).click()
    page.locator("#field-words").fill("She likes to be asked twice")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#item-also")).to_contain_text("asked twice")
    expect(page.locator("#gt-announce")).to_have_text(re.compile("saved"))
    expect(page.locator("[data-newer]")).to_have_count(0)
    sequence = str(live.plan_of(CHILD).sequence)
    expect(page.locator("#section")).to_have_attribute("data-sequence", sequence)
    expect(page.locator("#gt-announce")).to_have_text(re.compile("saved"))


def test_an_item_that_is_added_and_taken_out_elsewhere_comes_and_goes(live: Live, desk: Desk) -> None:
    nadia, yusuf = (desk(name, "families") for name in ("Nadia Rahman", "Yusuf Rahman"))
    reading(nadia, live)
    reading(yusuf, live, "/items/aspirations/new")
    yusuf.locator("#field-hope").fill("That she learns to swim in the sea")
    yusuf.get_by_role("button", name="Save", exact=True).click()
    card = nadia.locator("article", has_text="swim in the sea")
    expect(card).to_have_count(1)
    expect(nadia.locator("#gt-announce")).to_contain_text("is new.")
    card.get_by_role("link", name=re.compile("Change")).click()  # what was put in works as if it had always been there
    expect(nadia.locator("#field-hope")).to_have_value("That she learns to swim in the sea")
    nadia.go_back()
    reading(nadia, live)
    yusuf.locator("article", has_text="swim in the sea").get_by_role("link", name=re.compile("Change")).click()
    yusuf.get_by_text(re.compile("^Take .* out of the plan$")).click()
    yusuf.get_by_role("button", name="Take it out").click()
    expect(card).to_have_count(0)


def test_where_streams_are_blocked_the_page_asks_instead(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")

    def block(route: Route) -> None:
        if "text/event-stream" in route.request.headers.get("accept", ""):
            route.abort()
        else:
            route.continue_()

    page.route("**/live?*", block)
    page.goto(section_at(live))
    with page.expect_response(lambda answer: "/live?" in answer.url and answer.ok):
        pass
    save(live, "yusuf-rahman", "families", "communication", "She points, and she sings")
    expect(page.locator("#item-communication")).to_contain_text("she sings")


def test_a_tab_that_nobody_sees_asks_for_nothing_and_shows_it_once_it_is_seen(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families")
    reading(page, live)
    hide(page, hidden=True)
    save(live, "yusuf-rahman", "families", "people", "Said while nobody looked")
    another = page.context.new_page()
    reading(another, live)
    expect(another.locator("#item-people")).to_contain_text("Said while nobody looked")
    assert "Said while nobody looked" not in page.locator("#item-people").inner_text()
    hide(page, hidden=False)
    expect(page.locator("#item-people")).to_contain_text("Said while nobody looked")


def hide(page: Page, hidden: bool) -> None:
    """As a browser tells a page that its tab is no longer seen, or is seen again."""
    page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_whoever_loses_their_part_hears_nothing_more(live: Live, desk: Desk) -> None:
    page = desk("Anita Patel", "schools")
    reading(page, live)
    plan = live.plan_of(CHILD)
    mine = {"authority": "nmr", "person": live.person("Anita Patel"), "scope": plan.id}
    (grant,) = [each for each in people_store.grants_on(live.db, plan.id, now().wall) if each.name == "Anita Patel"]
    with page.expect_response(lambda answer: "/live?" in answer.url and answer.status == 404):
        live.db.transaction(lambda session: people_store.end(live.db, mine, now().wall, session))
    save(live, "yusuf-rahman", "families", "people", "Not for the school to hear")
    expect(page.locator("#gt-here")).to_have_text("Nobody else is here just now")
    assert "Not for the school" not in page.locator("#item-people").inner_text()
    people.give(live.db, grant)


# Who else is there


def test_five_people_see_who_else_is_there_and_in_which_field(live: Live, desk: Desk) -> None:
    for name in ("Nadia Rahman", "Yusuf Rahman"):
        plan, actor = live.plan_of(CHILD), people.load_actor(live.db, live.person(name), now())
        assert actor is not None
        openings.choose(live.db, actor, plan, True)
    cast = {
        "Nadia Rahman": "families",
        "Yusuf Rahman": "families",
        "Anita Patel": "schools",
        "Chris Doyle": "council",
        "Maria Silva": "council",
    }
    pages = {name: desk(name, slug) for name, slug in cast.items()}
    for page in pages.values():
        reading(page, live)
    for name, page in pages.items():
        for other in cast.keys() - {name}:
            expect(page.locator("#gt-here")).to_contain_text(f"{other} is reading this section")
        expect(page.locator("#gt-here")).not_to_contain_text(name)
    pages["Nadia Rahman"].locator("#item-people").get_by_role("link", name=re.compile("Change")).click()
    pages["Nadia Rahman"].locator("#field-told").focus()
    where = "Nadia Rahman is writing in “People who are important to me: How these words were gathered”"
    for name in cast.keys() - {"Nadia Rahman"}:
        expect(pages[name].locator("#gt-here")).to_contain_text(where)
    hide(pages["Yusuf Rahman"], hidden=True)
    expect(pages["Anita Patel"].locator("#gt-here")).not_to_contain_text("Yusuf Rahman")
    hide(pages["Yusuf Rahman"], hidden=False)
    expect(pages["Anita Patel"].locator("#gt-here")).to_contain_text("Yusuf Rahman is reading this section")
    pages["Nadia Rahman"].close()
    for name in cast.keys() - {"Nadia Rahman"}:
        expect(pages[name].locator("#gt-here")).not_to_contain_text("Nadia Rahman")


def test_a_parent_who_did_not_choose_it_is_not_seen_by_the_other(live: Live, desk: Desk) -> None:
    nadia, yusuf, anita = (
        desk(name, slug)
        for name, slug in (("Nadia Rahman", "families"), ("Yusuf Rahman", "families"), ("Anita Patel", "schools"))
    )
    for page in (nadia, yusuf, anita):
        reading(page, live)
    for page in (nadia, yusuf):
        expect(page.locator("#gt-here")).to_contain_text("Anita Patel is reading this section")
        expect(page.locator("#gt-here")).not_to_contain_text("Rahman")
    expect(anita.locator("#gt-here")).to_contain_text("Yusuf Rahman is reading this section")


def test_the_page_is_clean_with_others_there_with_what_they_saved_and_with_a_newer_text(live: Live, desk: Desk) -> None:
    page = desk("Nadia Rahman", "families", **PHONE)
    loud = listen_to_the_console(page)
    reading(page, live, "/items/people/people")
    anita = reading(desk("Anita Patel", "schools"), live)
    expect(page.locator("#gt-here")).to_contain_text("Anita Patel")
    save(live, "yusuf-rahman", "families", "people", "A newer text of this")
    save(live, "yusuf-rahman", "families", "also", "Another text")
    expect(page.locator("[data-newer]")).to_have_count(1)
    expect(page.locator("#item-also")).to_contain_text("Another text")
    assert faults(page) == []
    assert loud == []
    anita.close()
