"""Who opened this plan: everybody from an agency, when and why, and the family's choice about each other."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.actor import ROLE_WORDS
from portal.domain.between_parents import is_parent
from portal.domain.moment import stamp
from portal.domain.permission import Permission
from portal.operations import between_parents, plans
from portal.operations import openings as operations
from portal.operations.openings import Line, Place
from portal.web import current
from portal.web.forms import Form, Query, load
from portal.web.render import go, render

blueprint = Blueprint("openings", __name__, url_prefix="/plans/<plan_id>/openings")


class OpeningsQuery(Query):
    """Where a page begins: a moment in milliseconds, and how many lines of that moment were shown before."""

    upto = fields.Integer(load_default=0, validate=validate.Range(min=0, max=253_402_300_799_999))
    beyond = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10_000))


class ChoiceForm(Form):
    shown = fields.String(required=True, validate=validate.OneOf(("yes", "no"), error="Choose yes or no."))


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    db, actor, moment = current.db(), current.actor(), current.moment()
    asked = load(OpeningsQuery(), request.args)
    reading = current.open_plan(plan_id)
    plans.must_read_history(reading)
    plan = reading.plan
    place = Place(datetime.fromtimestamp(asked["upto"] / 1000, UTC), asked["beyond"]) if asked["upto"] else None
    page = operations.listed(db, actor, plan, moment, place)
    older = {"upto": _milliseconds(page.older.upto), "beyond": page.older.beyond} if page.older else {}
    family = operations.is_family(actor, plan)
    return render(
        "openings/show.html",
        json=lambda: {"plan": plan_id, "openings": [_json(each) for each in page.lines], "older": older},
        plan=plan,
        lines=page.lines,
        older=older,
        begun=bool(asked["upto"]),
        role_words=ROLE_WORDS,
        chooses=family,
        shows=family and operations.shows(db, actor, plan),
        is_parent=is_parent(actor, plan),
        shares=between_parents.shares(db, actor, plan),
    )


@blueprint.post("/choice")
@needs(Permission.PLAN_VIEW)
def choose(plan_id: str) -> BaseResponse:
    db, actor = current.db(), current.actor()
    plan = current.open_plan(plan_id).plan
    operations.must_be_family(actor, plan)
    shown = load(ChoiceForm(), request.form)["shown"] == "yes"
    operations.choose(db, actor, plan, shown)
    return go(url_for("openings.show", plan_id=plan_id))


@blueprint.post("/parents")
@needs(Permission.PLAN_VIEW)
def share(plan_id: str) -> BaseResponse:
    """Whether a parent and another may show each other what they say of the plan."""
    db, actor = current.db(), current.actor()
    plan = current.open_plan(plan_id).plan
    between_parents.must_be_parent(actor, plan)
    between_parents.choose(db, actor, plan, load(ChoiceForm(), request.form)["shown"] == "yes")
    return go(f"{url_for('openings.show', plan_id=plan_id)}#parents")


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _json(line: Line) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "at": stamp(line.at),
        "name": line.name,
        "role": line.role.value if line.role else "",
        "agency": line.agency_name,
        "what": line.what or "plan",
        "how": line.kind or "work",
    }
    if line.why and line.until:
        category, reason = line.why
        facts |= {"until": stamp(line.until), "category": category, "reason": reason}
    return facts
