"""Identifiers: long enough to be nobody's guess, readable aloud, and telling nothing but where a plan is kept."""

from collections.abc import Callable

import pytest

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.identifier import (
    ALPHABET,
    ITEM_ID,
    PLAN_ID,
    REQUEST_ID,
    authority_of,
    new_item_id,
    new_person_id,
    new_plan_id,
    new_request_id,
)

MAKERS: list[Callable[[], str]] = [new_item_id, new_person_id, new_request_id, lambda: new_plan_id("nmr")]


@pytest.mark.parametrize("make", MAKERS)
def test_no_two_are_the_same(make: Callable[[], str]) -> None:
    assert len({make() for _ in range(1_000)}) == 1_000


def test_each_has_the_form_that_its_address_asks_for() -> None:
    for _ in range(100):
        assert PLAN_ID.fullmatch(new_plan_id("nmr"))
        assert ITEM_ID.fullmatch(new_item_id())
        assert REQUEST_ID.fullmatch(new_request_id())
        assert set(new_person_id()) <= set(ALPHABET)


def test_no_letter_is_taken_for_another_when_an_id_is_read_aloud() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ilou") & set(ALPHABET)


def test_a_plans_id_has_eighty_random_bits_and_begins_with_its_authority() -> None:
    plan_id = new_plan_id("nmr")
    assert authority_of(plan_id) == "nmr"
    assert len(plan_id.removeprefix("nmr-")) * 5 == 80


@pytest.mark.parametrize(
    "text", ["", "nmr", "NMR-0123456789abcdef", "nmr-0123456789abcde", "nmr-0123456789abcdeu", "../etc"]
)
def test_what_is_not_a_plans_id_is_not_taken_for_one(text: str) -> None:
    assert not PLAN_ID.fullmatch(text)


@pytest.mark.parametrize("text", ["", "a/b", "A-B", "$where", "a.b", "new item", "0123456789a", "-people", "\n"])
def test_what_is_not_an_items_id_is_not_taken_for_one(text: str) -> None:
    assert not ITEM_ID.fullmatch(text)


def test_no_fixed_item_has_a_name_that_could_be_made_at_random() -> None:
    names = {group.name for section in EHC_PLAN.sections for group in section.groups if not group.repeats}
    assert not [each for each in names if len(each) == len(new_item_id()) and set(each) <= set(ALPHABET)]
    assert "new" not in names
