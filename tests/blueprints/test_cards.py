"""Cards of items, kept by what they are made from: a section put together from them is what it would be made anew."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.domain.hashing import Value
from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.operations import people, sections, sign_off
from portal.operations.sections import Submission
from tests.blueprints.page import Page
from tests.blueprints.warm import a_day_later, end_parts, remembering_nothing, says
from tests.world import CAST, Browser, World, now

LETTERS = ("A", "B", "C", "E", "F", "G")
HTMX = {"HX_Request": "true"}


def must_be_true(browser: Browser, letter: str) -> Page:
    """The section as put together from cards that are kept says what it says when each is made anew."""
    path = f"{browser.base}/sections/{letter}"
    warm = browser.get(path)
    with remembering_nothing(browser.world):
        assert (warm.status_code, says(warm)) == (200, says(browser.get(path)))
    return Page(warm)


def remove(world: World, key: str, letter: str, group: str, item: str) -> None:
    gone = Submission(letter, group, item, {}, world.plan().sections[letter].revision, remove=True)
    sections.edit(world.db, world.actor(key), world.plan_id, gone, now())


def card(page: Page, item: str) -> str:
    """All that the card of an item says."""
    return page.said_in(f"#item-{item}")[0]


@pytest.fixture
def ids(world: World) -> dict[str, str]:
    return world.write_a_little()


# A walk through a plan's life


def steps(world: World, chance: random.Random) -> list[Callable[[], object]]:
    """What may be done next, each by whoever does it."""
    plan = world.plan()
    rows = [(letter, each) for letter in "FG" for each in plan.sections[letter].content.items]
    needs = [each.id for each in plan.sections["B"].content.items]
    outcomes = [each.id for each in plan.sections["E"].content.items]
    words = f"Words {chance.randrange(10**6)}"
    writer = {"F": "caseworker", "G": "therapist"}
    found: list[Callable[[], object]] = [
        lambda: world.edit("senco", "A", "people", {"words": words, "told": "At breakfast"}, "people"),
        lambda: world.add("parent", "A", "aspirations", hope=words, whose="child"),
        lambda: world.add("caseworker", "B", "needs", area="semh", need=words, effect="Words."),
        lambda: world.add("caseworker", "E", "outcomes", what=words, needs=needs[:1]),
        lambda: sign_off.hand_over(world.db, world.actor("caseworker"), world.plan_id, "B", now()),
        lambda: world.sign("manager", "B"),
    ]
    if needs:
        need = chance.choice(needs)
        found.append(lambda: world.edit("caseworker", "B", "needs", {"need": words}, need))
        found.append(lambda: remove(world, "caseworker", "B", "needs", need))
    if rows:
        letter, row = chance.choice(rows)
        links: dict[str, Value] = {
            "needs": chance.sample(needs, min(len(needs), 1)),
            "outcomes": chance.sample(outcomes, min(len(outcomes), 2)),
        }
        amount: dict[str, Value] = {"amount": {"minutes": chance.randrange(5, 90), "how_often": "weekly"}}
        for values in (links, amount):
            found.append(
                lambda values=values: world.edit(writer[letter], letter, "provision", values, row.id)  # type: ignore[misc]
            )
        found.append(lambda: remove(world, writer[letter], letter, "provision", row.id))
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_walk_through_a_plan_every_section_is_what_it_would_be_made_anew(
    world: World, ids: dict[str, str], seed: int
) -> None:
    chance, readers = random.Random(seed), {key: world.client(key) for key in ("parent", "senco", "caseworker")}
    for _ in range(12):
        for _ in range(2):
            chance.choice(steps(world, chance))()
        for letter in chance.sample(LETTERS, 2):
            warm = {}
            for key, browser in readers.items():
                browser.get(f"{browser.base}/sections/{letter}")  # moves the reading mark, so that it then stands
                warm[key] = says(browser.get(f"{browser.base}/sections/{letter}"))
            for key, browser in readers.items():
                with remembering_nothing(world):
                    assert warm[key] == says(browser.get(f"{browser.base}/sections/{letter}")), (key, letter)


@pytest.mark.parametrize("issued", ["while written", "as a draft", "as a final"])
def test_every_section_is_for_each_of_the_cast_what_it_would_be_made_anew(world: World, issued: str) -> None:
    world.write_a_little()
    world.edit("senco", "A", "people", {"words": "My brother", "told": "At breakfast"}, "people")
    if issued == "as a draft":
        world.sign_all()
        world.issue("manager", VersionKind.DRAFT)
    if issued == "as a final":
        world.to_finalising()
        world.issue("manager", VersionKind.FINAL)
    browsers = {key: world.client(key) for key in CAST if key not in ("admin", "stranger")}
    for letter in LETTERS:
        warm = {key: browser.get(f"{browser.base}/sections/{letter}") for key, browser in browsers.items()}
        for key, browser in browsers.items():
            with remembering_nothing(world):
                cold = browser.get(f"{browser.base}/sections/{letter}")
            assert says(warm[key]) == says(cold), (key, letter)


# What a card hangs on, one thing at a time


def test_a_card_says_the_new_words_of_its_item_at_once_and_to_everybody(world: World, ids: dict[str, str]) -> None:
    readers = [world.client(key) for key in ("caseworker", "therapist")]
    for browser in readers:
        must_be_true(browser, "B")
    world.edit("caseworker", "B", "needs", {"effect": "Strangers understand one word in three."}, ids["need"])
    for browser in readers:
        assert "one word in three" in card(must_be_true(browser, "B"), ids["need"])


def test_a_card_names_what_it_is_joined_to_by_its_new_words(world: World, ids: dict[str, str]) -> None:
    browser = world.client("caseworker")
    assert "Being understood" in card(must_be_true(browser, "F"), ids["provision"])
    world.edit("caseworker", "B", "needs", {"need": "Making herself clear"}, ids["need"])
    said = card(must_be_true(browser, "F"), ids["provision"])
    assert ("Making herself clear" in said, "Being understood" in said) == (True, False)


def test_a_card_says_when_what_it_was_joined_to_is_gone(world: World, ids: dict[str, str]) -> None:
    browser = world.client("caseworker")
    must_be_true(browser, "F")
    must_be_true(browser, "E")
    remove(world, "caseworker", "B", "needs", ids["need"])
    for letter, name in (("F", "provision"), ("E", "outcome")):
        assert "No longer in the plan" in card(must_be_true(browser, letter), ids[name])
    assert "This provision is not joined to any need" in card(must_be_true(browser, "F"), ids["provision"])


def test_what_a_reader_may_not_read_is_told_from_what_is_gone_as_soon_as_it_is(
    world: World, ids: dict[str, str]
) -> None:
    world.edit("caseworker", "E", "outcomes", {"needs": sorted([ids["need"], ids["health"]])}, ids["outcome"])
    browser = world.client("senco")  # a school reads finals only of health's needs
    for _ in range(2):
        said = card(must_be_true(browser, "E"), ids["outcome"])
        assert ("and more in a part you can’t read here" in said, "No longer in the plan" in said) == (True, False)
    remove(world, "therapist", "C", "needs", ids["health"])
    said = card(must_be_true(browser, "E"), ids["outcome"])
    assert ("and more in a part you can’t read here" in said, "No longer in the plan" in said) == (False, True)


def test_a_page_to_sign_shows_what_is_signed_and_not_what_leads_to_it_however_often_the_section_was_shown(
    world: World, ids: dict[str, str]
) -> None:
    browser = world.client("manager")
    for _ in range(2):
        assert "Speech therapy" in card(must_be_true(browser, "B"), ids["need"])
        assert "Speech therapy" not in card(must_be_true(browser, "B/sign-off"), ids["need"])


def test_a_card_says_what_leads_to_it_as_soon_as_it_does(world: World, ids: dict[str, str]) -> None:
    browser = world.client("caseworker")
    assert "No provision in section F meets this need" not in card(must_be_true(browser, "B"), ids["need"])
    remove(world, "caseworker", "F", "provision", ids["provision"])
    assert "No provision in section F meets this need" in card(must_be_true(browser, "B"), ids["need"])
    world.add("caseworker", "F", "provision", what="A quiet place", needs=[ids["need"]])
    assert "A quiet place" in card(must_be_true(browser, "B"), ids["need"])


def test_the_card_of_a_reader_has_no_button_of_a_writers(world: World, ids: dict[str, str]) -> None:
    writer, reader = world.client("caseworker"), world.client("therapist")
    for _ in range(2):
        assert "Change B1" in card(must_be_true(writer, "B"), ids["need"])
        assert "Change" not in card(must_be_true(reader, "B"), ids["need"])


def test_a_right_that_is_given_or_ended_shows_on_the_card_at_once(world: World, ids: dict[str, str]) -> None:
    browser = world.client("therapist")
    must_be_true(browser, "B")
    first = next(each for each in world.actor("caseworker").grants if each.scope == world.plan_id)
    people.give(world.db, replace(first, person=world.people["therapist"]))
    assert "Change B1" in card(must_be_true(browser, "B"), ids["need"])
    end_parts(world, "therapist", "sen_caseworker")
    assert "Change" not in card(must_be_true(browser, "B"), ids["need"])
    end_parts(world, "therapist")
    assert browser.get(f"{browser.base}/sections/B").status_code == 404


def test_when_the_plan_is_issued_the_buttons_are_gone(world: World, ids: dict[str, str]) -> None:
    browser = world.client("caseworker")
    assert "Change B1" in card(must_be_true(browser, "B"), ids["need"])
    world.to_finalising()
    assert "Change B1" in card(must_be_true(browser, "B"), ids["need"])
    world.issue("manager", VersionKind.FINAL)
    assert "Change" not in card(must_be_true(browser, "B"), ids["need"])


def test_a_reader_of_finals_is_not_shown_the_card_of_a_reader_of_the_working_text(
    world: World, ids: dict[str, str]
) -> None:
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    writer, school = world.client("therapist"), world.client("senco")
    for _ in range(2):
        assert "History of C1" in card(must_be_true(writer, "C"), ids["health"])
        assert "History" not in card(must_be_true(school, "C"), ids["health"])


def test_on_another_day_a_card_names_another_day(
    world: World, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.client("caseworker")
    assert "today at" in card(must_be_true(browser, "B"), ids["need"])
    with a_day_later(monkeypatch):
        assert "yesterday at" in card(must_be_true(browser, "B"), ids["need"])
    assert "today at" in card(must_be_true(browser, "B"), ids["need"])


def test_what_is_new_to_one_reader_is_marked_on_their_card_alone(world: World, ids: dict[str, str]) -> None:
    reader, writer = world.client("therapist"), world.client("caseworker")
    for browser in (reader, writer):
        must_be_true(browser, "B")
    world.edit("caseworker", "B", "needs", {"effect": "New words."}, ids["need"])
    for _ in range(2):
        assert "Changed since you last read" in card(must_be_true(reader, "B"), ids["need"])
        assert "Changed since you last read" not in card(must_be_true(writer, "B"), ids["need"])


def test_only_the_card_that_was_just_saved_says_so_and_only_in_the_answer_to_the_save(
    world: World, ids: dict[str, str]
) -> None:
    browser = world.client("caseworker")
    world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="Words.")
    must_be_true(browser, "B")
    sent = {"revision": "2", "request_id": new_request_id(), "effect": "New words."}
    answer = browser.post(f"{browser.base}/sections/B/items/needs/{ids['need']}", sent, **HTMX)
    changed = [str(each["id"]) for each in Page(answer).soup.select(".gt-changed")]
    assert (answer.status_code, changed) == (200, [f"item-{ids['need']}"])
    assert Page(answer).soup.select("[data-focus]") != []
    again = must_be_true(browser, "B")
    assert again.soup.select(".gt-changed") == []
    assert "New words." in card(again, ids["need"])


def test_another_childs_card_is_another_card_although_it_says_the_same(world: World, hidden: World) -> None:
    pages_ = []
    for each in (world, hidden):
        each.edit("senco", "A", "people", {"words": "My brother", "told": "At breakfast"}, "people")
        pages_.append(must_be_true(each.client("senco"), "A").links())
    here, there = (f"/plans/{each.plan_id}/" for each in (world, hidden))
    assert not any(there in link for link in pages_[0])
    assert not any(here in link for link in pages_[1])


def test_what_is_kept_from_a_reader_is_on_no_card_of_theirs_although_others_were_shown_it(
    world: World, ids: dict[str, str]
) -> None:
    place = {"authority": "nmr", "_id": world.plan_id}
    items = world.plan().sections["B"].content.items
    at = next(number for number, each in enumerate(items) if each.id == ids["need"])
    only = {f"sections.B.content.items.{at}.slots.effect.a": ["northmere-icb"]}
    world.db["plans"].update_one(place, {"$set": only, "$inc": {"sequence": 1}})  # as a later product may do it
    officer, therapist, caseworker = (world.client(key) for key in ("dco", "therapist", "caseworker"))
    for _ in range(2):
        assert "short sentences" in card(must_be_true(officer, "B"), ids["need"])
        assert "short sentences" in card(must_be_true(caseworker, "B"), ids["need"])
        assert "short sentences" not in card(must_be_true(therapist, "B"), ids["need"])
