"""Words are kept as they are typed: of any item, half typed or wrong, for their author and for nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.standard import FieldKind
from portal.domain.state import VersionKind
from portal.operations import drafts as operations
from portal.store import drafts
from portal.store.drafts import Draft
from tests.blueprints.page import Page, bytes_of
from tests.world import CAST, Browser, World, now

HERE = "sections/A/items/people/people"
CANARY = "Biscuit slept on the canary-yellow rug."
MARK = b"canary-yellow"
JSON = {"Accept": "application/json"}


def kept(world: World, key: str = "parent") -> list[Draft]:
    return drafts.of_person(world.db, world.people[key], world.plan_id)


def type_in(browser: Browser, place: str = HERE, **typed: Any) -> int:
    return browser.post(f"{browser.base}/{place}/draft", {"revision": "0", **typed}, **JSON).status_code


def test_what_is_typed_is_kept_without_a_change_to_the_plan_and_stands_in_the_form_again(world: World) -> None:
    browser = world.client("parent")
    before = world.plan()
    assert type_in(browser, words=CANARY, typed_in="words") == 200
    assert world.plan() == before
    assert [(each.fields["words"], each.typed_in) for each in kept(world)] == [([CANARY], "words")]
    assert Page(browser.get(f"{browser.base}/{HERE}")).form("Save").fields["words"] == [CANARY]


def test_every_form_of_every_section_says_where_its_words_are_kept(world: World) -> None:
    ids = world.write_a_little()
    writers = {"B": "caseworker", "C": "therapist", "D": "social_worker", "E": "caseworker", "F": "caseworker"}
    writers |= {"A": "parent", "G": "therapist", "H1": "social_worker", "H2": "social_worker", "K": "caseworker"}
    assert ids
    for letter, key in writers.items():
        browser = world.client(key)
        for group in world.plan().standard.section(letter).groups:
            if any(each.kind is FieldKind.FILE for each in group.fields):
                continue  # a file that is being chosen is nobody's words yet (tests/blueprints/test_media.py)
            found = world.plan().sections[letter].content.in_group(group.name)
            item = "new" if group.repeats else found[0].id
            page = Page(browser.get(f"{browser.base}/sections/{letter}/items/{group.name}/{item}"))
            (form,) = page.soup.select("form[data-draft]")
            field = group.fields[0].name
            sent = {"csrf_token": browser.token, "revision": "0", field: "half"}
            assert browser.http.post(str(form["data-draft"]), data=sent).status_code == 200, (letter, group.name)


def test_what_is_wrong_or_missing_as_yet_is_kept_as_it_was_typed(world: World) -> None:
    browser = world.client("caseworker")
    typed = {"amount.minutes": "forty", "where": "  In class\n", "needs": ["", "half"], "what": ""}
    assert type_in(browser, "sections/F/items/provision/new", **typed) == 200
    (draft,) = kept(world, "caseworker")
    told = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    assert draft.fields == told


@pytest.mark.parametrize("typed", [{"other": "x"}, {"words": ["a", "b"]}, {"typed_in": "other"}, {"revision": "x"}])
def test_a_form_with_a_part_that_does_not_belong_to_it_is_not_kept(world: World, typed: dict[str, Any]) -> None:
    assert type_in(world.client("parent"), **{"words": CANARY, **typed}) == 422
    assert kept(world) == []


def test_words_that_were_taken_back_leave_nothing_to_keep(world: World) -> None:
    browser = world.client("parent")
    world.edit("parent", "A", "people", {"words": "Saved.\nTwice."}, "people")
    assert type_in(browser, words="Saved.\nTwice. And more") == 200
    assert type_in(browser, words="Saved.\r\nTwice.") == 200
    assert kept(world) == []


def test_a_page_that_asks_again_at_once_is_asked_to_wait_and_loses_nothing_that_was_kept(world: World) -> None:
    browser = world.client("parent")
    shortly = Draft(world.plan_id, "A", "people", "people", {"words": ["First"]}, 0, now().wall + timedelta(seconds=30))
    drafts.keep(world.db, world.people["parent"], shortly)
    with pytest.raises(operations.TooSoon):
        operations.keep(world.db, world.actor("parent"), shortly, shortly)
    assert [each.fields["words"] for each in kept(world)] == [["First"]]
    assert type_in(browser, words="Much later") == 200  # a clock that went back holds nobody up


def test_after_the_session_ended_words_are_kept_for_whoever_typed_them_and_the_page_is_told(world: World) -> None:
    browser = world.client("parent")
    browser.http.delete_cookie("golden_thread_session")
    assert type_in(browser, words=CANARY) == 401
    assert [each.fields["words"] for each in kept(world)] == [[CANARY]]


@pytest.mark.parametrize("place", [HERE, "answer"])
def test_a_stranger_is_told_the_same_bytes_as_for_a_plan_that_is_not_there(world: World, place: str) -> None:
    browser = world.client("stranger")
    plans = (world.plan_id, "nmr-0000000000000000")
    real, unreal = (browser.post(f"/plans/{plan}/{place}/draft", {"words": CANARY}) for plan in plans)
    assert (real.status_code, unreal.status_code) == (404, 404)
    assert bytes_of(real) == bytes_of(unreal)
    assert kept(world, "stranger") == []


def test_a_reader_and_an_item_that_is_not_there_are_refused(world: World) -> None:
    assert type_in(world.client("manager"), words=CANARY) == 403
    assert type_in(world.client("parent"), "sections/A/items/people/0000000000000000", words=CANARY) == 404
    assert type_in(world.client("caseworker"), "answer", words=CANARY) == 403
    assert kept(world, "manager") == kept(world, "parent") == kept(world, "caseworker") == []


def _addresses(world: World) -> Iterator[str]:
    """Every address that can be asked for, with the parts that lead to the kept words where it has any."""
    known = {"plan_id": world.plan_id, "letter": "A", "group": "people", "item": "people"}
    known |= {"slug": "families", "token": "nmr-x", "filename": "favicon.svg"}
    adapter = world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            yield adapter.build(rule.endpoint, {name: known.get(name, 1) for name in rule.arguments})


def test_no_address_shows_somebodys_unsent_words_to_anybody_else(world: World) -> None:
    assert type_in(world.client("parent"), words=CANARY) == 200
    own = world.client("parent")
    shown = {path for path in _addresses(world) if MARK in own.get(path).data}
    assert shown == {f"{own.base}/{HERE}"}
    for key in set(CAST) - {"parent"}:
        browser = world.client(key)
        for path in _addresses(world):
            for headers in ({}, JSON) if "/sections/A" in path else ({},):
                assert MARK not in browser.get(path, **headers).data, (key, path)


def test_the_familys_answer_is_kept_as_it_is_typed_and_led_to_from_the_plan(world: World) -> None:
    world.issue("manager", VersionKind.DRAFT, A="Not asked yet.")
    browser = world.client("parent")
    assert type_in(browser, "answer", words=CANARY) == 422  # an answer has no revision
    answer = browser.post(f"{browser.base}/answer/draft", {"words": CANARY, "typed_in": "words"}, **JSON)
    assert answer.status_code == 200
    assert f"{browser.base}/answer" in Page(browser.get(browser.base)).links()
    page = Page(browser.get(f"{browser.base}/answer"))
    assert page.form("Send to the council").fields["words"] == [CANARY]
    assert world.plan().answers == ()


def test_the_newest_words_of_a_plan_one_may_still_open_are_where_one_goes_on(world: World) -> None:
    person, actor = world.people["parent"], world.actor("parent")
    first = Draft(world.plan_id, "A", "people", "people", {"words": ["1"]}, 0, now().wall)
    newer = Draft(world.plan_id, "A", "history", "history", {"words": ["2"]}, 0, now().wall + timedelta(seconds=1))
    elsewhere = Draft("nmr-0000000000000000", "A", "people", "", {}, 0, now().wall + timedelta(seconds=2))
    for each in (newer, first, elsewhere):
        drafts.keep(world.db, person, each)
    found = operations.newest(world.db, actor)
    assert found == newer
    assert operations.may_go_on(world.db, actor, newer)
    closed = Draft(world.plan_id, "B", "needs", "", {"need": ["3"]}, 0, now().wall)
    assert not operations.may_go_on(world.db, actor, closed)
    answer = Draft(world.plan_id, "", "answer", "", {"words": ["4"]}, 0, now().wall)
    assert not operations.may_go_on(world.db, actor, answer)
    world.end_grants({"authority": "nmr", "person": person, "scope": world.plan_id})
    left = operations.newest(world.db, world.actor("parent"))
    assert left is None or left.plan != world.plan_id
