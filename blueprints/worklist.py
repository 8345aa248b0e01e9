"""Waiting for you: one sentence for each plan, the nearest legal date first."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.state import STATE_WORDS
from portal.operations import alerts, intake_messages
from portal.operations.search import searched_by
from portal.store.caseload import PAGE, START, Place, Row, is_open, may_be_remembered, place_of, row_of
from portal.store.database import Document
from portal.web import current
from portal.web.forms import WorklistQuery, load
from portal.web.kept import forget_this, kept_page
from portal.web.plan_words import waits_of
from portal.web.render import go, render, wants_json
from portal.web.turn_words import turn_of

blueprint = Blueprint("worklist", __name__)
QUERY = WorklistQuery()


@blueprint.get("/worklist")
@needs(SIGNED_ON)
def index() -> BaseResponse:
    """A page of the list; `after` and `due` name the last row of the page before."""
    asked = load(QUERY, request.args)
    place = Place(asked["due"], asked["after"])
    found = current.rows(place, PAGE + 1)  # one more tells whether there is another page
    waiting = alerts.waiting(current.db(), current.actor()) if place == START else 0
    says_requests = place == START and not wants_json()  # the list of plans as JSON holds plans, at one question
    asked_of = intake_messages.awaiting(current.db(), current.actor()) if says_requests else 0
    rows = tuple((each["_id"], each["due"], each["said"], bytes(each["child"])) for each in found)
    return kept_page((place, rows, waiting, asked_of), lambda: _made(found, place, waiting, asked_of))


def _made(found: list[Document], place: Place, waiting: int, asked_of: int) -> BaseResponse:
    """The page, or the one plan itself. A page is forgotten where what it says hangs on more than its rows."""
    db, actor = current.db(), current.actor()
    if not all(may_be_remembered(actor, each) for each in found):
        forget_this()
    rows = [row_of(db, actor, each) for each in found[:PAGE] if is_open(db, actor, each)]
    if len(found) == len(rows) == 1 and place == START and not waiting and not asked_of and not wants_json():
        return go(url_for("plans.show", plan_id=rows[0].plan))
    more = place_of(found[PAGE - 1]) if len(found) > PAGE else None
    return _page(rows, place, more, waiting, asked_of)


def _page(rows: list[Row], place: Place, more: Place | None, waiting: int, asked_of: int) -> Response:
    return render(
        "worklist/index.html",
        json=lambda: _json(rows, more, waiting),
        yours=[(row, turn_of(row.tasks[0], row.plan, row.called)) for row in rows if row.tasks],
        others=[row for row in rows if not row.tasks],
        states=STATE_WORDS,
        waits_of=waits_of,
        here="worklist",
        may_search=bool(searched_by(current.actor())),
        alerts=waiting,
        asked_of=asked_of,
        more=more,
        begun=place != START,
    )


def _json(rows: list[Row], more: Place | None, waiting: int) -> dict[str, Any]:
    after = {"more": {"due": more.due, "after": more.plan}} if more else {}
    return {"plans": [_row_json(row) for row in rows], **after, **({"alerts": waiting} if waiting else {})}


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
