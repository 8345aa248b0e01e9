"""A pruned tree: the same root, the words that are shown, and of everything else not even whether it is there."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.content import Content, Slot, blank_item, content_hash, leaves, new_salt
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.receipt import pruned
from portal.receipt.hashes import tree_of

SECTION = EHC_PLAN.section("F")
GROUP = SECTION.groups[0]
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """A section with a few items of which some fields say something."""
    content = Content()
    for number in range(draw(st.integers(0, 5))):
        item = blank_item(GROUP, f"item{number:06}")
        slots = {
            name: replace(slot, value=draw(WORDS) if slot.value == "" else slot.value)
            for name, slot in item.slots.items()
        }
        content = content.with_item(replace(item, slots=slots))
    return content


def shown_in(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    elif not isinstance(tree, str):
        for each in tree:
            yield from shown_in(each)


def root(tree: Any) -> str:
    return tree_of(json.loads(json.dumps(tree)), [])


def without_values(content: Content) -> Content:
    """As a reader is given a section of which everything is kept from them."""
    items = (
        replace(each, slots={name: replace(slot, value="") for name, slot in each.slots.items()})
        for each in content.items
    )
    return replace(content, items=tuple(items))


@given(contents())
def test_the_root_is_that_of_the_revision_whatever_is_shown(content: Content) -> None:
    for shown in ([content], [], [without_values(content)], [replace(content, items=content.items[::2])]):
        assert root(pruned("F", content, shown)) == content_hash("F", content).hex()


@given(contents())
def test_every_word_that_is_shown_is_there_with_its_place(content: Content) -> None:
    found = {each["address"]: each["value"] for each in shown_in(pruned("F", content, [content]))}
    for item in content.items:
        for name, slot in item.slots.items():
            assert found.get(f"F/{item.id}/{name}", "") == (slot.value or "")
        assert (f"F/{item.id}" in found) is not item.is_empty


@given(contents(), st.data())
def test_a_value_kept_back_gives_the_very_tree_of_an_empty_one_but_for_hashes(
    content: Content, data: st.DataObject
) -> None:
    """The same shape: nobody can tell from it whether a field is empty or kept from them."""
    kept = data.draw(st.sets(st.sampled_from([address for address, _ in leaves("F", content)] or [""])))

    def blanked(empty: bool) -> Any:
        items = []
        for item in content.items:
            slots = {}
            for name, slot in item.slots.items():
                hidden = f"F/{item.id}/{name}" in kept
                slots[name] = Slot("", slot.salt) if hidden else slot
            items.append(replace(item, slots=slots))
        shown = replace(content, items=tuple(items))
        return pruned("F", shown if empty else content, [shown])

    def shape(tree: Any) -> Any:
        return "hash" if isinstance(tree, str) else tree if isinstance(tree, dict) else [shape(each) for each in tree]

    assert shape(blanked(empty=True)) == shape(blanked(empty=False))


@given(contents())
def test_no_salt_of_anything_empty_or_kept_back_is_given(content: Content) -> None:
    text = json.dumps(pruned("F", content, [content]))
    for item in content.items:
        for slot in item.slots.values():
            assert (slot.salt.hex() in text) is bool(slot.value)
    assert not list(shown_in(pruned("F", content, [without_values(content)])))


def test_a_redacted_field_is_a_hash_like_any_that_is_empty() -> None:
    item = blank_item(GROUP, "item000001")
    filled = replace(item, slots={**item.slots, "what": Slot("Speech therapy", new_salt())})
    content = Content().with_item(filled)
    leaf = dict(leaves("F", content))["F/item000001/what"]
    gone = replace(content.items[0], slots={**filled.slots, "what": Slot("", b"", (), leaf)})
    redacted = replace(content, items=(gone,))
    tree = pruned("F", redacted, [redacted])
    assert root(tree) == content_hash("F", content).hex()
    assert not list(shown_in(tree))
