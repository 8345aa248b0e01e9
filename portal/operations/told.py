"""Entries of the chain and people with a part as one reader is told of them: without what is kept from the reader."""

from collections.abc import Iterable
from dataclasses import replace

from portal.domain.actor import Grant
from portal.domain.reading import PlanReading
from portal.store.chain import Entry

AGENCY = ("agency", "agency_name")


def entries_told(reading: PlanReading, entries: Iterable[Entry]) -> list[Entry]:
    """An agency whose name is kept from the reader, as a school's may be, is not named; nor are words that tell it."""
    return [_entry(reading, each) for each in entries]


def _entry(reading: PlanReading, entry: Entry) -> Entry:
    facts = entry.facts
    if facts["agency_name"] and not reading.says(facts["agency_name"]):
        facts = {**facts, **dict.fromkeys(AGENCY, "")}
    words = reading.says(entry.words, entry.facts["who"]) if reading.sees_place(entry.place) else ""
    return replace(entry, facts=facts, words=words)


def people_told(reading: PlanReading, grants: Iterable[Grant]) -> tuple[Grant, ...]:
    return tuple(replace(each, agency_name=reading.says(each.agency_name)) for each in grants)
