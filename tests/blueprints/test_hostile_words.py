"""Markup that somebody typed is read as words on every page, by everybody, and runs on none."""

import re
from urllib.parse import urlsplit

import pytest
from bs4 import Tag

from portal.domain.actor import Grant, Role
from portal.domain.hashing import Value
from portal.domain.state import VersionKind
from portal.operations import people
from tests.blueprints.page import Page
from tests.blueprints.payloads import MARKUP
from tests.world import World, now

EVERYTHING = "\n".join(MARKUP)
LINE = "".join(MARKUP[:4])[:190]
NAME = '<img src=x onerror=alert(1)> "O\'Neill" <script>alert(2)</script>'
SCRIPTS = {f"/static/{each}.js" for each in ("conversations", "drafts", "live", "words", "read-aloud")}
OURS = {"/static/vendor/htmx.min.js", "/static/golden-thread.js", "/static/session.js", *SCRIPTS}
# Elements that no page of ours is made of.
NEVER = (
    "img",
    "iframe",
    "object",
    "embed",
    "style",
    "base",
    "video",
    "audio",
    "source",
    "math",
    "frame",
    "applet",
    "xmp",
)
SAFE_HTMX = {"hx-get", "hx-post", "hx-target", "hx-swap", "hx-push-url"}


@pytest.fixture(scope="module")
def hostile(shared: World) -> World:
    """A plan in which everybody typed markup wherever words can be typed, up to the final."""
    world = shared
    ids = {letter: world.plan().sections[letter].content.items[-1].id for letter in "BCEFG"}
    writers = {"B": "caseworker", "C": "therapist", "E": "caseworker", "F": "caseworker", "G": "therapist"}
    world.db["people"].update_one({"_id": world.people["therapist"]}, {"$set": {"name": NAME}})
    world.edit("parent", "A", "most-important", {"words": EVERYTHING, "told": LINE}, "most-important")
    world.edit("parent", "A", "do-and-dont", {"do": f"- {EVERYTHING}", "dont": EVERYTHING}, "do-and-dont")
    world.add("parent", "A", "parent-views", views=EVERYTHING)
    world.add("parent", "A", "aspirations", hope=LINE, more=EVERYTHING[:1900])
    for letter, key in writers.items():
        needs: dict[str, Value] = {"need": LINE, "effect": EVERYTHING}
        if letter == "B":
            needs["strengths"] = EVERYTHING[:1900]
        amount: Value = {"minutes": 5, "how_often": LINE, "ratio": LINE, "how_long": LINE}
        row: dict[str, Value] = {"what": EVERYTHING[:1900], "who": LINE, "where": LINE, "amount": amount}
        outcome: dict[str, Value] = {"what": EVERYTHING, "now": EVERYTHING[:900], "by_when": LINE[:100]}
        values = needs if letter in "BC" else (row if letter in "FG" else outcome)
        group = {"B": "needs", "C": "needs", "E": "outcomes"}.get(letter, "provision")
        world.edit(key, letter, group, values, ids[letter])
    world.edit("caseworker", "J", "budget", {"arrangements": EVERYTHING[:2900]}, "budget")
    world.add("caseworker", "K", "advice", document=LINE, author=NAME, summary=EVERYTHING[:2900])
    world.client("dco").post(f"/plans/{world.plan_id}/sections/C/sign-off/send-back", {"reason": EVERYTHING[:1900]})
    world.sign("dco", "G")
    world.issue("manager", VersionKind.DRAFT, A=EVERYTHING[:1900])
    world.client("parent").post(f"/plans/{world.plan_id}/answer", {"words": EVERYTHING})
    world.client("caseworker").post(f"/plans/{world.plan_id}/issue/finalise")
    world.client("caseworker").save("I", "placement", "placement", name=LINE, type=LINE)
    return world


def alive(page: Page) -> list[str]:
    """Everything on a page that a browser would run, load, draw or follow off this site, and is not ours."""
    found = [str(each)[:80] for name in NEVER for each in page.soup.find_all(name)]
    found += [str(each)[:80] for each in page.soup.find_all("script") if each.get("src") not in OURS or each.string]
    for each in page.soup.find_all(True):
        assert isinstance(each, Tag)
        wrong = [name for name in each.attrs if re.match(r"on|hx-on|data-hx|style|srcdoc|formaction|xlink", name)]
        wrong += [name for name in each.attrs if name.startswith("hx-") and name not in SAFE_HTMX]
        where = [str(each[name]) for name in ("href", "src", "action", "hx-get", "hx-post") if each.has_attr(name)]
        wrong += [value for value in where if urlsplit(value).scheme or urlsplit(value).netloc or value[:1] not in "/#"]
        found += [f"{each.name}: {name}" for name in wrong]
    return found


PAGES = ["", "/people", "/history", "/versions", "/versions/1", "/answer", "/issue", "/consultations", "/redress"]
PAGES += [f"/sections/{letter}" for letter in ("A", "B", "C", "E", "F", "G", "I", "J", "K")]
PAGES += [f"/sections/{letter}/{page}" for letter in "ABCFG" for page in ("history", "compare?from=0", "sign-off")]
PAGES += ["/sections/A/items/do-and-dont/do-and-dont", "/sections/I/items/placement/placement"]
READERS = ["manager", "parent"]


