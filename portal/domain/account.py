"""Two accounts of a plan that must agree: what it says of itself, and what its chain says when it is told again.

People's names are not on the chain, so that no account can vouch for them: marks are compared without them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from portal.domain.advice_account import Lines, TakenLine, taken_by, told
from portal.domain.case import event_of
from portal.domain.content import Content, Mark
from portal.domain.event import STATUTORY, EventKind
from portal.domain.issue import ISSUES
from portal.domain.letter_kind import LetterKind
from portal.domain.moment import local_day
from portal.domain.plan import Advised, Answer, Happened, Keeping, Note, SectionHead, SignOff, VersionLine
from portal.domain.process_account import OF_A_CONSULTATION, Process, told_by
from portal.domain.retention import PEOPLE_NEEDED
from portal.domain.state import PlanState, VersionKind

Facts = Mapping[str, Any]
Marked = TypeVar("Marked", SignOff, Note, Answer)
OF_THE_ISSUE = ("version", "kind", "issued_past", "letter")  # what an issue says of its version, a letter of itself
# What an entry says of advice beside the event (advice_account.py).
OF_THE_ADVICE = ("asked", "asked_of", "reuses", "part", "given", "advice_hash", "side")
LEADS_TO = {kind: after for _, _, after, kind in ISSUES.values()}


@dataclass(frozen=True)
class Settled:
    """A conversation that the section's writers settled: who opened it in which role, and who settled it."""

    number: int
    section: str
    role: str
    by: Mark
    last: Mark


@dataclass(frozen=True)
class Account:
    """What decides and what is shown: the plan's stage, its sections' marks, its versions, answers and keeping."""

    state: PlanState = PlanState.DRAFTING
    sections: Mapping[str, SectionHead] = field(default_factory=dict)
    versions: tuple[VersionLine, ...] = ()
    answers: tuple[Answer, ...] = ()
    keeping: Keeping = field(default_factory=Keeping)
    rights: str = ""  # the hash of what is recorded of who may read and decide
    conversations: frozenset[int] = frozenset()  # the numbers of those in which somebody waits for somebody
    happened: tuple[Happened, ...] = ()  # what of the statutory process is on record
    advice: Lines = ()  # who was asked for advice, and how they answered
    taken: tuple[TakenLine, ...] = ()  # what was taken from advice into the plan's words
    advised: tuple[Advised, ...] = ()  # who has given advice for a review
    move_told: date | None = None  # when the family was sent the letter about a plan that came over
    process: Process = field(default_factory=Process)  # what the family and schools said, and the tribunal ordered
    opened: Mapping[int, Settled] = field(default_factory=dict)  # conversations, as if they were settled at once
    settled: frozenset[Settled] = frozenset()  # of the plan itself those of the last weeks alone

    def section(self, letter: str) -> SectionHead:
        return self.sections.get(letter, SectionHead(Content()))

    def with_section(self, letter: str, **changes: object) -> "Account":
        head = replace(self.section(letter), **changes)  # type: ignore[arg-type]  # replace() checks the names
        return replace(self, sections={**self.sections, letter: head})

    @property
    def ends_in_destruction(self) -> bool:
        """Whether two people have confirmed it and no hold stands, as retention.may_be_destroyed asks.

        Whether the plan was due can't be told any more: its child's birthday is gone with it.
        """
        return self.keeping.hold is None and len({each.person for each in self.keeping.confirmed}) >= PEOPLE_NEEDED


@dataclass(frozen=True)
class Step:
    """One link as it is told again: its facts, and the words that stand beside it while they are kept."""

    facts: Facts
    words: str = ""

    @property
    def by(self) -> Mark:
        return mark_of(self.facts)

    @property
    def sign_off(self) -> SignOff:
        facts = self.facts
        digest, statement = bytes.fromhex(facts["hash"]), facts["facts"].get("statement", "")
        return SignOff(self.by, facts["agency_name"], facts["revision"], digest, statement)

    @property
    def note(self) -> Note:
        return Note(self.by, self.words, self.facts["revision"])


def mark_of(facts: Facts) -> Mark:
    """Who did what a link says, without their name."""
    return Mark(facts["who"], "", facts["agency"], datetime.fromisoformat(facts["at"]))


def retold(steps: Iterable[Step]) -> Account:
    """Where the links lead, oldest first, by the rules of sign_off.py, issue.py and retention.py."""
    account = Account()
    for step in steps:
        tell = TELL.get(step.facts["kind"])
        account = tell(account, step) if tell else account
        account = replace(account, process=told_by(account.process, step.facts))
    return account


def _edited(account: Account, step: Step) -> Account:
    return account.with_section(step.facts["section"], changed=step.by)


