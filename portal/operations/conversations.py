"""Comment on a sentence, suggest a wording, send a message about a section, and settle what was said."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from portal.domain import converse
from portal.domain.actor import Actor, Grant, Role
from portal.domain.ancestry import IN_SENTENCES
from portal.domain.audience import place_of
from portal.domain.awaited import heard_now
from portal.domain.content import Content
from portal.domain.conversation import Awaited, Conversation, ConversationKind, OpenConversation, Remark
from portal.domain.converse import Opening
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.event import EventKind
from portal.domain.hearing import heard, is_of_another_parent
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows, grants_on
from portal.domain.plan import Plan
from portal.domain.quoted import pointed_at
from portal.domain.reading import PlanReading, filtered
from portal.domain.restricted import must_not_tell
from portal.operations import between_parents, unread
from portal.operations.act import act
from portal.store import conversations, people, plans, reading_marks, revisions
from portal.store.database import Database
from portal.store.requests import Request


@dataclass(frozen=True)
class Pointed:
    """The sentence that a form points at: of which item, in which field, the how many-th, in which revision."""

    item: str
    field: str
    at: int
    revision: int


@dataclass(frozen=True)
class Said:
    """What a form says; `pointed` is None in a message, `wording` empty but in a suggestion."""

    kind: ConversationKind
    letter: str
    words: str
    wording: str = ""
    pointed: Pointed | None = None
    waits_for: str = ""
    shown: bool = False  # to another parent too


def begin(db: Database, actor: Actor, plan_id: str, said: Said, moment: Moment, request: Request | None = None) -> Plan:
    """Open a conversation. NotFound for a sentence that this person does not see, Invalid for one that is not there."""

    def decide(plan: Plan) -> Decision:
        if said.pointed is None:
            opening = Opening(said.kind, said.words, waits_for=_awaited(db, plan, actor, said, moment))
        else:
            opening = _about(db, plan, actor, said, said.pointed)
        if said.shown:
            between_parents.must_have_others(db, plan, actor, moment)
        return converse.begin(plan, actor, said.letter, replace(opening, shown=said.shown), moment)

    return act(db, actor, plan_id, decide, request)


def accept(
    db: Database, actor: Actor, plan_id: str, letter: str, number: int, moment: Moment, request: Request | None = None
) -> Plan:
    """Take a suggested wording in. Raises StaleRevision with both texts, TellsHidden as an edit does."""

    def decide(plan: Plan) -> Decision:
        decision = converse.accept(plan, actor, find(db, plan, actor, letter, number, moment), moment)
        if plan.restrictions:
            must_not_tell(plan, decision.plan, actor, letter)
        return decision

    return act(db, actor, plan_id, decide, request)


def answer(
    db: Database,
    actor: Actor,
    plan_id: str,
    letter: str,
    number: int,
    words: str,
    ask: bool,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Answer with a reason, or ask back."""

    def decide(plan: Plan) -> Decision:
        return converse.answer(plan, actor, find(db, plan, actor, letter, number, moment), words, ask, moment)

    return act(db, actor, plan_id, decide, request)


