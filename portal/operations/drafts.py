"""Keep what somebody types before it is saved, privately, and find where they left off."""

from datetime import timedelta

from portal.domain.actor import Actor
from portal.domain.content import Item
from portal.domain.error import NotAllowed, NotFound
from portal.domain.identifier import ITEM_ID
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.standard import Group
from portal.domain.state import PlanState
from portal.operations import advice_given, twins
from portal.operations.plans import reading_of
from portal.store import drafts, plans
from portal.store.database import Database
from portal.store.drafts import Draft

# A page that types on asks no sooner than this; what is asked sooner is asked again by the page a moment later.
APART = timedelta(milliseconds=500)
NEW = "new"
ADVICE, TWIN, REVIEW = advice_given.PLACE, twins.TWIN, "review"
# Who writes in which form of a review.
OF_A_REVIEW = {
    "advice": Permission.PLAN_CONTRIBUTE,
    "views": Permission.PLAN_CONTRIBUTE,
    "meeting": Permission.PLAN_REVIEW,
    "decision": Permission.PLAN_PROCESS,
}
ELSEWHERE = "Someone else writes this part of the plan."


class TooSoon(Exception):
    """These words were kept a moment ago: the page keeps the rest and asks again."""


def place_to_write(
    db: Database, plan: Plan, actor: Actor, letter: str, group: str, item: str
) -> tuple[Group, Item | None]:
    """Where this person types: the group, and the item unless it is being added. NotFound for a stranger."""
    if not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")
    if not allows(actor, Permission.SECTION_EDIT, plan, letter):
        raise NotAllowed(ELSEWHERE)
    reading = reading_of(db, plan, actor)
    shape, found = _place(reading, letter, group, item)
    if not reading.may_edit_item(letter, shape, found):
        raise NotAllowed(ELSEWHERE)
    return shape, found


def _place(reading: PlanReading, letter: str, group: str, item: str) -> tuple[Group, Item | None]:
    shape = reading.plan.standard.section(letter).group(group)
    if item == NEW and shape.repeats:
        return shape, None
    found = reading.sections[letter].content.item(item) if ITEM_ID.fullmatch(item) else None
    if found is None or found.group != group:
        raise NotFound("no such item")
    return shape, found


def must_answer(plan: Plan, actor: Actor) -> None:
    """Refuse whoever does not answer the draft plan for the family. NotFound for a stranger."""
    if not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")
    if not allows(actor, Permission.PLAN_ANSWER, plan):
        raise NotAllowed("The family answers the draft.")


def must_write_in_review(plan: Plan, actor: Actor, which: str) -> None:
    """Refuse whoever does not write in this form of a review. NotFound for a stranger."""
    if not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")
    if not allows(actor, OF_A_REVIEW[which], plan):
        raise NotAllowed("You can read about the review. Somebody else does this.")


def keep(db: Database, actor: Actor, draft: Draft, before: Draft | None) -> None:
    """Keep the newest words of this person for this place; `before` is what was kept for it. Raises TooSoon."""
    if before and timedelta(0) <= draft.at - before.at < APART:
        raise TooSoon
    drafts.keep(db, actor.person, draft)


def newest(db: Database, actor: Actor) -> Draft | None:
    """The newest unsent words of this person in a plan that they may still open, wherever it is."""
    authorities = sorted({each.authority for each in actor.grants})
    found = [each for authority in authorities for each in drafts.newest(db, actor.person, authority)]
    found.sort(key=lambda each: each.at, reverse=True)
    return next((each for each in found if _opens(db, actor, each.plan)), None)


def may_go_on(db: Database, actor: Actor, draft: Draft) -> bool:
    """Whether the place these words were typed for is still there, and open to their author."""
    if draft.section == ADVICE:
        return advice_given.still_writes(plans.load(db, draft.plan), actor, int(draft.group))
    if draft.section == TWIN:
        return twins.may_write(reading_of(db, plans.load(db, draft.plan), actor), draft.group)
    if draft.section == REVIEW:
        return allows(actor, OF_A_REVIEW[draft.group], plans.load(db, draft.plan))
    if not draft.section:
        plan = plans.load(db, draft.plan)
        answers = plan.is_with_family or plan.state is PlanState.FINALISING
        return answers and allows(actor, Permission.PLAN_ANSWER, plan)
    try:
        place_to_write(db, plans.load(db, draft.plan), actor, draft.section, draft.group, draft.item or NEW)
    except (NotAllowed, NotFound):
        return False
    return True


def _opens(db: Database, actor: Actor, plan_id: str) -> bool:
    try:
        return allows(actor, Permission.PLAN_VIEW, plans.load(db, plan_id))
    except NotFound:  # destroyed meanwhile
        return False