def _handed_over(account: Account, step: Step) -> Account:
    return account.with_section(step.facts["section"], handed_over=step.note, sent_back=None)


def _sent_back(account: Account, step: Step) -> Account:
    return account.with_section(step.facts["section"], sent_back=step.note, handed_over=None)


def _signed(account: Account, step: Step) -> Account:
    sign_offs = (*_of_others(account, step), step.sign_off)
    return account.with_section(step.facts["section"], sign_offs=sign_offs, sent_back=None)


def _withdrawn(account: Account, step: Step) -> Account:
    return account.with_section(step.facts["section"], sign_offs=_of_others(account, step), handed_over=None)


def _of_others(account: Account, step: Step) -> tuple[SignOff, ...]:
    sign_offs = account.section(step.facts["section"]).sign_offs
    return tuple(each for each in sign_offs if each.by.person != step.facts["who"])


def _issued(account: Account, step: Step) -> Account:
    said = step.facts["facts"]
    if "version" not in said:  # an amendment of before they were issued here, put on record by hand
        return _happened(account, step)
    line = VersionLine(said["version"], VersionKind(said["kind"]), step.by, bytes.fromhex(step.facts["hash"]))
    after = LEADS_TO[EventKind(step.facts["kind"])]
    return replace(_happened(account, step), state=after, versions=(*account.versions, line))


def _happened(account: Account, step: Step) -> Account:
    """What was issued here says no day of its own: it is the day on which it was issued."""
    beyond = (*OF_THE_ISSUE, *OF_THE_ADVICE, *OF_A_CONSULTATION)
    facts = {name: value for name, value in step.facts["facts"].items() if name not in beyond}
    on = date.fromisoformat(facts.pop("on")) if "on" in facts else local_day(step.by.at)
    happened = Happened(step.facts["sequence"], event_of(step.facts["kind"], on, facts))
    return replace(account, happened=(*account.happened, happened))


def _corrected(account: Account, step: Step) -> Account:
    left = (each for each in account.happened if each.sequence != step.facts["facts"]["corrects"])
    return replace(account, happened=tuple(left))


def _answered(account: Account, step: Step) -> Account:
    answer = Answer(step.by, step.words, step.facts["facts"]["version"])
    return replace(account, answers=(*account.answers, answer))


def _finalising(account: Account, _: Step) -> Account:
    return replace(account, state=PlanState.FINALISING)


def _amending(account: Account, _: Step) -> Account:
    return replace(account, state=PlanState.AMENDING)


def _not_amended(account: Account, _: Step) -> Account:
    versions = (*account.versions[:-1], replace(account.versions[-1], withdrawn=True))
    return replace(account, state=PlanState.FINAL, versions=versions)


def _letter_sent(account: Account, step: Step) -> Account:
    is_of_the_move = step.facts["facts"]["letter"]["kind"] == LetterKind.MOVED_IN
    return replace(account, move_told=local_day(step.by.at)) if is_of_the_move else account


def _advised(account: Account, step: Step) -> Account:
    given = Advised(step.facts["sequence"], step.facts["facts"]["part"])
    return replace(account, advised=(*account.advised, given))


def _held(account: Account, step: Step) -> Account:
    return replace(account, keeping=Keeping(hold=step.note))


def _released(account: Account, _: Step) -> Account:
    return replace(account, keeping=replace(account.keeping, hold=None))


def _confirmed(account: Account, step: Step) -> Account:
    """The first of two, whatever was confirmed before: that had lapsed, or this would be the second."""
    return replace(account, keeping=replace(account.keeping, confirmed=(step.by,)))


def _ordered(account: Account, step: Step) -> Account:
    """The second of two: of those before only the newest can still count, and without one this counts for nothing."""
    first = account.keeping.confirmed[-1:]
    return replace(account, keeping=replace(account.keeping, confirmed=(*first, step.by) if first else ()))


def _recorded(account: Account, step: Step) -> Account:
    return replace(account, rights=step.facts["facts"]["rights"])


def _ceased(account: Account, _: Step) -> Account:
    return replace(account, state=PlanState.CEASED)


def _talked(account: Account, step: Step) -> Account:
    said = step.facts["facts"]
    others = account.conversations - {said["conversation"]}
    return replace(account, conversations=others | {said["conversation"]} if said["open"] else others)


def _begun(account: Account, step: Step) -> Account:
    said, by = step.facts["facts"], step.by
    begun = Settled(said["conversation"], step.facts["section"], said["as"], by, by)
    return replace(_talked(account, step), opened={**account.opened, begun.number: begun})


