"""The second clock: when a plan is likely to be final, from who is waited for; the legal date never moves by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from statistics import median

from portal.domain.clocks.compute import clocks
from portal.domain.clocks.event import Case, Event, Kind
from portal.domain.clocks.name import Clock

FINALS = (Clock.FINAL_PLAN, Clock.REASSESSED_FINAL, Clock.ORDER_FINAL)
ENDS_A_ROUND = (Kind.FINAL_ISSUED, Kind.AMENDED_FINAL_ISSUED, Kind.ISSUE_REFUSED)
ADVICE_TIME = 42  # days: what SEND Regs 2014 reg 8(1) gives, for an advice-giver who has given none yet


@dataclass(frozen=True)
class Work:
    """What a council needs in days: from the last advice to the draft, and from the draft to the final.

    The usual figures are those of the Code: advice by week 12, the draft by week 16, the final by week 20.
    """

    to_draft: int = 28
    to_final: int = 28


@dataclass(frozen=True)
class Awaited:
    """One piece of advice that has not come: who gives it, and when it is likely to."""

    ref: str
    advice: str
    asked: date
    likely: date


@dataclass(frozen=True)
class Projection:
    """`legal` is the law's date and `likely` ours, both for the next final plan; None while no clock for it is open."""

    legal: date | None
    likely: date
    awaited: tuple[Awaited, ...]


@dataclass(frozen=True)
class Given:
    """One piece of advice that came: by its ref, of which kind of giver (a to h), when, and how many days it took."""

    ref: str
    advice: str
    on: date
    days: int


def given_advice(case: Case) -> tuple[Given, ...]:
    """The advice of a case that came, in the order in which it was asked for."""
    return tuple(
        Given(asked.words["ref"], asked.words["advice"], received.on, (received.on - asked.on).days)
        for asked, received in _pairs(case)
        if received
    )


def turnarounds(cases: Iterable[Case]) -> Mapping[str, int]:
    """Median days from asking to receiving, for each kind of advice-giver (a to h) that has given advice so far."""
    return usual(each for case in cases for each in given_advice(case))


def usual(given: Iterable[Given]) -> Mapping[str, int]:
    """The median of the days that each kind of advice-giver took."""
    days: dict[str, list[int]] = {}
    for each in given:
        days.setdefault(each.advice, []).append(each.days)
    return {advice: ceil(median(each)) for advice, each in days.items()}


def project(
    case: Case,
    today: date,
    usual: Mapping[str, int],
    later: Mapping[str, int] | None = None,
    work: Work = Work(),
) -> Projection:
    """What is likely if each advice-giver takes the usual time, and `later` days more by its ref ("what if").

    Nothing that is still to come is expected before today.
    """
    over = max((each.on for each in case.of(*ENDS_A_ROUND)), default=date.min)
    asked = [pair for pair in _pairs(case) if pair[0].on > over]
    awaited = tuple(_awaited(each, today, usual, later or {}) for each, received in asked if received is None)
    draft = max((each.on for each in case.of(Kind.DRAFT_SERVED) if each.on > over), default=None)
    given = [received.on for _, received in asked if received]
    ready = max([*given, *(each.likely for each in awaited)], default=today)
    served = draft or max(today, ready + timedelta(days=work.to_draft))
    return Projection(_legal(case), max(today, served + timedelta(days=work.to_final)), awaited)


def _legal(case: Case) -> date | None:
    waiting = (each.due for each in clocks(case) if each.clock in FINALS and not (each.met or each.ended))
    return next(waiting, None)


def _awaited(asked: Event, today: date, usual: Mapping[str, int], later: Mapping[str, int]) -> Awaited:
    advice, ref = asked.words["advice"], asked.words["ref"]
    expected = max(today, asked.on + timedelta(days=usual.get(advice, ADVICE_TIME)))
    return Awaited(ref, advice, asked.on, expected + timedelta(days=later.get(ref, 0)))


def _pairs(case: Case) -> list[tuple[Event, Event | None]]:
    """Each request for advice with the first answer to it."""
    received = case.of(Kind.ADVICE_RECEIVED)
    return [
        (asked, next((each for each in received if each.ref == asked.ref and each.on >= asked.on), None))
        for asked in case.of(Kind.ADVICE_REQUESTED)
    ]
