"""Read a plan for a written reason: an auditor's hour, an emergency's hour, and their end."""

from portal.domain import reasoned_reading as rules
from portal.domain.actor import Actor
from portal.domain.error import NotFound
from portal.domain.identifier import authority_of
from portal.domain.looked_for import LookedFor
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows, could_open
from portal.domain.plan import Plan
from portal.domain.reasoned_reading import Asked, ReadingKind, ReasonedReading
from portal.operations import search
from portal.store import identities, outbox, people, plans, reasoned_readings, requests
from portal.store.database import Database, Session
from portal.store.requests import Request, SavedBefore


def audit(
    db: Database, actor: Actor, plan_id: str, asked: Asked, moment: Moment, request: Request | None = None
) -> None:
    """Begin an auditor's hour with the words of a plan."""
    plan = plans.load(db, plan_id)
    _begin(db, plan, rules.audit(plan, actor, asked, moment), request)


def emergency(
    db: Database, actor: Actor, plan_id: str, asked: Asked, moment: Moment, request: Request | None = None
) -> None:
    """Begin an emergency's hour, of which the data protection officer is told in the same transaction.

    NotFound where there is no such plan, and for everybody who may not: nobody is told which of the two it is.
    """
    rules.part_in_an_emergency(actor, authority_of(plan_id), asked, moment)
    plan = plans.load(db, plan_id)
    _begin(db, plan, rules.emergency(plan, actor, asked, moment), request)


def found_by_number(db: Database, actor: Actor, number: LookedFor, asked: Asked, moment: Moment) -> str:
    """The id of the plan of the child with this NHS number, where the actor may open any plan in an emergency.

    What they say is judged, and that they look is counted and put on record, before anybody is looked for. Raises
    NotFound where there is no such child, Invalid, StepUpNeeded, and TooMany as any search does.
    """
    found: list[str] = []
    for authority in rules.authorities_in_an_emergency(actor):
        rules.part_in_an_emergency(actor, authority, asked, moment)
        search.note(db, actor, authority, number, moment)
        found += identities.find(db, authority, number)
    if not found:
        raise NotFound("no such child")
    return found[0]


def has_a_part(db: Database, actor: Actor, plan_id: str) -> bool:
    """Whether the actor may open the plan as it is, so that there is nothing to ask for."""
    if not could_open(actor, plan_id):
        return False
    try:
        return allows(actor, Permission.PLAN_VIEW, plans.load(db, plan_id))
    except NotFound:
        return False


def _begin(db: Database, plan: Plan, reading: ReasonedReading, request: Request | None) -> None:
    def body(session: Session) -> None:
        plans.touch(db, plan.id, session)  # so that it waits for a destruction that is under way
        plans.load(db, plan.id, session)
        number = reasoned_readings.next_number(db, plan.id, session)
        reasoned_readings.add(db, reading, number, session)
        if reading.kind is ReadingKind.EMERGENCY:
            outbox.tell(db, plan.id, rules.EMERGENCY_OPENED, number, reading.by.at, session)
        if request:
            requests.remember(db, plan, request, plan.sequence, session)
        people.restand(db, [reading.by.person], session)

    try:
        db.transaction(body)
    except SavedBefore:  # the same form again: its hour has begun
        return


def of_their_own(db: Database, actor: Actor, plan_id: str, number: int) -> ReasonedReading:
    """One's own hour; NotFound for anybody else's, as where there is none."""
    reading = reasoned_readings.find(db, plan_id, number)
    if reading.by.person != actor.person:
        raise NotFound("no such reading")
    return reading


def end(db: Database, actor: Actor, reading: ReasonedReading, moment: Moment) -> None:
    """End one's own hour now. Over already, it stays as it is."""
    ended = rules.end(reading, actor, moment)

    def body(session: Session) -> None:
        if ended != reading and reasoned_readings.change(db, reading, ended, session):
            people.restand(db, [actor.person], session)

    db.transaction(body)
