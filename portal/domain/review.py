"""A yearly review as it is kept: who was invited, what they advised, what the meeting said, how each outcome goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from portal.domain.actor import Role
from portal.domain.clocks.event import Kind
from portal.domain.content import Mark
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.plan import Plan

# Whom a meeting is for (SEND Regs 2014 reg 20(2)); the last two where they know the child.
PARTS: Mapping[str, str] = {
    "family": "the family",
    "school": "the school, college or nursery",
    "council": "the council’s SEN team",
    "health": "health",
    "care": "social care",
    "psychology": "educational psychology",
    "justice": "the youth offending team",
}
ASKED_BY_LAW = ("family", "school", "council", "health", "care")
# Whose advice is waited for once they are invited: the council's SEN team collects it.
ADVISERS = ("family", "school", "health", "care")
PART_OF: Mapping[Role, str] = {
    Role.PARENT: "family",
    Role.YOUNG_PERSON: "family",
    Role.SENCO: "school",
    Role.SEN_CASEWORKER: "council",
    Role.SEN_MANAGER: "council",
    Role.HEALTH_CONTRIBUTOR: "health",
    Role.DESIGNATED_CLINICAL_OFFICER: "health",
    Role.SOCIAL_WORKER: "care",
    Role.DESIGNATED_SOCIAL_CARE_OFFICER: "care",
    Role.EDUCATIONAL_PSYCHOLOGIST: "psychology",
}
# How far an outcome is, the furthest last, so that a picture can be drawn of it.
PROGRESS: Mapping[str, str] = {
    "harder": "Harder than before",
    "little": "Little or no progress",
    "some": "Some progress",
    "well": "Going well",
    "reached": "Reached",
}
OUTCOMES: Mapping[str, str] = {
    "maintain": "The plan stays as it is",
    "amend": "The plan is to be amended",
    "cease": "The plan is to cease",
}
DAY_OF = (
    EventKind.REVIEW_MEETING_PLANNED,
    EventKind.REVIEW_NOTICE_SENT,
    EventKind.REVIEW_MEETING_HELD,
    EventKind.REVIEW_REPORT_SENT,
    EventKind.REVIEW_DECIDED,
)
KINDS = (
    *DAY_OF,
    EventKind.REVIEW_ADVICE_GIVEN,
    EventKind.REVIEW_ADVICE_CIRCULATED,
    EventKind.REVIEW_RECORDED,
)


@dataclass(frozen=True)
class Said:
    """One entry of the chain that belongs to a review, with what stands beside it; `on` is its day."""

    number: int
    kind: EventKind
    by: Mark
    agency_name: str
    on: date
    facts: Mapping[str, Value] = field(default_factory=dict)
    beside: Mapping[str, Value] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.beside.get(name, "")
        return value if isinstance(value, str) else ""

    def rows(self, name: str) -> tuple[Mapping[str, str], ...]:
        """A list of small objects of strings, as a form left it."""
        value = self.beside.get(name, ())
        rows = value if isinstance(value, list | tuple) else ()
        return tuple({key: str(said) for key, said in each.items()} for each in rows if isinstance(each, Mapping))


@dataclass(frozen=True)
class Progress:
    """How far one outcome is, in the outcome's own words of that day; `mark` is a key of PROGRESS or empty."""

    outcome: str
    named: str
    mark: str
    note: str = ""


@dataclass(frozen=True)
class Review:
    """One review, from the planning of its meeting to the council's decision; `number` counts from 1."""

    number: int
    entries: tuple[Said, ...] = ()

    def last(self, *kinds: EventKind) -> Said | None:
        return next((each for each in reversed(self.entries) if each.kind in kinds), None)

    @property
    def planned(self) -> date | None:
        found = self.last(EventKind.REVIEW_MEETING_PLANNED)
        return found.on if found else None

    @property
    def held(self) -> date | None:
        found = self.last(EventKind.REVIEW_MEETING_HELD)
        return found.on if found else None

    @property
    def day(self) -> date | None:
        """The day of the meeting: when it was, or when it is to be."""
        return self.held or self.planned

    @property
    def invitations(self) -> tuple[Said, ...]:
        return tuple(each for each in self.entries if each.kind is EventKind.REVIEW_NOTICE_SENT)

    @property
    def advice(self) -> tuple[Said, ...]:
        """What was contributed, the child's own views apart."""
        given = (each for each in self.entries if each.kind is EventKind.REVIEW_ADVICE_GIVEN)
        return tuple(each for each in given if each.facts.get("part") != CHILD)

    @property
    def views(self) -> tuple[Said, ...]:
        """The child's own views, in their words or as they told somebody."""
        given = (each for each in self.entries if each.kind is EventKind.REVIEW_ADVICE_GIVEN)
        return tuple(each for each in given if each.facts.get("part") == CHILD)

    @property
    def circulated(self) -> Said | None:
        return self.last(EventKind.REVIEW_ADVICE_CIRCULATED)

    @property
    def record(self) -> Said | None:
        """The newest record of the meeting: a correction takes the place of what it corrects, and both are kept."""
        found = (each for each in reversed(self.entries) if each.kind in RECORDS and "recommends" in each.beside)
        return next(found, None)

    @property
    def progress(self) -> tuple[Progress, ...]:
        if self.record is None:
            return ()
        rows = self.record.rows("progress")
        return tuple(Progress(each["outcome"], each["named"], each["mark"], each.get("note", "")) for each in rows)

    @property
    def reported(self) -> Said | None:
        return self.last(EventKind.REVIEW_REPORT_SENT)

    @property
    def decided(self) -> Said | None:
        return self.last(EventKind.REVIEW_DECIDED)


# The part under which the child's own views are given.
CHILD = "child"
RECORDS = (EventKind.REVIEW_MEETING_HELD, EventKind.REVIEW_RECORDED)


def reviews_of(entries: Iterable[Said]) -> tuple[Review, ...]:
    """The reviews that entries of a chain tell of, oldest first: each ends with the council's decision."""
    found = [Review(1)]
    for each in entries:
        if found[-1].decided:
            found.append(Review(len(found) + 1))
        found[-1] = replace(found[-1], entries=(*found[-1].entries, each))
    return tuple(each for each in found if each.entries)


@dataclass(frozen=True)
class Round:
    """What the plan itself knows of the review under way: enough to say whose turn it is."""

    planned: date | None = None
    noticed: date | None = None
    held: date | None = None
    reported: date | None = None
    advised: frozenset[str] = frozenset()


def under_way(plan: Plan) -> Round:
    """The review since the last decision on one; empty where nothing of it has happened yet."""
    since = max((each.sequence for each in plan.happened if each.event.kind is Kind.REVIEW_DECIDED), default=0)
    days = {each.event.kind: each.event.on for each in plan.happened if each.sequence > since}
    return Round(
        days.get(Kind.REVIEW_MEETING_PLANNED),
        days.get(Kind.REVIEW_NOTICE_SENT),
        days.get(Kind.REVIEW_MEETING_HELD),
        days.get(Kind.REVIEW_REPORT_SENT),
        frozenset(each.part for each in plan.advised if each.sequence > since),
    )
