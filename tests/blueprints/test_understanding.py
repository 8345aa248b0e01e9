"""Understand it: what words mean, what will happen, and pages that look as their reader likes them."""

from urllib.parse import quote, urlsplit

import pytest

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.glossary import GLOSSARY
from portal.domain.look import LOOK_WORDS, Look
from tests.blueprints.page import Page
from tests.world import Browser, World

JSON = {"Accept": "application/json"}
HTMX = {"HX_Request": "true"}


def looks(page: Page) -> list[str]:
    return [str(each) for found in page.soup.select("html[class]") for each in found.get_attribute_list("class")]


def test_the_page_of_words_tells_every_word_and_every_section(shared: World) -> None:
    page = Page(Browser(shared, "").get("/help/words"))
    for each in GLOSSARY:
        assert page.said_in(f'dt[id="{each.key}"]') == [each.word]
        assert each.means in page.words
    for section in EHC_PLAN.sections:
        assert page.said_in(f"#section-{section.letter.lower()}") == [f"{section.title} (section {section.letter})"]
    assert "{child}" not in page.html
    told = Browser(shared, "").get("/help/words", **JSON).get_json()
    assert set(told["words"]) == {each.word for each in GLOSSARY}
    assert set(told["sections"]) == set(EHC_PLAN.by_letter)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_the_first_use_of_a_word_leads_to_its_meaning_and_the_next_do_not(
    shared: World, headers: dict[str, str]
) -> None:
    browser = shared.client("caseworker")
    places, led = {each.key for each in GLOSSARY}, set()
    for letter in EHC_PLAN.by_letter:
        page = Page(browser.get(f"{browser.base}/sections/{letter}", **headers))
        links = [str(each["href"]) for each in page.soup.select("a.gt-word")]
        assert len(links) == len(set(links)), letter
        assert all(urlsplit(each).path == "/help/words" and urlsplit(each).fragment in places for each in links)
        led |= {urlsplit(each).fragment for each in links}
    assert {"outcome", "special-educational-needs", "provision"} & led


def test_a_section_says_which_words_it_uses(shared: World) -> None:
    browser = shared.client("caseworker")
    page = Page(browser.get(f"{browser.base}/sections/B"))
    assert "special educational needs" in page.said_in("aside .gt-words dt")
    assert Page(shared.client("admin").get(f"{browser.base}/sections/B")).said_in("aside .gt-words dt") == []


def test_since_you_last_read_and_who_wrote_this_are_within_reach_on_every_section(shared: World) -> None:
    browser = shared.client("caseworker")
    for letter, head in shared.plan().sections.items():
        links = Page(browser.get(f"{browser.base}/sections/{letter}")).links()
        assert f"{browser.base}/unread" in links, letter
        if head.revision:
            assert f"{browser.base}/sections/{letter}/authors" in links, letter


ROWS = (
    ("Speech practice", "A therapist", "30", "twice a week", "all school year"),
    ("A listening game", "a  Therapist", "10", "every school day", "12 weeks"),
    ("A meeting with home", "", "60", "once each term", "all school year"),
    ("A quiet place", "Class teacher", "", "whenever it is needed", ""),
)


@pytest.fixture
def provided(world: World) -> World:
    browser = world.client("caseworker")
    for number, (what, who, minutes, often, long) in enumerate(ROWS):
        amount = {"amount.minutes": minutes, "amount.how_often": often, "amount.how_long": long}
        sent = {"revision": str(number), "what": what, "who": who, **amount}
        assert browser.post(f"{browser.base}/sections/F/items/provision/new", sent).status_code == 303
    return world


def test_the_summary_adds_up_what_is_plain_and_names_what_is_not(provided: World) -> None:
    browser = provided.client("caseworker")
    told = browser.get(f"{browser.base}/summary", **JSON).get_json()
    assert [(each["row"], each["what"], each["minutes"]) for each in told["rows"]] == [
        ("F1", "Speech practice", 30),
        ("F2", "A listening game", 10),
        ("F3", "A meeting with home", 60),
        ("F4", "A quiet place", None),
    ]
    assert told["totals"] == [
        {"span": "week", "minutes": 110, "rows": ["F1", "F2"]},
        {"span": "term", "minutes": 60, "rows": ["F3"]},
        {"span": "year", "minutes": 30 * 76 + 10 * 60 + 60 * 3, "rows": ["F1", "F2", "F3"]},
    ]
    assert told["not_added_up"] == ["F4"]


