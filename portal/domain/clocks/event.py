"""A case as a sequence of dated events: their kinds and the fields each must have, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What can happen in a case, in the past tense."""

    REQUEST_RECEIVED = "request_received"
    ASSESSMENT_AGREED = "assessment_agreed"
    ASSESSMENT_REFUSED = "assessment_refused"
    ADVICE_REQUESTED = "advice_requested"
    ADVICE_RECEIVED = "advice_received"
    ISSUE_REFUSED = "issue_refused"
    DRAFT_SERVED = "draft_served"
    SETTING_CONSULTED = "setting_consulted"
    FINAL_ISSUED = "final_issued"
    REASSESSMENT_REQUESTED = "reassessment_requested"
    REASSESSMENT_AGREED = "reassessment_agreed"
    REVIEW_MEETING_PLANNED = "review_meeting_planned"
    REVIEW_NOTICE_SENT = "review_notice_sent"
    REVIEW_MEETING_HELD = "review_meeting_held"
    REVIEW_REPORT_SENT = "review_report_sent"
    REVIEW_DECIDED = "review_decided"
    AMENDMENT_NOTICE_SERVED = "amendment_notice_served"
    AMENDED_FINAL_ISSUED = "amended_final_issued"
    PHASE_TRANSFER = "phase_transfer"
    MOVED_IN = "moved_in"
    PLAN_TRANSFERRED = "plan_transferred"
    DECISION_LETTER_SENT = "decision_letter_sent"
    MEDIATION_REQUESTED = "mediation_requested"
    ICB_NOTIFIED = "icb_notified"
    MEDIATION_DECLINED = "mediation_declined"
    MEDIATION_ENDED = "mediation_ended"
    MEDIATION_NOT_ARRANGED = "mediation_not_arranged"
    MEDIATION_CERTIFICATE_ISSUED = "mediation_certificate_issued"
    APPEAL_LODGED = "appeal_lodged"
    APPEAL_CONCLUDED = "appeal_concluded"
    TRIBUNAL_ORDER = "tribunal_order"
    HEALTH_RECOMMENDATION = "health_recommendation"
    CEASE_DECIDED = "cease_decided"
    SUBJECT_ACCESS_REQUEST = "subject_access_request"
    BREACH_FOUND = "breach_found"
    EXEMPTION = "exemption"


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
        return event.on, list(Kind).index(event.kind), repr(said)

    return tuple(sorted(events, key=place))
