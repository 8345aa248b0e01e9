"""Alerts for the data protection officer: every emergency, what was found, and what is kept from a family."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.actor import ROLE_WORDS
from portal.domain.error import Invalid
from portal.domain.moment import local_day, stamp
from portal.domain.permission import Permission
from portal.domain.reasoned_reading import CATEGORIES, LONGEST
from portal.operations import alerts as operations
from portal.operations.alerts import Alert
from portal.web import current
from portal.web.forms import Form, Words, load
from portal.web.render import go, render

blueprint = Blueprint("alerts", __name__)
ONE = "/plans/<plan_id>/readings/<int:number>"
DELAYS = (("7", "For 7 days from now"), ("14", "For 14 days from now"), ("28", "For 28 days from now"))


class NoteForm(Form):
    note = Words(limit=LONGEST, load_default="")


class ShowForm(Form):
    why = Words(limit=LONGEST, load_default="")


class DelayForm(Form):
    delay = fields.String(load_default="", validate=validate.OneOf(("", *(days for days, _ in DELAYS))))
    delay_reason = Words(limit=LONGEST, load_default="")


@blueprint.get("/alerts")
@needs(SIGNED_ON)
def index() -> Response:
    """Those that nobody has seen to, then the newest of the others."""
    db, actor = current.db(), current.actor()
    waiting, others = (operations.listed(db, actor, seen) for seen in (False, True))
    return render(
        "alerts/index.html",
        json=lambda: {"waiting": [_json(each) for each in waiting], "seen": [_json(each) for each in others]},
        waiting=waiting,
        others=others,
        categories=CATEGORIES,
        today=_today(),
        here="alerts",
    )


@blueprint.get(ONE)
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, number: int) -> Response:
    return _page(plan_id, number)


@blueprint.post(f"{ONE}/seen")
@needs(Permission.PLAN_VIEW)
def acknowledge(plan_id: str, number: int) -> BaseResponse:
    def see(sent: Mapping[str, Any]) -> None:
        operations.acknowledge(current.db(), current.actor(), plan_id, number, sent["note"], current.moment())

    return _act(plan_id, number, NoteForm(), see)


@blueprint.post(f"{ONE}/delay")
@needs(Permission.PLAN_VIEW)
def delay(plan_id: str, number: int) -> BaseResponse:
    def put(sent: Mapping[str, Any]) -> None:
        days, words = int(sent["delay"] or 0), sent["delay_reason"]
        operations.delay(current.db(), current.actor(), plan_id, number, days, words, current.moment())

    return _act(plan_id, number, DelayForm(), put)


@blueprint.post(f"{ONE}/show")
@needs(Permission.PLAN_VIEW)
def end_delay(plan_id: str, number: int) -> BaseResponse:
    def reveal(sent: Mapping[str, Any]) -> None:
        operations.show(current.db(), current.actor(), plan_id, number, sent["why"], current.moment())

    return _act(plan_id, number, ShowForm(), reveal)


def _act(plan_id: str, number: int, form: Form, act: Callable[[Mapping[str, Any]], None]) -> BaseResponse:
    """Refuse whoever may not, before their form is judged; then do it, and go back to the alert."""
    operations.open_alert(current.db(), current.actor(), plan_id, number)
    try:
        act(load(form, request.form))
    except Invalid as error:
        return _page(plan_id, number, error.errors)
    return go(url_for("alerts.show", plan_id=plan_id, number=number))


def _page(plan_id: str, number: int, errors: Mapping[str, str] | None = None) -> Response:
    actor = current.actor()
    alert = operations.open_alert(current.db(), actor, plan_id, number)
    return render(
        "alerts/show.html",
        json=lambda: _json(alert),
        alert=alert,
        plan=alert.plan,
        reading=alert.reading,
        kept_back=alert.reading.is_kept_from_the_family(_today()),
        mine=alert.reading.by.person == actor.person,
        categories=CATEGORIES,
        role_words=ROLE_WORDS,
        delays=DELAYS,
        today=_today(),
        sent=request.form,
        errors=errors or {},
    )


def _today() -> date:
    """The day it is by the clock that readings begin and end by."""
    return local_day(current.moment().wall)


def _json(alert: Alert) -> dict[str, Any]:
    reading = alert.reading
    kept = reading.is_kept_from_the_family(_today())
    return {
        "plan": reading.plan,
        "number": reading.number,
        "name": reading.by.name,
        "agency": reading.agency_name,
        "role": reading.role.value,
        "at": stamp(reading.by.at),
        "until": stamp(reading.until),
        "category": reading.category,
        "reason": reading.reason,
        "seen": reading.seen.words if reading.seen else None,
        "kept_from_the_family_until": reading.delays[-1].review_on.isoformat() if kept else None,
    }
