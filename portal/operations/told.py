"""Entries of the chain and people with a part as one reader is told of them: without what is kept from the reader."""

from collections.abc import Iterable
from dataclasses import replace

from portal.domain.actor import Grant
from portal.domain.hearing import is_of_another_parent
from portal.domain.permission import Permission
from portal.domain.permission_law import is_consulted
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
    said = entry.facts["facts"]
    # What was said in a conversation is read in it alone: who may is more than a place can tell (hearing.py).
    shown = reading.sees_place(entry.place) and "conversation" not in said
    words = reading.says(entry.words, entry.facts["who"]) if shown else ""
    suggester = (said.get("suggested_by", ""), said.get("suggested_as", ""))
    told = not is_of_another_parent(reading.actor, reading.plan, *suggester)
    return replace(entry, facts=facts, words=words, suggested_by=entry.suggested_by if told else "")


def people_told(reading: PlanReading, grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """Everybody with a part, but of other schools that are consulted one that is consulted is not told."""
    if not reading.may(Permission.PLAN_HISTORY):
        grants = (each for each in grants if not is_consulted(each) or each.person == reading.actor.person)
    return tuple(replace(each, agency_name=reading.says(each.agency_name)) for each in grants)
