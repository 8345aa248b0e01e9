"""A letter of the council's to a family: put together from the law, the council's words and the reasons, and frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.actor import Actor
from portal.domain.case import event_of
from portal.domain.clocks.event import Event, Kind
from portal.domain.clocks.name import Clock
from portal.domain.content import Mark
from portal.domain.error import NotReady
from portal.domain.hashing import Value, digest, leaf
from portal.domain.letter_kind import LETTERS, LetterKind
from portal.domain.letter_law import statutory
from portal.domain.letter_template import FILL, FILL_INS, Template
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.text import blocks

HEADING = "# "
SETTLE = "No letter can be sent yet: an SEN manager first writes “{}” at “Our letters”."


@dataclass(frozen=True)
class Piece:
    """A heading (one line), a paragraph or a list of a letter; `source` is the law that has it there."""

    shape: str  # "heading", "paragraph" or "list"
    lines: tuple[str, ...]
    source: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def value(self) -> dict[str, Value]:
        return {"shape": self.shape, "lines": list(self.lines), "source": self.source}


@dataclass(frozen=True)
class Letter:
    """One letter as it was sent: immutable, numbered from 1 within its plan.

    `about` is the number of the entry that it tells of, `made_from` the versions of the council's words (of its kind,
    and of what all letters share).
    """

    number: int
    kind: LetterKind
    on: date
    title: str
    pieces: tuple[Piece, ...]
    about: int
    made_from: tuple[int, int]
    by: Mark
    agency_name: str
    authority_name: str
    salt: bytes = b""

    @property
    def hash(self) -> bytes:
        """The salted hash that the plan's chain has of it."""
        said: Value = {
            "kind": self.kind.value,
            "on": self.on.isoformat(),
            "title": self.title,
            "pieces": [each.value for each in self.pieces],
            "about": self.about,
            "made_from": list(self.made_from),
            "authority_name": self.authority_name,
        }
        return leaf(f"letter/{self.number}", said, (), self.salt)

    @property
    def sources(self) -> tuple[str, ...]:
        """The law that it rests on, each once."""
        return tuple(dict.fromkeys(each.source for each in self.pieces if each.source))


@dataclass(frozen=True)
class Words:
    """What a letter is put together from: the council's own words of its kind and of all, and this child's reasons."""

    own: Template
    contacts: Template
    reasons: str


@dataclass(frozen=True)
class Body:
    """A letter before it is sent; `digest` tells whether it is the one that somebody looked at."""

    title: str
    pieces: tuple[Piece, ...]

    @property
    def digest(self) -> str:
        return digest([self.title, [each.value for each in self.pieces]])


def may_read(actor: Actor, plan: Plan) -> bool:
    """Letters are for whoever of the family decides, and for the council's SEN team."""
    return allows(actor, Permission.PLAN_ANSWER, plan) or allows(actor, Permission.PLAN_PROCESS, plan)


def put_together(kind: LetterKind, told: Event, plan: Plan, words: Words, today: date) -> Body:
    """The letter about an event, as it would be sent on a day; `plan` has that event on record.

    Raises NotReady where the council has not written what every letter must say, or a day that it names is unknown.
    """
    if words.contacts.missing:
        raise NotReady([SETTLE.format("”, “".join(words.contacts.missing))])
    return filled(kind, facts_of(kind, told, plan, today), words, today)


def filled(kind: LetterKind, facts: Mapping[str, str], words: Words, today: date) -> Body:
    """The letter with its facts filled in, by the law of a day. Raises NotReady for a fact that is not known."""
    own, shared = words.own.parts, words.contacts.parts
    pieces = list(_filled(own["opening"], facts))
    for each in statutory(kind, today):
        pieces.append(Piece("heading", (each.heading,)))
        pieces += _filled(each.text, facts, each.source)
        pieces += _filled(shared.get(each.after, ""), facts)
        if each.name == "decision" and words.reasons:
            pieces.append(Piece("heading", (LETTERS[kind].asks or "Why",)))
            pieces += _cut(words.reasons)
    for text in (own["next"], own["closing"], shared["reach"]):
        pieces += _filled(text, facts)
    return Body(_fill(LETTERS[kind].title, facts), tuple(pieces))


def facts_of(kind: LetterKind, told: Event, plan: Plan, today: date) -> dict[str, str]:
    """What each fill-in says in this letter; a day that is not known is left out."""
    letter = LETTERS[kind]
    request = next((each for each in reversed(plan.case.of(Kind.REQUEST_RECEIVED)) if each.on <= told.on), None)
    days = {
        "date of request": request.on if request else None,
        "date of decision": told.on,
        "date of this letter": today,
        "last day to appeal": last_day_to_appeal(plan, letter.decision, today) if letter.decision else None,
        "last day to answer": _due(plan, letter.answer) if letter.answer else None,
    }
    names = {"name of child": plan.child.name, "child": plan.child.called, "name of council": plan.authority_name}
    return {**names, **{name: long_day(each) for name, each in days.items() if each}}


def last_day_to_appeal(plan: Plan, decision: str, on: date) -> date | None:
    """By when an appeal must be made if the letter goes on a day: reckoned by the clocks, as for any other letter."""
    letter = letter_event(decision, on)
    running = plan.with_event(letter).clocks
    return next((each.due for each in running if each.clock is Clock.APPEAL and each.event == letter), None)


def letter_event(decision: str, on: date) -> Event:
    return event_of(Kind.DECISION_LETTER_SENT, on, {"decision": decision})


def _due(plan: Plan, clock: Clock) -> date | None:
    return max((each.due for each in plan.clocks if each.clock is clock and each.due), default=None)


def long_day(day: date) -> str:
    """ "Friday 3 March 2027": a letter is read years later."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def _filled(text: str, facts: Mapping[str, str], source: str = "") -> Sequence[Piece]:
    return _cut(_fill(text, facts), source)


def _fill(text: str, facts: Mapping[str, str]) -> str:
    unknown = next((each for each in FILL.findall(text) if each not in facts), None)
    if unknown:
        raise NotReady([f"The letter names {FILL_INS.get(unknown, unknown)}, and that is not on record."])
    return FILL.sub(lambda found: facts[found[1]], text)


def _cut(text: str, source: str = "") -> Sequence[Piece]:
    """Plain text as pieces: a paragraph that begins with "# " is a heading."""
    found = []
    for block in blocks(text):
        is_heading = not block.is_list and block.lines[0].startswith(HEADING)
        lines = (" ".join(block.lines).removeprefix(HEADING),) if is_heading else block.lines
        found.append(Piece("heading" if is_heading else "list" if block.is_list else "paragraph", lines, source))
    return found


def as_read(reading: PlanReading, letter: Letter) -> tuple[Letter, bool]:
    """The letter as somebody may read it, and whether that is all of it: no piece that tells what is kept from them."""
    told = tuple(each for each in letter.pieces if reading.says(each.text, letter.by.person))
    return replace(letter, pieces=told), told == letter.pieces
