"""What you may do here: the page for each person, and consents, capacity and a court's order as they are recorded."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.actor import Grant
from portal.domain.identifier import new_request_id
from portal.domain.permission_law import CONSULTED
from portal.domain.rights import Matter
from portal.domain.state import VersionKind
from portal.operations import people
from tests.blueprints.conftest import plan_of
from tests.blueprints.page import Page
from tests.world import CAST, World, now

JSON = {"Accept": "application/json"}
OF_AGE = date(2009, 5, 2)
WORDS = "She hums when a room is too loud"
READERS = sorted(set(CAST) - {"stranger", "admin"})


@pytest.fixture
def grown(cast: World, parts: list[Grant]) -> World:
    """The plan of a young person over compulsory school age, written by them and issued as a draft."""
    world = plan_of(cast, parts, replace(cast.plan().child, born=OF_AGE))
    world.edit("young_person", "A", "people", {"words": WORDS}, "people")
    return world


def rights(world: World, key: str) -> dict[str, dict[str, bool]]:
    """By letter: what the page's JSON says that somebody may, by the first word of the verb."""
    found = world.client(key).get(f"/plans/{world.plan_id}/rights", **JSON).json
    assert found is not None
    return {
        letter: {each["what"].split()[0]: each["may"] for each in said} for letter, said in found["sections"].items()
    }


def post(world: World, key: str, where: str, **typed: object) -> int:
    browser = world.client(key)
    sent = {"request_id": new_request_id(), **typed}
    return browser.post(f"{browser.base}/rights/{where}", sent).status_code


@pytest.mark.parametrize("key", READERS)
def test_everybody_is_shown_what_they_may_do_and_of_the_rest_why_not_and_whose_it_is(world: World, key: str) -> None:
    answer = world.client(key).get(f"/plans/{world.plan_id}/rights")
    assert answer.status_code == 200
    words = Page(answer).words
    assert "What you may do here" in words
    found = world.client(key).get(f"/plans/{world.plan_id}/rights", **JSON).json
    assert found is not None
    for said in found["sections"].values():
        assert {each["may"] for each in said} <= {True, False}
        assert all(each["why"] for each in said if not each["may"])
    assert WORDS not in answer.text


def test_the_page_says_what_the_routes_then_do(world: World) -> None:
    for key in READERS:
        browser, told = world.client(key), rights(world, key)
        for letter in ("A", "B", "G", "J"):
            found = browser.get(f"{browser.base}/sections/{letter}", **JSON).json
            assert found is not None
            assert told[letter]["read"] == found["readable"], (key, letter)
            assert told[letter]["write"] == found["may_edit"], (key, letter)
            assert told[letter]["sign"] == found["may_sign"], (key, letter)


def test_a_stranger_is_told_that_there_is_nothing(world: World) -> None:
    for where in ("", "/consent", "/capacity", "/limit"):
        assert world.client("stranger").get(f"/plans/{world.plan_id}/rights{where}").status_code == 404
    assert post(world, "stranger", "consent", person=world.people["advocate"], letters=["A"]) == 404


def test_an_advocate_reads_exactly_what_the_family_consents_to_and_no_longer_than_it_lasts(world: World) -> None:
    world.edit("parent", "A", "people", {"words": WORDS}, "people")
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    page = f"/plans/{world.plan_id}/sections/A"
    advocate = world.client("advocate")
    assert WORDS not in advocate.get(page).text
    assert post(world, "parent", "consent", person=world.people["advocate"], letters=["A"]) == 303
    assert WORDS in advocate.get(page).text
    assert not rights(world, "advocate")["B"]["read"]
    assert post(world, "other_parent", "consent/withdraw", person=world.people["advocate"]) == 303
    assert WORDS not in advocate.get(page).text
    assert advocate.get(f"/plans/{world.plan_id}/versions/1").status_code == 404


def test_from_the_day_after_school_age_a_parent_has_nothing_but_what_the_young_person_allows(grown: World) -> None:
    parent, base = grown.client("parent"), f"/plans/{grown.plan_id}"
    for path in ("", "/people", "/history", "/rights", "/versions", "/receipt", "/sections/A", "/retention"):
        answer = parent.get(base + path)
        assert answer.status_code == 404, path
    elsewhere = parent.get(base[:-4] + "zzzz")
    assert elsewhere.status_code == 404
    assert parent.get(base).data == elsewhere.data
    listed = parent.get("/worklist", **JSON).json
    assert listed is not None
    assert grown.plan_id not in str(listed)
    assert post(grown, "young_person", "consent", person=grown.people["parent"], letters=["A"]) == 303
    assert WORDS in parent.get(f"{base}/sections/A").text
    assert rights(grown, "parent")["A"] == {"read": True, "write": True, "sign": False}
    assert not rights(grown, "parent")["B"]["read"]
    assert grown.client("other_parent").get(base).status_code == 404


def test_a_parents_own_view_stays_theirs_and_the_young_persons_words_are_not(grown: World) -> None:
    grown.consent("young_person", "parent")
    revision = grown.plan().sections["A"].revision
    answer = grown.client("parent").save("A", "people", "people", revision, words="Mine now")
    assert answer.status_code == 403
    assert grown.client("parent").save("A", "parent-views", "new", revision, views="Sam works hard.").status_code == 303


