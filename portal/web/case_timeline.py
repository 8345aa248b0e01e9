"""A case's time as bars: for each limit the time that the law gives, and beneath it the time that was taken."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.case_turn import OF_THE_COUNCIL
from portal.domain.clocks.compute import Running
from portal.domain.clocks.name import Clock
from portal.domain.plan import Plan
from portal.web.case_page import giver_of
from portal.web.case_words import LIMITS, SAID
from portal.web.filters import day, number_word

SHOWN = frozenset({*OF_THE_COUNCIL, Clock.ADVICE})
MOST = 12
WIDTH = 1000  # of each bar's picture, in its own units


@dataclass(frozen=True)
class Span:
    """Part of a bar, from one place to another."""

    x: int
    width: int


@dataclass(frozen=True)
class Time:
    """One limit: the law's time, the time taken within it, and the time taken beyond it; all said in words too."""

    title: str
    says: str
    law: Span
    took: Span
    late: Span | None


@dataclass(frozen=True)
class Timeline:
    """Limits by the day they began; `first` and `last` are the days at both ends, `today` is where it is now."""

    times: tuple[Time, ...]
    first: date
    last: date
    today: int | None


def timeline_of(plan: Plan, now: date) -> Timeline | None:
    """The newest limits of a case that were not overtaken; None where there is none to show."""
    found = [each for each in plan.clocks if each.clock in SHOWN and each.due and not each.ended]
    running = sorted(found, key=lambda each: (each.starts, each.due or date.max))[-MOST:]
    if not running:
        return None
    first = min(each.starts for each in running)
    last = max(max(each.due or now, each.met or now) for each in running) + timedelta(days=1)
    scale = _Scale(first, last)
    times = tuple(_time(each, scale, now) for each in running)
    return Timeline(times, first, last, scale.at(now) if first <= now <= last else None)


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def at(self, on: date) -> int:
        return WIDTH * (on - self.first).days // max((self.last - self.first).days, 1)

    def span(self, begins: date, ends: date) -> Span:
        """From one day to another, and never too short to be seen."""
        x = self.at(begins)
        return Span(x, max(self.at(ends) - x, 4))


def _time(running: Running, scale: _Scale, now: date) -> Time:
    due = running.due or now
    until = running.met or max(now, running.starts)
    late = scale.span(max(due, running.starts), until) if until > due else None
    about = giver_of(running.ref) if running.ref else ""
    title = LIMITS[running.clock] + (f": {about}" if about else "")
    law, took = scale.span(running.starts, due), scale.span(running.starts, min(until, max(due, running.starts)))
    return Time(title, _says(running, due, now), law, took, late)


def _says(running: Running, due: date, now: date) -> str:
    """ "From Monday 6 January; by law by Monday 17 February; done on Thursday 20 February, 3 days late."."""
    ahead = due < running.starts  # counted back, as the notice of a meeting is
    began = (
        f"By law by {day(due)}, ahead of {day(running.starts)}"
        if ahead
        else f"From {day(running.starts)}; by law by {day(due)}"
    )
    lawful = f" The law lets it be later: {SAID[running.exempt]}." if running.exempt else ""
    if running.met:
        late = (running.met - due).days
        kept = f"{number_word(late, 'day')} late" if late > 0 else "in time"
        return f"{began}; done {day(running.met)}, {kept}.{lawful}"
    left = (due - now).days
    stands = f"{number_word(-left, 'day')} late so far" if left < 0 else f"{number_word(left, 'day')} left"
    return f"{began}; not done yet, {stands}.{lawful}"
