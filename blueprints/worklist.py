"""Waiting for you: one sentence for each plan, the nearest legal date first."""

from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.state import STATE_WORDS
from portal.store.caseload import PAGE, START, Place, Row, rows_for
from portal.web import current
from portal.web.forms import WorklistQuery, load
from portal.web.render import go, render, wants_json
from portal.web.words import turn_of

blueprint = Blueprint("worklist", __name__)


@blueprint.get("/worklist")
@needs(SIGNED_ON)
def index() -> BaseResponse:
    """A page of the list; `after` and `due` name the last row of the page before."""
    asked = load(WorklistQuery(), request.args)
    place = Place(asked["due"], asked["after"])
    found = rows_for(current.db(), current.actor(), PAGE + 1, place)  # one more tells whether there is another page
    rows = found[:PAGE]
    more = rows[-1].place if len(found) > PAGE else None
    if len(rows) == 1 and place == START and not wants_json():
        return go(url_for("plans.show", plan_id=rows[0].plan))
    yours = [(row, turn_of(row.tasks[0], row.plan, row.called)) for row in rows if row.tasks]
    others = [row for row in rows if not row.tasks]
    return render(
        "worklist/index.html",
        json=lambda: _json(rows, more),
        yours=yours,
        others=others,
        states=STATE_WORDS,
        here="worklist",
        more=more,
        begun=place != START,
    )


def _json(rows: list[Row], more: Place | None) -> dict[str, Any]:
    after = {"more": {"due": more.due, "after": more.plan}} if more else {}
    return {"plans": [_row_json(row) for row in rows], **after}


def _row_json(row: Row) -> dict[str, Any]:
    tasks = [
        {
            "kind": task.kind.value,
            "sections": list(task.letters),
            "due": task.due.isoformat() if task.due else None,
        }
        for task in row.tasks
    ]
    return {"plan": row.plan, "name": row.name, "state": row.state.value, "waiting_for_you": tasks}
