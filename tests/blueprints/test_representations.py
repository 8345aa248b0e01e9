"""Representations over HTTP: the family makes points, the council answers each, and a final passes over none unsaid."""

import pytest

from portal.domain.contact import Contact, Way
from portal.domain.identifier import new_request_id
from portal.domain.state import PlanState, VersionKind
from portal.operations import notices as operations
from portal.operations import plans, verify
from portal.store import contacts, notices
from tests.blueprints.page import Page
from tests.world import World, now

JSON = {"Accept": "application/json"}
WORDS = "Speech therapy should be every week, not when possible."


@pytest.fixture
def drafted(world: World) -> World:
    """A draft is with the family."""
    world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    return world


def say(world: World, key: str = "parent", **sent: str) -> int:
    browser = world.client(key)
    form = {"about": "F", "words": WORDS, "request_id": new_request_id(), **sent}
    return browser.post(f"{browser.base}/representations/new", form).status_code


def answer(world: World, number: int, key: str = "caseworker", **sent: str) -> int:
    browser = world.client(key)
    form = {"accepted": "no", "words": "The therapist advised a block of six weeks.", **sent}
    return browser.post(f"{browser.base}/representations/{number}", form).status_code


def test_a_parent_makes_a_point_and_reads_the_council_s_answer_beside_it(drafted: World) -> None:
    browser = drafted.client("parent")
    form = Page(browser.get(f"{browser.base}/representations/new")).form("Send this point")
    sent = browser.post(form.action, form.filled(about="F", words=WORDS))
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{browser.base}/answer")
    page = Page(browser.get(f"{browser.base}/answer")).words
    assert WORDS in page
    assert "Not answered yet" in page
    (point,) = drafted.plan().representations
    assert (point.about, point.person, point.is_open) == ("F", drafted.people["parent"], True)
    council = drafted.client("caseworker")
    assert "Answer what the family said of the draft." in Page(council.get(council.base)).words
    assert WORDS in Page(council.get(f"{council.base}/representations")).words
    assert answer(drafted, point.number) == 303
    page = Page(browser.get(f"{browser.base}/answer")).words
    assert "The therapist advised a block of six weeks." in page
    assert "Not changed" in page
    assert "Answer what the family said of the draft." not in Page(council.get(council.base)).words


def test_what_one_parent_says_is_not_shown_to_the_other_nor_to_anybody_but_the_council(drafted: World) -> None:
    say(drafted)
    answer(drafted, drafted.plan().sequence)
    for key in ("other_parent", "senco", "dco", "social_worker", "auditor"):
        browser = drafted.client(key)
        for path in ("", "/answer", "/history", "/representations", "/consultations", "/redress", "/case", "/issue"):
            for headers in ({}, JSON):
                text = browser.get(browser.base + path, **headers).text
                assert WORDS not in text, (key, path)
                assert "block of six weeks" not in text, (key, path)


def test_another_parent_finds_no_entry_of_a_point_or_its_answer(drafted: World) -> None:
    say(drafted, about="school", school="Hollowbrook College")
    point = drafted.plan().sequence
    answer(drafted, point)
    kinds = {}
    for key in ("parent", "other_parent"):
        browser = drafted.client(key)
        found = browser.get(f"{browser.base}/history", **JSON).json
        assert found is not None
        kinds[key] = {each["kind"] for each in found["entries"] if each["kind"].startswith("representation_")}
        then = [browser.get(f"{browser.base}/as-at/{each}").status_code for each in (point, point + 1)]
        assert then == ([200, 200] if key == "parent" else [404, 404])
    assert kinds == {"parent": {"representation_made", "representation_answered"}, "other_parent": set()}


@pytest.mark.parametrize(
    ("key", "status"), [("stranger", 404), ("senco", 403), ("caseworker", 403), ("advocate", 403), ("auditor", 403)]
)
def test_the_family_alone_makes_points(drafted: World, key: str, status: int) -> None:
    assert say(drafted, key) == status
    assert drafted.plan().representations == ()


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 403), ("dco", 403), ("auditor", 403)])
def test_the_council_alone_answers_and_writes_down(drafted: World, key: str, status: int) -> None:
    say(drafted)
    before, browser = drafted.plan(), drafted.client(key)
    assert answer(drafted, before.sequence, key) == status
    down = {"about": "F", "words": WORDS, "person": drafted.people["parent"]}
    assert browser.post(f"{browser.base}/representations", down).status_code == status
    assert browser.get(f"{browser.base}/representations").status_code == status
    assert drafted.plan() == before


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"about": ""}, "about"),
        ({"about": "Z"}, "about"),
        ({"words": " "}, "words"),
        ({"about": "school"}, "school"),
        ({"more": "x"}, "form"),
    ],
)
def test_a_point_that_does_not_fit_comes_back_with_what_to_do(drafted: World, sent: dict[str, str], field: str) -> None:
    browser = drafted.client("parent")
    found = browser.post(f"{browser.base}/representations/new", {"about": "F", "words": WORDS, **sent})
    assert found.status_code == 422
    assert f'href="#field-{field}"' in found.text
    assert drafted.plan().representations == ()


