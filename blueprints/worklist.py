"""Waiting for you: one sentence for each plan, the nearest legal date first."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.state import STATE_WORDS
from portal.store.caseload import PAGE, START, Place, Row, documents_for, row_of, speaks_for_itself
from portal.store.database import Document
from portal.web import current
from portal.web.forms import WorklistQuery, load
from portal.web.kept import kept_page
from portal.web.render import go, render, wants_json
from portal.web.words import turn_of

blueprint = Blueprint("worklist", __name__)


@blueprint.get("/worklist")
@needs(SIGNED_ON)
def index() -> BaseResponse:
    """A page of the list; `after` and `due` name the last row of the page before."""
    asked = load(WorklistQuery(), request.args)
    actor, place = current.actor(), Place(asked["due"], asked["after"])
    found = documents_for(current.db(), actor, PAGE + 1, place)  # one more tells whether there is another page
    if len(found) == 1 and place == START and not wants_json():
        return go(url_for("plans.show", plan_id=found[0]["plan"]))
    if not all(speaks_for_itself(actor, each) for each in found):
        return _page(found, place)
    rows = tuple((each["_id"], each["due"], each["said"], bytes(each["child"])) for each in found)
    return kept_page((place, rows), lambda: _page(found, place))


def _page(found: list[Document], place: Place) -> Response:
    rows = [row_of(current.db(), current.actor(), each) for each in found[:PAGE]]
    more = rows[-1].place if len(found) > PAGE else None
    return render(
        "worklist/index.html",
        json=lambda: _json(rows, more),
        yours=[(row, turn_of(row.tasks[0], row.plan, row.called)) for row in rows if row.tasks],
        others=[row for row in rows if not row.tasks],
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
