"""Who is at a plan just now, in which field, and what each of the others is told of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.domain.actor import FAMILY_ROLES, Actor
from portal.domain.permission import grants_on
from portal.domain.plan import Plan
from portal.domain.reading import Reach, filtered, number_of, reach_of
from portal.domain.standard import Group

NEW = "new"


@dataclass(frozen=True)
class Place:
    """Where somebody is in a plan: the address of a word. Parts that are not known are empty."""

    section: str = ""
    group: str = ""
    item: str = ""  # NEW while it is being added
    field: str = ""


@dataclass(frozen=True)
class Presence:
    """One person at a plan. `chose`: they show the others of the family that they are there."""

    person: str
    name: str
    place: Place
    family: bool = False
    chose: bool = False


@dataclass(frozen=True)
class Neighbour:
    """What one reader is told of somebody else: `where` is in the standard's own words, and empty when not known."""

    name: str
    section: str
    where: str = ""


def is_family(actor: Actor, plan: Plan) -> bool:
    return any(each.role in FAMILY_ROLES for each in grants_on(actor, plan))


def neighbours(plan: Plan, actor: Actor, present: Iterable[Presence]) -> tuple[Neighbour, ...]:
    """The others who are there, as this reader is told: nobody in a section whose working text they don't read.

    Between the family presence shows only if both chose it, and only while both are there.
    """
    found = tuple(present)
    family = is_family(actor, plan)
    shows = any(each.person == actor.person and each.chose for each in found)
    return tuple(
        Neighbour(each.name, each.place.section, _where(plan, actor, each.place))
        for each in found
        if each.person != actor.person
        and not (family and each.family and not (shows and each.chose))
        and reads(plan, actor, each.place.section)
    )


def reads(plan: Plan, actor: Actor, letter: str) -> bool:
    """Whether the actor reads the words of a section as they are being written."""
    return bool(letter) and reach_of(plan, actor, letter) is Reach.WORKING


def _where(plan: Plan, actor: Actor, place: Place) -> str:
    """The item and the field in the standard's words; empty where the item is not this reader's to see."""
    if not place.group:
        return ""
    standard, head = plan.section(place.section)
    group = standard.group(place.group)
    named = f"a new {group.noun}" if place.item == NEW else group.title
    if group.repeats and place.item != NEW:
        item = filtered(plan, actor, place.section, head.content).item(place.item)
        if item is None:
            return ""
        named = number_of(group, item) or group.title
    return f"{named}: {_label(group, place.field)}" if _label(group, place.field) else named


def _label(group: Group, field: str) -> str:
    """What the field is called, unless that is all that the group is called."""
    label = next((each.label for each in group.fields if each.name == field), "")
    return "" if label == group.title else label
