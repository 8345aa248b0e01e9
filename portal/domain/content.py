"""What one section holds at one revision: items of salted fields, each with an address, and the hash over them all."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from portal.domain import hashing
from portal.domain.hashing import Value
from portal.domain.standard import FieldKind, Group, SectionStandard


@dataclass(frozen=True)
class Mark:
    """Who did a thing, for which agency, when (product time, UTC)."""

    person: str
    name: str
    agency: str
    at: datetime


@dataclass(frozen=True)
class Slot:
    """One field's value, the salt of its leaf, and the ids it is kept for (nobody named: all who have the right)."""

    value: Value
    salt: bytes
    audience: tuple[str, ...] = ()
    leaf: bytes = b""  # kept when value and salt were lawfully removed, so that the root still verifies
    # Whoever wrote words that are hidden from them goes on seeing their own: else they would learn what is hidden.
    writer: str = ""


@dataclass(frozen=True)
class Item:
    """One need, outcome, provision row, hope or heading. `number` is printed, given once and never used again."""

    id: str
    group: str
    slots: Mapping[str, Slot]
    salt: bytes
    number: int = 0
    owner: str = ""
    audience: tuple[str, ...] = ()
    changed: Mark | None = None
    revision: int = 0  # the section's revision in which it last changed

    @cached_property
    def made(self) -> dict[str, Any]:
        """What was made of this item, to be made once: an item never changes, a changed one is another."""
        return {}

    def value(self, name: str) -> Value:
        slot = self.slots.get(name)
        return slot.value if slot else ""

    def text(self, name: str) -> str:
        value = self.value(name)
        return value if isinstance(value, str) else ""

    def links(self, name: str) -> tuple[str, ...]:
        value = self.value(name)
        return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()

    def amount(self, name: str) -> dict[str, str]:
        value = self.value(name)
        return {key: str(part) for key, part in value.items()} if isinstance(value, Mapping) else {}

    @property
    def is_empty(self) -> bool:
        return not any(slot.value for slot in self.slots.values())


@dataclass(frozen=True)
class Content:
    """Items in the order of the page. `given` holds the last number given in each group."""

    items: tuple[Item, ...] = ()
    given: Mapping[str, int] = field(default_factory=dict)

    def item(self, item_id: str) -> Item | None:
        return next((each for each in self.items if each.id == item_id), None)

    def in_group(self, name: str) -> tuple[Item, ...]:
        return tuple(each for each in self.items if each.group == name)

    @property
    def is_empty(self) -> bool:
        return all(each.is_empty for each in self.items)

    def with_item(self, item: Item) -> "Content":
        """The content with that item put in place, or added at the end of its group with the next number."""
        if self.item(item.id):
            return replace(self, items=tuple(item if each.id == item.id else each for each in self.items))
        number = self.given.get(item.group, 0) + 1
        numbered = replace(item, number=number)
        return Content((*self.items, numbered), {**self.given, item.group: number})

    def without(self, item_id: str) -> "Content":
        return replace(self, items=tuple(each for each in self.items if each.id != item_id))


def new_salt() -> bytes:
    return secrets.token_bytes(hashing.SALT_BYTES)


def empty_value(kind: FieldKind) -> Value:
    """Every slot exists from the start, filled or not: a withheld one must look like an empty one."""
    if kind is FieldKind.LINKS:
        return []
    return {} if kind in (FieldKind.AMOUNT, FieldKind.FILE) else ""


def blank_item(group: Group, item_id: str, owner: str = "") -> Item:
    slots = {each.name: Slot(empty_value(each.kind), new_salt()) for each in group.fields}
    return Item(item_id, group.name, slots, new_salt(), owner=owner)


def blank_content(section: SectionStandard) -> Content:
    """A section as a new plan has it: each group that doesn't repeat holds its one empty item."""
    return Content(tuple(blank_item(group, group.name) for group in section.groups if not group.repeats))


def leaves(letter: str, content: Content) -> Iterator[tuple[str, bytes]]:
    """(address, leaf hash) of every field, and of each item's own place: its group, number, owner and position."""
    for position, item in enumerate(content.items):
        place: Value = {"group": item.group, "number": item.number, "owner": item.owner, "position": position}
        address = f"{letter}/{item.id}"
        yield address, hashing.leaf(address, place, item.audience, item.salt)
        yield from _field_leaves(item, address)


def _field_leaves(item: Item, address: str) -> tuple[tuple[str, bytes], ...]:
    if address not in item.made:
        item.made[address] = tuple(
            (f"{address}/{name}", slot.leaf or hashing.leaf(f"{address}/{name}", slot.value, slot.audience, slot.salt))
            for name, slot in item.slots.items()
        )
    found: tuple[tuple[str, bytes], ...] = item.made[address]
    return found


def content_hash(letter: str, content: Content) -> bytes:
    """The hash of a section's revision: the Merkle root over its leaves, in the order of their addresses."""
    return hashing.merkle_root([leaf for _, leaf in sorted(leaves(letter, content))])
