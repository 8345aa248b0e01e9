"""Read a plan as it stood once an entry of its chain was made: the words, and who had signed them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.domain.content import Content
from portal.domain.error import NotFound
from portal.domain.event import EventKind
from portal.domain.reading import PlanReading, Reach, filtered
from portal.store import chain, revisions
from portal.store.chain import Entry
from portal.store.database import Database


@dataclass(frozen=True)
class Past:
    """A plan as it stood. `contents` and `numbers` hold only the sections whose working text the reader may see.

    `signed` holds, for each of these, the sign-offs that stood for exactly those words.
    """

    entry: Entry
    contents: Mapping[str, Content]
    numbers: Mapping[str, int]
    signed: Mapping[str, tuple[Entry, ...]]


def as_at(db: Database, reading: PlanReading, sequence: int) -> Past:
    """The plan once that entry was made; NotFound when there is none."""
    if not 0 < sequence <= reading.plan.sequence:  # a number may be larger than the database can be asked for
        raise NotFound("no such entry")
    entry, signatures = chain.up_to(db, reading.plan.id, sequence)
    letters = [letter for letter, each in reading.sections.items() if each.reach is Reach.WORKING]
    numbers = {letter: entry.revisions.get(letter, 0) for letter in letters}
    found = revisions.contents(db, reading.plan.id, numbers)
    contents = {letter: filtered(reading.plan, reading.actor, letter, found[letter]) for letter in letters}
    standing = _standing(signatures, numbers)
    return Past(entry, contents, numbers, standing)


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
