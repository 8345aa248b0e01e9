"""A child's plan over HTTP: whose turn it is, who is who, who can see it, and everything that happened."""

import pytest

from portal.domain.state import VersionKind
from portal.store import openings
from tests.blueprints.page import Page, bytes_of
from tests.world import CAST, World

NOBODY = "nmr-0000000000000000"
HTMX = {"HX_Request": "true"}
ON_THE_CASE = [key for key in CAST if key not in ("admin", "stranger")]
PAGES = ["", "/people", "/history"]


@pytest.mark.parametrize("key", ON_THE_CASE)
def test_everybody_on_the_case_opens_every_page_of_the_plan(shared: World, key: str) -> None:
    browser = shared.client(key)
    for path in PAGES:
        answer = browser.get(browser.base + path)
        assert answer.status_code == 200, path
        assert answer.text.lstrip().startswith("<!doctype html>")
        assert {"HX-Request", "Accept", "Cookie"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize("key", ["stranger", "admin"])
def test_a_stranger_gets_the_same_bytes_as_for_a_plan_that_is_not_there(shared: World, key: str) -> None:
    browser = shared.client(key)
    for path in PAGES:
        for headers in ({}, HTMX, {"Accept": "application/json"}):
            real, unreal = (browser.get(f"/plans/{plan}{path}", **headers) for plan in (shared.plan_id, NOBODY))
            assert (real.status_code, unreal.status_code) == (404, 404), path
            assert bytes_of(real) == bytes_of(unreal), path


@pytest.mark.parametrize(
    "plan", ["x", "nmr-", "NMR-0000000000000000", "nmr-0000000000000000%00", "$ne", "nmr-000000000000000i", "%ED%A0%80"]
)
def test_an_address_that_is_no_plans_is_not_there(shared: World, plan: str) -> None:
    browser = shared.client("manager")
    for path in PAGES:
        assert browser.get(f"/plans/{plan}{path}").status_code == 404


def test_a_grant_that_was_withdrawn_is_felt_at_once(world: World) -> None:
    browser = world.client("senco")
    assert browser.get(browser.base).status_code == 200
    world.end_grants({"authority": "nmr", "person": world.people["senco"], "scope": world.plan_id})
    assert browser.get(browser.base).status_code == 404
    assert browser.post(f"{browser.base}/sections/A/items/people/people", {"revision": "0"}).status_code == 404


def test_the_first_sentence_says_whose_turn_it_is(world: World) -> None:
    turns = {
        "parent": "Waiting for you: write “All about me” for Amira",
        "therapist": "Waiting for you: write sections C and G",
        "social_worker": "Waiting for you: write sections D, H1 and H2",
        "caseworker": "Waiting for you: write sections B, E and F",
        "dco": "Waiting for you: write sections C and G",
    }
    for key, says in turns.items():
        assert Page(world.client(key).get(f"/plans/{world.plan_id}")).said_in(".gt-turn__what") == [says], key
    theirs = Page(world.client("senco").get(f"/plans/{world.plan_id}"))
    assert not theirs.said_in(".gt-turn__what")[0].startswith("Waiting for you")
    assert "Nothing waits for you" in " ".join(theirs.said_in(".gt-turn"))


def test_the_one_button_leads_to_a_page_that_opens(world: World) -> None:
    world.write_a_little()
    for key in ("parent", "therapist", "social_worker", "caseworker", "manager", "dco"):
        browser = world.client(key)
        button = Page(browser.get(browser.base)).soup.select_one(".gt-turn__do a")
        assert button is not None, key
        assert browser.get(str(button["href"])).status_code == 200, key


def test_every_link_of_the_plan_page_opens_for_whoever_is_shown_it(world: World) -> None:
    world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    for key in ("parent", "senco", "dco", "auditor", "manager"):
        browser = world.client(key)
        seen = {each.split("#")[0] for each in Page(browser.get(browser.base)).links()} - {"", "/"}
        closed = [each for each in sorted(seen) if browser.get(each).status_code not in (200, 303)]
        assert closed == [], key


def test_the_plan_shows_its_sections_by_whose_they_are_and_how_they_stand(world: World) -> None:
    world.write_a_little()
    world.sign("dco", "C")
    page = Page(world.client("manager").get(f"/plans/{world.plan_id}"))
    assert "Signed so far: 1 of 8" in page.words
    rows = page.said_in(".gt-row")
    assert len(rows) == 12
    assert any("Health needs (section C)" in each and "Signed" in each and "Jo Mensah" in each for each in rows)
    assert any("(section I)" in each and "Left empty in a draft, by law" in each for each in rows)


def test_the_thread_joins_hope_need_outcome_and_provision_and_shows_what_is_broken(world: World) -> None:
    world.write_a_little()
    world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="At night.")
    page = Page(world.client("manager").get(f"/plans/{world.plan_id}"))
    assert page.said_in(".gt-strand--broken")
    assert "No provision in section F meets this need yet" in page.words.replace("no provision", "No provision")