def test_the_summary_says_who_does_what_and_leads_to_each_row(provided: World) -> None:
    browser = provided.client("caseworker")
    page = Page(browser.get(f"{browser.base}/summary"))
    assert page.said_in('section[aria-labelledby="who"] dt') == ["A therapist", "Class teacher", "Nobody is named yet"]
    assert "In a week of school: 1 hour 50 minutes" in page.words
    for item in provided.plan().sections["F"].content.items:
        assert f"{browser.base}/sections/F#item-{item.id}" in page.links()
    assert f"{browser.base}/summary" in Page(browser.get(browser.base)).links()


def test_the_summary_holds_nothing_that_its_reader_may_not_read(provided: World) -> None:
    for key in ("parent", "advocate", "auditor"):
        browser = provided.client(key)
        for headers in ({}, JSON):
            answer = browser.get(f"{browser.base}/summary", **headers)
            assert answer.status_code == 200, key
            assert "Speech practice" not in answer.text, key
        assert "Speech practice" not in browser.get(browser.base).text
        assert "F" in browser.get(f"{browser.base}/summary", **JSON).get_json()["not_readable"], key
    assert provided.client("stranger").get(f"{browser.base}/summary").status_code == 404


def test_a_word_kept_from_a_reader_is_in_no_summary_of_theirs(provided: World) -> None:
    item = provided.plan().sections["F"].content.items[0]
    manager, senco = provided.client("manager"), provided.client("senco")
    assert "Speech practice" in senco.get(f"{senco.base}/summary").text
    sent = {"what": "what", "who": "some", "readers": [], "reason": "A third party."}
    assert manager.post(f"{manager.base}/audience/F/provision/{item.id}", sent).status_code == 303
    for headers in ({}, JSON):
        told = senco.get(f"{senco.base}/summary", **headers).text
        assert "A listening game" in told
        assert "Speech practice" not in told


@pytest.mark.parametrize("chosen", [[], ["larger"], ["larger", "calm", "spaced"]], ids=len)
def test_what_somebody_chose_holds_on_every_page_wherever_they_sign_in(world: World, chosen: list[str]) -> None:
    browser, other = world.client("caseworker"), world.client("parent")
    before = Page(other.get(other.base)).html.split("<head>")[0]
    browser.get(browser.base)  # kept as it looked before
    assert browser.post("/preferences", {"look": chosen}).status_code == 303
    wanted = [f"gt-look-{each}" for each in chosen]
    for again in (browser, world.client("caseworker")):
        for path in (browser.base, f"{browser.base}/sections/F", "/worklist", "/help", "/preferences", "/nothing"):
            assert looks(Page(again.get(path))) == wanted, path
    boxes = Page(browser.get("/preferences")).soup.select("input[name=look][checked]")
    assert [str(each["value"]) for each in boxes] == chosen
    assert browser.get("/preferences", **JSON).get_json() == {"look": chosen}
    assert Page(other.get(other.base)).html.split("<head>")[0] == before


def test_choosing_again_takes_back_what_was_chosen(world: World) -> None:
    browser = world.client("senco")
    browser.post("/preferences", {"look": ["calm"]})
    browser.post("/preferences", {})
    assert looks(Page(browser.get(browser.base))) == []


def test_whoever_is_not_signed_in_chooses_for_their_browser(shared: World) -> None:
    nobody = Browser(shared, "")
    form = Page(nobody.get("/preferences")).soup.select_one("main form")
    assert form is not None
    assert form["method"] == "get"
    answer = nobody.get("/preferences/this-browser?look=larger&look=spaced")
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    for path in ("/sign-in", "/help", "/preferences"):
        assert looks(Page(nobody.get(path))) == ["gt-look-larger", "gt-look-spaced"]


@pytest.mark.parametrize("sent", ["huge", "larger calm", "<b>", "é"])
def test_no_other_look_is_taken(world: World, sent: str) -> None:
    browser = world.client("senco")
    assert browser.post("/preferences", {"look": sent}).status_code == 422
    assert Browser(world, "").get(f"/preferences/this-browser?look={quote(sent)}").status_code == 422


def test_an_odd_cookie_changes_nothing(shared: World) -> None:
    nobody = Browser(shared, "")
    nobody.http.set_cookie("golden_thread_look", 'larger"><script>.calm.nothing')
    assert looks(Page(nobody.get("/help"))) == ["gt-look-calm"]


def test_every_look_has_its_words() -> None:
    assert set(LOOK_WORDS) == set(Look)
