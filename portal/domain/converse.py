"""What people do in conversations: open one, answer, ask back, go on, take it back, take a suggested wording in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from portal.domain.actor import Actor, Grant
from portal.domain.content import Item
from portal.domain.conversation import (
    NOTHING,
    WRITERS,
    Awaited,
    Conversation,
    ConversationKind,
    OpenConversation,
    Quote,
)
from portal.domain.decision import Decision, mark
from portal.domain.edit import ItemEdit, edit_item, why_closed
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.hearing import is_of_another_parent
from portal.domain.merge import Clash
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows, grants_for, may_edit_item
from portal.domain.plan import Plan
from portal.domain.quoted import whereabouts
from portal.domain.reading import filtered
from portal.domain.sentence import key_of
from portal.domain.state import PlanState

OPENED_BY = {
    ConversationKind.COMMENT: Permission.SECTION_COMMENT,
    ConversationKind.SUGGESTION: Permission.SECTION_SUGGEST,
    ConversationKind.MESSAGE: Permission.SECTION_VIEW,
}
# For how long a plan remembers to whom an answer came, so that they are told; the chain tells of it for ever.
REMEMBERED = timedelta(days=30)
SETTLED = "This has been settled already. Open the conversation again to see how."
PARENTS = "parents"  # to whom a remark of a parent is shown, beside everybody who reads the section
NOT_THEIRS = "Someone else writes this part of the plan, and answers what is said of it."


@dataclass(frozen=True)
class Opening:
    """What somebody says first: about a sentence that they pointed at, or (a message) about a section as a whole."""

    kind: ConversationKind
    words: str
    place: str = ""
    quote: Quote = NOTHING
    wording: str = ""
    waits_for: Awaited = WRITERS
    shown: bool = False  # to another parent, with whom its writer shares what they say


def begin(plan: Plan, actor: Actor, letter: str, opening: Opening, moment: Moment) -> Decision:
    """Open a conversation, numbered as the entry by which it is opened.

    Raises NotFound for whoever does not read the section, NotAllowed, NotReady once its words can't change, Invalid.
    """
    _must_read(plan, actor, letter)
    grants = grants_for(actor, OPENED_BY[opening.kind], plan, letter)
    if not grants:
        raise NotAllowed("You can read this part of the plan. Others comment on it and suggest wordings.")
    standard, _ = plan.section(letter)
    about_words = opening.kind is not ConversationKind.MESSAGE
    if plan.state is PlanState.CEASED or (about_words and plan.state not in standard.written_in):
        raise NotReady([why_closed(plan, standard)])
    _must_say_something(opening)
    number, by = plan.sequence + 1, mark(actor, grants[0], moment)
    role = grants[0].role.value
    head = OpenConversation(number, opening.kind, letter, opening.place, by, by, opening.waits_for, role)
    said = {
        "kind": opening.kind.value,
        "place": opening.place,
        "words": opening.words,
        "wording": opening.wording,
        "sentence": opening.quote.sentence,
        "before": opening.quote.before,
        "after": opening.quote.after,
        "waits_for": opening.waits_for.person,
        "shown": PARENTS if opening.shown else "",
    }
    waits = about_words or bool(opening.waits_for.person)
    return _decided(plan, head, EventKind.CONVERSATION_OPENED, grants[0], said, waits)


def accept(plan: Plan, actor: Actor, conversation: Conversation, moment: Moment) -> Decision:
    """Take a suggested wording in: an edit of the section by its writer, and the end of the conversation.

    Raises NotAllowed, NotReady, and StaleRevision with both texts when the sentence no longer stands as it was.
    """
    head = _open(plan, conversation)
    if head.kind is not ConversationKind.SUGGESTION:
        raise NotReady(["This is a comment. It can be answered."])
    _must_settle(plan, actor, conversation)
    decision = edit_item(plan, actor, head.section, _edit_of(plan, actor, conversation), moment)
    if decision is None:
        raise NotReady(["The section says this already. Answer instead."])
    grant = grants_for(actor, Permission.SECTION_EDIT, plan, head.section)[0]
    facts = {**_facts(head, grant, waits=False), "suggested_by": head.by.person}
    facts["suggested_as"] = conversation.opening.role.value
    beside: dict[str, Value] = {"place": head.place}
    event = replace(decision.event, kind=EventKind.SUGGESTION_ACCEPTED, facts=facts, beside=beside)
    return replace(decision, plan=_settled(decision.plan, replace(head, last=decision.by)), event=event)


def answer(plan: Plan, actor: Actor, conversation: Conversation, words: str, ask: bool, moment: Moment) -> Decision:
    """The section's writer gives a reason, which ends it; or asks back, and whoever opened it is waited for."""
    head = _open(plan, conversation)
    _must_settle(plan, actor, conversation)
    if not words.strip():
        raise Invalid({"words": "Write your question." if ask else "Say why, so that they understand."})
    kind = EventKind.CONVERSATION_CONTINUED if ask else EventKind.CONVERSATION_ANSWERED
    grant = grants_for(actor, Permission.SECTION_EDIT, plan, head.section)[0]
    head = replace(head, last=mark(actor, grant, moment), waits_for=_who(head) if ask else WRITERS)
    said = {"place": head.place, "words": words, "waits_for": head.waits_for.person}
    decision = _decided(plan, head, kind, grant, said, waits=ask)
    return decision if ask else replace(decision, plan=_settled(plan, head))


