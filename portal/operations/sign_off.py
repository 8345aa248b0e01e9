"""Hand over, sign, send back and withdraw."""

from portal.domain import sign_off as rules
from portal.domain.actor import Actor
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.step_up import proven
from portal.operations.act import act
from portal.store.database import Database
from portal.store.requests import Request


def hand_over(db: Database, actor: Actor, plan_id: str, letter: str, moment: Moment) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.hand_over(plan, actor, letter, moment))


def sign(
    db: Database,
    actor: Actor,
    plan_id: str,
    letter: str,
    revision: int,
    text_hash: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Sign the revision that was on the page; StaleRevision when the words have moved on since. Needs a fresh proof."""
    decide = proven(actor, moment, lambda plan: rules.sign(plan, actor, letter, revision, text_hash, moment))
    return act(db, actor, plan_id, decide, request)


def send_back(
    db: Database, actor: Actor, plan_id: str, letter: str, reason: str, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.send_back(plan, actor, letter, reason, moment), request)


def withdraw(
    db: Database, actor: Actor, plan_id: str, letter: str, reason: str, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.withdraw(plan, actor, letter, reason, moment), request)