def _settled(account: Account, step: Step) -> Account:
    begun = account.opened.get(step.facts["facts"]["conversation"])
    told = {replace(begun, last=step.by)} if begun else set()
    return replace(_talked(account, step), settled=account.settled | told)


def _taken_in(account: Account, step: Step) -> Account:
    return _settled(_edited(account, step), step)


def _of_advice(account: Account, step: Step) -> Account:
    advice, taken = told(account.advice, step.facts), taken_by(account.taken, step.facts)
    return replace(account, advice=advice, taken=taken)


def _with_its_event(account: Account, step: Step) -> Account:
    """Advice that was asked for or came: an event of the case, and a line of section K where it was given here."""
    return _listed(_happened(account, step), step)


def _listed(account: Account, step: Step) -> Account:
    return _of_advice(_edited(account, step) if step.facts["section"] else account, step)


TELL: Mapping[str, Callable[[Account, Step], Account]] = {
    **dict.fromkeys(STATUTORY, _happened),
    EventKind.ADVICE_REQUESTED: _with_its_event,
    EventKind.ADVICE_RECEIVED: _with_its_event,
    EventKind.ADVICE_CORRECTED: _listed,
    EventKind.ADVICE_TAKEN: _listed,
    EventKind.ADVICE_PASSED_ON: _of_advice,
    EventKind.ADVICE_CHASED: _of_advice,
    EventKind.ADVICE_DECLINED: _of_advice,
    EventKind.ADVICE_REUSE_AGREED: _of_advice,
    EventKind.EVENT_CORRECTED: _corrected,
    EventKind.SECTION_EDITED: _edited,
    EventKind.CONVERSATION_OPENED: _begun,
    EventKind.CONVERSATION_CONTINUED: _talked,
    EventKind.CONVERSATION_ANSWERED: _settled,
    EventKind.CONVERSATION_WITHDRAWN: _talked,
    EventKind.SUGGESTION_ACCEPTED: _taken_in,
    EventKind.SECTION_HANDED_OVER: _handed_over,
    EventKind.SECTION_SENT_BACK: _sent_back,
    EventKind.SECTION_SIGNED: _signed,
    EventKind.SIGN_OFF_WITHDRAWN: _withdrawn,
    EventKind.DRAFT_SERVED: _issued,
    EventKind.REPRESENTATIONS_RECEIVED: _answered,
    EventKind.FINALISING_BEGUN: _finalising,
    EventKind.FINAL_ISSUED: _issued,
    EventKind.AMENDING_BEGUN: _amending,
    EventKind.AMENDING_ENDED: _not_amended,
    EventKind.AMENDMENT_NOTICE_SERVED: _issued,
    EventKind.AMENDED_FINAL_ISSUED: _issued,
    EventKind.REVIEW_ADVICE_GIVEN: _advised,
    EventKind.LETTER_SENT: _letter_sent,
    EventKind.RIGHTS_RECORDED: _recorded,
    EventKind.PLAN_CEASED: _ceased,
    EventKind.HOLD_PLACED: _held,
    EventKind.HOLD_RELEASED: _released,
    EventKind.DESTRUCTION_CONFIRMED: _confirmed,
    EventKind.DESTRUCTION_ORDERED: _ordered,
}


def nameless(account: Account) -> Account:
    """The same account without people's names, as the chain tells it."""
    keeping = account.keeping
    confirmed = tuple(unnamed(each) for each in keeping.confirmed)
    return replace(
        account,
        sections={letter: _nameless(head) for letter, head in account.sections.items()},
        versions=tuple(replace(each, at=unnamed(each.at)) for each in account.versions),
        answers=tuple(without_name(each) for each in account.answers),
        keeping=Keeping(keeping.hold and without_name(keeping.hold), confirmed),
        process=account.process.nameless,
        settled=frozenset(replace(each, by=unnamed(each.by), last=unnamed(each.last)) for each in account.settled),
    )


def _nameless(head: SectionHead) -> SectionHead:
    return replace(
        head,
        changed=head.changed and unnamed(head.changed),
        sign_offs=tuple(as_chained(each) for each in head.sign_offs),
        handed_over=head.handed_over and without_name(head.handed_over),
        sent_back=head.sent_back and without_name(head.sent_back),
    )


def as_chained(sign_off: SignOff) -> SignOff:
    """A sign-off as the chain tells it: no name, and not whether something was kept from whoever gave it."""
    return replace(without_name(sign_off), whole=True)


def without_name(marked: Marked) -> Marked:
    """A sign-off, a note or an answer whose mark has no name."""
    return replace(marked, by=unnamed(marked.by))


def unnamed(mark: Mark) -> Mark:
    return replace(mark, name="")
