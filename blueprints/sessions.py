"""Where somebody is signed in: each browser in plain words, an end to one or to all others, and how long is left."""

from datetime import datetime
from typing import cast

from flask import Blueprint, Response, g, request, session, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.auth.session import ServerSession, limits_of
from portal.domain.moment import stamp
from portal.operations import sessions
from portal.operations.sessions import SignedInAt
from portal.web import current
from portal.web.forms import Form, load
from portal.web.render import as_json, go, render

blueprint = Blueprint("sessions", __name__, url_prefix="/sessions")


class EndForm(Form):
    session = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{16}\Z"))


@blueprint.get("")
@needs(SIGNED_ON)
def show() -> Response:
    """The signed-on person's own sessions; there is no address for anybody else's."""
    settings, person = current.settings(), current.actor().person
    found = sessions.signed_in(current.db(), person, _id(), limits_of(settings), current.moment())
    names = {each.slug: each.name for each in settings.providers}
    return render(
        "sessions/show.html",
        json=lambda: {"sessions": [_row(each) for each in found]},
        sessions=found,
        names=names,
        hours=settings.absolute_hours,
    )


@blueprint.post("/end")
@needs(SIGNED_ON)
def end() -> BaseResponse:
    sent = load(EndForm(), request.form)
    sessions.end_one(current.db(), current.actor().person, sent["session"], current.moment())
    return go(url_for("sessions.show"))


@blueprint.post("/end-others")
@needs(SIGNED_ON)
def end_others() -> BaseResponse:
    load(Form(), request.form)
    sessions.end_others(current.db(), current.actor().person, _id(), current.moment())
    return go(url_for("sessions.show"))


@blueprint.get("/time-left")
@needs(SIGNED_ON)
def time_left() -> Response:
    """Seconds until this session ends unused, and in any case; asking is no sign of life (auth/session.py)."""
    started, seen = g.session_times
    return as_json(_left(started, seen))


@blueprint.post("/stay")
@needs(SIGNED_ON)
def stay() -> Response:
    """A sign of life, as any request is one; answers what is left from now on."""
    load(Form(), request.form)
    started, _ = g.session_times
    return as_json(_left(started, current.moment().wall))


def _left(started: datetime, seen: datetime) -> dict[str, int]:
    idle, absolute = limits_of(current.settings()).left(started, seen, current.moment().wall)
    return {"unused_s": int(idle.total_seconds()), "in_any_case_s": int(absolute.total_seconds())}


def _id() -> str:
    # Flask's `session` is typed as what any session can do, and ours is the server's.
    return cast(ServerSession, session).id


def _row(each: SignedInAt) -> dict[str, object]:
    times = {"started": stamp(each.started), "seen": stamp(each.seen)}
    return {"session": each.handle, "device": each.device, "provider": each.provider, "here": each.here, **times}
