"""What changed between two revisions of a section: items recognised by their ids, words marked one by one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from enum import StrEnum

from portal.domain.content import Content, Item
from portal.domain.media import file_in
from portal.domain.standard import Field, FieldKind, SectionStandard

# A word with the space after it, so that joining the pieces gives the text back exactly.
TOKEN = re.compile(r"\s*\S+|\s+$")
MOST_PAIRS = 4_000_000  # of equal words: two texts that say one word over and over would take minutes to compare


class Mark(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True)
class FieldChange:
    field: Field
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class ItemChange:
    """`mark` tells whether the item as a whole is new, gone or (SAME) kept with changed fields or a new place."""

    mark: Mark
    item: Item
    fields: tuple[FieldChange, ...]
    moved: bool = False


class Difference(SequenceMatcher[str]):
    """What two lists have in common. It looks no further after so many pairs: what is left counts as written anew."""

    def __init__(self, old: list[str], new: list[str]) -> None:
        super().__init__(None, old, new, autojunk=False)
        self.old, self.times, self.left = old, Counter(new), MOST_PAIRS

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        self.left -= sum(1 + self.times[each] for each in self.old[alo:ahi])
        return super().find_longest_match(alo, ahi, blo, bhi) if self.left >= 0 else Match(alo, blo, 0)


def words(before: str, after: str) -> tuple[Piece, ...]:
    """A word-level difference; the SAME and REMOVED pieces joined give `before`, SAME and ADDED give `after`."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in Difference(old, new).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(Mark.SAME, "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(Piece(Mark.REMOVED, "".join(old[a:b])))
        if d > c:
            pieces.append(Piece(Mark.ADDED, "".join(new[c:d])))
    return tuple(pieces)


def compare(
    standard: SectionStandard, before: Content, after: Content, names: Mapping[str, str]
) -> tuple[ItemChange, ...]:
    """Changed items in the order of `after`, then the removed ones. `names` gives a linked item's printed words."""
    return tuple(_changes(standard, before, after, names))


def _changes(
    standard: SectionStandard, before: Content, after: Content, names: Mapping[str, str]
) -> Iterator[ItemChange]:
    order = _moved(before, after)
    for item in after.items:
        earlier = before.item(item.id)
        fields = _field_changes(standard, earlier, item, names)
        if earlier is None:
            yield ItemChange(Mark.ADDED, item, fields)
        elif fields or item.id in order:
            yield ItemChange(Mark.SAME, item, fields, item.id in order)
    for item in before.items:
        if after.item(item.id) is None:
            yield ItemChange(Mark.REMOVED, item, _field_changes(standard, item, None, names))


def _moved(before: Content, after: Content) -> set[str]:
    """Ids of items whose place among the items both have is not what it was."""
    old = [each.id for each in before.items if after.item(each.id)]
    new = [each.id for each in after.items if before.item(each.id)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return {name for kind, a, b, _, _ in matcher.get_opcodes() if kind in ("delete", "replace") for name in old[a:b]}


def _field_changes(
    standard: SectionStandard, before: Item | None, after: Item | None, names: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    present = after or before
    if present is None:
        return ()
    changes = []
    for field in standard.group(present.group).fields:
        old = as_words(field, before, names) if before else ""
        new = as_words(field, after, names) if after else ""
        if old != new:
            changes.append(FieldChange(field, words(old, new)))
    return tuple(changes)


def as_words(field: Field, item: Item, names: Mapping[str, str]) -> str:
    """A field as plain words, whatever its kind, so that everything that is stored can be compared and read."""
    if field.kind is FieldKind.LINKS:
        return ", ".join(names.get(each, "an item no longer here") for each in item.links(field.name))
    if field.kind is FieldKind.AMOUNT:
        return amount_words(item.amount(field.name))
    if field.kind is FieldKind.CHOICE:
        return field.choice_label(item.text(field.name))
    if field.kind is FieldKind.FILE:
        file = file_in(item.value(field.name))
        return file.words if file else ""
    return item.text(field.name)


def amount_words(amount: dict[str, str]) -> str:
    """How much, how often, with how many and for how long: "45 minutes, every week, one to one, all year"."""
    minutes = f"{amount['minutes']} minutes" if amount.get("minutes") else ""
    parts = (minutes, amount.get("how_often"), amount.get("ratio"), amount.get("how_long"))
    return ", ".join(part for part in parts if part)
