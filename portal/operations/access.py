"""Give somebody a part, end it, and have a second person confirm what one alone may not give."""

from datetime import datetime

from portal.domain.access import FAMILY, TWO_PEOPLE, Part, must_end, must_give, part_of
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.content import Mark
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.event import Event, EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.operations.act import act
from portal.store import access, caseload, parts, people, plans
from portal.store.database import Database, Session
from portal.store.requests import Request

Hat = tuple[str, str]  # the agency, by slug and name, for which somebody gives or ends


def agency_named(db: Database, slug: str) -> Agency:
    """NotFound for an agency that is not known."""
    found = people.agency(db, slug)
    if found is None:
        raise NotFound("no such agency")
    return found


def place_of(db: Database, actor: Actor, agency: Agency, scope: str) -> str:
    """The authority of a scope. NotFound for a plan that the actor neither sees nor has to do with as a lead."""
    if scope == WHOLE_CASELOAD:
        return agency.authority
    plan = plans.load(db, scope)
    leads = agency.slug in actor.leads and agency.authority == plan.authority
    if not leads and not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")
    return plan.authority


def hat_to_give(db: Database, actor: Actor, person: str, part: Part) -> Hat:
    """The agency for which the actor gives a part. Raises NotAllowed, Invalid.

    NotFound for a lead whose agency does not work on the plan: that it was consulted opens nothing more.
    """
    hat = must_give(actor, person, part)
    as_lead = hat[0] == part.agency.slug and part.agency.kind is not AgencyKind.COUNCIL
    if as_lead and part.scope != WHOLE_CASELOAD and not parts.works_on(db, part.agency, part.scope):
        raise NotFound("no such plan")
    return hat


def give_part(
    db: Database, actor: Actor, person: str, role: Role, slug: str, scope: str, moment: Moment, request: Request | None
) -> None:
    """Give a colleague who works for the agency already a part in one plan or the whole caseload.

    A part that asks for two people waits for the second. Raises NotAllowed, Invalid, NotFound.
    """
    agency = agency_named(db, slug)
    part = Part(role, agency, scope, place_of(db, actor, agency, scope))
    hat = hat_to_give(db, actor, person, part)
    found = people.standing(db, person)
    held = found.actor(moment.wall).grants if found else ()
    works_there = any(each.agency == slug and not each.reading for each in held)
    if found is None or not works_there or role in FAMILY:
        raise Invalid({"person": "Choose somebody who works for this agency. Anybody else is invited."})
    put(db, actor, hat, grant_for(part, person, found.name, actor, moment.wall), moment, request)


def grant_for(part: Part, person: str, name: str, giver: Actor, wall: datetime, relation: str = "") -> Grant:
    agency = part.agency
    return Grant(
        person,
        name,
        agency.slug,
        agency.name,
        part.role,
        part.authority,
        part.scope,
        wall,
        given_by=giver.person,
        relation=relation,
        second_person=agency.second_person,
    )


def put(db: Database, actor: Actor, hat: Hat, grant: Grant, moment: Moment, request: Request | None = None) -> None:
    """Save a grant that the actor may give, on record: on its plan's chain, or in the log of the caseload."""
    if grant.role in TWO_PEOPLE:
        _ask(db, actor, grant, moment)
    elif grant.scope == WHOLE_CASELOAD:
        _give_over_caseload(db, actor, grant, moment)
    else:
        give_on_plan(db, actor, hat, grant, moment, EventKind.GRANT_GIVEN, {}, request)


def give_on_plan(
    db: Database,
    actor: Actor,
    hat: Hat,
    grant: Grant,
    moment: Moment,
    kind: EventKind,
    facts: dict[str, Value],
    request: Request | None = None,
) -> Plan:
    """Give a grant over one plan, with its entry on the chain; what the person has already is not given again."""

    def decide(plan: Plan) -> Decision | None:
        return None if parts.holds(db, grant) else noted(plan, actor, hat, kind, grant, moment, facts)

    def also(session: Session) -> None:
        enlist(db, grant, session)

    return act(db, actor, grant.scope, decide, request, also, entitled=True)


