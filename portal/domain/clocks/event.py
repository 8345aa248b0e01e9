"""A case as a sequence of dated events: their kinds and the fields each must have, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.event import STATUTORY, EventKind

# One list of kinds for the chain, the outbox and the clocks; of these the clocks know the statutory ones.
Kind = EventKind
KINDS = STATUTORY


@dataclass(frozen=True)
class Field:
    """One fact of an event. `among` closes what it may say; a day or a number says so instead."""

    name: str
    among: tuple[str, ...] = ()
    shape: str = "words"  # or "day", "number", "year", "clock"
    needed: bool = True
    only_if: Mapping[str, tuple[str, ...]] | None = None

    def belongs(self, facts: Mapping[str, object]) -> bool:
        """Whether an event that says these things has this field."""
        return all(facts.get(name) in values for name, values in (self.only_if or {}).items())


REF = Field("ref")
OTHER_TIME = "post16_to_post16"
PHASES_BY_YEAR = (
    "early_years_to_school",
    "infant_to_junior",
    "primary_to_middle",
    "primary_to_secondary",
    "middle_to_secondary",
    "secondary_to_post16",
)
DECISIONS = ("refuse_assessment", "refuse_plan", "plan_contents", "refuse_reassessment", "no_amendment", "cease")
REASONS = ("school_closed", "early_years_closed", "exceptional", "family_absent", "missed_health_appointment")

FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.ADVICE_REQUESTED: (Field("advice", tuple("abcdefgh")), REF),
    Kind.ADVICE_RECEIVED: (REF,),
    Kind.SETTING_CONSULTED: (REF,),
    Kind.REVIEW_DECIDED: (Field("outcome", ("maintain", "amend", "cease")),),
    Kind.PHASE_TRANSFER: (
        Field("phase", (*PHASES_BY_YEAR, OTHER_TIME)),
        Field("year", shape="year", only_if={"phase": PHASES_BY_YEAR}),
        Field("starts", shape="day", only_if={"phase": (OTHER_TIME,)}),
    ),
    Kind.MOVED_IN: (Field("aware", shape="day"), Field("notice_working_days", shape="number")),
    Kind.DECISION_LETTER_SENT: (Field("decision", DECISIONS),),
    Kind.MEDIATION_REQUESTED: (Field("scope", ("all", "health_only")),),
    Kind.TRIBUNAL_ORDER: (Field("order", ("assess", "make_plan", "amend", "amend_placement_name")),),
    Kind.EXEMPTION: (
        Field("clock", shape="clock"),
        Field("reason", REASONS),
        Field("from", shape="day"),
        Field("to", shape="day"),
        Field("ref", needed=False),
    ),
}


@dataclass(frozen=True)
class Event:
    """One thing that happened, on the day it counts as received or done."""

    kind: Kind
    on: date
    words: Mapping[str, str]
    days: Mapping[str, date]
    numbers: Mapping[str, int]

    @property
    def ref(self) -> str | None:
        return self.words.get("ref")

    def says(self, **expected: str) -> bool:
        return all(self.words.get(name) == value for name, value in expected.items())


@dataclass(frozen=True)
class Case:
    """A person's events in the one order that any listing of them gives: by day, then by what they say."""

    born: date | None
    events: tuple[Event, ...]

    def of(self, *kinds: Kind) -> tuple[Event, ...]:
        return tuple(each for each in self.events if each.kind in kinds)


def in_order(events: list[Event]) -> tuple[Event, ...]:
    def place(event: Event) -> tuple[date, int, str]:
        said = (sorted(event.words.items()), sorted(event.days.items()), sorted(event.numbers.items()))
        return event.on, KINDS.index(event.kind), repr(said)

    return tuple(sorted(events, key=place))
