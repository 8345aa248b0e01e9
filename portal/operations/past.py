"""Read a plan as it stood once an entry of its chain was made: the words, and who had signed them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from portal.domain.content import Content
from portal.domain.error import NotFound
from portal.domain.event import EventKind
from portal.domain.reading import PlanReading, Reach, filtered
from portal.operations.conversations import entries_between
from portal.operations.told import entries_told
from portal.store import chain, revisions
from portal.store.chain import Entry
from portal.store.database import Database


@dataclass(frozen=True)
class Past:
    """A plan as it stood. `contents` and `numbers` hold only the sections whose working text the reader may see.

    `signed` holds, for each of these, the sign-offs that stood for exactly those words.
    """

    reading: PlanReading
    entry: Entry
    numbers: Mapping[str, int]
    signed: Mapping[str, tuple[Entry, ...]]
    _saved: Mapping[str, Content] = field(repr=False)  # as they are kept, with what is not the reader's

    def content(self, letter: str) -> Content:
        """What a section held, without what is kept from the reader."""
        return filtered(self.reading.plan, self.reading.actor, letter, self._saved[letter])

    @cached_property
    def contents(self) -> Mapping[str, Content]:
        return {letter: self.content(letter) for letter in self.numbers}


def as_at(db: Database, reading: PlanReading, sequence: int, entry: Entry | None = None) -> Past:
    """The plan once that entry was made, which may have come already; NotFound when there is none."""
    if not 0 < sequence <= reading.plan.sequence:  # a number may be larger than the database can be asked for
        raise NotFound("no such entry")
    if sequence in entries_between(db, reading):
        raise NotFound("no such entry")
    entry = entry or chain.entry_at(db, reading.plan.id, sequence)
    signatures = (each for each in chain.signatures(db, reading.plan) if each.sequence <= sequence)
    letters = [letter for letter, each in reading.sections.items() if each.reach is Reach.WORKING]
    numbers = {letter: entry.revisions.get(letter, 0) for letter in letters}
    saved = revisions.contents(db, reading.plan.id, numbers)
    standing = _standing(signatures, numbers)
    told = {letter: tuple(entries_told(reading, each)) for letter, each in standing.items()}
    return Past(reading, entries_told(reading, [entry])[0], numbers, told, saved)


def _standing(signatures: Iterable[Entry], numbers: Mapping[str, int]) -> dict[str, tuple[Entry, ...]]:
    """Each person's last word on a section, where it is a sign-off of the revision that stood."""
    last: dict[tuple[str, str], Entry] = {}
    for each in signatures:
        last[each.facts["section"], each.facts["who"]] = each
    standing: dict[str, tuple[Entry, ...]] = dict.fromkeys(numbers, ())
    for (letter, _), each in last.items():
        if each.kind == EventKind.SECTION_SIGNED and each.facts["revision"] == numbers.get(letter):
            standing[letter] = (*standing[letter], each)
    return standing
