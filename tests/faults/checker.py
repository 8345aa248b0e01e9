"""Holds what was seen against what was kept. A section's revisions are numbered, so sorting them is the total order."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import TypeVar

from tests.faults.history import History, Read, Record, Result, Revision, Save

Note = TypeVar("Note", Save, Read)
EDITED = "section_edited"


class Kind(StrEnum):
    """What can be wrong, by the figure that counts it."""

    LOST = "lost"
    DUPLICATED = "duplicated"
    REFUSED_BUT_KEPT = "refused but kept"
    PHANTOM = "phantom"
    TORN = "torn"
    UNRECORDED = "without its link, its outbox entry or its head"
    MOVED = "moved"
    BLIND = "blind overwrite"
    STALE = "stale"
    FUTURE = "read before it was written"
    GAP = "numbers with a gap"


FIGURES: Mapping[Kind, str] = {
    Kind.LOST: "lost",
    Kind.DUPLICATED: "duplicated",
    Kind.REFUSED_BUT_KEPT: "duplicated",  # kept more often than it was granted, as a phantom is
    Kind.PHANTOM: "duplicated",
    Kind.TORN: "torn",
    Kind.UNRECORDED: "torn",
    Kind.MOVED: "out_of_order",
    Kind.BLIND: "out_of_order",
    Kind.STALE: "out_of_order",
    Kind.FUTURE: "out_of_order",
    Kind.GAP: "out_of_order",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was promised, and where."""

    kind: Kind
    section: str
    revision: int = 0
    token: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.section} revision {self.revision} {self.token}".rstrip()


def check(history: History, records: Sequence[Record]) -> list[Fault]:
    """Every fault in the sections that were written or read; none means that every promise was kept."""
    faults: list[Fault] = []
    saves, reads = _by_section(history.saves), _by_section(history.reads)
    for record in records:
        for section, revisions in record.revisions.items():
            faults += _check_saves(section, saves[section], revisions)
            faults += _check_order(section, saves[section], reads[section], revisions)
            faults += _check_reads(section, saves[section], reads[section], revisions)
            faults += _check_section(section, revisions, record)
        faults += _check_plan(record)
    known = {section for record in records for section in record.revisions}
    for section in saves.keys() - known:  # a whole section that is nowhere
        faults += _check_saves(section, saves[section], ())
    return faults


def counts(faults: Iterable[Fault]) -> dict[str, int]:
    """How many faults of each figure, those of none with a 0."""
    found = dict.fromkeys(FIGURES.values(), 0)
    for each in faults:
        found[FIGURES[each.kind]] += 1
    return found


def _by_section(notes: Iterable[Note]) -> defaultdict[str, list[Note]]:
    found: defaultdict[str, list[Note]] = defaultdict(list)
    for each in notes:
        found[each.section].append(each)
    return found


def _check_saves(section: str, saves: Sequence[Save], revisions: Sequence[Revision]) -> Iterator[Fault]:
    """Rules 1 and 2: what was acknowledged is there once, where it was told, on what its writer had seen."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for each in revisions:
        places[each.token].append(each.number)
    for save in saves:
        numbers = places.pop(save.token, [])
        first = numbers[0] if numbers else 0
        if save.result is Result.REFUSED and numbers:
            yield Fault(Kind.REFUSED_BUT_KEPT, section, first, save.token)
        if save.result is Result.ACCEPTED and not numbers:
            yield Fault(Kind.LOST, section, save.revision, save.token)
        if len(numbers) > 1:
            yield Fault(Kind.DUPLICATED, section, numbers[1], save.token)
        if numbers and save.revision not in (0, first):
            yield Fault(Kind.MOVED, section, first, save.token)
        if numbers and save.base != first - 1:
            yield Fault(Kind.BLIND, section, first, save.token)
    for token, numbers in places.items():
        yield Fault(Kind.PHANTOM if token else Kind.TORN, section, numbers[0], token)


def _check_order(
    section: str, saves: Sequence[Save], reads: Sequence[Read], revisions: Sequence[Revision]
) -> Iterator[Fault]:
    """Rule 3: whatever began after something ended sees a revision at least as high, and a save a higher one."""
    number = {each.token: each.number for each in revisions}
    kept = [each for each in saves if each.result is Result.ACCEPTED and each.token in number]
    ended = sorted([(each.end, number[each.token]) for each in kept] + [(each.end, each.revision) for each in reads])
    ends, highest = [end for end, _ in ended], [0, *accumulate((seen for _, seen in ended), max)]
    for read in reads:
        if read.revision < highest[bisect_left(ends, read.start)]:
            yield Fault(Kind.STALE, section, read.revision)
    for save in kept:
        if number[save.token] <= highest[bisect_left(ends, save.start)]:
            yield Fault(Kind.STALE, section, number[save.token], save.token)


def _check_reads(
    section: str, saves: Sequence[Save], reads: Sequence[Read], revisions: Sequence[Revision]
) -> Iterator[Fault]:
    """Rules 4 and 5: nobody saw words before they were sent, or words that are not exactly those of a revision."""
    kept = {each.number: each for each in revisions}
    began = {each.token: each.start for each in saves}
    for read in reads:
        revision = kept.get(read.revision)
        if revision is None:
            yield Fault(Kind.PHANTOM, section, read.revision)
        elif read.digest != revision.digest:
            yield Fault(Kind.TORN, section, read.revision)
        elif read.end < began.get(revision.token, read.end):
            yield Fault(Kind.FUTURE, section, read.revision)


def _check_section(section: str, revisions: Sequence[Revision], record: Record) -> Iterator[Fault]:
    """Rule 6 for a section: numbered without gaps, each with its own hash and link, the newest in the plan itself."""
    if [each.number for each in revisions] != list(range(1, len(revisions) + 1)):
        yield Fault(Kind.GAP, section)
    for each in revisions:
        if not each.sound:
            yield Fault(Kind.TORN, section, each.number)
    links = [each for each in record.chain if each.kind == EDITED and each.section == section]
    if [(each.revision, each.hash) for each in links] != [(each.number, each.hash) for each in revisions]:
        yield Fault(Kind.UNRECORDED, section)
    if revisions and record.heads[section] != revisions[-1]:
        yield Fault(Kind.UNRECORDED, section, record.heads[section].number)


def _check_plan(record: Record) -> Iterator[Fault]:
    """Rule 6 for a plan: one link and one outbox entry for each step, in order, each from the one before."""
    steps = list(range(1, record.sequence + 1))
    if [each.sequence for each in record.chain] != steps or list(record.announced) != steps:
        yield Fault(Kind.UNRECORDED, record.plan)
    yield from (Fault(Kind.UNRECORDED, record.plan, each.sequence) for each in record.chain if not each.linked)
