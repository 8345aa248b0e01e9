"""How long a plan is kept: the policy and its date for everybody, a hold and the two confirmations for the council."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.error import Invalid, NotAllowed
from portal.domain.permission import Permission
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.retention import due_on, policy_for, standing
from portal.operations import retention as operations
from portal.web import current
from portal.web.forms import Form, ReasonForm, load
from portal.web.render import go, render
from portal.web.step_up import proof
from portal.web.submission import submission

blueprint = Blueprint("retention", __name__, url_prefix="/plans/<plan_id>/retention")


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    return _page(current.open_plan(plan_id))


@blueprint.post("/hold")
@needs(Permission.PLAN_HOLD)
def hold(plan_id: str) -> BaseResponse:
    return _with_reason(plan_id, "hold", operations.hold)


@blueprint.post("/release")
@needs(Permission.PLAN_HOLD)
def release(plan_id: str) -> BaseResponse:
    return _with_reason(plan_id, "release", operations.release)


@blueprint.post("/confirm")
@needs(Permission.PLAN_DESTROY)
def confirm(plan_id: str) -> BaseResponse:
    _must(current.open_plan(plan_id), Permission.PLAN_DESTROY)
    ticket = submission(load(Form(), request.form), ["confirm"])
    operations.confirm(current.db(), current.actor(), plan_id, current.moment(), ticket)
    return go(url_for("retention.show", plan_id=plan_id))


def _with_reason(plan_id: str, name: str, act: Callable[..., Plan]) -> BaseResponse:
    _must(current.open_plan(plan_id), Permission.PLAN_HOLD)
    try:
        sent = load(ReasonForm(), request.form)
        ticket = submission(sent, [name, sent["reason"]])
        act(current.db(), current.actor(), plan_id, sent["reason"], current.moment(), ticket)
    except Invalid as error:
        return _page(current.open_plan(plan_id), error.errors)
    return go(url_for("retention.show", plan_id=plan_id))


def _must(reading: PlanReading, permission: Permission) -> None:
    """Refuse a reader before their form is judged."""
    if not reading.may(permission):
        raise NotAllowed("The council’s SEN managers and its data protection officer see to how long plans are kept.")


def _page(reading: PlanReading, errors: Mapping[str, str] | None = None) -> Response:
    plan, today = reading.plan, current.moment().today
    due, policy = due_on(plan.child, today), policy_for(plan.child, today)
    confirmed = standing(plan.child, plan.keeping, today)
    held = plan.keeping.hold is not None
    return render(
        "retention/show.html",
        json=lambda: {"plan": plan.id, "due": due.isoformat(), "held": held, "confirmed": len(confirmed)},
        reading=reading,
        plan=plan,
        policy=policy,
        due=due,
        is_due=due <= today,
        hold=plan.keeping.hold,
        confirmed=confirmed,
        mine=any(each.person == reading.actor.person for each in confirmed),
        may_hold=reading.may(Permission.PLAN_HOLD),
        may_confirm=reading.may(Permission.PLAN_DESTROY),
        proof=proof(),
        errors=errors or {},
        reason=request.form.get("reason", ""),
    )
