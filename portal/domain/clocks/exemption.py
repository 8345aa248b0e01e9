"""When a limit need not be met: the reasons the law knows for each clock, and how long they must last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from portal.domain.clocks.days import ONE_DAY
from portal.domain.clocks.event import Case, Event, Kind
from portal.domain.clocks.name import WITH_REF, Clock

FOUR_WEEKS = 28  # days, the first and the last among them
CLOSED = ("school_closed", "early_years_closed")
OF_THE_ASSESSMENT = (*CLOSED, "exceptional", "family_absent")


@dataclass(frozen=True)
class Exempting:
    """The reasons for one clock and the regulation that gives them."""

    reasons: tuple[str, ...]
    source: str


# The clocks of the yearly review, of mediation and of orders carry no such list.
LAWFUL: Mapping[Clock, Exempting] = {
    Clock.DECIDE_TO_ASSESS: Exempting(OF_THE_ASSESSMENT, "SEND Regs 2014 reg 5(4)"),
    Clock.NOTIFY_NO_PLAN: Exempting(OF_THE_ASSESSMENT, "SEND Regs 2014 reg 10(4)"),
    Clock.FINAL_PLAN: Exempting(OF_THE_ASSESSMENT, "SEND Regs 2014 reg 13(3)"),
    Clock.REASSESSED_FINAL: Exempting(OF_THE_ASSESSMENT, "SEND Regs 2014 reg 27(3)"),
    Clock.ADVICE: Exempting(("exceptional", "family_absent", "missed_health_appointment"), "SEND Regs 2014 reg 8(2)"),
}
LASTING = {**dict.fromkeys(CLOSED, FOUR_WEEKS), "family_absent": FOUR_WEEKS}


@dataclass(frozen=True)
class Closure:
    """The days between two terms on which a school is closed, the first and the last of them: a council's setting."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first + ONE_DAY).days

    def excuses_advice_asked_on(self, day: date) -> bool:
        """From one week before a closure of four weeks or more until one week before the school opens again."""
        return self.days >= FOUR_WEEKS and self.first - 7 * ONE_DAY <= day < self.last + ONE_DAY - 7 * ONE_DAY


def closures(terms: list[tuple[date, date]]) -> list[Closure]:
    """What lies between terms, each given by its first and its last day."""
    ordered = sorted(terms)
    return [Closure(end + ONE_DAY, start - ONE_DAY) for (_, end), (start, _) in pairwise(ordered)]


def fault(event: Event) -> str | None:
    """What is wrong with an exemption, as the end of a sentence; None when the law knows it."""
    clock, reason = Clock(event.words["clock"]), event.words["reason"]
    lasts = (event.days["to"] - event.days["from"] + ONE_DAY).days
    if clock not in LAWFUL:
        return f"the law knows no exemption for the clock {clock}"
    if reason not in LAWFUL[clock].reasons:
        return f"{reason} is no lawful reason for the clock {clock} ({LAWFUL[clock].source})"
    if event.ref is not None and clock not in WITH_REF:
        return f"the clock {clock} has no ref"
    if lasts < 1:
        return "it ends (to) before it begins (from)"
    if lasts < LASTING.get(reason, 1):
        return f"it is too short: {reason} must last four weeks (28 days) or more, and this lasts {lasts} days"
    return None


def exempting(case: Case, clock: Clock, ref: str | None) -> Event | None:
    """The first exemption that holds for a clock; without a ref it holds for all of its rows."""
    for each in sorted(case.of(Kind.EXEMPTION), key=lambda event: (event.days["from"], event.words["reason"])):
        if each.words["clock"] == clock and each.ref in (None, ref):
            return each
    return None