def reply(
    plan: Plan,
    actor: Actor,
    conversation: Conversation,
    words: str,
    waits_for: Awaited,
    moment: Moment,
    shown: bool = False,
) -> Decision:
    """Go on: in a message whoever reads it, saying whom they wait for; in the others whoever opened them."""
    letter = conversation.section
    _must_read(plan, actor, letter)
    if not words.strip():
        raise Invalid({"words": "Write what you want to say."})
    grant = grants_for(actor, Permission.SECTION_VIEW, plan, letter)[0]
    by, number, kind = mark(actor, grant, moment), conversation.number, conversation.kind
    is_message = kind is ConversationKind.MESSAGE
    if is_message:
        head = OpenConversation(number, kind, letter, "", conversation.by, by, waits_for, conversation.opening.role)
    else:
        _must_be_theirs(actor, conversation)
        head = replace(_open(plan, conversation), last=by, waits_for=WRITERS)
    said = {"place": head.place, "words": words, "waits_for": head.waits_for.person, "shown": PARENTS if shown else ""}
    waits = not is_message or bool(waits_for.person)
    return _decided(plan, head, EventKind.CONVERSATION_CONTINUED, grant, said, waits)


def withdraw(plan: Plan, actor: Actor, conversation: Conversation, moment: Moment) -> Decision:
    """Whoever opened it takes it back; what was said stays, and nobody waits for an answer any more."""
    _must_read(plan, actor, conversation.section)
    _must_be_theirs(actor, conversation)
    head = _open(plan, conversation)
    grant = grants_for(actor, Permission.SECTION_VIEW, plan, head.section)[0]
    head = replace(head, last=mark(actor, grant, moment))
    return _decided(plan, head, EventKind.CONVERSATION_WITHDRAWN, grant, {"place": head.place}, waits=False)


def may_settle(plan: Plan, actor: Actor, conversation: Conversation | OpenConversation) -> bool:
    """Whether the actor writes the words it is about: they accept, answer and ask back.

    A parent who is let see what another says of words that both write goes no further than reading it.
    """
    letter, item = conversation.section, _item(plan, conversation)
    role = conversation.opening.role if isinstance(conversation, Conversation) else conversation.role
    if is_of_another_parent(actor, plan, conversation.by.person, role):
        return False
    if item:
        group = plan.standard.section(letter).group(item.group)
        return may_edit_item(actor, plan, letter, group, item)
    return allows(actor, Permission.SECTION_EDIT, plan, letter)


def clashing(plan: Plan, actor: Actor, conversation: Conversation) -> Clash | None:
    """The suggested wording beside the field as it is now, where the sentence no longer stands as it was."""
    letter = conversation.section
    content = filtered(plan, actor, letter, plan.sections[letter].content)
    standard = plan.standard.section(letter)
    if whereabouts(standard, content, conversation.item, conversation.field, conversation.quote):
        return None
    item = content.item(conversation.item)
    text = item.text(conversation.field) if item else ""
    return Clash(conversation.field, conversation.opening.wording, text, item.changed if item else None)


