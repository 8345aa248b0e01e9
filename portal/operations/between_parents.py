"""A parent's choice that another parent may see what they say, where that other chose it too."""

from portal.domain.actor import Actor, Grant
from portal.domain.between_parents import is_parent, others_shown
from portal.domain.error import Invalid, NotAllowed
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.store import openings, people
from portal.store.database import Database

NOT_NOW = "It can’t be shown to another parent. Look at who sees it, and send it again."


def others(db: Database, plan: Plan, actor: Actor, moment: Moment) -> tuple[Grant, ...]:
    """The other parents with whom the actor may share what is said now. `plan` is the whole plan."""
    if not is_parent(actor, plan):
        return ()
    chose = openings.sharers(db, plan.id)
    if actor.person not in chose:
        return ()
    return others_shown(plan, actor, people.grants_on(db, plan.id, moment.wall), chose)


def people_shown(db: Database, plan: Plan, actor: Actor, moment: Moment) -> frozenset[str]:
    return frozenset(each.person for each in others(db, plan, actor, moment))


def must_have_others(db: Database, plan: Plan, actor: Actor, moment: Moment) -> None:
    """Raises Invalid where nobody is left to show it to: the words come back, and their writer chooses again."""
    if not others(db, plan, actor, moment):
        raise Invalid({"shown": NOT_NOW})


def must_be_parent(actor: Actor, plan: Plan) -> None:
    if not is_parent(actor, plan):
        raise NotAllowed("Only parents choose this, each for themselves.")


def choose(db: Database, actor: Actor, plan: Plan, shares: bool) -> None:
    """Taken back, it holds for what was said before too: nothing of it is shown any more."""
    must_be_parent(actor, plan)
    openings.share(db, plan.id, actor.person, shares)


def shares(db: Database, actor: Actor, plan: Plan) -> bool:
    """Whether the actor has chosen it."""
    return is_parent(actor, plan) and actor.person in openings.sharers(db, plan.id)
