"""When a council reminds people of legal dates, set by its SEN managers."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.access import must_be_manager
from portal.domain.error import Invalid, NotReady
from portal.domain.reminders import LATEST, MOST, Ladder, Rung, Whom
from portal.operations import reminders as operations
from portal.web import current
from portal.web.forms import Form, load
from portal.web.render import go, render

blueprint = Blueprint("reminders", __name__, url_prefix="/reminders")
WHOM = {
    Whom.WAITED_FOR: "Whoever it waits for",
    Whom.CASEWORKER: "The child’s caseworker",
    Whom.MANAGER: "The SEN managers",
}
WHEN = {"before": "days before the date", "after": "days after the date"}
Row = tuple[str, str, str]  # of the form: days, before or after, whom
DAYS = f"Write a whole number of days, {LATEST} or fewer, or leave it empty."


class LadderQuery(Form):
    council = fields.String(load_default="")


class LadderForm(Form):
    """As many rungs as there may be, each a number of days, when, and whom: a row without a number is no rung."""

    council = fields.String(required=True)
    version = fields.Integer(required=True)


def _rows() -> dict[str, fields.Field[Any]]:
    found: dict[str, fields.Field[Any]] = {}
    for at in range(MOST):
        days = validate.Regexp(r"(?:\d{1,2})?\Z", error=DAYS)
        found[f"days_{at}"] = fields.String(load_default="", validate=days)
        found[f"when_{at}"] = fields.String(load_default="after", validate=validate.OneOf(list(WHEN)))
        found[f"whom_{at}"] = fields.String(load_default=Whom.WAITED_FOR, validate=validate.OneOf(list(Whom)))
    return found


FORM = LadderForm.from_dict(_rows())()


@blueprint.get("")
@needs(SIGNED_ON)
def show() -> Response:
    asked = load(LadderQuery(), request.args)
    mine = must_be_manager(current.actor())
    return _page(operations.ladder(current.db(), current.actor(), asked["council"] or next(iter(mine))))


@blueprint.post("")
@needs(SIGNED_ON)
def save() -> BaseResponse:
    mine = must_be_manager(current.actor())
    council = request.form.get("council", next(iter(mine)))
    db, actor = current.db(), current.actor()
    try:
        sent = load(FORM, request.form)
        rungs = [_rung(sent, at) for at in range(MOST) if sent[f"days_{at}"]]
        operations.save(db, actor, council, sent["version"], rungs, current.moment())
    except Invalid as error:
        return _page(operations.ladder(db, actor, council), error.errors, status=422)
    except NotReady as error:
        return _page(operations.ladder(db, actor, council), {"days_0": " ".join(error.reasons)}, status=409)
    return go(url_for("reminders.show", council=council))


def _rung(sent: Mapping[str, str], at: int) -> Rung:
    days = int(sent[f"days_{at}"])
    return Rung(-days if sent[f"when_{at}"] == "before" else days, Whom(sent[f"whom_{at}"]))


def _row(rung: Rung) -> Row:
    return str(abs(rung.days)), "before" if rung.days < 0 else "after", rung.whom.value


def _typed() -> list[Row]:
    """What was typed stands in the form again."""
    rows = [(_said("days", at), _said("when", at), _said("whom", at)) for at in range(MOST)]
    return [each for each in rows if each[0]]


def _said(name: str, at: int) -> str:
    return request.form.get(f"{name}_{at}", "")


def _page(ladder: Ladder, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    mine = must_be_manager(current.actor())
    rows = _typed() if status == 422 else [_row(each) for each in ladder.rungs]
    return render(
        "reminders/show.html",
        json=lambda: {"version": ladder.number, "reminders": [[each.days, each.whom] for each in ladder.rungs]},
        status=status,
        ladder=ladder,
        rows=[*rows, ("", "after", Whom.WAITED_FOR.value)][:MOST],
        councils={code: part.agency_name for code, part in sorted(mine.items())},
        whom=WHOM,
        when=WHEN,
        errors=errors or {},
    )
