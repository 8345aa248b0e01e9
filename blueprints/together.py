"""Several plans at once, for SEN managers: the same list with boxes to tick, and what can be done for all that are."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.error import Invalid
from portal.domain.identifier import PLAN_ID
from portal.domain.state import STATE_WORDS
from portal.operations import together as operations
from portal.store.caseload import Place
from portal.web import current
from portal.web.forms import Form, WorklistQuery, load
from portal.web.render import go, render
from portal.web.turn_words import turn_of

blueprint = Blueprint("together", __name__, url_prefix="/worklist/together")
REMIND, GIVE = "remind", "give"


class TogetherForm(Form):
    """`plans` are those that were ticked; `act` is the button that was pressed."""

    plans = fields.List(
        fields.String(validate=validate.Regexp(rf"{PLAN_ID.pattern}\Z")),
        load_default=list,
        validate=validate.Length(max=operations.MOST),
    )
    act = fields.String(required=True, validate=validate.OneOf([REMIND, GIVE]))
    person = fields.String(load_default="")


class TogetherQuery(WorklistQuery):
    done = fields.String(load_default="", validate=validate.OneOf(["", REMIND, GIVE]))


@blueprint.get("")
@needs(SIGNED_ON)
def show() -> Response:
    asked = load(TogetherQuery(), request.args)
    return _page(Place(asked["due"], asked["after"]), asked["done"])


@blueprint.post("")
@needs(SIGNED_ON)
def act() -> BaseResponse:
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        sent = load(TogetherForm(), request.form)
        if sent["act"] == REMIND:
            operations.remind(db, actor, sent["plans"], moment)
        else:
            operations.give(db, actor, sent["plans"], sent["person"], moment)
    except Invalid as error:
        return _page(Place("", ""), errors=error.errors)
    return go(url_for("together.show", done=sent["act"]))


def _page(place: Place, done: str = "", errors: Mapping[str, str] | None = None) -> Response:
    db, actor = current.db(), current.actor()
    found = operations.listed(db, actor, place)
    rows, more = found[: operations.MOST], len(found) > operations.MOST
    return render(
        "worklist/together.html",
        json=lambda: {"plans": [each.plan for each in rows]},
        rows=[(each, turn_of(each.tasks[0], each.plan, each.called) if each.tasks else None) for each in rows],
        states=STATE_WORDS,
        more=rows[-1].place if more else None,
        begun=place != Place("", ""),
        done=done,
        caseworkers=operations.caseworkers(db, actor, current.moment()),
        chosen=request.form.getlist("plans"),
        person=request.form.get("person", ""),
        errors=errors or {},
        here="worklist",
    )
