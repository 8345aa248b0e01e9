"""Advice for an assessment: whom the council asked for which kind, how they answered, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actor import Role
from portal.domain.content import Mark


class AdviceState(StrEnum):
    """How whoever was asked has answered. That a child is not known is an answer, and no advice."""

    WAITED = "waited"
    DECLINED = "declined"
    NOT_KNOWN = "not_known"
    GIVEN = "given"


class Side(StrEnum):
    """Who agrees that earlier advice is used again: all three, or it is asked for anew (SEND Regs 2014 reg 6(4))."""

    COUNCIL = "council"
    AUTHOR = "author"
    FAMILY = "family"


@dataclass(frozen=True)
class Adviser:
    """Who is asked: one person, or (an empty person) an agency whose lead hands it on."""

    person: str
    name: str
    agency: str
    agency_name: str
    role: Role


@dataclass(frozen=True)
class Given:
    """One submission, numbered from 1, never changed; a correction is the next. `item` is its line in section K."""

    number: int
    by: Mark
    item: str
    hash: bytes


@dataclass(frozen=True)
class AdviceRequest:
    """What the plan itself remembers of one request: `number` is that of the entry which made it.

    `reuses` is the line of section K whose advice is to be used again; empty where new advice is asked for.
    """

    number: int
    ref: str
    kind: str
    to: Adviser
    by: Mark
    state: AdviceState = AdviceState.WAITED
    chased: tuple[Mark, ...] = ()
    reuses: str = ""
    agreed: tuple[Side, ...] = ()
    given: tuple[Given, ...] = ()

    @property
    def newest(self) -> Given | None:
        return self.given[-1] if self.given else None

    def is_of(self, person: str) -> bool:
        return bool(person) and self.to.person == person


@dataclass(frozen=True)
class Taken:
    """Where words of the plan came from: an item of a section, and the row of which advice it was made of."""

    item: str
    section: str
    request: int
    given: int
    row: str