def enlist(db: Database, grant: Grant, session: Session) -> None:
    """Give the grant and put the plan on the person's list."""
    people.give(db, grant, session)
    plan = plans.load(db, grant.scope, session)
    caseload.add_reader(db, plan, caseload.reader_of(grant), grant.role, session)


def noted(
    plan: Plan, actor: Actor, hat: Hat, kind: EventKind, grant: Grant, moment: Moment, facts: dict[str, Value]
) -> Decision:
    """The entry that says who gave or ended what: opaque ids and the role, and neither name nor agency of whom."""
    slug, name = hat
    said: dict[str, Value] = {"person": grant.person, "role": grant.role.value, **facts}
    return Decision(plan, Event(kind, facts=said), Mark(actor.person, actor.name, slug, moment.product), name)


def end_part(db: Database, actor: Actor, key: str, moment: Moment, request: Request | None = None) -> Grant:
    """End one grant, named by its key. NotFound where there is none that the actor may know of; NotAllowed."""
    grant = parts.one(db, key.partition(":")[0], key, moment.wall)
    if grant is None:
        raise NotFound("no such part")
    agency = agency_named(db, grant.agency)
    place_of(db, actor, agency, grant.scope)
    hat = must_end(actor, part_of(grant, agency))
    if grant.scope == WHOLE_CASELOAD:
        _end_over_caseload(db, actor, grant, moment)
    else:
        end_on_plan(db, actor, hat, grant, moment, request)
    return grant


def end_on_plan(
    db: Database, actor: Actor, hat: Hat, grant: Grant, moment: Moment, request: Request | None = None
) -> None:
    def decide(plan: Plan) -> Decision | None:
        still = parts.stands(db, grant)
        return noted(plan, actor, hat, EventKind.GRANT_ENDED, grant, moment, {}) if still else None

    def also(session: Session) -> None:
        people.end(db, parts.row_of(grant), moment.wall, session)
        plans.touch(db, grant.scope, session)

    act(db, actor, grant.scope, decide, request, also, entitled=True)


def _give_over_caseload(db: Database, actor: Actor, grant: Grant, moment: Moment) -> None:
    def body(session: Session) -> None:
        people.give(db, grant, session)
        access.log(db, "given", grant, actor.person, actor.name, moment.wall, session)

    if not parts.holds(db, grant):
        db.transaction(body)


def _end_over_caseload(db: Database, actor: Actor, grant: Grant, moment: Moment) -> None:
    def body(session: Session) -> None:
        if people.end(db, parts.row_of(grant), moment.wall, session):
            access.log(db, "ended", grant, actor.person, actor.name, moment.wall, session)

    db.transaction(body)


def _ask(db: Database, actor: Actor, grant: Grant, moment: Moment) -> None:
    """Note a part that waits for a second person."""

    def body(session: Session) -> None:
        access.ask(db, grant, actor.person, actor.name, moment.wall, session)
        access.log(db, "asked", grant, actor.person, actor.name, moment.wall, session)

    db.transaction(body)


def settle(db: Database, actor: Actor, slug: str, request_id: str, confirmed: bool, moment: Moment) -> None:
    """Confirm or refuse, as the second person, what a colleague asked for. NotAllowed for the one who asked."""
    agency = agency_named(db, slug)
    asked = access.asked(db, agency.authority, request_id)
    if asked is None or asked.agency != slug:
        raise NotFound("no such request")
    part = Part(asked.role, agency, WHOLE_CASELOAD, asked.authority)
    must_give(actor, asked.person, part)
    if actor.person == asked.asked_by:
        raise NotAllowed("The second person must be somebody else.")
    grant = grant_for(part, asked.person, asked.name, actor, moment.wall)
    state, kind = (access.CONFIRMED, "given") if confirmed else (access.REFUSED, "refused")

    def body(session: Session) -> None:
        if not access.settle(db, asked, state, actor.person, moment.wall, session):
            raise NotFound("no such request")
        if confirmed:
            people.give(db, grant, session)
        access.log(db, kind, grant, actor.person, actor.name, moment.wall, session)

    db.transaction(body)
