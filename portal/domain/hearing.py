"""What one person may read of the conversations in a plan: nothing about words that are kept from them."""

from collections.abc import Collection
from dataclasses import replace

from portal.domain.actor import Actor, Role
from portal.domain.audience import place_of
from portal.domain.conversation import Conversation, OpenConversation, Remark
from portal.domain.permission import Permission, allows, grants_on, in_audience
from portal.domain.plan import Plan
from portal.domain.reading import filtered
from portal.domain.restricted import Kept, kept_from


def heard(plan: Plan, actor: Actor, conversation: Conversation, shown: Collection[str] = ()) -> Conversation | None:
    """The conversation as this person may read it; None where they may not know that there is one.

    `plan` is the whole plan. What one parent says is not shown to another, but for what they let those see with whom
    they share it: `shown` are the people whose words the actor sees then (between_parents.py).
    """
    if not allows(actor, Permission.SECTION_VIEW, plan, conversation.section):
        return None
    opening, kept = conversation.opening, kept_from(plan, actor)
    if _is_not_theirs(actor, plan, opening, shown) or not _sees(plan, actor, kept, conversation):
        return None
    if kept and _tells(kept, conversation):
        return None
    remarks = (_told(kept, each) for each in conversation.remarks if not _is_not_theirs(actor, plan, each, shown))
    return replace(conversation, remarks=tuple(remarks))


def hears_of(plan: Plan, actor: Actor, head: OpenConversation) -> bool:
    """Whether a person may be told that there is a conversation, judged by the plan alone, which has no word of it.

    Never more than `heard` shows: somebody from whom anything is kept finds it by what was said, and nowhere else.
    """
    if not allows(actor, Permission.SECTION_VIEW, plan, head.section) or kept_from(plan, actor):
        return False
    return not is_of_another_parent(actor, plan, head.by.person, head.role or Role.PARENT) and _sees(
        plan, actor, None, head
    )


def is_of_another_parent(actor: Actor, plan: Plan, person: str, role: str) -> bool:
    """Whether one parent said it and another would read it: what they say is nobody's business but their own."""
    reads = {each.role for each in grants_on(actor, plan)}
    return role == Role.PARENT and person != actor.person and Role.PARENT in reads


def _is_not_theirs(actor: Actor, plan: Plan, remark: Remark, shown: Collection[str]) -> bool:
    """Whether another parent said it, and does not let this one see it."""
    lets = remark.shown and remark.by.person in shown
    return not lets and is_of_another_parent(actor, plan, remark.by.person, remark.role)


def _sees(plan: Plan, actor: Actor, kept: Kept | None, conversation: Conversation | OpenConversation) -> bool:
    """Whether the field it is about is shown to this person; of an item that is gone, whether it was theirs to know."""
    if not conversation.place:
        return True
    letter, item, field = conversation.section, conversation.item, conversation.field
    if kept and not kept.places.isdisjoint((place_of(letter, item), place_of(letter, item, field))):
        return False
    content = plan.sections[letter].content
    whole = content.item(item)
    if whole is None:
        return actor.person in conversation.people or allows(actor, Permission.SECTION_EDIT, plan, letter)
    seen = filtered(plan, actor, letter, content).item(item)
    slot = whole.slots.get(field)
    if seen is None or slot is None or not in_audience(actor, plan, slot.audience):
        return False
    return seen.value(field) == slot.value


def _tells(kept: Kept, conversation: Conversation) -> bool:
    """Whether the sentence, or what somebody else said first, holds words that are withheld."""
    quote, opening = conversation.quote, conversation.opening
    texts = [quote.sentence, quote.before, quote.after]
    if opening.by.person != kept.person:
        texts += [opening.words, opening.wording]
    return any(kept.holds(each) for each in texts)


def _told(kept: Kept | None, remark: Remark) -> Remark:
    hides = kept is not None and remark.by.person != kept.person and kept.holds(remark.words)
    return replace(remark, words="") if hides else remark
