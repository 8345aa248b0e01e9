"""A twin: a section's words again, in easy words or another language, each part bound to the words it was made from.

It is a help to read and no part of the plan: neither the plan's document nor any sign-off of it holds a twin.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal.domain import hashing
from portal.domain.content import Content, Item, Mark
from portal.domain.reading import PlanReading, SectionReading
from portal.domain.standard import FieldKind, Group, SectionStandard


@dataclass(frozen=True)
class Part:
    """What a twin says for one item, and which words of the plan it says again.

    `made_from` is the hash of the item's words; where its writer could not see all of them, also of those they saw.
    `revision` is the section's, in which these words stood.
    """

    item: str
    words: str
    made_from: tuple[str, ...]
    revision: int
    writer: str


@dataclass(frozen=True)
class Check:
    """Somebody read both and says that they say the same: it holds for the very words of that hash."""

    by: Mark
    agency_name: str
    hash: bytes
    statement: str


@dataclass(frozen=True)
class Twin:
    """One revision of a twin, immutable, numbered from 1 without gaps. `revision` is the section's its writer saw."""

    letter: str
    tag: str
    number: int
    parts: tuple[Part, ...]
    revision: int
    by: Mark
    agency_name: str
    salt: bytes
    check: Check | None = None

    @property
    def hash(self) -> bytes:
        """The salted hash of its words and of what they were made from, as the plan's chain has it."""
        said: hashing.Value = [
            {"item": each.item, "words": each.words, "made_from": each.made_from, "revision": each.revision}
            for each in self.parts
        ]
        return hashing.leaf(f"twin/{self.letter}/{self.tag}/{self.number}", said, (), self.salt)

    @property
    def checked(self) -> Check | None:
        return self.check if self.check and self.check.hash == self.hash else None


class TwinState(StrEnum):
    UNWRITTEN = "unwritten"
    UNCHECKED = "unchecked"
    CHECKED = "checked"
    OUT_OF_DATE = "out_of_date"


@dataclass(frozen=True)
class Line:
    """One item of the section and what the twin says for it: nothing yet, or words that fit the item or don't any more.

    An item that came or changed after the twin was written, and for which it says nothing, is `late`.
    """

    group: Group
    item: Item
    part: Part | None
    fits: bool
    late: bool

    @property
    def moved(self) -> bool:
        return self.late if self.part is None else not self.fits


@dataclass(frozen=True)
class TwinReading:
    """A twin as one person may read it, beside the section as they may read it; `gone` are parts of items taken out.

    `besides` are parts for readers who see less of an item; `whole`, that no part is kept from this one.
    """

    twin: Twin | None
    lines: tuple[Line, ...]
    gone: tuple[Part, ...]
    state: TwinState
    since: datetime | None = None  # when out of date: the last change that it has not followed
    besides: tuple[Part, ...] = ()
    whole: bool = False

    @property
    def missing(self) -> int:
        return sum(1 for each in self.lines if each.part is None)

    @property
    def number(self) -> int:
        return self.twin.number if self.twin else 0


def source_of(group: Group, item: Item) -> str:
    """A hash of what an item says, to tell whether it says it still; links to other items are no words.

    It has no salt, since the same words are to come to the same: so it is kept beside a twin's words, goes with
    them, and never stands on the chain.
    """
    said = {each.name: item.value(each.name) for each in group.fields if each.kind is not FieldKind.LINKS}
    return hashing.digest({"group": group.name, "said": {name: value for name, value in said.items() if value}})


def has_words(group: Group, item: Item) -> bool:
    no_words = (FieldKind.LINKS, FieldKind.FILE)
    return any(item.value(each.name) for each in group.fields if each.kind not in no_words)


def read_twin(reading: PlanReading, letter: str, twin: Twin | None, then: Mapping[int, Content]) -> TwinReading:
    """What the reader may see of a twin, and how it stands to the words that they see.

    `then` holds the section at the revisions its parts were made from, as this reader may see them.
    """
    section, parts = reading.sections[letter], _told(reading, letter, twin, then)
    told = {each.item: each for each in parts}
    lines = tuple(_line(each, twin, told) for each in _items(section))
    here = {each.item.id for each in lines}
    gone = tuple(each for name, each in told.items() if name not in here)
    if twin is None or not told:
        return TwinReading(None, tuple(replace(each, late=False) for each in lines), (), TwinState.UNWRITTEN)
    moved = [each for each in lines if each.moved]
    besides = tuple(each for each in parts if told[each.item] is not each)
    whole = len(parts) == len(twin.parts)
    if moved or gone:
        return TwinReading(twin, lines, gone, TwinState.OUT_OF_DATE, _since(section, moved), besides, whole)
    state = TwinState.CHECKED if twin.checked else TwinState.UNCHECKED
    return TwinReading(twin, lines, gone, state, None, besides, whole)


def told_parts(reading: PlanReading, letter: str, twin: Twin | None, then: Mapping[int, Content]) -> dict[str, Part]:
    """The parts that a reader may see, by item: those made from words of which nothing is kept from them.

    Of two for one item, the one whose writer saw more of it.
    """
    return {each.item: each for each in _told(reading, letter, twin, then)}


def _told(reading: PlanReading, letter: str, twin: Twin | None, then: Mapping[int, Content]) -> list[Part]:
    """All of these parts; of two for one item, that of the writer who saw more is the last."""
    section = reading.sections[letter]
    widest_last = sorted(twin.parts if twin else (), key=lambda each: -len(each.made_from))
    return [each for each in widest_last if _is_told(reading, section, each, then)]


def _is_told(reading: PlanReading, section: SectionReading, part: Part, then: Mapping[int, Content]) -> bool:
    seen = (content.item(part.item) for content in (section.content, then.get(part.revision, Content())))
    whole = any(_source(section.standard, item) in part.made_from for item in seen if item)
    return whole and bool(reading.says(part.words, part.writer))


def _line(placed: tuple[Group, Item], twin: Twin | None, told: Mapping[str, Part]) -> Line:
    group, item = placed
    part = told.get(item.id)
    late = part is None and twin is not None and item.revision > twin.revision
    return Line(group, item, part, part is not None and source_of(group, item) in part.made_from, late)


def _items(section: SectionReading) -> Iterator[tuple[Group, Item]]:
    """The items that say something, in the order of the page."""
    for group in section.standard.groups:
        for item in section.content.in_group(group.name):
            if has_words(group, item):
                yield group, item


def _source(standard: SectionStandard, item: Item) -> str:
    return source_of(standard.group(item.group), item)


def _since(section: SectionReading, moved: list[Line]) -> datetime | None:
    """The last of the changes; what was taken out carries no time of its own, but the section does."""
    times = [each.item.changed.at for each in moved if each.item.changed]
    if times:
        return max(times)
    return section.head.changed.at if section.head.changed else None
