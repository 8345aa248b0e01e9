"""Hold a plan, release it, confirm its destruction, list what is due, and destroy what two people confirmed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.domain import retention as rules
from portal.domain.actor import Actor
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.retention import Policy
from portal.domain.step_up import proven
from portal.operations.act import act
from portal.store import retention
from portal.store.database import Database
from portal.store.requests import Request


@dataclass(frozen=True)
class Due:
    """A plan whose years are over: since when, by which row of the policy, and what it waits for."""

    plan: str
    since: date
    policy: Policy
    held: bool
    confirmed: int


def hold(db: Database, actor: Actor, plan_id: str, reason: str, moment: Moment, request: Request | None = None) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.hold(plan, actor, reason, moment), request)


def release(
    db: Database, actor: Actor, plan_id: str, reason: str, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.release(plan, actor, reason, moment), request)


def confirm(db: Database, actor: Actor, plan_id: str, moment: Moment, request: Request | None = None) -> Plan:
    """One of the two confirmations; StepUpNeeded for somebody who has not proved a moment ago who they are."""
    return act(db, actor, plan_id, proven(actor, moment, lambda plan: rules.confirm(plan, actor, moment)), request)


def due(db: Database, on: date) -> Iterator[Due]:
    """The plans that are due on a day, one at a time, held ones among them."""
    for each in retention.kept(db):
        since = rules.due_on(each.child, on)
        if since <= on:
            confirmed = len(rules.standing(each.child, each.keeping, on))
            held = each.keeping.hold is not None
            yield Due(each.plan, since, rules.policy_for(each.child, on), held, confirmed)


def destroy(db: Database, eraser: Database, moment: Moment) -> Iterator[str]:
    """Destroy what is due, confirmed by two people and not held; the ids of the plans, each once nothing is left of it.

    `db` decides, as the application; `eraser` removes, as the retention user. Each plan is closed in one guarded
    write, so that a hold placed meanwhile stands; what a run that was killed left behind, the next one removes.
    """
    for each in retention.kept(db):
        confirmed = rules.may_be_destroyed(each.child, each.keeping, moment.today)
        if confirmed and not retention.is_being_printed(db, each.plan):
            retention.close(eraser, each, moment.wall)
    for plan_id, when in retention.closed(db):
        retention.empty(eraser, plan_id, when)
        yield plan_id
