"""How far one person has read each section of a plan, and how the marks move that say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.error import Invalid
from portal.domain.moment import local_day
from portal.domain.plan import FINAL_KINDS
from portal.domain.reading import PlanReading, Reach, SectionReading

# Whoever reloads a page, or is called away from it, still sees there what was new when they sat down.
SITTING = timedelta(minutes=30)
FINAL = "final-"


@dataclass(frozen=True)
class ReadingMark:
    """How far one person read a section and when; `since` is how far they had read before this sitting.

    `number` is a revision of the working text or, for whoever reads finals only, the number of an issued version.
    """

    number: int
    at: datetime
    since: int
    since_at: datetime

    def read_before(self, at: datetime) -> tuple[int, datetime]:
        """(how far, when) they had read before the sitting that they are in, or that now begins."""
        return (self.since, self.since_at) if at - self.at < SITTING else (self.number, self.at)


# By place: "F" for the working text of section F, "final-F" for section F as the finals print it.
Marks = Mapping[str, ReadingMark]


def place_of(section: SectionReading) -> str:
    """Where the mark for a section stands; empty when the reader has no more of it than they wrote."""
    prefixes = {Reach.WORKING: "", Reach.FINAL: FINAL}
    return f"{prefixes[section.reach]}{section.letter}" if section.reach in prefixes else ""


def shown(reading: PlanReading) -> dict[str, int]:
    """How far each section goes that this person may read now, by the place of its mark."""
    final = reading.plan.last_version(*FINAL_KINDS)
    printed = final.number if final else 0
    return {
        place: each.head.revision if each.reach is Reach.WORKING else printed
        for each in reading.sections.values()
        if (place := place_of(each))
    }


def all_read(numbers: Mapping[str, int], at: datetime) -> Marks:
    """Marks for somebody who has read each place so far: nothing up to there is new to them."""
    return {place: ReadingMark(number, at, number, at) for place, number in numbers.items()}


def opened(mark: ReadingMark | None, number: int, at: datetime) -> ReadingMark:
    """The mark once the section was opened; the very same one when it says so already."""
    if mark is None:
        return ReadingMark(number, at, number, at)
    if number <= mark.number and local_day(mark.at) == local_day(at):
        return mark
    since, since_at = mark.read_before(at)
    return ReadingMark(max(number, mark.number), at, since, since_at)


def said_read(reading: PlanReading, marks: Marks, seen: Mapping[str, int], at: datetime) -> Marks:
    """The marks that move when somebody says that they have read what they were shown, up to exactly there.

    Raises Invalid for words that nobody was ever shown. A place that is no longer theirs is passed over.
    """
    now = shown(reading)
    if any(number > now.get(place, number) for place, number in seen.items()):
        raise Invalid({"seen": "This page is out of order. Go back to the plan and open it again."})
    further = {place: seen[place] for place in now if place in seen and _further(marks.get(place), seen[place])}
    return all_read(further, at)


def _further(mark: ReadingMark | None, number: int) -> bool:
    return mark is None or number > mark.number
