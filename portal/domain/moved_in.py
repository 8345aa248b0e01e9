"""A child who moves in with a plan of another council: what that council did, the move, and the plan's coming over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.case import facts_of
from portal.domain.clocks.days import is_working_day
from portal.domain.clocks.event import Event, Kind
from portal.domain.content import Mark
from portal.domain.decision import Decision
from portal.domain.error import Invalid
from portal.domain.event import Event as Entry
from portal.domain.plan import Plan

A_YEAR = timedelta(days=366)
STILL_TO_COME = "This day is still to come."


@dataclass(frozen=True)
class Move:
    """One move. `council` is the name of the one that the child comes from, `aware` the day on which it knew of it.

    `came` is the day on which its plan came over, `made` that on which it was made, and `reviewed` that on which it
    was last decided to keep it; each None where it is not known yet.
    """

    council: str
    on: date
    aware: date
    came: date | None = None
    made: date | None = None
    reviewed: date | None = None

    @property
    def notice(self) -> int:
        """How many working days before the move the other council knew of it (SEND Regs 2014 reg 15(2))."""
        days = (self.aware + timedelta(days=each) for each in range(1, (self.on - self.aware).days + 1))
        return sum(is_working_day(each) for each in days)

    @property
    def events(self) -> tuple[Event, ...]:
        """What is put on record of it, in order: a case may begin in the middle."""
        return tuple(self._events())

    def _events(self) -> Iterator[Event]:
        if self.made:
            yield Event(Kind.FINAL_ISSUED, self.made, {}, {}, {})
        if self.reviewed:  # the plan that comes over is what that review left: nothing else of it is outstanding
            yield Event(Kind.REVIEW_DECIDED, self.reviewed, {"outcome": "maintain"}, {}, {})
        yield Event(Kind.MOVED_IN, self.on, {}, {"aware": self.aware}, {"notice_working_days": self.notice})
        if self.came:
            yield Event(Kind.PLAN_TRANSFERRED, self.came, {}, {}, {})


def must_fit(move: Move, born: date, today: date) -> None:
    """Raises Invalid, with a message for each day that can't be so. A move may be known of before its day."""
    wrong = {
        "on": "A record is begun at most a year before the move." if move.on > today + A_YEAR else "",
        "aware": STILL_TO_COME if move.aware > today else "",
        "came": _wrong_coming(move, today),
        "made": _wrong_before(move.made, move),
        "reviewed": _wrong_before(move.reviewed, move),
    }
    if move.made and move.reviewed and move.reviewed < move.made:
        wrong["reviewed"] = "A plan is reviewed after it was made. Look at both days again."
    days = {"on": move.on, "aware": move.aware, "made": move.made, "reviewed": move.reviewed}
    wrong |= {name: "The child was not born yet." for name, day in days.items() if day and day < born}
    errors = {name: message for name, message in wrong.items() if message}
    if errors:
        raise Invalid(errors)


def _wrong_coming(move: Move, today: date) -> str:
    if move.came is None:
        return ""
    if move.came > today:
        return STILL_TO_COME
    return "The plan comes over on the day of the move, or after it." if move.came < move.on else ""


def _wrong_before(day: date | None, move: Move) -> str:
    """Why something can't have been done by the other council then, while the plan was its own."""
    if day is None:
        return ""
    late = day > (move.came or move.on)
    return "This day is later than the move. Put it on record once the record is begun." if late else ""


def put_on_record(plan: Plan, move: Move, event: Event, by: Mark, agency_name: str) -> Decision:
    """One event of a move; the name of the other council stands beside the move itself, and not on the chain."""
    beside = {"council": move.council} if event.kind is Kind.MOVED_IN else {}
    return Decision(plan.with_event(event), Entry(event.kind, facts=facts_of(event), beside=beside), by, agency_name)