def test_a_point_is_answered_once_and_a_form_sent_twice_says_one_thing(drafted: World) -> None:
    again = new_request_id()
    assert [say(drafted, request_id=again) for _ in range(2)] == [303, 303]
    (point,) = drafted.plan().representations
    assert answer(drafted, point.number, words=" ") == 422
    assert answer(drafted, point.number) == 303
    assert answer(drafted, point.number) == 409
    assert answer(drafted, 1) == 404


def test_the_council_writes_down_what_came_by_phone_and_whoever_said_it_reads_it_with_the_answer(
    drafted: World,
) -> None:
    browser = drafted.client("caseworker")
    form = {"about": "school", "school": "Oak Lane School", "words": "She wants Oak Lane."}
    path = f"{browser.base}/representations"
    assert browser.post(path, {**form, "person": drafted.people["dco"]}).status_code == 422
    assert browser.post(path, {**form, "person": drafted.people["parent"]}).status_code == 303
    page = Page(drafted.client("parent").get(f"{browser.base}/answer")).words
    assert "Asks for: Oak Lane School" in page
    assert "written down by Chris Doyle" in page
    assert "Oak Lane" not in drafted.client("other_parent").get(f"{browser.base}/answer").text


def test_a_final_over_an_unanswered_point_needs_a_reason_that_the_family_s_copy_carries(drafted: World) -> None:
    plans.answer(drafted.db, drafted.actor("parent"), drafted.plan_id, "See our points.", now())
    plans.begin_finalising(drafted.db, drafted.actor("caseworker"), drafted.plan_id, now())
    drafted.edit("caseworker", "I", "placement", {"name": "Elm Road Primary School"}, "placement")
    assert say(drafted) == 303  # late, and heard
    assert say(drafted, about="meeting") == 303
    browser = drafted.client("manager")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert "2 of 2 points not answered" in page.words
    form = page.form("Issue the final plan")
    assert [each for each in form.fields if each.startswith("reason.")] == ["reason.A", "reason.F"]
    assert browser.post(form.action, form.fields).status_code == 422
    for each in drafted.plan().representations:
        if each.about == "meeting":
            answer(drafted, each.number, accepted="yes", words="We met on Tuesday.")
    form = Page(browser.get(f"{browser.base}/issue")).form("Issue the final plan")
    sent = browser.post(form.action, form.filled(**{"reason.F": "The law’s last day is today."}))
    assert sent.status_code == 303
    family = drafted.client("parent")
    assert "The law’s last day is today." in Page(family.get(sent.headers["Location"])).words
    assert drafted.plan().state is PlanState.FINAL
    assert say(drafted) == 409


def test_whoever_made_a_point_is_told_of_its_answer_and_the_chain_vouches_for_both(drafted: World) -> None:
    reached = Contact(first=Way.EMAIL, email="nadia@example.org")
    contacts.keep(drafted.db, drafted.people["parent"], reached)
    say(drafted)
    answer(drafted, drafted.plan().sequence)
    while operations.spread(drafted.db, "nmr", now()):
        continue
    kinds = [each.kind.value for each in notices.of_a_plan(drafted.db, drafted.plan_id, drafted.people["parent"])]
    assert "answered" in kinds
    assert "answered" not in [
        each.kind.value for each in notices.of_a_plan(drafted.db, drafted.plan_id, drafted.people["other_parent"])
    ]
    assert [each.problems for each in verify.plans(drafted.db, "nmr", drafted.plan_id)] == [[]]
    drafted.db["plans"].update_one(
        {"authority": "nmr", "_id": drafted.plan_id}, {"$set": {"representations.0.answer": 0}}
    )
    (found,) = verify.plans(drafted.db, "nmr", drafted.plan_id)
    assert found.problems == [
        "the plan: what the family and schools said, or the tribunal ordered, is not as the chain says"
    ]
