"""On a plan's page of people: invite a parent, give a colleague a part, consult a school, end a part."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.access import FAMILY
from portal.domain.actor import ROLE_WORDS, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.error import Invalid, NotAllowed
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.operations import access, invitations, staff
from portal.operations import consult as consulting
from portal.operations.invitations import Asked
from portal.web import current
from portal.web.access_forms import (
    AgencyQuery,
    ConsultForm,
    EndForm,
    GiveOnPlanForm,
    InviteForm,
    TakeBackForm,
    day_of,
)
from portal.web.forms import load
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("parts", __name__, url_prefix="/plans/<plan_id>/people")
NOT_YOURS = "The council’s caseworkers and SEN managers give people a part in this plan."
AGENCIES = (AgencyKind.COUNCIL, AgencyKind.EDUCATION, AgencyKind.HEALTH, AgencyKind.CARE)


@blueprint.get("/invite")
@needs(Permission.PLAN_VIEW)
def invite_form(plan_id: str) -> Response:
    return _invite_page(_reading(plan_id))


@blueprint.post("/invite")
@needs(Permission.PLAN_VIEW)
def invite(plan_id: str) -> BaseResponse:
    reading = _reading(plan_id)
    try:
        sent = load(InviteForm(), request.form)
        asked = Asked(Role(sent["role"]), staff.family(current.db()).slug, plan_id, sent["relation"])
        ticket = submission(sent, ["invite", sent["role"], sent["relation"]])
        invitations.invite(current.db(), current.actor(), asked, current.moment(), ticket)
    except Invalid as error:
        return _invite_page(reading, error.errors)
    return _to_people(plan_id)


@blueprint.get("/give")
@needs(Permission.PLAN_VIEW)
def give_form(plan_id: str) -> Response:
    return _give_page(_reading(plan_id), load(AgencyQuery(), request.args)["agency"])


@blueprint.post("/give")
@needs(Permission.PLAN_VIEW)
def give(plan_id: str) -> BaseResponse:
    reading, db = _reading(plan_id), current.db()
    try:
        sent = load(GiveOnPlanForm(), request.form)
        person, role, slug = sent["person"], Role(sent["role"]), sent["agency"]
        ticket = submission(sent, ["give", person, role.value, slug])
        access.give_part(db, current.actor(), person, role, slug, plan_id, current.moment(), ticket)
    except Invalid as error:
        return _give_page(reading, request.form.get("agency", ""), error.errors)
    return _to_people(plan_id)


@blueprint.get("/consult")
@needs(Permission.PLAN_VIEW)
def consult_form(plan_id: str) -> Response:
    return _consult_page(_reading(plan_id), load(AgencyQuery(), request.args)["agency"])


@blueprint.post("/consult")
@needs(Permission.PLAN_VIEW)
def consult(plan_id: str) -> BaseResponse:
    """A school is sent the draft as it was issued, to say whether it could offer a place."""
    reading, db = _reading(plan_id), current.db()
    try:
        sent = load(ConsultForm(), request.form)
        person, slug, last = sent["person"], sent["agency"], day_of(sent["last"], "last")
        pack = tuple(dict.fromkeys(sent["pack"]))
        ticket = submission(sent, ["consult", person, slug, sent["last"], list(pack)])
        consulting.consult(db, current.actor(), plan_id, slug, person, last, current.moment(), ticket, pack)
    except Invalid as error:
        return _consult_page(reading, request.form.get("agency", ""), error.errors)
    return _to_people(plan_id)


@blueprint.post("/end")
@needs(Permission.PLAN_VIEW)
def end(plan_id: str) -> BaseResponse:
    _reading(plan_id)
    sent = load(EndForm(), request.form)
    ticket = submission(sent, ["end", sent["key"]])
    access.end_part(current.db(), current.actor(), sent["key"], current.moment(), ticket)
    return _to_people(plan_id)


@blueprint.post("/take-back")
@needs(Permission.PLAN_VIEW)
def take_back(plan_id: str) -> BaseResponse:
    reading = _reading(plan_id)
    invitation = load(TakeBackForm(), request.form)["invitation"]
    invitations.take_back(current.db(), current.actor(), reading.plan.authority, invitation, current.moment())
    return _to_people(plan_id)


def _reading(plan_id: str) -> PlanReading:
    """The plan, for whoever gives parts in it. NotFound for a stranger, NotAllowed for a reader."""
    reading = current.open_plan(plan_id)
    if not staff.gives_on(current.actor(), reading.plan):
        raise NotAllowed(NOT_YOURS)
    return reading


def _to_people(plan_id: str) -> BaseResponse:
    return go(url_for("plans.who", plan_id=plan_id))


def _invite_page(reading: PlanReading, errors: Mapping[str, str] | None = None) -> Response:
    return render(
        "access/invite.html",
        reading=reading,
        plan=reading.plan,
        roles=[(role.value, ROLE_WORDS[role]) for role in Role if role in FAMILY],
        typed=request.form,
        errors=errors or {},
    )


def _consult_page(reading: PlanReading, slug: str, errors: Mapping[str, str] | None = None) -> Response:
    db, moment = current.db(), current.moment()
    schools = staff.agencies(db, AgencyKind.EDUCATION)
    chosen: Agency | None = next((each for each in schools if each.slug == slug), None)
    return render(
        "access/consult.html",
        reading=reading,
        plan=reading.plan,
        agencies=[(each.slug, each.name) for each in schools],
        agency=chosen,
        people=staff.colleagues(db, chosen, reading.plan, moment) if chosen else [],
        last=consulting.reply_by(moment).isoformat(),
        offered=consulting.offered(db, reading) if chosen and reading.plan.draft_was_issued else (),
        typed=request.form,
        errors=errors or {},
    )


def _give_page(reading: PlanReading, slug: str, errors: Mapping[str, str] | None = None) -> Response:
    """First the agency is chosen, then one of its people: a council's list of everybody would help nobody."""
    db, plan = current.db(), reading.plan
    agencies = staff.agencies(db, *AGENCIES)
    chosen: Agency | None = next((each for each in agencies if each.slug == slug), None)
    people = staff.colleagues(db, chosen, plan, current.moment()) if chosen else []
    roles = staff.roles_on_plan(current.actor(), chosen, plan) if chosen else ()
    return render(
        "access/give.html",
        reading=reading,
        plan=plan,
        agencies=[(each.slug, each.name) for each in agencies],
        agency=chosen,
        people=people,
        roles=[(role.value, ROLE_WORDS[role]) for role in roles],
        typed=request.form,
        errors=errors or {},
    )
