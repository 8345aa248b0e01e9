"""What will happen, who does it and how often, for whoever may read the plan."""

from typing import Any

from flask import Blueprint, Response

from portal.auth.gate import needs
from portal.domain.permission import Permission
from portal.domain.summary import Row, Summary, summary_of
from portal.web import current
from portal.web.plan_words import stage_of
from portal.web.render import render

blueprint = Blueprint("summary", __name__, url_prefix="/plans/<plan_id>/summary")


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    reading = current.open_plan(plan_id)
    summary = summary_of(reading)
    return render(
        "summary/show.html",
        json=lambda: {"plan": plan_id, **_json(summary)},
        reading=reading,
        plan=reading.plan,
        summary=summary,
        stage=stage_of(reading.plan),
    )


def _json(summary: Summary) -> dict[str, Any]:
    """Minutes are whole minutes of one time in a row, and in all in a total."""
    return {
        "rows": [_row(each) for each in summary.rows],
        "totals": [{"span": each.span, "minutes": each.minutes, "rows": each.marks} for each in summary.totals],
        "not_added_up": [each.mark for each in summary.uncounted],
        "not_readable": [each.letter for each in summary.unread],
    }


def _row(row: Row) -> dict[str, Any]:
    names = ("what", "who", "where", "reviewed_by", "how_often", "ratio", "how_long")
    facts: dict[str, Any] = {name: row.said(name) for name in names}
    return {"section": row.letter, "row": row.mark, "item": row.item.id, **facts, "minutes": row.minutes}
