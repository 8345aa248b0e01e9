"""When what one parent says may be shown to another: both chose it, and nothing in the plan keeps them apart."""

from collections.abc import Collection, Iterable
from datetime import date

from portal.domain.actor import Actor, Grant, Role
from portal.domain.permission import grants_on
from portal.domain.permission_law import cell, decides
from portal.domain.plan import Plan
from portal.domain.restricted import kept_from
from portal.domain.rights import Matter


def is_parent(actor: Actor, plan: Plan) -> bool:
    return any(each.role is Role.PARENT for each in grants_on(actor, plan))


def others_shown(plan: Plan, actor: Actor, parts: Iterable[Grant], chose: Collection[str]) -> tuple[Grant, ...]:
    """The other parents with whom the actor may share what is said; none for who is no parent.

    `plan` is the whole plan, `parts` are the live ones in it, and `chose` are the people who chose it. Where it may
    not be, it is as if the other had not chosen it: nobody can tell that something is kept from one of them.
    """
    parents = {each.person: each for each in parts if each.role is Role.PARENT and each.scope == plan.id}
    choosing = {
        person: each
        for person, each in parents.items()
        if person in chose and not _is_kept_apart(plan, each, actor.day)
    }
    mine = choosing.pop(actor.person, None)
    return tuple(each for each in choosing.values() if mine and _are_equal(plan, mine, each, actor.day))


def _is_kept_apart(plan: Plan, parent: Grant, day: date) -> bool:
    """Whether an address is hidden, a court's order limits this parent, or anything is withheld from them."""
    if plan.child.hidden_address or any(each.person == parent.person for each in plan.rights.limits):
        return True
    return kept_from(plan, Actor(parent.person, parent.name, "", "", (parent,), day=day)) is not None


def _are_equal(plan: Plan, one: Grant, other: Grant, day: date) -> bool:
    """Whether two parents read, write and decide the same."""
    same_sections = all(cell(one, plan, each, day) == cell(other, plan, each, day) for each in plan.standard.letters)
    return same_sections and all(decides(one, plan, each, day) == decides(other, plan, each, day) for each in Matter)
