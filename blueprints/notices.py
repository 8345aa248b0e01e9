"""What was sent about a plan: to whom, which way, whether it arrived, and whom it did not reach."""

from typing import Any

from flask import Blueprint, Response

from portal.auth.gate import needs
from portal.domain.contact import WAY_WORDS
from portal.domain.moment import stamp
from portal.domain.notice import Ended, NoticeKind, NoticeState
from portal.domain.permission import Permission
from portal.operations import notices as operations
from portal.operations.notices import Line
from portal.web import current
from portal.web.render import render

blueprint = Blueprint("notices", __name__, url_prefix="/plans/<plan_id>/notices")
KINDS = {
    NoticeKind.WAITS: "Something waits",
    NoticeKind.DRAFT: "The draft",
    NoticeKind.FINAL: "The final plan",
    NoticeKind.AMENDMENT: "The changes to the plan",
    NoticeKind.LETTER: "A letter",
    NoticeKind.ANSWERED: "The council’s answer to a point",
    NoticeKind.ALERT: "An emergency",
    NoticeKind.REMINDER: "A reminder of a legal date",
    NoticeKind.LATE: "That a legal date has passed",
    NoticeKind.UNTOLD: "That somebody could not be told",
}
STATES = {
    NoticeState.WAITING: "Not sent yet",
    NoticeState.TAKEN: "Sent; nobody has said yet whether it arrived",
    NoticeState.SENT: "Sent",
    NoticeState.OVER: "Nothing more to tell",
    NoticeState.FAILED: "Could not be told",
}
ENDS = {
    Ended.BEGUN: "begun",
    Ended.TAKEN: "taken by whoever delivers it",
    Ended.ARRIVED: "arrived",
    Ended.NOT_NOW: "not possible just then",
    Ended.NEVER: "did not lead to them",
}


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    """Everybody's for the council's SEN team, for everybody else their own; never to which address."""
    db, actor = current.db(), current.actor()
    plan = current.open_plan(plan_id).plan
    lines = operations.listed(db, actor, plan)
    return render(
        "notices/show.html",
        json=lambda: {"plan": plan_id, "notices": [_json(each) for each in lines]},
        plan=plan,
        failed=[each for each in lines if each.notice.state is NoticeState.FAILED],
        lines=lines,
        kinds=KINDS,
        states=STATES,
        ends=ENDS,
        ways=WAY_WORDS,
    )


def _json(line: Line) -> dict[str, Any]:
    notice = line.notice
    return {
        "name": line.name,
        "kind": notice.kind.value,
        "at": stamp(notice.at),
        "due": notice.due.isoformat() if notice.due else None,
        "state": notice.state.value,
        "attempts": [{"way": each.way.value, "at": stamp(each.at), "ended": each.ended} for each in notice.attempts],
    }
