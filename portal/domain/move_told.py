"""Telling the family after a move: a letter sent here meets its clock, of which a case file by itself tells nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from portal.domain.clocks.compute import Running
from portal.domain.clocks.name import Clock


def with_the_telling(clocks: Iterable[Running], told: date | None) -> tuple[Running, ...]:
    """Clocks with those of a move that the council's letter has met; until it is sent, they wait for it."""
    return tuple(_told(each, told) if each.clock is Clock.TELL_FAMILY_AFTER_MOVE else each for each in clocks)


def _told(clock: Running, told: date | None) -> Running:
    met = told if told and told >= clock.starts else None
    return replace(clock, met=met, answerable=True)
