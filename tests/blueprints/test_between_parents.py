"""What one parent lets another see of what they say: by choice of both, each time anew, and never told elsewhere."""

from collections.abc import Callable

import pytest

from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.operations import restrict, rights, verify
from tests.blueprints.page import Page
from tests.world import Browser, World, now

SAID = "The zebra mornings are hardest."


@pytest.fixture
def need(world: World) -> str:
    """The id of a need that the family reads, since the first draft is issued."""
    need = world.write_a_little()["need"]
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    return need


def choose(world: World, *keys: str, says: str = "yes") -> None:
    for key in keys:
        browser = world.client(key)
        assert browser.post(f"{browser.base}/openings/parents", {"shown": says}).status_code == 303


def comment(world: World, need: str, key: str = "parent", **typed: str) -> int:
    """The answer to a comment on the need's first sentence."""
    browser = world.client(key)
    sent = {"sentence": "effect:0", "revision": "1", "words": SAID, "request_id": new_request_id(), **typed}
    return browser.post(f"{browser.base}/sections/B/items/needs/{need}/comment", sent).status_code


def shown(world: World, need: str) -> str:
    """The address of a comment that the mother lets the father see."""
    choose(world, "parent", "other_parent")
    assert comment(world, need, shown="parents") == 303
    return f"/sections/B/conversations/{world.plan().conversations[-1].number}"


def status(world: World, key: str, path: str) -> int:
    browser = world.client(key)
    return browser.get(browser.base + path).status_code


def words(browser: Browser, path: str) -> str:
    return Page(browser.get(browser.base + path)).words


def offered(world: World, need: str, key: str = "parent") -> bool:
    return "Show it to" in words(world.client(key), f"/sections/B/items/needs/{need}/comment")


def test_what_a_parent_lets_another_see_says_to_whom_it_is_shown(world: World, need: str) -> None:
    page = shown(world, need)
    for key, said in (
        ("parent", "Shown to Yusuf Rahman too, as you wish."),
        ("other_parent", "Shown to another parent too, as Nadia Rahman wishes."),
        ("caseworker", "Shown to another parent too, as Nadia Rahman wishes."),
    ):
        told = words(world.client(key), page)
        assert SAID in told
        assert said in told
    father = world.client("other_parent")
    assert '"shown_to_parents":true' in father.get(father.base + page, Accept="application/json").text
    assert SAID in words(father, "/sections/B/conversations")
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]


def test_the_choice_is_offered_only_once_both_made_it(world: World, need: str) -> None:
    assert not offered(world, need)
    choose(world, "other_parent")
    assert not offered(world, need)
    choose(world, "parent")
    assert offered(world, need)
    assert "Show it to Yusuf Rahman too" in words(world.client("parent"), "/sections/B/conversations")
    assert not offered(world, need, "senco")
    choose(world, "other_parent", says="no")
    assert not offered(world, need)


def test_what_is_not_marked_is_not_shown_though_both_chose(world: World, need: str) -> None:
    choose(world, "parent", "other_parent")
    assert comment(world, need) == 303
    page = f"/sections/B/conversations/{world.plan().conversations[-1].number}"
    assert status(world, "other_parent", page) == 404
    assert "Not shown to another parent." in words(world.client("parent"), page)


def test_one_who_has_not_chosen_it_shows_nobody_anything_and_their_words_come_back(world: World, need: str) -> None:
    for alone in (("parent",), ("other_parent",)):
        choose(world, "parent", "other_parent", says="no")
        choose(world, *alone)
        browser = world.client("parent")
        sent = {"sentence": "effect:0", "revision": "1", "words": SAID, "shown": "parents"}
        path = f"{browser.base}/sections/B/items/needs/{need}/comment"
        answer = browser.post(path, {**sent, "request_id": new_request_id()})
        assert answer.status_code == 422
        assert SAID in answer.text
        assert "No other parent sees it now." in answer.text
    assert comment(world, need, "senco", shown="parents") == 422
    assert world.plan().conversations == ()


