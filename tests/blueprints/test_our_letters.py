"""A council's own words for its letters: versions that stay, fill-ins from a list, and two managers at once."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.identifier import new_request_id
from portal.domain.letter_own import CONTACTS
from portal.domain.letter_template import Template
from portal.store import letter_templates as store
from tests.blueprints.page import Page
from tests.world import World

JSON = {"Accept": "application/json"}
KIND = "assessment_refused"
PARTS = {"words_opening": "Dear family,", "words_next": "# What next\n\nAsk us.", "words_closing": "Yours,"}


def newest(world: World, name: str = KIND) -> Template:
    return store.newest(world.db, "nmr", name)


def save(world: World, key: str = "manager", **said: Any) -> TestResponse:
    sent: dict[str, Any] = {"kind": KIND, "council": "nmr", "act": "save", "request_id": new_request_id(), **PARTS}
    return world.client(key).post("/our-letters/edit", {**sent, "version": newest(world).number, **said})


def test_each_save_is_a_version_of_its_own_with_its_author_and_the_earlier_ones_stay(world: World) -> None:
    before = newest(world).number
    assert save(world, words_opening="Dear Nadia and Yusuf,").status_code == 303
    assert save(world, "other_manager", words_opening="Dear both,").status_code == 303
    known = store.earlier(world.db, "nmr", KIND)
    assert [(each.number, each.by.name if each.by else "") for each in known[:2]] == [
        (before + 2, "Robert Ainsley"),
        (before + 1, "Maria Silva"),
    ]
    page = world.client("manager").get(f"/our-letters/edit?kind={KIND}&council=nmr&version={before + 1}")
    assert "Dear Nadia and Yusuf," in page.text
    assert "Dear both," in world.client("manager").get(f"/our-letters/edit?kind={KIND}").text
    assert "by Robert Ainsley" in Page(world.client("manager").get("/our-letters")).words


def test_a_form_that_changes_nothing_makes_no_version(world: World) -> None:
    save(world)
    number = newest(world).number
    assert save(world).status_code == 303
    assert newest(world).number == number


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Dear {parent},", "There is no {parent}. Choose from the list, and type it as it stands there."),
        ("By {last day to answer}.", "This letter has no {last day to answer}. Choose from the list."),
        ("Dear {child,", "A curly bracket stands alone."),
        ("Dear <b>you</b>,", "Write plain text"),
        ("<script>alert(1)</script>", "Write plain text"),
        ("Dear. " * 1000, "Shorten it to 4,000 or fewer."),
    ],
)
def test_what_a_letter_can_not_hold_is_refused_with_what_to_do_and_the_words_stay(
    world: World, words: str, said: str
) -> None:
    before = newest(world)
    answer = save(world, words_closing=words)
    assert answer.status_code == 422
    assert said in Page(answer).words
    assert 'href="#field-words_closing"' in answer.text
    assert newest(world) == before


def test_a_preview_shows_it_in_a_letter_to_nobody_and_saves_nothing(world: World) -> None:
    before = newest(world)
    answer = save(world, act="preview", words_opening="About {name of child}, by {last day to appeal}.")
    assert answer.status_code == 200
    assert "About Robin Example, by " in answer.text
    assert "Your right to appeal" in answer.text
    assert newest(world) == before


def test_two_managers_who_change_different_parts_both_keep_their_words(world: World) -> None:
    save(world)
    seen = newest(world).number
    assert save(world, version=seen, words_opening="Dear all,").status_code == 303
    assert save(world, "other_manager", version=seen, words_closing="Goodbye,").status_code == 303
    parts = newest(world).parts
    assert (parts["opening"], parts["closing"]) == ("Dear all,", "Goodbye,")


def test_two_managers_who_change_the_same_part_are_shown_both_and_nothing_is_lost(world: World) -> None:
    save(world)
    seen = newest(world).number
    save(world, version=seen, words_opening="Dear all,", words_next="Write to us.")
    answer = save(world, "other_manager", version=seen, words_opening="Dear everybody,")
    assert answer.status_code == 409
    words = Page(answer).words
    assert "Maria Silva wrote:" in words
    assert "Dear all," in words
    assert "Dear everybody," in answer.text
    assert "Write to us." in answer.text
    assert f'name="version" value="{seen + 1}"' in answer.text
    assert newest(world).parts["opening"] == "Dear all,"


def test_what_all_letters_share_must_be_written_whole(world: World) -> None:
    number = newest(world, CONTACTS).number
    sent: dict[str, Any] = {
        "kind": CONTACTS,
        "version": number,
        "words_mediation": "Northmere Mediation",
        "words_support": "",
    }
    answer = save(world, **sent)
    assert answer.status_code == 422
    assert "The law has every letter that can be appealed say it." in answer.text
    assert newest(world, CONTACTS).number == number


@pytest.mark.parametrize("key", ["caseworker", "parent", "senco", "dco", "auditor"])
def test_nobody_but_an_sen_manager_of_the_whole_council_edits_them(world: World, key: str) -> None:
    browser = world.client(key)
    assert browser.get("/our-letters").status_code == 403
    assert browser.get(f"/our-letters/edit?kind={KIND}&council=nmr").status_code == 403
    assert save(world, key).status_code == 403
    for wrong in ({"words_elsewhere": "x"}, {"secret": "y"}):  # nobody else's form is judged, nor given back with words
        assert save(world, key, **wrong).status_code == 403
    assert "/our-letters" not in browser.get("/worklist").text


def test_another_councils_letters_are_not_there(world: World) -> None:
    browser = world.client("manager")
    assert browser.get(f"/our-letters/edit?kind={KIND}&council=sfl").status_code == 404
    assert save(world, council="sfl").status_code == 404
    assert "/our-letters" in browser.get("/worklist").text
    said = browser.get("/our-letters", **JSON).json
    assert said is not None
    assert list(said["councils"]) == ["nmr"]
