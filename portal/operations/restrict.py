"""Settle who may read one thing of a plan, with what stood there before; list who can be named."""

from dataclasses import dataclass

from portal.domain import restrict as rules
from portal.domain.actor import FAMILY_ROLES, ROLE_WORDS, Actor, Role
from portal.domain.audience import CHILD
from portal.domain.decision import Decision
from portal.domain.error import Invalid
from portal.domain.moment import Moment
from portal.domain.permission import Permission
from portal.domain.permission_table import CASE
from portal.domain.plan import Plan
from portal.domain.restricted import COUNCIL, item_texts
from portal.operations.act import act
from portal.store import people, revisions, versions
from portal.store.database import Database
from portal.store.requests import Request

BY_NAME = {*FAMILY_ROLES, Role.ADVOCATE}  # they speak for one child, and for no agency


@dataclass(frozen=True)
class Reader:
    """Somebody a restriction can name: by their person whoever is round the child, and whoever works beside the SEN
    team in its own agency; everybody else by their agency."""

    id: str
    name: str


def readers_of(db: Database, plan_id: str, moment: Moment) -> tuple[Reader, ...]:
    """Everybody with a live part by which the plan opens, the family first.

    The SEN team is not among them: nothing is kept from it, so that leaving it out would do nothing.
    """
    grants = [each for each in people.grants_on(db, plan_id, moment.wall) if each.role in CASE[Permission.PLAN_VIEW]]
    team = {each.person for each in grants if each.role in COUNCIL}
    theirs = {each.agency for each in grants if each.role in COUNCIL}
    found: dict[str, Reader] = {}
    for each in sorted(grants, key=lambda each: each.role not in BY_NAME):
        if each.role in BY_NAME:
            found.setdefault(each.person, Reader(each.person, each.name))
        elif each.agency not in theirs:
            found.setdefault(each.agency, Reader(each.agency, each.agency_name))
        elif each.person not in team:
            found.setdefault(each.person, Reader(each.person, f"{each.name}, {ROLE_WORDS[each.role].lower()}"))
    return tuple(found.values())


def restrict(
    db: Database,
    actor: Actor,
    plan_id: str,
    place: str,
    readers: tuple[str, ...] | None,
    reason: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Keep a place for these readers and the SEN team; None opens it again. Invalid for somebody without a part."""
    known = {each.id for each in readers_of(db, plan_id, moment)}
    if readers is not None and not known.issuperset(readers):
        raise Invalid({"readers": "One of these has no part in this plan any more. Choose again."})

    def decide(plan: Plan) -> Decision:
        return rules.restrict(plan, actor, place, readers, _earlier(db, plan, place), reason, moment)

    return act(db, actor, plan_id, decide, request)


def _earlier(db: Database, plan: Plan, place: str) -> tuple[str, ...]:
    """Every text that ever stood at a place: in the revisions of its section, or on the covers of the versions."""
    rules.must_exist(plan, place)
    letter, name, field = (*place.split("/"), "")[:3]
    if letter == CHILD:
        covers = (versions.find(db, plan.id, each.number).cover for each in plan.versions)
        found = [str(getattr(each, name)) for each in covers]
    else:
        items = (each.content.item(name) for each in revisions.of_section(db, plan.id, letter))
        found = [text for item in items if item for text in item_texts(plan, letter, item, field)]
    return tuple(dict.fromkeys(filter(None, found)))
