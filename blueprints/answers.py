"""The family's answer to a draft: in their own words, kept with the version they had before them."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.error import Invalid, NotAllowed
from portal.domain.identifier import PLAN_ID
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.operations import drafts as drafting
from portal.operations import plans, representations
from portal.store import drafts
from portal.store.drafts import Draft
from portal.web import current
from portal.web.forms import AnswerForm, load
from portal.web.render import as_json, go, render
from portal.web.representation_forms import about_words
from portal.web.submission import submission
from portal.web.unsent_words import AnswerDraftForm, kept_or_too_soon

blueprint = Blueprint("answers", __name__, url_prefix="/plans/<plan_id>/answer")


ANSWER = "answer"


def keep_words(person: str, place: dict[str, Any]) -> bool:
    """Keep an answer for its author, when it could not be sent; False where there is no such plan id."""
    plan_id = str(place["plan_id"])
    if not PLAN_ID.fullmatch(plan_id):
        return False
    drafts.keep(current.db(), person, _draft(plan_id))
    return True


@blueprint.get("")
@needs(Permission.PLAN_ANSWER)
def show(plan_id: str) -> Response:
    db, actor = current.db(), current.actor()
    reading = current.open_plan(plan_id)
    draft = drafts.find(db, actor.person, plan_id, "", ANSWER, "")
    return _page(reading, "".join(draft.fields.get("words", [])) if draft else "", kept_at=draft.at if draft else None)


@blueprint.post("")
@needs(Permission.PLAN_ANSWER, rescue=keep_words)
def send(plan_id: str) -> BaseResponse:
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        sent = load(AnswerForm(), request.form)
        plans.answer(db, actor, plan_id, sent["words"], moment, submission(sent, sent["words"]))
        drafts.drop(db, actor.person, plan_id, "", ANSWER, "")
    except Invalid as error:
        reading = current.open_plan(plan_id)
        return _page(reading, request.form.get("words", ""), error.errors)
    return go(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/draft")
@needs(Permission.PLAN_ANSWER, rescue=keep_words)
def keep(plan_id: str) -> Response:
    """Keep an answer as it is being typed; it is sent to nobody."""
    db, actor = current.db(), current.actor()
    look = current.glance(plan_id)
    drafting.must_answer(look.plan, actor)
    load(AnswerDraftForm(), request.form)
    draft = _draft(plan_id)
    if not request.form.get("words", "").strip():
        drafts.drop(db, actor.person, plan_id, "", ANSWER, "")
        return as_json({"kept": None})
    return kept_or_too_soon(draft, look.drafts)


def _draft(plan_id: str) -> Draft:
    return Draft(plan_id, "", ANSWER, "", {"words": request.form.getlist("words")}, 0, current.moment().wall)


def _page(
    reading: PlanReading,
    words: str = "",
    errors: dict[str, str] | None = None,
    kept_at: datetime | None = None,
) -> Response:
    if not reading.may(Permission.PLAN_ANSWER):
        raise NotAllowed("The family answers the draft.")
    mine = [each for each in reading.plan.answers if each.by.person == reading.actor.person]
    return render(
        "answers/show.html",
        reading=reading,
        plan=reading.plan,
        words=words,
        errors=errors or {},
        mine=mine,
        points=representations.of_plan(current.db(), reading),
        about_words=about_words,
        kept_at=kept_at,
    )
