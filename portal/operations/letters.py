"""Write the council's letters about a child, send them to the family, and read them."""

from dataclasses import dataclass
from datetime import date

from portal.domain import letter_write as rules
from portal.domain.actor import Actor
from portal.domain.decision import Decision
from portal.domain.error import NotAllowed, StaleRevision
from portal.domain.event import EventKind
from portal.domain.letter import Body, Letter, Words, as_read, may_read, put_together
from portal.domain.letter_kind import LETTERS, LetterKind
from portal.domain.letter_write import Offer
from portal.domain.moment import Moment
from portal.domain.notice import LETTER_WRITTEN
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.step_up import proven
from portal.operations import letter_templates
from portal.operations.act import act
from portal.store import letter_templates as templates_store
from portal.store import letters, outbox, requests, said
from portal.store.database import Database, Session
from portal.store.requests import Request

NOT_YOURS = "Letters are for the family and the council’s SEN team."


@dataclass(frozen=True)
class Asked:
    """A letter to be written: its kind, the day of the decision where none is on record, and why, for this child."""

    kind: LetterKind
    decided: date
    reasons: str


@dataclass(frozen=True)
class Drafted:
    """A letter as it would be sent now; `made_from` are the versions of the council's words."""

    offer: Offer
    body: Body
    made_from: tuple[int, int]


@dataclass(frozen=True)
class Read:
    """A letter as one person may read it. `stands`: what it tells of was not taken back since.

    `seal` is the hash of the letter as it was sent, the same to whoever reads it.
    """

    letter: Letter
    whole: bool
    stands: bool
    seal: bytes


class Changed(StaleRevision):
    """The letter is no longer the one that was looked at: the council's words, the case or the day have changed."""


def _must_read(reading: PlanReading) -> None:
    if not may_read(reading.actor, reading.plan):
        raise NotAllowed(NOT_YOURS)


def listed(db: Database, reading: PlanReading) -> list[Read]:
    """The letters of a plan as somebody may read them, the newest first. Raises NotAllowed."""
    _must_read(reading)
    return [_read(reading, each) for each in letters.of_a_plan(db, reading.plan.id)]


def find(db: Database, reading: PlanReading, number: int) -> Read:
    """One letter. Raises NotAllowed, NotFound."""
    _must_read(reading)
    return _read(reading, letters.find(db, reading.plan.id, number))


def _read(reading: PlanReading, letter: Letter) -> Read:
    told, whole = as_read(reading, letter)
    stands = any(each.sequence == letter.about for each in reading.plan.happened)
    return Read(told, whole, stands, letter.hash)


def pdf(db: Database, plan: Plan, read: Read) -> bytes | None:
    """The PDF that the worker made, made anew for whom something in it is withheld; None while it is not made."""
    kept = outbox.document(db, plan.id, read.letter.number, outbox.LETTER)
    if kept is None or read.whole:
        return kept
    from portal.documents.letter import make_letter  # the PDF maker is heavy, and few readers need it here

    return make_letter(read.letter, read.seal)


def reasons_so_far(db: Database, reading: PlanReading, kind: LetterKind) -> str:
    """The reasons that stand on record already for what a letter tells: those for which the plan was not amended."""
    found = said.of_kinds(db, reading.plan, EventKind.AMENDING_ENDED) if LETTERS[kind].withdrawn else {}
    return reading.says(list(found.values())[-1].beside.get("words", "")) if found else ""


def offers(db: Database, plan: Plan, actor: Actor) -> tuple[Offer, ...]:
    """The letters that the actor can write now, what is owed first; none for whoever writes none."""
    if not allows(actor, Permission.PLAN_PROCESS, plan):
        return ()
    return rules.offers(plan, letters.told(db, plan.id)[1])


def offer(db: Database, plan: Plan, actor: Actor, kind: LetterKind) -> Offer:
    """One of them. Raises NotAllowed, NotReady."""
    rules.granted(plan, actor)
    return rules.offer_of(plan, kind, letters.told(db, plan.id)[1])


def drafted(db: Database, plan: Plan, actor: Actor, asked: Asked, moment: Moment) -> Drafted:
    """The letter as it would be sent now. Raises NotAllowed, Invalid, NotReady."""
    found = offer(db, plan, actor, asked.kind)
    rules.must_not_tell_hidden(plan, asked.reasons)
    own = templates_store.newest(db, plan.authority, asked.kind.value)
    contacts = letter_templates.contacts(db, plan.authority)
    after, told = rules.with_missing(plan, found, asked.decided, moment.today)
    body = put_together(asked.kind, told, after, Words(own, contacts, asked.reasons), moment.today)
    return Drafted(found, body, (own.number, contacts.number))


def send(
    db: Database,
    actor: Actor,
    plan_id: str,
    asked: Asked,
    seen: str,
    moment: Moment,
    request: Request | None = None,
) -> int:
    """Put on record what is missing, then the letter that was looked at (`seen`, its digest); answers its number.

    Each is one transaction: killed between them, the next sending goes on. Raises NotAllowed, Invalid, NotReady,
    StepUpNeeded where it decides that the plan is to cease, and Changed where the letter is not the one that was seen.
    """
    sent: list[Letter] = []

    def put_on_record(plan: Plan) -> Decision | None:
        found = drafted(db, plan, actor, asked, moment)
        _must_be_seen(found, seen)
        return rules.put_on_record(plan, actor, found.offer, asked.decided, moment)

    def write(plan: Plan) -> Decision:
        sent.clear()
        found = drafted(db, plan, actor, asked, moment)
        _must_be_seen(found, seen)
        number = letters.told(db, plan.id)[0] + 1
        decision, letter = rules.send(plan, actor, found.offer, found.body, found.made_from, number, moment)
        sent.append(letter)
        return decision

    def keep(session: Session) -> None:
        for each in sent:
            letters.add(db, plan_id, each, session)
            outbox.tell(db, plan_id, LETTER_WRITTEN, each.number, each.by.at, session)
            outbox.add_job(db, plan_id, outbox.LETTER, each.number, session)

    if not (request and requests.answered(db, plan_id, request)):
        for _ in LETTERS[asked.kind].tells:
            act(db, actor, plan_id, proven(actor, moment, put_on_record))
        act(db, actor, plan_id, write, request, keep)
    return sent[0].number if sent else letters.told(db, plan_id)[0]


def _must_be_seen(found: Drafted, seen: str) -> None:
    if found.body.digest != seen:
        raise Changed
