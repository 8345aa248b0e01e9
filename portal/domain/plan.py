"""A child's plan as it stands now: its sections, who signed them, and the versions issued from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from portal.domain.advice import AdviceRequest, Taken
from portal.domain.audience import Restriction
from portal.domain.clocks.compute import Running, clocks
from portal.domain.clocks.event import Case, in_order
from portal.domain.clocks.event import Event as CaseEvent
from portal.domain.consultation import Consulted, with_replies
from portal.domain.content import Content, Mark, blank_content, content_hash
from portal.domain.conversation import OpenConversation
from portal.domain.ehc_plan import EHC_PLAN, STANDARDS
from portal.domain.moment import local_day
from portal.domain.move_told import with_the_telling
from portal.domain.pinned import Pinned
from portal.domain.representation import Representation
from portal.domain.rights import Rights
from portal.domain.standard import PlanStandard, SectionStandard
from portal.domain.state import PlanState, VersionKind

# The family has at least 15 days beginning with the day the draft is served (SEND Regs 2014 reg 13(1)(a)).
DAYS_TO_ANSWER = 15


@dataclass(frozen=True)
class Child:
    """Whose plan it is. Kept encrypted; `hidden_address` strips address and school from what others are shown."""

    name: str
    called: str
    subject: str  # she, he or they
    born: date
    nhs_number: str = ""
    upn: str = ""
    address: str = ""
    hidden_address: bool = False
    school: str = ""
    looked_after: bool = False  # now or ever: such a child's records are kept for longer (retention.py)

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return (parts[0][:1] + parts[-1][:1]).upper()

    def age_on(self, day: date) -> int:
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def school_year_on(self, day: date) -> str:
        """The year group by age at 31 August before the school year, as English schools count."""
        start = day.year if day.month >= 9 else day.year - 1
        year = start - self.born.year - (4 if (self.born.month, self.born.day) <= (8, 31) else 5)
        if year < 0:
            return "Early years"
        if year == 0:
            return "Reception"
        return f"Year {year}" if year <= 13 else ""


@dataclass(frozen=True)
class SignOff:
    """One person's sign-off of one revision: it stands while the section has the words of that hash, and no others.

    It never stands where it is not `whole`: something of the section was kept from whoever gave it.
    """

    by: Mark
    agency_name: str
    revision: int
    hash: bytes
    statement: str
    whole: bool = True


@dataclass(frozen=True)
class Note:
    """A reason somebody gave: sent back, declined, withdrawn."""

    by: Mark
    words: str
    revision: int = 0


@dataclass(frozen=True)
class SectionHead:
    """The newest revision of a section, and what people have said of it."""

    content: Content
    revision: int = 0
    hash: bytes = b""
    changed: Mark | None = None
    sign_offs: tuple[SignOff, ...] = ()
    handed_over: Note | None = None
    sent_back: Note | None = None

    @property
    def standing(self) -> tuple[SignOff, ...]:
        """The sign-offs given for exactly these words, by people who had all of them before them."""
        return tuple(each for each in self.given if each.whole)

    @property
    def given(self) -> tuple[SignOff, ...]:
        """The sign-offs given for exactly these words, whether or not they count."""
        return tuple(each for each in self.sign_offs if each.hash == self.hash)

    @property
    def void(self) -> tuple[SignOff, ...]:
        return tuple(each for each in self.sign_offs if each.whole and each not in self.standing)

    @property
    def last_agreed(self) -> SignOff | None:
        """The newest sign-off that was not withdrawn, whether or not the words have moved on since."""
        return max((each for each in self.sign_offs if each.whole), key=lambda each: each.by.at, default=None)


@dataclass(frozen=True)
class VersionLine:
    """What the plan itself remembers of a version it issued; the version document holds the rest."""

    number: int
    kind: VersionKind
    at: Mark
    hash: bytes
    withdrawn: bool = False  # amendments that were proposed, and that the council then decided not to make


@dataclass(frozen=True)
class Answer:
    """What the family said of a draft (their representations), and which version they had before them."""

    by: Mark
    words: str
    version: int


@dataclass(frozen=True)
class Keeping:
    """Why a plan is kept or may go: a legal hold on it, and who has confirmed that it may be destroyed."""

    hold: Note | None = None
    confirmed: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Happened:
    """One event of the statutory process, by the number of the entry that put it on record."""

    sequence: int
    event: CaseEvent


@dataclass(frozen=True)
class Advised:
    """That advice for a review was given, by the number of its entry, and by whom of those that the law asks."""

    sequence: int
    part: str


@dataclass(frozen=True)
class Plan:
    """One versioned document. `sequence` counts the chain's entries and guards each save; `head` is the last link."""

    id: str
    authority: str
    authority_name: str
    child: Child
    sections: Mapping[str, SectionHead]
    state: PlanState = PlanState.DRAFTING
    sequence: int = 0
    head: bytes = b""
    standard_name: str = EHC_PLAN.name
    versions: tuple[VersionLine, ...] = ()
    answers: tuple[Answer, ...] = ()
    commissioner: str = "the Integrated Care Board"  # who must agree section G (SEND Regs 2014 reg 12(2))
    keeping: Keeping = Keeping()
    rights: Rights = field(default_factory=Rights)
    restrictions: tuple[Restriction, ...] = ()  # who alone may read what (restricted.py)
    conversations: tuple[OpenConversation, ...] = ()  # in which somebody waits for somebody, oldest first
    settled: tuple[OpenConversation, ...] = ()  # those that the section's writers settled not long ago
    happened: tuple[Happened, ...] = ()  # what of the statutory process is on record, without what was corrected
    representations: tuple[Representation, ...] = ()  # what the family said of drafts, and whether it was answered
    consulted: tuple[Consulted, ...] = ()  # the schools and colleges that were asked for a place
    ordered: tuple[Pinned, ...] = ()  # words that the tribunal ordered
    advice: tuple[AdviceRequest, ...] = ()  # who was asked for advice and how they answered, oldest first
    taken: tuple[Taken, ...] = ()  # which of its items were made of which advice
    advised: tuple[Advised, ...] = ()  # who has given advice for a review
    move_told: date | None = None  # when the family was sent the letter about a plan that came over

    @property
    def standard(self) -> PlanStandard:
        return STANDARDS[self.standard_name]

    def section(self, letter: str) -> tuple[SectionStandard, SectionHead]:
        """The section's standard and its head; NotFound when there is no such letter."""
        return self.standard.section(letter), self.sections[letter]

    def with_section(self, letter: str, **changes: object) -> "Plan":
        head = replace(self.sections[letter], **changes)  # type: ignore[arg-type]  # replace() checks the names
        return replace(self, sections={**self.sections, letter: head})

    def with_event(self, event: CaseEvent) -> "Plan":
        """The plan once an event is put on record by its next entry."""
        return replace(self, happened=(*self.happened, Happened(self.sequence + 1, event)))

    @cached_property
    def case(self) -> Case:
        return Case(self.child.born, in_order([each.event for each in self.happened]))

    @cached_property
    def clocks(self) -> tuple[Running, ...]:
        """Every statutory clock that the case's events started, by the day it is due."""
        return with_the_telling(with_replies(clocks(self.case), self.consulted), self.move_told)

    def last_version(self, *kinds: VersionKind) -> VersionLine | None:
        """The newest of these kinds, or of all; amendments that were withdrawn are found by no kind."""
        found = (each for each in self.versions[::-1] if not kinds or (each.kind in kinds and not each.withdrawn))
        return next(found, None)

    @property
    def draft_was_issued(self) -> bool:
        return bool(self.versions)

    @property
    def in_force(self) -> VersionLine | None:
        """The version that is in force, whatever is being written meanwhile."""
        return self.last_version(*FINAL_KINDS)

    @property
    def is_with_family(self) -> bool:
        """Whether a draft, or the amendments proposed, are with the family to say what they think."""
        return self.state is PlanState.DRAFT_ISSUED or (self.state is PlanState.AMENDING and self.proposed is not None)

    @property
    def proposed(self) -> VersionLine | None:
        """The amendments that were served and are neither made nor withdrawn."""
        last = self.versions[-1] if self.versions else None
        return last if last and last.kind is VersionKind.PROPOSED_AMENDMENT and not last.withdrawn else None

    @property
    def answer_by(self) -> date | None:
        """The last day of the family's 15 days: the day the draft or the amendments were served is day 1."""
        draft = self.last_version(*DRAFT_KINDS)
        return local_day(draft.at.at) + timedelta(days=DAYS_TO_ANSWER - 1) if draft else None

    @property
    def answered(self) -> bool:
        draft = self.last_version(*DRAFT_KINDS)
        return bool(draft and any(each.version == draft.number for each in self.answers))


FINAL_KINDS = (VersionKind.FINAL, VersionKind.AMENDED_FINAL, VersionKind.TRIBUNAL_ORDERED)
# What the family is sent to say what they think of it, before anything of it is in force.
DRAFT_KINDS = (VersionKind.DRAFT, VersionKind.PROPOSED_AMENDMENT)


def blank_plan(plan_id: str, authority: str, authority_name: str, child: Child) -> Plan:
    """A plan with every section present and empty: each must appear, even to say that it holds nothing."""
    contents = {each.letter: blank_content(each) for each in EHC_PLAN.sections}
    heads = {letter: SectionHead(content, hash=content_hash(letter, content)) for letter, content in contents.items()}
    return Plan(plan_id, authority, authority_name, child, heads)