def test_taken_back_by_either_it_is_shown_no_more(world: World, need: str) -> None:
    page = shown(world, need)
    for who in ("parent", "other_parent"):
        choose(world, who, says="no")
        assert status(world, "other_parent", page) == 404
        assert status(world, "parent", page) == 200
        choose(world, who)
        assert status(world, "other_parent", page) == 200


def is_restricted(world: World) -> None:
    readers = restrict.readers_of(world.db, world.plan_id, now())
    named = tuple(each.id for each in readers if each.id != world.people["other_parent"])
    restrict.restrict(world.db, world.actor("manager"), world.plan_id, "child/school", named, "An order.", now())


def is_limited(world: World) -> None:
    person = world.people["other_parent"]
    rights.limit(world.db, world.actor("manager"), world.plan_id, person, ("F",), "A court's order.", now())


def has_left(world: World) -> None:
    world.end_grants({"authority": "nmr", "scope": world.plan_id, "person": world.people["parent"]})


@pytest.mark.parametrize("apart", [is_restricted, is_limited, has_left])
def test_once_something_keeps_them_apart_what_was_shown_is_shown_no_more(
    world: World, need: str, apart: Callable[[World], None]
) -> None:
    page = shown(world, need)
    assert status(world, "other_parent", page) == 200
    apart(world)
    other = world.client("other_parent")
    answer, absent = other.get(other.base + page), other.get(f"{other.base}/sections/B/conversations/999999")
    assert (answer.status_code, absent.status_code) == (404, 404)
    assert SAID not in other.get(f"{other.base}/sections/B/conversations").text


def test_nothing_but_the_conversation_itself_tells_another_parent_of_it(world: World, need: str) -> None:
    number = shown(world, need).rpartition("/")[2]
    other = world.client("other_parent")
    for path in ("", "/sections/B", "/history", "/sections/B/authors", f"/sections/B/items/needs/{need}/comment"):
        for accept in ("text/html", "application/json"):
            told = other.get(other.base + path, Accept=accept).text
            assert SAID not in told, path
            assert f"conversations/{number}" not in told, path
    assert SAID not in other.get("/worklist").text


def test_another_parent_reads_a_comment_and_neither_answers_nor_takes_it_back(world: World, need: str) -> None:
    page = shown(world, need)
    other = world.client("other_parent")
    sent = {"request_id": new_request_id(), "words": "Yes."}
    assert other.post(f"{other.base}{page}/reply", sent).status_code == 403
    assert other.post(f"{other.base}{page}/withdraw", {"request_id": new_request_id()}).status_code == 403


def test_who_writes_back_in_a_message_chooses_for_their_own_words(world: World, need: str) -> None:
    choose(world, "parent", "other_parent")
    mother, father = world.client("parent"), world.client("other_parent")
    start = f"{mother.base}/sections/B/conversations"
    first = {"words": SAID, "shown": "parents", "waits_for": world.people["caseworker"], "request_id": new_request_id()}
    assert mother.post(start, first).status_code == 303
    number = world.plan().conversations[-1].number
    for words_back, also in (("To the school alone.", {}), ("To you as well.", {"shown": "parents"})):
        sent = {"words": words_back, "request_id": new_request_id(), **also}
        assert father.post(f"{start}/{number}/reply", sent).status_code == 303
    told = words(mother, f"/sections/B/conversations/{number}")
    assert "To you as well." in told
    assert "To the school alone." not in told
    assert "To the school alone." in words(world.client("senco"), f"/sections/B/conversations/{number}")


def test_nobody_but_a_parent_makes_the_choice_and_the_page_says_what_it_is(world: World) -> None:
    for key, expected in (("caseworker", 403), ("senco", 403), ("stranger", 404)):
        browser = world.client(key)
        assert browser.post(f"{browser.base}/openings/parents", {"shown": "yes"}).status_code == expected
    parent = world.client("parent")
    assert "no, keep what i say to myself" not in words(parent, "/openings").lower()
    choose(world, "parent")
    assert "No, keep what I say to myself" in words(parent, "/openings")
    assert "What parents say of the plan" not in words(world.client("caseworker"), "/openings")
    assert parent.post(f"{parent.base}/openings/parents", {"shown": "perhaps"}).status_code == 422
