"""A section's content: its hash holds every word, its order and its numbers; nothing of a blank section is missing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.content import (
    Content,
    Item,
    Slot,
    blank_content,
    blank_item,
    content_hash,
    empty_value,
    leaves,
    new_salt,
)
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.hashing import SALT_BYTES, Value, merkle_root
from portal.domain.standard import FieldKind
from tests.factories import item, mark, modest

NEEDS = EHC_PLAN.section("B").group("needs")
PROVISION = EHC_PLAN.section("F").group("provision")
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def three() -> Content:
    made = Content()
    for name in ("one", "two", "three"):
        made = made.with_item(item(NEEDS, name, need=f"Need {name}"))
    return made


def with_slot(content: Content, which: int, name: str, **changes: object) -> Content:
    found = content.items[which]
    slot = replace(found.slots[name], **changes)  # type: ignore[arg-type]
    return with_item_at(content, which, replace(found, slots={**found.slots, name: slot}))


def with_item_at(content: Content, which: int, made: Item) -> Content:
    return replace(content, items=(*content.items[:which], made, *content.items[which + 1 :]))


WHICH = st.integers(0, 2)
NAMES = st.sampled_from([each.name for each in NEEDS.fields])


@modest
@given(WHICH, NAMES, WORDS)
def test_the_hash_changes_with_any_value_and_with_nothing_less(which: int, name: str, value: str) -> None:
    content = three()
    same = content.items[which].value(name) == value
    assert (content_hash("B", with_slot(content, which, name, value=value)) == content_hash("B", content)) == same


CHANGES: dict[str, Callable[[Content], Content]] = {
    "a field's audience": lambda content: with_slot(content, 1, "need", audience=("parent",)),
    "a field's salt": lambda content: with_slot(content, 1, "need", salt=new_salt()),
    "an item's audience": lambda content: with_item_at(content, 1, replace(content.items[1], audience=("parent",))),
    "an item's number": lambda content: with_item_at(content, 1, replace(content.items[1], number=9)),
    "an item's owner": lambda content: with_item_at(content, 1, replace(content.items[1], owner="parent")),
    "an item's group": lambda content: with_item_at(content, 1, replace(content.items[1], group="other")),
    "an item's id": lambda content: with_item_at(content, 1, replace(content.items[1], id="other")),
    "the order": lambda content: replace(content, items=content.items[::-1]),
    "an item less": lambda content: content.without("two"),
    "an item more": lambda content: content.with_item(item(NEEDS, "four")),
    "a field less": lambda content: with_item_at(
        content, 1, replace(content.items[1], slots=dict(list(content.items[1].slots.items())[1:]))
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_hash_changes_with(what: str) -> None:
    content = three()
    assert content_hash("B", CHANGES[what](content)) != content_hash("B", content)


def test_the_hash_does_not_change_with_who_changed_an_item_and_when() -> None:
    content = three()
    told = with_item_at(content, 1, replace(content.items[1], changed=mark(), revision=7))
    assert content_hash("B", told) == content_hash("B", content)
    assert content_hash("B", replace(content, given={"needs": 12})) == content_hash("B", content)


def test_the_hash_does_not_depend_on_the_order_in_which_a_store_gives_the_fields_back() -> None:
    content = three()
    turned = with_item_at(content, 1, replace(content.items[1], slots=dict(list(content.items[1].slots.items())[::-1])))
    assert content_hash("B", turned) == content_hash("B", content)


def test_the_same_words_in_another_section_have_another_hash() -> None:
    assert content_hash("B", three()) != content_hash("C", three())


@modest
@given(st.permutations([0, 1, 2]))
def test_only_the_same_order_has_the_same_hash(order: list[int]) -> None:
    content = three()
    turned = replace(content, items=tuple(content.items[each] for each in order))
    assert (content_hash("B", turned) == content_hash("B", content)) == (order == [0, 1, 2])


def test_every_field_and_every_place_has_one_leaf_and_the_hash_is_the_root_over_them() -> None:
    found = list(leaves("B", three()))
    addresses = [address for address, _ in found]
    assert len(set(addresses)) == len(addresses) == 3 * (1 + len(NEEDS.fields))
    assert "B/two/need" in addresses
    assert content_hash("B", three()) != content_hash("B", three())  # other salts
    assert merkle_root([leaf for _, leaf in sorted(found)]) != merkle_root([])


@pytest.mark.parametrize("letter", EHC_PLAN.letters)
def test_a_blank_section_has_every_slot_of_what_does_not_repeat_and_each_is_empty(letter: str) -> None:
    standard = EHC_PLAN.section(letter)
    content = blank_content(standard)
    assert content.is_empty
    fixed = [group for group in standard.groups if not group.repeats]
    assert [each.id for each in content.items] == [group.name for group in fixed]
    for group in fixed:
        blank = content.in_group(group.name)[0]
        assert {name: slot.value for name, slot in blank.slots.items()} == {
            each.name: empty_value(each.kind) for each in group.fields
        }
        assert blank.is_empty


def test_every_slot_has_a_salt_of_its_own() -> None:
    salts = [slot.salt for _ in range(20) for slot in blank_item(PROVISION, "row").slots.values()]
    assert len(set(salts)) == len(salts)
    assert {len(each) for each in salts} == {SALT_BYTES}


@pytest.mark.parametrize("kind", FieldKind)
def test_an_empty_value_is_empty_and_never_null(kind: FieldKind) -> None:
    assert not empty_value(kind)
    assert empty_value(kind) is not None


def test_an_item_with_one_word_anywhere_is_not_empty() -> None:
    for field in PROVISION.fields:
        others: dict[FieldKind, Value] = {FieldKind.LINKS: ["one"], FieldKind.AMOUNT: {"minutes": 45}}
        value = others.get(field.kind, "words")
        made = blank_item(PROVISION, "row")
        assert not replace(made, slots={**made.slots, field.name: Slot(value, new_salt())}).is_empty


@modest
@given(st.lists(st.one_of(st.just("add"), st.integers(0, 9)), max_size=25))
def test_a_number_is_given_once_whatever_is_removed(steps: list[str | int]) -> None:
    content, given = Content(), []
    for at, step in enumerate(steps):
        if isinstance(step, int):
            content = content.without(f"item{step}")
        else:
            content = content.with_item(item(NEEDS, f"item{at}"))
            given.append(content.items[-1].number)
    assert given == list(range(1, len(given) + 1))


def test_an_item_put_in_place_keeps_its_number_and_its_place() -> None:
    content = three()
    changed = content.with_item(replace(content.items[1], owner="parent"))
    assert [(each.id, each.number) for each in changed.items] == [("one", 1), ("two", 2), ("three", 3)]


def test_each_group_counts_for_itself() -> None:
    about = EHC_PLAN.section("A")
    content = Content()
    for name in ("aspirations", "parent-views", "aspirations"):
        content = content.with_item(item(about.group(name), f"{name}-{len(content.items)}"))
    assert [each.number for each in content.items] == [1, 1, 2]


def test_a_value_of_another_kind_reads_as_empty() -> None:
    row = item(PROVISION, "row", what="Therapy", needs=["one"], amount={"minutes": 45})
    assert (row.text("needs"), row.links("what"), row.amount("what"), row.value("nothing")) == ("", (), {}, "")
    assert (row.text("what"), row.links("needs"), row.amount("amount")) == ("Therapy", ("one",), {"minutes": "45"})
