"""The family's answer to a draft: in their own words, kept with the version they had before them."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.error import Invalid, NotAllowed
from portal.domain.hashing import digest
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.operations import plans
from portal.store.requests import Request
from portal.web import current
from portal.web.forms import AnswerForm, load
from portal.web.render import go, render

blueprint = Blueprint("answers", __name__, url_prefix="/plans/<plan_id>/answer")


@blueprint.get("")
@needs(Permission.PLAN_ANSWER)
def show(plan_id: str) -> Response:
    return _page(plans.open_plan(current.db(), current.actor(), plan_id, current.moment()))


@blueprint.post("")
@needs(Permission.PLAN_ANSWER)
def send(plan_id: str) -> BaseResponse:
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        sent = load(AnswerForm(), request.form)
        ticket = None
        if sent["request_id"]:
            ticket = Request(sent["request_id"], digest(sent["words"]), actor.person, moment.wall)
        plans.answer(db, actor, plan_id, sent["words"], moment, ticket)
    except Invalid as error:
        reading = plans.open_plan(db, actor, plan_id, moment)
        return _page(reading, request.form.get("words", ""), error.errors, 422)
    return go(url_for("plans.show", plan_id=plan_id))


def _page(reading: PlanReading, words: str = "", errors: dict[str, str] | None = None, status: int = 200) -> Response:
    if not reading.may(Permission.PLAN_ANSWER):
        raise NotAllowed("The family answers the draft.")
    mine = [each for each in reading.plan.answers if each.by.person == reading.actor.person]
    return render(
        "answers/show.html",
        status=status,
        reading=reading,
        plan=reading.plan,
        words=words,
        errors=errors or {},
        mine=mine,
    )