def reply(
    db: Database,
    actor: Actor,
    plan_id: str,
    number: int,
    said: Said,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Go on with a conversation; in a message `waits_for` says for whom."""

    def decide(plan: Plan) -> Decision:
        conversation = find(db, plan, actor, said.letter, number, moment)
        waits_for = _awaited(db, plan, actor, said, moment)
        if said.shown:
            between_parents.must_have_others(db, plan, actor, moment)
        return converse.reply(plan, actor, conversation, said.words, waits_for, moment, said.shown)

    return act(db, actor, plan_id, decide, request)


def withdraw(
    db: Database, actor: Actor, plan_id: str, letter: str, number: int, moment: Moment, request: Request | None = None
) -> Plan:
    def decide(plan: Plan) -> Decision:
        return converse.withdraw(plan, actor, find(db, plan, actor, letter, number, moment), moment)

    return act(db, actor, plan_id, decide, request)


def hear(db: Database, plan: Plan, reading: PlanReading, number: int, moment: Moment) -> None:
    """Remember for the reader alone that they have read how a conversation of theirs was answered."""
    person = reading.actor.person
    heard = heard_now(plan, reading.actor, number, moment.product)
    if heard and not heard.keys() <= unread.marks_of(db, reading, moment).keys():
        reading_marks.advance(db, plan.id, person, heard)


# What one person may read of them


def must(plan: Plan, actor: Actor, letter: str, permission: Permission) -> None:
    """NotFound for whoever does not read the section as it is being written, NotAllowed for a reader who may not."""
    plan.standard.section(letter)
    if not allows(actor, Permission.SECTION_VIEW, plan, letter):
        raise NotFound("not this reader's to see")
    if not allows(actor, permission, plan, letter):
        raise NotAllowed("You can read this part of the plan. Others do this.")


def find(db: Database, plan: Plan, actor: Actor, letter: str, number: int, moment: Moment) -> Conversation:
    """One conversation about a section; NotFound where there is none that this person may know of."""
    for each in about(db, plan, actor, letter, between_parents.people_shown(db, plan, actor, moment)):
        if each.number == number:
            return each
    raise NotFound("no such conversation")


def about(db: Database, plan: Plan, actor: Actor, letter: str, shown: Collection[str] = ()) -> tuple[Conversation, ...]:
    """Every conversation about a section that this person may read, oldest first. `plan` is the whole plan.

    `shown` are the other parents whose words they see where these let them. Pages that are kept, lists, the history
    and receipts leave it out: they say less than the conversation's own page, never more.
    """
    here = (each for each in conversations.all_of(db, plan) if each.section == letter)
    return tuple(found for each in here if (found := heard(plan, actor, each, shown)))


def heard_entries(db: Database, reading: PlanReading) -> frozenset[int]:
    """The numbers of the entries by which something was said that this reader may read."""
    plan = plans.load(db, reading.plan.id)
    found = (heard(plan, reading.actor, each) for each in conversations.all_of(db, plan))
    return frozenset(remark.number for each in found if each for remark in each.remarks)


def entries_between(db: Database, reading: PlanReading) -> frozenset[int]:
    """The numbers of the entries by which another parent said something or was answered; none for who is no parent.

    A point about the draft, and its answer, is among them too. A suggestion that was taken in is an edit of the
    section, and told as one.
    """
    if all(each.role is not Role.PARENT for each in grants_on(reading.actor, reading.plan)):
        return frozenset()
    points = (each for each in reading.plan.representations if each.person != reading.actor.person)
    return frozenset(number for each in points for number in (each.number, each.answer)) | frozenset(
        each.number
        for one in conversations.all_of(db, reading.plan)
        for each in one.remarks
        if each.kind is not EventKind.SUGGESTION_ACCEPTED
        and any(is_of_another_parent(reading.actor, reading.plan, of.by.person, of.role) for of in (one.opening, each))
    )


def suggested(db: Database, reading: PlanReading, letter: str) -> dict[int, Remark]:
    """By the number of the revision that took it in: each suggestion that this reader may know of."""
    found = about(db, plans.load(db, reading.plan.id), reading.actor, letter)
    told = (replace(each.opening, agency_name=reading.says(each.opening.agency_name)) for each in found)
    return {each.taken_in.revision: said for each, said in zip(found, told, strict=True) if each.taken_in}


def waiting(db: Database, reading: PlanReading) -> tuple[OpenConversation, ...]:
    """Those of the reader's plan in which somebody waits for somebody, as far as this person may know of it."""
    if not reading.plan.conversations:
        return ()
    plan, actor = plans.load(db, reading.plan.id), reading.actor
    found = {each.number: heard(plan, actor, each) for each in conversations.all_of(db, plan)}
    return tuple(each for each in plan.conversations if _knows(found.get(each.number), each))


def _knows(conversation: Conversation | None, head: OpenConversation) -> bool:
    """Whether the remark by which somebody waits is this person's to read."""
    return conversation is not None and conversation.last.by.at == head.last.at


def may_be_waited_for(db: Database, plan: Plan, actor: Actor, letter: str, moment: Moment) -> tuple[Grant, ...]:
    """Everybody else with a live part who reads what is said of a section: one part of each, the first."""
    found: dict[str, Grant] = {}
    for each in people.grants_on(db, plan.id, moment.wall):
        reader = Actor(each.person, each.name, "", "", (each,), day=moment.today)
        hears = not is_of_another_parent(actor, plan, each.person, each.role)
        if each.person != actor.person and hears and allows(reader, Permission.SECTION_VIEW, plan, letter):
            found.setdefault(each.person, each)
    return tuple(found.values())


def _awaited(db: Database, plan: Plan, actor: Actor, said: Said, moment: Moment) -> Awaited:
    """Whom a message names, by their name; Invalid for somebody who does not read the section (any more)."""
    if not said.waits_for:
        return Awaited()
    for each in may_be_waited_for(db, plan, actor, said.letter, moment):
        if each.person == said.waits_for:
            return Awaited(each.person, each.name, each.role.value)
    raise Invalid({"waits_for": "They have no part in this any more. Choose again."})


def _about(db: Database, plan: Plan, actor: Actor, said: Said, pointed: Pointed) -> Opening:
    """What was said of the sentence as it stood on the page that its writer had before them."""
    letter = said.letter
    item = filtered(plan, actor, letter, _base(db, plan, letter, pointed.revision)).item(pointed.item)
    group = plan.standard.section(letter).group(item.group) if item else None
    if item is None or group is None or group.field(pointed.field).kind not in IN_SENTENCES:
        raise NotFound("no such words")
    quote = pointed_at(item.text(pointed.field), pointed.at)
    if quote is None:
        raise Invalid({"sentence": "Choose the sentence that it is about."})
    return Opening(said.kind, said.words, place_of(letter, item.id, pointed.field), quote, said.wording)


def _base(db: Database, plan: Plan, letter: str, revision: int) -> Content:
    head = plan.sections[letter]
    if revision > head.revision:
        raise Invalid({"revision": "This page is out of order. Go back to the section and open it again."})
    return head.content if revision == head.revision else revisions.find(db, plan.id, letter, revision).content
