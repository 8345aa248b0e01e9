"""A case's clocks, computed from its events and nothing else: the same events in any order give the same answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.clocks.event import Case, Event
from portal.domain.clocks.exemption import exempting
from portal.domain.clocks.length import Counting
from portal.domain.clocks.matching import Started, answered
from portal.domain.clocks.name import NOBODY_IS_LATE, WITH_REF, Clock
from portal.domain.clocks.rule import Rule
from portal.domain.clocks.rules import RULES


@dataclass(frozen=True)
class Running:
    """One clock from one start. `due` is the last lawful day, or None while it cannot be known.

    An exemption leaves `due` as it was. `ended` is the event that made the clock pointless before anything met it,
    `event` the one that started it, `answer` the one that met it, where anything can (`answerable`); `length` is
    how long the law gives, in words.
    """

    clock: Clock
    starts: date
    due: date | None
    counting: Counting
    source: str
    met: date | None
    exempt: str | None
    ref: str | None
    ended: Event | None
    event: Event
    length: str
    answer: Event | None
    answerable: bool

    @property
    def open(self) -> bool:
        """Whether nothing has met it yet nor made it pointless."""
        return self.met is None and self.ended is None

    def overdue(self, on: date) -> bool:
        """Whether somebody is late at the end of a day: due before it, and by then neither met, ended nor exempt."""
        settled = self.met or (self.ended.on if self.ended else None)
        open_still = settled is None or settled > on
        binds = self.clock not in NOBODY_IS_LATE and self.exempt is None
        return binds and open_still and self.due is not None and self.due < on


def clocks(case: Case, rules: Sequence[Rule] = RULES) -> tuple[Running, ...]:
    """Every clock that the case's events start, a row for each start, by the day it is due; unknown days last."""
    started = list(_started(case, rules))
    rows = (_running(case, each, started) for each in started)
    return tuple(sorted(rows, key=lambda row: (row.due or date.max, row.starts, row.clock, row.ref or "")))


def _started(case: Case, rules: Sequence[Rule]) -> Iterable[Started]:
    for event in case.events:
        for same in _by_what_they_are_about(rules, event):
            counted = same[0].counts_from(case, event)
            if counted is not None:
                rule = _in_force(same, counted)
                yield Started(rule, event, counted, rule.settles(case, event, rule.length.ends(counted)))


def _by_what_they_are_about(rules: Sequence[Rule], event: Event) -> Iterable[list[Rule]]:
    groups: dict[tuple[object, ...], list[Rule]] = {}
    for each in rules:
        if each.starts(event):
            groups.setdefault(each.about, []).append(each)
    return groups.values()


def _in_force(rules: Sequence[Rule], day: date) -> Rule:
    """The latest row in force on a day. A day before the first row is counted by that: a clock is never lost."""
    ordered = sorted(rules, key=lambda each: each.since)
    return next((each for each in reversed(ordered) if each.since <= day), ordered[0])


def _running(case: Case, started: Started, all_started: Sequence[Started]) -> Running:
    rule, event = started.rule, started.event
    ref = event.ref if rule.clock in WITH_REF else None
    met, ended = answered(case, started, all_started)
    exemption = exempting(case, rule.clock, ref)
    return Running(
        clock=rule.clock,
        starts=event.on if rule.starts_with_event else started.counted,
        due=started.due,
        counting=rule.length.counting,
        source=rule.source,
        met=met.on if met else None,
        exempt=exemption.words["reason"] if exemption else None,
        ref=ref,
        ended=ended,
        event=event,
        length=rule.length.words,
        answer=met,
        answerable=bool(rule.met),
    )
