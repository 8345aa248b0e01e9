"""Consult a school: its SENCO reads the draft as it was issued, until the day by which the school is to answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from portal.domain.access import Part, must_give
from portal.domain.actor import Actor, Grant, Role
from portal.domain.error import Invalid, NotReady
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.identifier import authority_of
from portal.domain.moment import ENGLAND, Moment, stamp
from portal.domain.permission_law import CONSULTED
from portal.operations.access import agency_named, give_on_plan, grant_for, place_of
from portal.store import people, plans
from portal.store.database import Database
from portal.store.requests import Request

REPLY = timedelta(days=15)  # SEND Code of Practice 2015 para 9.83
LONGEST = timedelta(days=90)


def reply_by(moment: Moment) -> date:
    """The day by which a school answers that is consulted today."""
    return moment.today + REPLY


def consult(
    db: Database,
    actor: Actor,
    plan_id: str,
    slug: str,
    person: str,
    last: date,
    moment: Moment,
    request: Request | None = None,
) -> None:
    """Let a school's SENCO read the draft plan as it was issued, to the end of a day; it is on the plan's chain.

    Raises NotFound for a stranger, NotAllowed, NotReady before a draft is issued, and Invalid for a person or a day
    that won't do.
    """
    agency = agency_named(db, slug)
    part = Part(Role.SENCO, agency, plan_id, place_of(db, actor, agency, plan_id))
    hat = must_give(actor, person, part)
    if not plans.load(db, plan_id).draft_was_issued:
        raise NotReady(("A school is consulted on the draft plan. Issue that first.",))
    until = _end_of(last, moment)
    name = _senco(db, slug, person, plan_id, moment)
    grant = replace(grant_for(part, person, name, actor, moment.wall, CONSULTED), until=until)
    facts: dict[str, Value] = {"until": stamp(until), "relation": CONSULTED}
    give_on_plan(db, actor, hat, grant, moment, EventKind.GRANT_GIVEN, facts, request)


def _end_of(last: date, moment: Moment) -> datetime:
    """The last minute of a day, in England; Invalid for one that won't do."""
    if not moment.today <= last <= moment.today + LONGEST:
        raise Invalid({"last": f"Choose a day from today on, within {LONGEST.days} days."})
    return datetime.combine(last + timedelta(days=1), time(), ENGLAND).astimezone(UTC)


def _senco(db: Database, slug: str, person: str, plan_id: str, moment: Moment) -> str:
    """The name of somebody who works for the school, and has no part of a SENCO's in the plan already."""
    found = people.standing(db, person)
    held = found.actor(moment.wall).grants if found else ()
    if found is None or not any(each.agency == slug and not each.reading for each in held):
        raise Invalid({"person": "Choose somebody who works for this school."})
    if any(_is_sencos(each, plan_id) for each in held):
        raise Invalid({"person": "They work with this child already, and read more than a school that is consulted."})
    return found.name


def _is_sencos(grant: Grant, plan_id: str) -> bool:
    own = grant.role is Role.SENCO and grant.relation != CONSULTED
    return own and grant.covers(plan_id, authority_of(plan_id))
