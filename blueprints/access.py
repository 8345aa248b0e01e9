"""For leads and managers: an agency's people, what each may do, and what is done when somebody is away or leaves."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.access import roles_to_give
from portal.domain.actor import ROLE_WORDS, WHOLE_CASELOAD, Role
from portal.domain.error import Invalid
from portal.domain.invitation import STATE_WORDS
from portal.operations import access, cover, invitations, staff
from portal.operations.invitations import Asked
from portal.web import current
from portal.web.access_forms import (
    AgencyQuery,
    CoverForm,
    EndForm,
    GiveForm,
    HandOverForm,
    InviteColleagueForm,
    LeaveForm,
    SettleForm,
    TakeBackForm,
    day_of,
)
from portal.web.forms import load
from portal.web.render import go, render, shows_page, wants_json

blueprint = Blueprint("access", __name__, url_prefix="/access")


@blueprint.get("")
@needs(SIGNED_ON)
def show() -> Response:
    return _agency_page(load(AgencyQuery(), request.args)["agency"])


@blueprint.get("/person")
@needs(SIGNED_ON)
def person() -> Response:
    asked = load(AgencyQuery(), request.args)
    return _person_page(asked["agency"], asked["person"])


@blueprint.post("/invite")
@needs(SIGNED_ON)
def invite() -> BaseResponse:
    slug = request.form.get("agency", "")
    staff.must_see_to(current.db(), current.actor(), slug)
    try:
        sent = load(InviteColleagueForm(), request.form)
        asked = Asked(Role(sent["role"]), slug, sent["scope"] or WHOLE_CASELOAD)
        invitations.invite(current.db(), current.actor(), asked, current.moment())
    except Invalid as error:
        return _agency_page(slug, error.errors)
    return _to_agency(slug)


@blueprint.post("/take-back")
@needs(SIGNED_ON)
def take_back() -> BaseResponse:
    invitation = load(TakeBackForm(), request.form)["invitation"]
    authority = staff.authority_in(invitation)
    found = invitations.take_back(current.db(), current.actor(), authority, invitation, current.moment())
    return _to_agency(found.agency)


@blueprint.post("/settle")
@needs(SIGNED_ON)
def settle() -> BaseResponse:
    sent = load(SettleForm(), request.form)
    confirmed = sent["answer"] == "confirm"
    access.settle(current.db(), current.actor(), sent["agency"], sent["request"], confirmed, current.moment())
    return _to_agency(sent["agency"])


@blueprint.post("/give")
@needs(SIGNED_ON)
def give() -> BaseResponse:
    slug, person = request.form.get("agency", ""), request.form.get("person", "")
    staff.must_see_to(current.db(), current.actor(), slug)
    try:
        sent = load(GiveForm(), request.form)
        scope, role = sent["scope"] or WHOLE_CASELOAD, Role(sent["role"])
        access.give_part(current.db(), current.actor(), sent["person"], role, slug, scope, current.moment(), None)
    except Invalid as error:
        return _person_page(slug, person, error.errors)
    return _to_person(slug, person)


@blueprint.post("/end")
@needs(SIGNED_ON)
def end() -> BaseResponse:
    ended = access.end_part(current.db(), current.actor(), load(EndForm(), request.form)["key"], current.moment())
    return _to_agency(ended.agency)


@blueprint.post("/cover")
@needs(SIGNED_ON)
def lend() -> BaseResponse:
    slug, person = request.form.get("agency", ""), request.form.get("person", "")
    staff.must_see(current.db(), current.actor(), slug, person)
    try:
        sent = load(CoverForm(), request.form)
        days = day_of(sent["first"], "first"), day_of(sent["last"], "last")
        cover.cover(current.db(), current.actor(), slug, person, sent["to"], days, current.moment())
    except Invalid as error:
        return _person_page(slug, person, error.errors)
    return _to_person(slug, person)


@blueprint.post("/hand-over")
@needs(SIGNED_ON)
def hand_over() -> BaseResponse:
    slug, person = request.form.get("agency", ""), request.form.get("person", "")
    staff.must_see_to(current.db(), current.actor(), slug)
    try:
        sent = load(HandOverForm(), request.form)
        cover.hand_over(current.db(), current.actor(), slug, person, sent["to"], current.moment())
    except Invalid as error:
        return _person_page(slug, person, error.errors)
    return _to_agency(slug)


@blueprint.post("/leave")
@needs(SIGNED_ON)
def leave() -> BaseResponse:
    sent = load(LeaveForm(), request.form)
    cover.leave(current.db(), current.actor(), sent["agency"], sent["person"], current.moment())
    return _to_agency(sent["agency"])


def _to_agency(slug: str) -> BaseResponse:
    return go(url_for("access.show", agency=slug))


def _to_person(slug: str, person: str) -> BaseResponse:
    return go(url_for("access.person", agency=slug, person=person))


def _agency_page(slug: str, errors: Mapping[str, str] | None = None) -> Response:
    db, actor, moment = current.db(), current.actor(), current.moment()
    own = staff.agencies_of(db, actor)
    agency = staff.chosen(own, slug)
    team = staff.team(db, actor, agency, moment)
    shown = [] if not shows_page() else invitations.reveal(db, actor, team.invitations, moment)
    roles = roles_to_give(actor, agency, WHOLE_CASELOAD, agency.authority)
    on_plans = [each for each in Role if each in staff.roles_anywhere(actor, agency) and each not in roles]
    return render(
        "access/show.html",
        json=lambda: {"agency": agency.slug, "people": [{"name": each.name} for each in team.people]},
        agencies=own,
        agency=agency,
        team=team,
        shown=shown,
        wall=moment.wall,
        roles=[(each.value, ROLE_WORDS[each]) for each in (*roles, *on_plans)],
        plans=[] if wants_json() else staff.plans_to_give(db, actor, agency, moment),
        **_words(errors),
    )


def _person_page(slug: str, person: str, errors: Mapping[str, str] | None = None) -> Response:
    db, actor, moment = current.db(), current.actor(), current.moment()
    agency, member = staff.member(db, actor, slug, person, moment)
    return render(
        "access/person.html",
        json=lambda: {"agency": agency.slug, "name": member.name, "parts": len(member.parts)},
        agency=agency,
        member=member,
        sees_to=staff.may_see_to(actor, agency),
        colleagues=staff.colleagues_of(db, agency, person, moment),
        plans=staff.plans_to_give(db, actor, agency, moment) if staff.may_see_to(actor, agency) else [],
        roles=[(each.value, ROLE_WORDS[each]) for each in staff.roles_anywhere(actor, agency)],
        may_end=staff.keys_to_end(db, actor, member.parts),
        **_words(errors),
    )


def _words(errors: Mapping[str, str] | None) -> dict[str, Any]:
    said = {"role_words": ROLE_WORDS, "state_words": STATE_WORDS, "public_url": current.settings().public_url}
    return {**said, "errors": errors or {}, "typed": request.form}
