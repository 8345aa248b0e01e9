"""Record who may read a plan and who decides in it: consents, capacity for a decision, a court's order."""

from datetime import date

from portal.domain import rights_record as rules
from portal.domain.actor import Actor, Grant, Role
from portal.domain.decision import Decision
from portal.domain.error import Invalid
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.rights import Matter
from portal.operations.act import act
from portal.store import people
from portal.store.database import Database
from portal.store.requests import Request

# Whose reading hangs on consent, whom a court's order can limit, and who decides instead of a young person.
CONCERNED = (Role.PARENT, Role.ADVOCATE)


def concerned(db: Database, plan_id: str, moment: Moment) -> tuple[Grant, ...]:
    """The parents and advocates who have a live part in a plan."""
    return tuple(each for each in people.grants_on(db, plan_id, moment.wall) if each.role in CONCERNED)


def give_consent(
    db: Database,
    actor: Actor,
    plan_id: str,
    person: str,
    letters: tuple[str, ...],
    until: date | None,
    moment: Moment,
    request: Request | None = None,
    writes: bool = False,
) -> Plan:
    def decide(plan: Plan) -> Decision:
        return rules.give_consent(plan, actor, _part(db, plan_id, person, moment), letters, until, moment, writes)

    return act(db, actor, plan_id, decide, request)


def withdraw_consent(
    db: Database, actor: Actor, plan_id: str, person: str, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.withdraw_consent(plan, actor, person, moment), request)


def record_capacity(
    db: Database,
    actor: Actor,
    plan_id: str,
    matter: Matter,
    person: str,
    words: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    def decide(plan: Plan) -> Decision:
        return rules.record_capacity(plan, actor, matter, _part(db, plan_id, person, moment), words, moment)

    return act(db, actor, plan_id, decide, request)


def end_capacity(
    db: Database,
    actor: Actor,
    plan_id: str,
    matter: Matter,
    words: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.end_capacity(plan, actor, matter, words, moment), request)


def limit(
    db: Database,
    actor: Actor,
    plan_id: str,
    person: str,
    letters: tuple[str, ...],
    words: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    def decide(plan: Plan) -> Decision | None:
        return rules.limit(plan, actor, _part(db, plan_id, person, moment), letters, words, moment)

    return act(db, actor, plan_id, decide, request)


def _part(db: Database, plan_id: str, person: str, moment: Moment) -> Grant:
    """The part of somebody named in a form; the same answer for a stranger and for nobody."""
    found = next((each for each in concerned(db, plan_id, moment) if each.person == person), None)
    if found is None:
        raise Invalid({"person": "Choose somebody who has a part in this plan."})
    return found
