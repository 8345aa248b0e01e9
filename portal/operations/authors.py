"""Say who wrote each sentence of a section."""

from dataclasses import replace

from portal.domain.ancestry import origins
from portal.domain.authors import AuthoredItem, by_author
from portal.domain.reading import PlanReading, filtered
from portal.operations.conversations import suggested
from portal.operations.sections import revisions_of
from portal.store.database import Database


def authors_of(db: Database, reading: PlanReading, letter: str) -> tuple[AuthoredItem, ...]:
    """The section as it stands, set out by who wrote it; NotFound for whoever may not read the working text."""
    saved = reversed(revisions_of(db, reading, letter))
    # What is kept from the reader is kept from the ancestry: neither a withheld word nor its author can show.
    visible = (replace(each, content=filtered(reading.plan, reading.actor, letter, each.content)) for each in saved)
    section = reading.sections[letter]
    found = origins(section.standard, visible, suggested(db, reading, letter))
    return by_author(section.standard, section.content, found, reading.names)
