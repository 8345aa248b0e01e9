"""Reading a plan for a written reason: in an emergency, or to check the record."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.looked_for import nhs_number_of
from portal.domain.permission import Permission
from portal.domain.plan import Plan
from portal.domain.reasoned_reading import (
    CATEGORIES,
    LONGEST,
    Asked,
    ReadingKind,
    may_ask_in_an_emergency,
    may_ask_to_audit,
)
from portal.operations import readings as operations
from portal.operations.search import TooMany
from portal.web import current
from portal.web.errors import error_page
from portal.web.forms import Form, Words, load
from portal.web.render import go, render, wants_json
from portal.web.step_up import proof
from portal.web.submission import submission

blueprint = Blueprint("emergency", __name__)
DELAYS = (("", "No, the family sees it at once"), ("7", "For 7 days"), ("14", "For 14 days"), ("28", "For 28 days"))
NOT_FOUND = "There is no plan of this number that you can open. Check each sign of it."
WHICH = "Write the plan’s number, or the child’s NHS number, not both."


class AuditForm(Form):
    category = fields.String(load_default="", validate=validate.Length(max=20))
    reason = Words(limit=LONGEST, load_default="")


class EmergencyForm(AuditForm):
    """The plan by its own number or by its child's."""

    plan = Words(limit=60, line=True, load_default="")
    nhs_number = Words(limit=60, line=True, load_default="")
    delay = fields.String(load_default="", validate=validate.OneOf([days for days, _ in DELAYS]))
    delay_reason = Words(limit=LONGEST, load_default="")


@blueprint.get("/emergency")
@needs(SIGNED_ON)
def ask() -> Response:
    _must_have_a_role()
    return _emergency_page()


@blueprint.post("/emergency")
@needs(SIGNED_ON, page="emergency.ask")
def begin() -> BaseResponse:
    """Open a plan for an hour. The same answer where there is none and where there is one that is not theirs."""
    _must_have_a_role()
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        sent = load(EmergencyForm(), request.form)
        days, why = int(sent["delay"] or 0), sent["delay_reason"]
        asked = Asked(sent["category"], sent["reason"], days, why)
        plan_id = _plan_meant(sent["plan"], sent["nhs_number"], asked)
        if not operations.has_a_part(db, actor, plan_id):
            ticket = submission(sent, [plan_id, sent["category"], sent["reason"], days, why])
            operations.emergency(db, actor, plan_id, asked, moment, ticket)
    except Invalid as error:
        return _emergency_page(error.errors)
    except TooMany as error:
        return error_page(429, (str(error),))
    except NotFound:
        if wants_json():
            raise
        return _emergency_page({"nhs_number" if sent["nhs_number"] else "plan": NOT_FOUND}, 404)
    return go(url_for("plans.show", plan_id=plan_id))


def _plan_meant(number: str, nhs_number: str, asked: Asked) -> str:
    """The id of the plan that is asked for by its own number or by its child's. Invalid for neither and for both."""
    if bool(number) == bool(nhs_number):
        raise Invalid({"plan": WHICH})
    if number:
        return "".join(number.split()).lower()
    wanted = nhs_number_of(nhs_number)
    return operations.found_by_number(current.db(), current.actor(), wanted, asked, current.moment())


@blueprint.get("/plans/<plan_id>/reading")
@needs(Permission.PLAN_VIEW)
def ask_to_audit(plan_id: str) -> Response:
    return _audit_page(_to_audit(plan_id))


@blueprint.post("/plans/<plan_id>/reading")
@needs(Permission.PLAN_VIEW)
def audit(plan_id: str) -> BaseResponse:
    plan = _to_audit(plan_id)
    try:
        sent = load(AuditForm(), request.form)
        asked = Asked(sent["category"], sent["reason"])
        ticket = submission(sent, ["audit", sent["category"], sent["reason"]])
        operations.audit(current.db(), current.actor(), plan_id, asked, current.moment(), ticket)
    except Invalid as error:
        return _audit_page(plan, error.errors)
    return go(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/plans/<plan_id>/readings/<int:number>/end")
@needs(Permission.PLAN_VIEW, page="worklist.index")
def end(plan_id: str, number: int) -> BaseResponse:
    """One's own hour is over: an auditor is back at the plan, whoever read in an emergency at their list."""
    reading = operations.of_their_own(current.db(), current.actor(), plan_id, number)
    load(Form(), request.form)
    operations.end(current.db(), current.actor(), reading, current.moment())
    return go(url_for("worklist.index"))


def _must_have_a_role() -> None:
    if not may_ask_in_an_emergency(current.actor()):
        raise NotFound("no such page")


def _to_audit(plan_id: str) -> Plan:
    plan = current.open_plan(plan_id).plan
    if not may_ask_to_audit(current.actor(), plan):
        raise NotAllowed("Only the data protection officer reads a plan with a written reason.")
    return plan


def _emergency_page(errors: Mapping[str, str] | None = None, status: int = 0) -> Response:
    proved = proof()
    return render(
        "emergency/ask.html",
        json=lambda: {"categories": dict(CATEGORIES[ReadingKind.EMERGENCY]), "errors": dict(errors or {})},
        status=status,
        categories=tuple(CATEGORIES[ReadingKind.EMERGENCY].items()),
        delays=DELAYS,
        proof=proved,
        sent=request.form or proved.typed or {},
        errors=errors or {},
    )


def _audit_page(plan: Plan, errors: Mapping[str, str] | None = None) -> Response:
    return render(
        "emergency/audit.html",
        json=lambda: {"categories": dict(CATEGORIES[ReadingKind.AUDIT]), "errors": dict(errors or {})},
        plan=plan,
        categories=tuple(CATEGORIES[ReadingKind.AUDIT].items()),
        sent=request.form,
        errors=errors or {},
    )
