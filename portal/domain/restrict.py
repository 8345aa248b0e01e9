"""Say who alone may read one thing of a plan, or that everybody with a part in it may again."""

from dataclasses import replace

from portal.domain.actor import Actor
from portal.domain.audience import CHILD, FACTS, Restriction
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.event import Event, EventKind
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Plan
from portal.domain.restricted import pattern


def restrict(
    plan: Plan,
    actor: Actor,
    place: str,
    readers: tuple[str, ...] | None,
    words: tuple[str, ...],
    reason: str,
    moment: Moment,
) -> Decision:
    """The plan with that place kept for these readers and the council; for None, open to all who have the right.

    The entry on the chain is the same whatever was settled, and when nothing was: what is hidden can't be told from
    it. `words` holds what stood in the place before. Raises NotAllowed, NotFound, and Invalid without a reason.
    """
    grants = grants_for(actor, Permission.PLAN_RESTRICT, plan, "")
    if not grants:
        raise NotAllowed("The council’s SEN team settles who may read what in this plan.")
    must_exist(plan, place)
    before = next((each for each in plan.restrictions if each.place == place), None)
    others = tuple(each for each in plan.restrictions if each.place != place)
    earlier = tuple(dict.fromkeys((*(before.words if before else ()), *words)))
    mine = () if readers is None else (Restriction(place, tuple(sorted(readers)), earlier),)
    after = replace(plan, restrictions=(*others, *mine))
    _must_give(reason, after)
    by = mark(actor, grants[0], moment)
    event = Event(EventKind.READERS_REVIEWED, beside={"words": reason})
    return Decision(after, event, by, grants[0].agency_name)


def must_exist(plan: Plan, place: str) -> None:
    """NotFound for an address that the plan does not have."""
    letter, name, field = (*place.split("/"), "", "")[:3]
    if letter == CHILD:
        if name not in FACTS or field:
            raise NotFound("no such fact")
        return
    standard, head = plan.section(letter)
    item = head.content.item(name)
    if item is None or (field and field not in item.slots):
        raise NotFound("no such item")
    if not field and not standard.group(item.group).repeats:  # it would be missed: everybody's plan has it
        raise NotFound("an item that is part of the standard")


def _must_give(reason: str, plan: Plan) -> None:
    if not reason.strip():
        raise Invalid({"reason": "Say why, so that whoever looks later understands."})
    if pattern(plan, plan.restrictions).search(reason):
        raise Invalid({"reason": "This holds the very words that are to be hidden. Say why without them."})