@pytest.mark.parametrize("key", READERS)
def test_nothing_that_was_typed_is_alive_on_any_page(hostile: World, key: str) -> None:
    browser = hostile.client(key)
    opened = 0
    for path in PAGES:
        answer = browser.get(browser.base + path)
        if answer.status_code == 200:
            opened += 1
            assert alive(Page(answer)) == [], path
        else:
            assert answer.status_code in (403, 404), path
    assert opened > 15


SAID = ["/sections/A", "/sections/B", "/sections/C", "/sections/E", "/sections/F", "/sections/J", "/sections/K"]
SAID += ["/sections/B/compare", "/sections/F/compare", "/versions/1", "/issue"]


@pytest.mark.parametrize("path", SAID)
def test_every_character_that_was_typed_is_there_to_be_read(hostile: World, path: str) -> None:
    said = Page(hostile.client("manager").get(f"/plans/{hostile.plan_id}{path}")).words
    for each in MARKUP[:12]:
        assert " ".join(each.split()) in said, each


def test_reasons_and_answers_are_read_as_typed(hostile: World) -> None:
    history = Page(hostile.client("manager").get(f"/plans/{hostile.plan_id}/history")).words
    assert history.count(MARKUP[0]) >= 2
    assert NAME in history


def test_the_page_to_sign_on_shows_the_words_themselves(hostile: World) -> None:
    for key, letter in (("parent", "A"), ("manager", "B"), ("dco", "C"), ("manager", "F")):
        page = Page(hostile.client(key).get(f"/plans/{hostile.plan_id}/sections/{letter}/sign-off"))
        assert MARKUP[0] in page.words
        assert MARKUP[5] in page.words
        assert alive(page) == []


def test_every_form_holds_exactly_what_was_typed(hostile: World) -> None:
    for key, letter, group, field in (
        ("parent", "A", "most-important", "words"),
        ("caseworker", "B", "needs", "effect"),
        ("therapist", "C", "needs", "effect"),
        ("caseworker", "F", "provision", "what"),
    ):
        item = hostile.plan().sections[letter].content.in_group(group)[-1]
        browser = hostile.client(key)
        page = Page(browser.get(f"{browser.base}/sections/{letter}/items/{group}/{item.id}"))
        assert page.form("Save").fields[field] == [item.text(field)]
        assert alive(page) == []


def test_a_refused_form_and_a_clash_show_it_as_words(hostile: World) -> None:
    browser = hostile.client("caseworker")
    item = hostile.plan().sections["B"].content.in_group("needs")[-1]
    here = f"{browser.base}/sections/B/items/needs/{item.id}"
    form = Page(browser.get(here)).form("Save")
    refused = browser.post(here, form.filled(need="x" * 300, effect=EVERYTHING + "!"))
    assert refused.status_code == 422
    assert alive(Page(refused)) == []
    hostile.edit("other_caseworker", "B", "needs", {"effect": f"{EVERYTHING}\ntheirs"}, item.id)
    clashed = browser.post(here, form.filled(effect=f"{EVERYTHING}\nmine"))
    assert clashed.status_code == 409
    assert alive(Page(clashed)) == []
    assert MARKUP[0] in Page(clashed).words
    fragment = browser.post(here, form.filled(effect=f"{EVERYTHING}\nmine"), HX_Request="true")
    assert alive(Page(fragment)) == []


def test_a_final_and_what_changed_up_to_it_show_it_as_words(hostile: World) -> None:
    for letter, key in {"A": "parent", "B": "manager", "C": "dco", "D": "social_worker", "E": "manager"}.items():
        hostile.sign(key, letter)
    for letter, key in {"F": "manager", "H1": "social_worker", "H2": "social_worker"}.items():
        hostile.sign(key, letter)
    version = hostile.issue("manager", VersionKind.FINAL).versions[-1].number
    browser = hostile.client("parent")
    for path in (f"/versions/{version}", f"/versions/compare?from=1&to={version}", "/versions", ""):
        page = Page(browser.get(browser.base + path))
        assert alive(page) == [], path
    assert MARKUP[4] in Page(browser.get(f"{browser.base}/versions/{version}")).words


def test_a_name_from_a_provider_is_only_a_name(hostile: World) -> None:
    person = people.signed_on(hostile.db, hostile.settings.providers[0].issuer, "hostile-name", NAME)
    grant = Grant(person, NAME, "x", NAME, Role.SENCO, "nmr", hostile.plan_id, now().wall, relation=NAME)
    people.give(hostile.db, grant)
    hostile.people["hostile"] = person
    browser = hostile.client("hostile")
    for path in ("/worklist", browser.base, f"{browser.base}/people", f"{browser.base}/sections/A"):
        answer = browser.get(path)
        page = Page(browser.get(answer.headers["Location"]) if answer.status_code == 303 else answer)
        assert alive(page) == [], path
        assert NAME in page.words


def test_an_address_is_never_made_into_markup(hostile: World) -> None:
    browser = hostile.client("manager")
    for each in MARKUP[:8]:
        for path in ("/sign-in?next=/", "/history?before=", "/versions/compare?from=", "/sections/"):
            base = "" if path.startswith("/sign-in") else browser.base
            assert alive(Page(browser.get(base + path + each.replace("#", "%23")))) == [], path
