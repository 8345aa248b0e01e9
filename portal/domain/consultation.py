"""Consultations: which schools and colleges were asked for a place, and whether each has replied, without a word."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.domain.clocks.compute import Running
from portal.domain.clocks.name import Clock


class Ground(StrEnum):
    """Why a place may be refused (Children and Families Act 2014 s39(4))."""

    UNSUITABLE = "unsuitable"
    EDUCATION = "education"
    RESOURCES = "resources"


@dataclass(frozen=True)
class Consulted:
    """One setting. `number` is that of the entry which put it on record, `reply` that of its reply, 0 without one.

    `person` and `agency` are empty for a setting that has nobody here; `pack` holds the ids of the advice that it
    may read beside the draft.
    """

    number: int
    ref: str
    on: date
    person: str = ""
    agency: str = ""
    pack: tuple[str, ...] = ()
    reply: int = 0
    replied: date | None = None


def with_replies(clocks: Iterable[Running], consulted: Iterable[Consulted]) -> tuple[Running, ...]:
    """Clocks with those met that a setting's reply here has met: in a case file by itself nothing tells of one."""
    replied = {each.ref: each.replied for each in consulted if each.replied}
    return tuple(
        replace(each, met=replied[each.ref], ended=None, answerable=True)
        if each.clock is Clock.SETTING_REPLY and each.ref in replied
        else each
        for each in clocks
    )