def test_a_parent_decides_what_is_recorded_for_that_decision_and_no_other(grown: World) -> None:
    grown.edit("young_person", "A", "people", {"words": WORDS}, "people")
    where = {"person": grown.people["parent"], "matter": Matter.VIEWS.value}
    assert post(grown, "manager", "capacity", **where, reason="Dr Ward, 2 March: not this one.") == 303
    may = rights(grown, "parent")["A"]
    assert may["sign"]
    assert not rights(grown, "young_person")["A"]["sign"]
    assert grown.client("parent").get(f"/plans/{grown.plan_id}/answer").status_code == 403
    assert grown.client("young_person").get(f"/plans/{grown.plan_id}/answer").status_code == 200
    given_back = {"person": "self", "matter": Matter.VIEWS.value, "reason": "Assessed again."}
    assert post(grown, "manager", "capacity", **given_back) == 303
    assert grown.client("parent").get(f"/plans/{grown.plan_id}").status_code == 404


def test_what_a_court_keeps_from_one_parent_is_kept_and_neither_parent_can_tell(world: World) -> None:
    world.edit("parent", "A", "people", {"words": WORDS}, "people")
    before = {key: Page(world.client(key).get(f"/plans/{world.plan_id}/rights")).words for key in ("parent",)}
    kept = {"person": world.people["other_parent"], "letters": ["A"], "reason": "Family Court, 2 March."}
    assert post(world, "manager", "limit", **kept) == 303
    limited, other = world.client("other_parent"), world.client("parent")
    for path in ("/sections/A", "", "/receipt"):
        assert WORDS not in limited.get(f"/plans/{world.plan_id}{path}").text
    assert WORDS in other.get(f"/plans/{world.plan_id}/sections/A").text
    assert Page(other.get(f"/plans/{world.plan_id}/rights")).words == before["parent"]
    for each in (limited, other):
        for path in ("/rights", "/history", "/people"):
            text = each.get(f"/plans/{world.plan_id}{path}").text.lower()
            assert "court" not in text, path
        assert "Family Court" not in each.get(f"/plans/{world.plan_id}/history", **JSON).text


def test_a_school_that_is_consulted_sees_the_draft_as_issued_and_nothing_else(world: World) -> None:
    part = next(each for each in world.actor("senco").grants if each.scope == world.plan_id)
    world.end_grants({"authority": "nmr", "person": part.person, "scope": world.plan_id})
    people.give(world.db, replace(part, relation=CONSULTED, since=now().wall))
    school, base = world.client("senco"), f"/plans/{world.plan_id}"
    world.edit("parent", "A", "people", {"words": WORDS}, "people")
    assert school.get(base).status_code == 404
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    assert WORDS in school.get(f"{base}/versions/1").text
    world.edit("parent", "A", "people", {"words": "Said after the draft"}, "people")
    for path in ("", "/sections/A", "/versions/1"):
        assert "Said after the draft" not in school.get(base + path).text
    assert school.get(f"{base}/history").status_code in (403, 404)


@pytest.mark.parametrize(
    ("key", "where", "typed", "status"),
    [
        ("parent", "consent", {"letters": ["A"]}, 422),
        ("parent", "consent", {"person": "nobody", "letters": ["A"]}, 422),
        ("parent", "consent", {"person": "advocate"}, 422),
        ("parent", "consent", {"person": "advocate", "letters": ["Z"]}, 422),
        ("parent", "consent", {"person": "advocate", "letters": ["A"], "until": "soon"}, 422),
        ("parent", "consent", {"person": "advocate", "letters": ["A"], "role": "sen_manager"}, 422),
        ("parent", "consent", {"person": "caseworker", "letters": ["A"]}, 422),
        ("parent", "consent/withdraw", {}, 422),
        ("parent", "capacity", {"person": "parent", "matter": "views", "reason": "Because"}, 403),
        ("parent", "limit", {"person": "other_parent", "letters": ["A"], "reason": "Because"}, 403),
        ("caseworker", "limit", {"person": "other_parent", "letters": ["A"], "reason": "Because"}, 403),
        ("manager", "consent", {"person": "advocate", "letters": ["A"]}, 403),
        ("manager", "limit", {"person": "other_parent", "letters": ["A"]}, 422),
        ("manager", "capacity", {"person": "parent", "matter": "everything", "reason": "Because"}, 422),
        ("manager", "capacity", {"person": "parent", "matter": "views", "reason": "Because"}, 409),
    ],
)
def test_a_form_that_does_not_fit_or_is_not_theirs_records_nothing(
    world: World, key: str, where: str, typed: dict[str, object], status: int
) -> None:
    named = {**typed, "person": world.people.get(str(typed.get("person")), "nobody")} if "person" in typed else typed
    before = world.plan()
    assert post(world, key, where, **named) == status
    assert world.plan() == before


def test_a_consent_sent_twice_is_one_and_one_that_ended_yesterday_is_none(world: World) -> None:
    browser, request_id = world.client("parent"), new_request_id()
    sent = {"request_id": request_id, "person": world.people["advocate"], "letters": ["A"]}
    before = world.plan().sequence
    statuses = [browser.post(f"{browser.base}/rights/consent", sent).status_code for _ in range(2)]
    assert statuses == [303, 303]
    assert world.plan().sequence == before + 1
    yesterday = (now().today - timedelta(days=1)).isoformat()
    assert post(world, "parent", "consent", person=world.people["advocate"], letters=["A"], until=yesterday) == 422


def test_the_chain_vouches_for_what_was_recorded(world: World) -> None:
    world.consent("parent", "advocate", "A")
    newest = world.client("parent").get(f"/plans/{world.plan_id}/history", **JSON).json
    assert newest is not None
    assert newest["entries"][0]["kind"] == "rights_recorded"
    assert world.people["advocate"] not in str(newest["entries"][0])
