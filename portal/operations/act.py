"""The one path for every write to a plan: load, check, decide, save, in one transaction."""

from collections.abc import Callable

from portal.domain.actor import Actor
from portal.domain.decision import Decision
from portal.domain.error import NotFound
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.store import ledger, plans, requests
from portal.store.database import Database, Session
from portal.store.requests import Request

Decide = Callable[[Plan, Session], Decision | None]
# Two agencies that save at once must never block each other: the loser decides again on the plan it now finds.
TRIES = 30


def act(db: Database, actor: Actor, plan_id: str, decide: Decide, request: Request | None = None) -> Plan:
    """The plan after `decide` has been saved, or as it is when there was nothing to save.

    `decide` is a rule of the domain and may run more than once. A submission that was saved before
    is answered with the plan as it stands. Raises NotFound for a stranger, and whatever `decide` raises.
    """

    def body(session: Session) -> Plan:
        plan = plans.load(db, plan_id, session)
        if not allows(actor, Permission.PLAN_VIEW, plan):
            raise NotFound("no such plan")
        if request and requests.answered(db, plan_id, request, session):
            return plan
        decision = decide(plan, session)
        return ledger.save(db, plan, decision, request, session).plan if decision else plan

    for _ in range(TRIES):
        try:
            return db.transaction(body)
        except plans.MovedOn:
            continue
    raise plans.MovedOn("too many saves at once")