def test_a_parent_before_the_draft_sees_that_people_are_at_work_and_no_word_of_theirs(world: World) -> None:
    world.write_a_little()
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}"))
    assert "Chris Doyle" in page.words
    for words in ("Being understood", "A hip that tires", "Speech therapy", "tells a friend"):
        assert words not in page.html


def test_opening_the_plan_is_recorded_and_staff_openings_show_to_the_family(world: World) -> None:
    dco = world.client("dco")
    dco.get(dco.base)
    assert world.people["dco"] in openings.last_by_person(world.db, world.plan_id)
    people = Page(world.client("parent").get(f"/plans/{world.plan_id}/people")).said_in(".gt-person")
    assert any("Jo Mensah" in each and "Last opened it today at" in each for each in people)
    assert any("Ben Carter" in each and "Has not opened it yet." in each for each in people)


def test_parents_do_not_see_when_the_other_last_looked_and_staff_do(world: World) -> None:
    world.client("other_parent").get(f"/plans/{world.plan_id}")
    seen = {}
    for key in ("parent", "young_person", "manager", "other_parent"):
        people = Page(world.client(key).get(f"/plans/{world.plan_id}/people")).said_in(".gt-person")
        seen[key] = any("Yusuf Rahman" in each and "Last opened it" in each for each in people)
    assert seen == {"parent": False, "young_person": False, "manager": True, "other_parent": True}


def test_who_can_see_it_names_everybody_and_what_they_may_do(shared: World) -> None:
    page = Page(shared.client("parent").get(f"/plans/{shared.plan_id}/people"))
    people = page.said_in(".gt-person")
    for key in ON_THE_CASE:
        assert any(CAST[key][0] in each for each in people), key
    assert not any("Sanjay Rao" in each or "Olive Finch" in each for each in people)


def test_everything_that_happened_names_who_did_what_newest_first(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    world.sign("parent", "A")
    page = Page(world.client("senco").get(f"/plans/{world.plan_id}/history"))
    events = page.said_in(".gt-event p")
    said = [each for each in events if each.startswith(("Nadia", "Maria"))]
    assert [each.split(" (")[0] for each in said] == [
        "Nadia Rahman agreed All about me",
        "Nadia Rahman changed All about me",
        f"Maria Silva started this plan. {said[-1][-5:]}",
    ]


def test_the_history_is_read_page_by_page_and_every_entry_once(world: World) -> None:
    for number in range(60):
        world.edit("parent", "A", "people", {"words": f"Words {number}"}, "people")
    browser = world.client("parent")
    first = browser.get(f"{browser.base}/history", Accept="application/json").json
    assert first is not None
    link = next(each for each in Page(browser.get(f"{browser.base}/history")).links() if "before=" in each)
    second = browser.get(link, Accept="application/json").json
    assert second is not None
    numbers = [each["sequence"] for each in first["entries"] + second["entries"]]
    assert numbers == list(range(61, 0, -1))
    assert not [each for each in Page(browser.get(link)).links() if "before=" in each]


@pytest.mark.parametrize(
    "query", ["before=-1", "before=x", "before=1.5", "before=99999999999999999999", "before=", "before=1&before=2"]
)
def test_a_page_of_history_that_can_not_be_is_refused(shared: World, query: str) -> None:
    browser = shared.client("parent")
    assert browser.get(f"{browser.base}/history?{query}").status_code == 422
