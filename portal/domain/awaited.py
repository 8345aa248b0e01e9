"""Everything that a plan waits for from one person: their part in its words, and in what others said of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from portal.domain.actor import Actor
from portal.domain.advice_asked import asks_of, due, requests
from portal.domain.clocks.name import Clock
from portal.domain.consult import of_school
from portal.domain.conversation import OpenConversation
from portal.domain.converse import may_settle
from portal.domain.hearing import hears_of
from portal.domain.permission import grants_on, roles_asked
from portal.domain.plan import Plan
from portal.domain.reading_mark import Marks, ReadingMark
from portal.domain.turn import ADVICE_LIST, Task, TaskKind, situation, tasks_for

SIGNING = (TaskKind.AGREE, TaskKind.SIGN, TaskKind.SIGN_AGAIN)


def tasks_of(plan: Plan, actor: Actor) -> tuple[Task, ...]:
    """What the plan waits for from somebody, most pressing first."""
    found = _unsigned_by(plan, actor, tasks_for(plan, roles_asked(actor, plan)))
    asked = (each for each in found if each.is_open(actor.day))
    advice = _of_advice(plan, actor, frozenset())
    return in_order([*asked, *advice, *_of_a_school(plan, actor), *_in_conversations(plan, actor, frozenset())])


def tasks_shared(plan: Plan, actor: Actor) -> tuple[Task, ...]:
    """What it waits for from everybody who shares a list: what is asked of one of them says of whom.

    The `actor` is nobody, and holds the roles that the list is for.
    """
    roles = frozenset(each.role for each in grants_on(actor, plan))
    return in_order([*tasks_for(plan, roles), *_of_advice(plan, actor, roles), *_in_conversations(plan, actor, roles)])


def tasks_kept(plan: Plan, actor: Actor) -> tuple[Task, ...]:
    """What it waits for from somebody of whom no more is known than who they are and in which roles."""
    roles = frozenset(each.role for each in grants_on(actor, plan))
    advice = _of_advice(plan, actor, frozenset())
    asked = _unsigned_by(plan, actor, tasks_for(plan, roles))
    return in_order([*asked, *advice, *_in_conversations(plan, actor, frozenset())])


def _unsigned_by(plan: Plan, actor: Actor, tasks: Iterable[Task]) -> Iterator[Task]:
    """Without asking for a sign-off that this person has given, though it may not count (sign_off.py)."""
    given = {at for at, head in plan.sections.items() if any(each.by.person == actor.person for each in head.given)}
    for each in tasks:
        letters = tuple(at for at in each.letters if at not in given)
        if each.kind not in SIGNING or letters == each.letters:
            yield each
        elif letters:
            yield replace(each, letters=letters)


def _of_advice(plan: Plan, actor: Actor, sharing: frozenset[str]) -> Iterator[Task]:
    """The advice that one person was asked for by name; `sharing` are the roles of those who share a list."""
    for each in requests(plan):
        theirs = each.to.role in sharing if sharing else each.is_of(actor.person)
        if theirs and each.to.person and asks_of(plan, each):
            yield Task(TaskKind.ADVISE, (ADVICE_LIST,), due(plan, each), person=each.to.person)


def unheard(tasks: tuple[Task, ...], marks: Marks | None) -> tuple[Task, ...]:
    """The tasks without the answers that their person has read."""
    read = marks or {}
    return tuple(each for each in tasks if each.kind is not TaskKind.HEAR or _said(each.conversation) not in read)


def heard_now(plan: Plan, actor: Actor, number: int, at: datetime) -> Marks:
    """The mark by which somebody has read how this conversation of theirs was answered; none if it is not theirs."""
    mine = (each.number for each in plan.settled if each.by.person == actor.person)
    return {_said(each): ReadingMark(each, at, each, at) for each in mine if each == number}


def _said(conversation: int) -> str:
    return f"said-{conversation}"


def in_order(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(sorted(tasks, key=lambda each: each.sort_key))


def whole_situation(plan: Plan) -> tuple[object, ...]:
    """All that anybody's tasks are made of: `situation`, advice asked by name, and what conversations hang on."""
    heads = (*plan.conversations, *plan.settled)
    signed = tuple(each for head in plan.sections.values() for each in head.given if not each.whole)
    if not heads:
        return situation(plan), signed, plan.advice
    shown = tuple(_audience(plan, each) for each in heads)
    return situation(plan), signed, plan.advice, heads, shown, plan.restrictions, plan.rights, bool(plan.versions)


def _audience(plan: Plan, head: OpenConversation) -> tuple[object, ...]:
    """For whom the words are that a conversation is about, and whose; none once they are gone."""
    item = plan.sections[head.section].content.item(head.item) if head.place else None
    slot = item.slots.get(head.field) if item else None
    return (item.group, item.owner, item.audience, slot.audience if slot else None) if item else ()


def _of_a_school(plan: Plan, actor: Actor) -> Iterator[Task]:
    """What a school that is consulted is asked: to say whether it can offer a place."""
    due = {each.ref: each.due for each in plan.clocks if each.clock is Clock.SETTING_REPLY}
    yield from (Task(TaskKind.OFFER, due=due.get(each.ref)) for each in of_school(plan, actor) if not each.reply)


def _in_conversations(plan: Plan, actor: Actor, sharing: frozenset[str]) -> Iterator[Task]:
    """`sharing` are the roles of those who share a list; empty for one person's own."""

    def is_theirs(person: str, role: str) -> bool:
        return role in sharing if sharing else person == actor.person

    heard = [each for each in plan.conversations if hears_of(plan, actor, each)]
    letters = {each.section for each in heard if not each.waits_for.person and may_settle(plan, actor, each)}
    if letters:
        yield Task(TaskKind.RESPOND, tuple(each for each in plan.standard.letters if each in letters))
    for each in heard:
        asked = each.waits_for
        if asked.person and is_theirs(asked.person, asked.role):
            yield Task(TaskKind.REPLY, (each.section,), person=asked.person, conversation=each.number)
    for each in plan.settled:
        if is_theirs(each.by.person, each.role) and hears_of(plan, actor, each):
            yield Task(TaskKind.HEAR, (each.section,), person=each.by.person, conversation=each.number)
