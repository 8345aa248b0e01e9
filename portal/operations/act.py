"""The one path for every write to a plan: load, check, decide, save."""

from collections.abc import Callable, Sequence

from portal.domain.actor import Actor
from portal.domain.decision import Decision
from portal.domain.error import NotFound, Refusal
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.store import ledger, plans, requests
from portal.store.database import Database
from portal.store.ledger import Also
from portal.store.requests import Request

Decide = Callable[[Plan], Decision | None]
# Two agencies that save at once must never block each other: the loser decides again on the plan it now finds.
TRIES = 30


def act(
    db: Database,
    actor: Actor,
    plan_id: str,
    decide: Decide,
    request: Request | None = None,
    also: Also | None = None,
    seen: Plan | None = None,
    entitled: bool = False,
    then: Callable[[Plan], Sequence[ledger.Decide]] | None = None,
) -> Plan:
    """The plan after `decide` has been saved, or as it is when there was nothing to save.

    `decide` is a rule of the domain and may run more than once. It judges the plan as it was loaded, and the save is
    guarded by that plan's sequence, so that what was judged is what is changed. A submission that was saved before is
    answered with the plan as it stands. `also` is written in the same transaction, and so is what `then` says must
    follow for the plan that was judged, an entry each; `seen` is the plan, where it was loaded a moment ago.
    `entitled` is for somebody whose right to this lies outside the plan: an agency's lead, whoever accepts an
    invitation. Raises NotFound for a stranger, and whatever `decide` raises.
    """
    for _ in range(TRIES):
        plan, seen = seen or plans.load(db, plan_id), None
        if not entitled and not allows(actor, Permission.PLAN_VIEW, plan):
            raise NotFound("no such plan")
        try:
            decision = decide(plan)
        except Refusal:
            if request and requests.answered(db, plan_id, request):
                return plan
            raise
        if decision is None:
            if also:
                db.transaction(also)
            return plan
        try:
            return ledger.save(db, plan, decision, request, also, then(plan) if then else ())
        except requests.SavedBefore:
            return plans.load(db, plan_id)
        except plans.MovedOn:
            continue
    raise plans.MovedOn("too many saves at once")
