"""What is new to a reader: everything others changed since they last read, and the button that says it is read."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.permission import Permission
from portal.operations import unread as operations
from portal.web import current
from portal.web.forms import ReadForm, load
from portal.web.json import unread_json
from portal.web.plan_words import news_of
from portal.web.render import go, render

blueprint = Blueprint("unread", __name__, url_prefix="/plans/<plan_id>/unread")


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    """Each change, section by section. Reading this page moves no mark: only saying so does."""
    db, moment = current.db(), current.moment()
    reading = current.open_plan(plan_id)
    unread = operations.beyond(db, reading, operations.marks_of(db, reading, moment))
    return render(
        "plans/unread.html",
        json=lambda: {"plan": plan_id, **unread_json(unread)},
        reading=reading,
        plan=reading.plan,
        unread=unread,
        news_of=news_of,
    )


@blueprint.post("")
@needs(Permission.PLAN_VIEW)
def read(plan_id: str) -> BaseResponse:
    """Mark as read exactly what the page showed: what was saved meanwhile is still new."""
    db, moment = current.db(), current.moment()
    reading = current.open_plan(plan_id)
    sent = load(ReadForm(), request.form)
    seen = {place: int(number) for place, _, number in (each.partition(":") for each in sent.get("seen", ()))}
    operations.say_read(db, reading, seen, moment)
    return go(url_for("plans.show", plan_id=plan_id))
