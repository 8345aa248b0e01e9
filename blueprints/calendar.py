"""Dates for one's own calendar: a file of one plan, and a private address that a calendar asks by itself."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.permission import Permission
from portal.operations import calendars
from portal.web import current
from portal.web.forms import Form, load
from portal.web.render import go, render, shows_page

blueprint = Blueprint("calendar", __name__)
TYPE = "text/calendar; charset=utf-8"


@blueprint.get("/calendar")
@needs(SIGNED_ON)
def show() -> Response:
    """What the address is for, and the address itself in the one moment after it was made."""
    own = calendars.own(current.db(), current.actor(), shows_page())
    return render("calendar/show.html", json=lambda: {"calendar": own.there}, own=own)


@blueprint.post("/calendar")
@needs(SIGNED_ON)
def renew() -> BaseResponse:
    load(Form(), request.form)
    calendars.renew(current.db(), current.actor())
    return go(url_for("calendar.show"))


@blueprint.post("/calendar/end")
@needs(SIGNED_ON)
def end() -> BaseResponse:
    load(Form(), request.form)
    calendars.end(current.db(), current.actor())
    return go(url_for("calendar.show"))


@blueprint.get("/calendar/<token>.ics")
def feed(token: str) -> Response:
    """The secret in the address is all that is asked for: a calendar can't sign in."""
    settings = current.settings()
    issuers = {each.issuer for each in settings.providers}
    said = calendars.by_secret(current.db(), token, issuers, settings.public_url, current.moment())
    return _file(said)


@blueprint.get("/plans/<plan_id>/calendar.ics")
@needs(Permission.PLAN_VIEW)
def of_plan(plan_id: str) -> Response:
    moment = current.moment()
    reading = current.open_plan(plan_id)
    return _file(calendars.of_plan(reading.plan, current.actor(), current.settings().public_url, moment))


def _file(said: str) -> Response:
    """Its name says nothing of whose dates they are."""
    response = Response(said, content_type=TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="golden-thread.ics"'
    response.headers["Vary"] = "Cookie"
    return response
