"""What is new to one person: what others changed since they read each section, as far as they may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from portal.domain.compare import ItemChange, compare
from portal.domain.content import Content, Mark
from portal.domain.decision import Revision
from portal.domain.reading import PlanReading, filtered
from portal.domain.reading_mark import FINAL
from portal.domain.standard import SectionStandard


@dataclass(frozen=True)
class News:
    """One saved change by somebody else (or one new final), as the reader may see it."""

    number: int
    by: Mark
    agency_name: str
    changes: tuple[ItemChange, ...]


@dataclass(frozen=True)
class SectionNews:
    """What is new to a reader in one section, oldest first, from `since` up to `number`."""

    place: str
    standard: SectionStandard
    since: int
    since_at: datetime
    number: int
    news: tuple[News, ...]

    @property
    def letter(self) -> str:
        return self.standard.letter

    @property
    def is_of_final(self) -> bool:
        return self.place.startswith(FINAL)

    @property
    def items(self) -> frozenset[str]:
        """The ids of the items that are new or changed."""
        return frozenset(each.item.id for news in self.news for each in news.changes)


@dataclass(frozen=True)
class Unread:
    """What is new to a reader in a whole plan, and the filled sections they never opened since they may."""

    sections: tuple[SectionNews, ...] = ()
    unopened: tuple[SectionStandard, ...] = ()

    @property
    def count(self) -> int:
        return sum(len(each.news) for each in self.sections)

    @property
    def since(self) -> datetime | None:
        """When they last read the section that they have not read for longest."""
        return min((each.since_at for each in self.sections), default=None)


def changed_by_others(reading: PlanReading, letter: str, run: Sequence[Revision]) -> tuple[News, ...]:
    """Each change of a run of revisions, oldest first, that somebody else made and of which this reader sees a word."""
    me = reading.actor.person
    found = (
        (after, visible_changes(reading, letter, before.content, after.content))
        for before, after in pairwise(run)
        if after.by.person != me
    )
    return tuple(
        News(after.number, after.by, reading.says(after.agency_name), changes) for after, changes in found if changes
    )


def visible_changes(reading: PlanReading, letter: str, before: Content, after: Content) -> tuple[ItemChange, ...]:
    """What changed between two contents, without what is kept from the reader."""
    old, new = (filtered(reading.plan, reading.actor, letter, each) for each in (before, after))
    return compare(reading.plan.standard.section(letter), old, new, reading.names)
