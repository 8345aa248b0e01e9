"""What a rule is: which event starts which clock, how long it runs, who answers it, and the law that says so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.clocks.event import Case, Event, Kind
from portal.domain.clocks.length import Length
from portal.domain.clocks.name import Clock

SEND_REGULATIONS = date(2014, 9, 1)  # SI 2014/1530 reg 1

CountsFrom = Callable[[Case, Event], date | None]
Settles = Callable[[Case, Event, date], date | None]


class Matching(StrEnum):
    """Which of several starts an answer belongs to."""

    FIRST_AFTER = "each that is open"
    LATEST_START = "only the latest before it"
    NEXT_MEETING = "the next meeting, which it goes before"


@dataclass(frozen=True)
class Answer:
    """Events of a kind, or those of them that say certain things."""

    kind: Kind
    says: Mapping[str, str] = field(default_factory=dict)

    def fits(self, event: Event) -> bool:
        return event.kind is self.kind and event.says(**self.says)


def that_day(_: Case, event: Event) -> date | None:
    return event.on


def as_it_ends(_case: Case, _event: Event, end: date) -> date | None:
    return end


@dataclass(frozen=True)
class Rule:
    """One row of the law. A later row for the same start takes an earlier one's place from its `since`.

    `counts_from` is the day that the length is counted from, or None while the clock does not start; `settles` makes
    of the length's end the day that is due, or None while that cannot be known.
    """

    clock: Clock
    start: Kind
    length: Length
    source: str
    met: tuple[Answer, ...] = ()
    ended: tuple[Answer, ...] = ()
    when: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    where: str = ""
    matching: Matching = Matching.FIRST_AFTER
    counts_from: CountsFrom = that_day
    settles: Settles = as_it_ends
    starts_with_event: bool = False
    since: date = SEND_REGULATIONS

    @property
    def about(self) -> tuple[object, ...]:
        """What a later row must share with this one to take its place."""
        return self.clock, self.start, tuple(sorted(self.when.items())), self.where

    def starts(self, event: Event) -> bool:
        wanted = ((name, each if isinstance(each, tuple) else (each,)) for name, each in self.when.items())
        return event.kind is self.start and all(event.words.get(name) in values for name, values in wanted)
