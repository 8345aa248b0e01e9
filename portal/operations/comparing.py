"""What can be compared: a section's revisions by who saved each and when, with the issued versions that print it."""

from dataclasses import dataclass

from portal.domain.content import Mark
from portal.domain.plan import VersionLine
from portal.domain.reading import PlanReading
from portal.store import revision_lines
from portal.store.database import Database


@dataclass(frozen=True)
class Choice:
    """A revision that can be chosen, and the versions that this reader may open in which it is printed."""

    number: int
    by: Mark
    printed: tuple[VersionLine, ...]


def choices(db: Database, reading: PlanReading, letter: str) -> tuple[Choice, ...]:
    """Every saved revision of a section, newest first."""
    versions = {each.number: each for each in reversed(reading.versions)}
    printed = revision_lines.printed(db, reading.plan.id, letter) if versions else {}
    return tuple(
        Choice(line.number, line.by, tuple(versions[each] for each in printed.get(line.number, ()) if each in versions))
        for line in revision_lines.up_to(db, reading.plan.id, letter, reading.sections[letter].head.revision)
    )
