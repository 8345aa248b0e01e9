"""Representations: the family makes points about a draft one by one, and the council answers each."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.error import Invalid, NotAllowed
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.represent import Point, is_heard
from portal.operations import representations as operations
from portal.operations.representations import Told
from portal.web import current
from portal.web.forms import load
from portal.web.render import go, render
from portal.web.representation_forms import PointAnswerForm, PointForm, WriteDownForm, about_choices, about_words
from portal.web.submission import submission

blueprint = Blueprint("representations", __name__, url_prefix="/plans/<plan_id>/representations")


@blueprint.get("")
@needs(Permission.PLAN_PROCESS)
def show(plan_id: str) -> Response:
    """Everything the family said of the draft, each point with its answer or a form for one."""
    return _page(plan_id)


@blueprint.get("/new")
@needs(Permission.PLAN_ANSWER)
def add(plan_id: str) -> Response:
    return _point_page(plan_id)


@blueprint.post("/new")
@needs(Permission.PLAN_ANSWER)
def make(plan_id: str) -> BaseResponse:
    """Make one point. It is with the council at once; more can follow."""
    try:
        sent = load(PointForm(), request.form)
        point = Point(sent["about"], sent["words"], sent["school"])
        ticket = submission(sent, ["point", *vars(point).values()])
        operations.make(current.db(), current.actor(), plan_id, point, current.moment(), ticket)
    except Invalid as error:
        return _point_page(plan_id, error.errors)
    return go(url_for("answers.show", plan_id=plan_id))


@blueprint.post("")
@needs(Permission.PLAN_PROCESS)
def write_down(plan_id: str) -> BaseResponse:
    """Write down what somebody of the family said by letter, by phone or in a meeting."""
    try:
        _reading(plan_id)
        sent = load(WriteDownForm(), request.form)
        point = Point(sent["about"], sent["words"], sent["school"])
        ticket = submission(sent, ["point", sent["person"], *vars(point).values()])
        operations.write_down(current.db(), current.actor(), plan_id, point, sent["person"], current.moment(), ticket)
    except Invalid as error:
        return _page(plan_id, error.errors)
    return go(url_for("representations.show", plan_id=plan_id))


@blueprint.post("/<int:number>")
@needs(Permission.PLAN_PROCESS)
def answer(plan_id: str, number: int) -> BaseResponse:
    """Answer one point: what was changed, or why not."""
    try:
        _reading(plan_id)
        sent = load(PointAnswerForm(), request.form)
        accepted, words = sent["accepted"] == "yes", sent["words"]
        ticket = submission(sent, ["answer", number, accepted, words])
        operations.answer(current.db(), current.actor(), plan_id, number, accepted, words, current.moment(), ticket)
    except Invalid as error:
        return _page(plan_id, error.errors, number)
    return go(url_for("representations.show", plan_id=plan_id))


def _page(plan_id: str, errors: Mapping[str, str] | None = None, answering: int = 0) -> Response:
    reading = _reading(plan_id)
    points = operations.of_plan(current.db(), reading)
    return render(
        "representations/show.html",
        json=lambda: {"plan": plan_id, "points": [_json(each) for each in points]},
        reading=reading,
        plan=reading.plan,
        points=points,
        about_words=about_words,
        choices=about_choices(reading.plan),
        family=operations.family(current.db(), plan_id, current.moment()),
        heard=is_heard(reading.plan),
        answering=answering,
        errors=errors or {},
        typed=request.form,
    )


def _json(told: Told) -> dict[str, object]:
    answer = {"accepted": told.answer.accepted, "words": told.answer.words} if told.answer else None
    return {"number": told.number, "about": told.about, "words": told.words, "late": told.late, "answer": answer}


def _point_page(plan_id: str, errors: Mapping[str, str] | None = None) -> Response:
    reading = current.open_plan(plan_id)
    if not reading.may(Permission.PLAN_ANSWER):
        raise NotAllowed("The family says what it thinks of the draft.")
    return render(
        "representations/new.html",
        reading=reading,
        plan=reading.plan,
        choices=about_choices(reading.plan),
        heard=is_heard(reading.plan),
        errors=errors or {},
        typed=request.form,
    )


def _reading(plan_id: str) -> PlanReading:
    """The plan, for the council. NotFound for a stranger, NotAllowed for a reader."""
    reading = current.open_plan(plan_id)
    if not reading.may(Permission.PLAN_PROCESS):
        raise NotAllowed("The council answers what the family says.")
    return reading
