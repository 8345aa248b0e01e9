"""Hear what is saved in a plan while it is open, and tell the others where one is; no word of the plan is in it."""

from dataclasses import dataclass

from portal.domain.actor import Actor
from portal.domain.error import Invalid, NotFound
from portal.domain.identifier import ITEM_ID
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.domain.presence import NEW, Neighbour, Place, Presence, is_family, neighbours, reads
from portal.store import changes, openings, plans, presence
from portal.store.changes import Change
from portal.store.database import Database

# Whoever is further behind is told of the newest alone, and asks for everything anew.
MOST_BEHIND = 100


@dataclass(frozen=True)
class News:
    """Something was saved. `section` is empty when it is about the whole plan, or about words not theirs to see."""

    sequence: int
    section: str = ""


def follow(db: Database, actor: Actor, plan_id: str) -> Plan:
    """The plan that somebody listens to. NotFound for a stranger; no word is shown, so no opening is noted."""
    plan = plans.load(db, plan_id)
    if not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")
    return plan


def hears(plan: Plan, actor: Actor) -> bool:
    """Whether somebody is told that anything was saved: only who may read the history, where it stands too.

    A school that is consulted learns nothing of what is written since the draft that it was sent, not even when.
    """
    return allows(actor, Permission.PLAN_HISTORY, plan)


def told(plan: Plan, actor: Actor, change: Change) -> News:
    """What one reader is told of a change."""
    return News(change.sequence, change.section if reads(plan, actor, change.section) else "")


def news_since(db: Database, plan: Plan, actor: Actor, after: int) -> list[News]:
    """What was saved after that number, oldest first; the newest alone for whoever is far behind."""
    if after >= plan.sequence or not hears(plan, actor):
        return []
    found = changes.since(db, plan.id, after, MOST_BEHIND) if plan.sequence - after <= MOST_BEHIND else []
    return [told(plan, actor, each) for each in found] or [News(plan.sequence)]


def others(db: Database, plan: Plan, actor: Actor, moment: Moment) -> tuple[Neighbour, ...]:
    """Who else is at the plan now."""
    return neighbours(plan, actor, presence.at_plans(db, plan.authority, [plan.id], moment.wall).get(plan.id, ()))


def be_here(db: Database, actor: Actor, plan: Plan, place: Place, moment: Moment) -> None:
    """Note where in the plan somebody is. NotFound for a place that no plan has, Invalid for one that is half said."""
    _must_be_a_place(plan, place)
    family = is_family(actor, plan)
    chose = family and actor.person in openings.choosers(db, plan.id)
    seen = place if reads(plan, actor, place.section) else Place()
    presence.keep(db, plan.id, Presence(actor.person, actor.name, seen, family, chose), moment.wall)


def leave(db: Database, actor: Actor, plan: Plan) -> None:
    presence.leave(db, plan.id, actor.person)


def _must_be_a_place(plan: Plan, place: Place) -> None:
    """By the standard alone: whether there is such an item is for whoever is told."""
    if not place.section and (place.group or place.item or place.field):
        raise Invalid({"section": "Say in which section."})
    if not place.section:
        return
    standard = plan.standard.section(place.section)
    if not place.group and (place.item or place.field):
        raise Invalid({"group": "Say in which part of the section."})
    if place.group:
        group = standard.group(place.group)
        if place.item not in ("", NEW) and not ITEM_ID.fullmatch(place.item):
            raise NotFound("no such item")
        if place.field:
            group.field(place.field)
