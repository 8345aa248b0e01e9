"""The demonstration's clock: what day it is for everybody, and moving it ahead; elsewhere there is no such page."""

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.clock import FURTHEST, Clock
from portal.domain.error import Invalid, NotFound
from portal.web import current
from portal.web.forms import Form, load
from portal.web.render import go, render

blueprint = Blueprint("clock", __name__, url_prefix="/clock")
STEPS = ((1, "One day"), (7, "One week"), (28, "Four weeks"), (84, "Twelve weeks"))
DAYS = "Write a number of days, from 1 on."


class ClockForm(Form):
    """`ahead` is where the clock stood when the form was made: a form that is sent twice moves it once."""

    ahead = fields.Integer(required=True, strict=False, validate=validate.Range(min=0, max=FURTHEST))
    days = fields.Integer(
        required=True,
        validate=validate.Range(min=1, max=FURTHEST, error=DAYS),
        error_messages={"invalid": DAYS, "required": DAYS},
    )


@blueprint.get("")
@needs(SIGNED_ON)
def show() -> Response:
    return _page(_movable())


@blueprint.post("")
@needs(SIGNED_ON)
def move() -> BaseResponse:
    clock = _movable()
    try:
        sent = load(ClockForm(), request.form)
    except Invalid as error:
        return _page(clock, error.errors.get("days", DAYS))
    clock.move(sent["ahead"], sent["days"])
    return go(url_for("clock.show"))


def _movable() -> Clock:
    clock = current.clock()
    if not clock.is_movable:
        raise NotFound("no such page")
    return clock


def _page(clock: Clock, error: str = "") -> Response:
    today, wall = current.moment().today, current.moment().wall
    return render(
        "clock/show.html",
        json=lambda: {"today": today.isoformat(), "ahead": clock.ahead},
        status=422 if error else 200,
        today=today,
        really=wall,
        ahead=clock.ahead,
        steps=STEPS,
        error=error,
    )
