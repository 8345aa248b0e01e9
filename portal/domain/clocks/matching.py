"""Which event answers a clock, and which makes it pointless."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.clocks.event import Case, Event, Kind
from portal.domain.clocks.name import WITH_REF
from portal.domain.clocks.rule import Answer, Matching, Rule

# No clock restarts because a panel refused and then changed its mind: the first one counts again.
CHANGES_OF_MIND = {
    Kind.ASSESSMENT_REFUSED: (Kind.ASSESSMENT_AGREED,),
    Kind.ISSUE_REFUSED: (Kind.DRAFT_SERVED, Kind.FINAL_ISSUED),
    Kind.DECISION_LETTER_SENT: (Kind.ASSESSMENT_AGREED, Kind.DRAFT_SERVED, Kind.FINAL_ISSUED),
    Kind.DRAFT_SERVED: (Kind.ISSUE_REFUSED,),
}


@dataclass(frozen=True)
class Started:
    """A clock that an event started; `counted` is the day its length is counted from."""

    rule: Rule
    event: Event
    counted: date
    due: date | None

    @property
    def open_from(self) -> date:
        """The first day on which something can answer it."""
        return min(self.event.on, self.counted)

    def hears(self, event: Event) -> bool:
        """Whether an event is about this start at all."""
        if event is self.event or (event.kind is self.event.kind and event.on <= self.event.on):
            return False
        return self.rule.clock not in WITH_REF or event.ref is None or event.ref == self.event.ref


def answered(case: Case, started: Started, all_started: Sequence[Started]) -> tuple[Event | None, Event | None]:
    """The event that met the clock and, when none did, the one that made it pointless."""
    if started.rule.matching is Matching.NEXT_MEETING:
        return _before_the_meeting(case, started)
    beside = [each for each in all_started if each.rule.clock is started.rule.clock and each is not started]
    ended: Event | None = None
    for event in _heard(case, started, beside):
        if ended and _changes_its_mind(case, ended, event, beside):
            ended = None
        if ended is None and _fits(started.rule.met, event):
            return event, None
        if ended is None and _fits(started.rule.ended, event):
            ended = event
    return None, ended


def _heard(case: Case, started: Started, beside: Iterable[Started]) -> Iterable[Event]:
    """What can answer this start, day by day."""
    heard = [each for each in case.events if each.on >= started.open_from and started.hears(each)]
    if started.rule.matching is Matching.LATEST_START:
        later = min((each.open_from for each in beside if each.open_from > started.open_from), default=date.max)
        heard = [each for each in heard if each.on < later]
    return heard


def _changes_its_mind(case: Case, ended: Event, event: Event, beside: Iterable[Started]) -> bool:
    """A new start since then, or an order of the tribunal, has clocks of its own, which the answer belongs to."""
    if event.kind not in CHANGES_OF_MIND.get(ended.kind, ()):
        return False
    others = (*(each.open_from for each in beside), *(each.on for each in case.of(Kind.TRIBUNAL_ORDER)))
    return not any(ended.on <= each <= event.on for each in others)


def _before_the_meeting(case: Case, started: Started) -> tuple[Event | None, Event | None]:
    """A notice belongs to the first meeting after it that has none yet."""
    meetings = case.of(started.rule.start)
    noticed: dict[int, Event] = {}
    for event in (each for each in case.events if _fits(started.rule.met, each)):
        ahead = [at for at, meeting in enumerate(meetings) if meeting.on >= event.on and at not in noticed]
        if ahead:
            noticed[ahead[0]] = event
    met = noticed.get(next(at for at, each in enumerate(meetings) if each is started.event))
    over = (each for each in case.events if each.on >= started.event.on and _fits(started.rule.ended, each))
    return met, None if met else next(iter(over), None)


def _fits(answers: Iterable[Answer], event: Event) -> bool:
    return any(each.fits(event) for each in answers)