def _edit_of(plan: Plan, actor: Actor, conversation: Conversation) -> ItemEdit:
    """The suggestion as an edit of the words as they are now, so that nothing saved meanwhile is undone."""
    letter = conversation.section
    standard, head = plan.section(letter)
    content = filtered(plan, actor, letter, head.content)
    found = whereabouts(standard, content, conversation.item, conversation.field, conversation.quote)
    if found is None:
        clash = clashing(plan, actor, conversation)
        raise StaleRevision([clash] if clash else [])
    text = found.reworded(conversation.opening.wording)
    if len(text) > found.field.limit:
        raise NotReady([f"With this wording “{found.field.label}” would be too long. Change it yourself, and answer."])
    return ItemEdit(found.item.group, found.item.id, {found.field.name: text}, head.content)


def _decided(
    plan: Plan, head: OpenConversation, kind: EventKind, grant: Grant, said: Mapping[str, str], waits: bool
) -> Decision:
    """An entry that names the section's words as they are; what was said stands beside it. `head` is as it is then."""
    section = plan.sections[head.section]
    beside: dict[str, Value] = {name: text for name, text in said.items() if text}
    facts = _facts(head, grant, waits)
    event = Event(kind, head.section, section.revision, section.hash, facts, beside)
    return Decision(_with(plan, head, waits), event, head.last, grant.agency_name)


def _facts(head: OpenConversation, grant: Grant, waits: bool) -> dict[str, Value]:
    return {"conversation": head.number, "open": waits, "as": grant.role.value}


def _with(plan: Plan, head: OpenConversation, waits: bool) -> Plan:
    """The plan with the conversation among the open ones, or no more."""
    others = [each for each in plan.conversations if each.number != head.number]
    found = sorted([*others, head] if waits else others, key=lambda each: each.number)
    return replace(plan, conversations=tuple(found))


def _settled(plan: Plan, head: OpenConversation) -> Plan:
    """The plan once its writers have settled one: it remembers that an answer came to whoever opened it."""
    since = head.last.at - REMEMBERED
    earlier = (each for each in plan.settled if each.last.at > since)
    told = (head,) if head.by.person != head.last.person else ()
    return replace(_with(plan, head, waits=False), settled=(*earlier, *told))


def _who(head: OpenConversation) -> Awaited:
    return Awaited(head.by.person, head.by.name, head.role)


def _item(plan: Plan, conversation: Conversation | OpenConversation) -> Item | None:
    return plan.sections[conversation.section].content.item(conversation.item) if conversation.item else None


def _open(plan: Plan, conversation: Conversation) -> OpenConversation:
    found = next((each for each in plan.conversations if each.number == conversation.number), None)
    if found is None:
        raise NotReady([SETTLED])
    return found


def _must_read(plan: Plan, actor: Actor, letter: str) -> None:
    if not allows(actor, Permission.SECTION_VIEW, plan, letter):
        raise NotFound("not this reader's to see")


def _must_settle(plan: Plan, actor: Actor, conversation: Conversation) -> None:
    if conversation.kind is ConversationKind.MESSAGE:
        raise NotReady(["A message is gone on with, by whoever reads it."])
    if not may_settle(plan, actor, conversation):
        raise NotAllowed(NOT_THEIRS)


def _must_be_theirs(actor: Actor, conversation: Conversation) -> None:
    if conversation.by.person != actor.person:
        raise NotAllowed("Whoever opened this goes on with it, or takes it back.")


def _must_say_something(opening: Opening) -> None:
    if opening.kind is ConversationKind.SUGGESTION:
        if key_of(opening.wording) in ("", key_of(opening.quote.sentence)):
            raise Invalid({"wording": "Write the words that you would put in its place."})
    elif not opening.words.strip():
        raise Invalid({"words": "Write what you want to say."})
    if opening.kind is not ConversationKind.MESSAGE and not opening.quote.sentence:
        raise Invalid({"sentence": "Choose the sentence that it is about."})
