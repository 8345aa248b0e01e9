"""Consultations: which schools and colleges were asked for a place, what they replied, and a school's own reply."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.consult import Elsewhere
from portal.domain.error import Invalid, NotAllowed
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.operations import consult as operations
from portal.operations.consult import Asked
from portal.web import current
from portal.web.access_forms import day_of
from portal.web.consultation_forms import GROUND_WORDS, LISTED_WORDS, ElsewhereForm, ReplyForm, reply_of
from portal.web.forms import load
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("consultations", __name__, url_prefix="/plans/<plan_id>/consultations")


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def index(plan_id: str) -> Response:
    """Every setting beside the others for the council and the family; a school that is consulted sees its own."""
    reading = current.open_plan(plan_id)
    asked = operations.of_plan(current.db(), reading)
    return render(
        "consultations/index.html",
        json=lambda: {"plan": plan_id, "consultations": [_json(each) for each in asked]},
        reading=reading,
        plan=reading.plan,
        asked=asked,
        mine=[each for each in asked if each.mine],
        council=reading.may(Permission.PLAN_PROCESS),
        ground_words=GROUND_WORDS,
        listed_words=LISTED_WORDS,
        today=current.moment().today,
    )


@blueprint.get("/note")
@needs(Permission.PLAN_PROCESS)
def note_form(plan_id: str) -> Response:
    return _note_page(plan_id)


@blueprint.post("/note")
@needs(Permission.PLAN_PROCESS)
def note(plan_id: str) -> BaseResponse:
    """Put on record that a setting was consulted which has nobody here."""
    try:
        sent = load(ElsewhereForm(), request.form)
        setting = Elsewhere(sent["name"], sent["listed"], day_of(sent["on"], "on"))
        ticket = submission(sent, ["note", sent["name"], sent["listed"], sent["on"]])
        operations.note(current.db(), current.actor(), plan_id, setting, current.moment(), ticket)
    except Invalid as error:
        return _note_page(plan_id, error.errors)
    return go(url_for("consultations.index", plan_id=plan_id))


@blueprint.get("/<int:number>")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, number: int) -> Response:
    """What a school was sent, and the form of its reply, or the reply."""
    return _reply_page(plan_id, number)


@blueprint.post("/<int:number>")
@needs(Permission.PLAN_VIEW)
def reply(plan_id: str, number: int) -> BaseResponse:
    """Reply once and for all: a school for itself, or the council for one that wrote a letter."""
    moment = current.moment()
    try:
        operations.one_of(current.db(), current.open_plan(plan_id), number)
        sent = load(ReplyForm(), request.form)
        on = day_of(sent["on"], "on") if sent["on"] else moment.today
        said = reply_of(sent)
        content = ["reply", number, sent["meets"], sorted(sent["grounds"]), said.words, said.needs, sent["on"]]
        ticket = submission(sent, content)
        operations.reply(current.db(), current.actor(), plan_id, number, said, on, moment, ticket)
    except Invalid as error:
        return _reply_page(plan_id, number, error.errors)
    return go(url_for("consultations.index", plan_id=plan_id))


def _reply_page(plan_id: str, number: int, errors: Mapping[str, str] | None = None) -> Response:
    reading = current.open_plan(plan_id)
    found = operations.one_of(current.db(), reading, number)
    return render(
        "consultations/show.html",
        json=lambda: {"plan": plan_id, **_json(found)},
        reading=reading,
        plan=reading.plan,
        each=found,
        pack=operations.pack_of(current.db(), reading, number),
        draft=next((each for each in reading.versions if each.number == found.sent), None),
        council=not found.mine,
        grounds=[{"id": key.value, "text": words} for key, words in GROUND_WORDS.items()],
        ground_words=GROUND_WORDS,
        listed_words=LISTED_WORDS,
        today=current.moment().today,
        errors=errors or {},
        typed=request.form,
    )


def _note_page(plan_id: str, errors: Mapping[str, str] | None = None) -> Response:
    reading = _must_process(plan_id)
    return render(
        "consultations/note.html",
        reading=reading,
        plan=reading.plan,
        listed=list(LISTED_WORDS.items()),
        errors=errors or {},
        typed=request.form,
    )


def _json(asked: Asked) -> dict[str, object]:
    reply = {"meets": asked.replied.meets, "grounds": list(asked.replied.grounds)} if asked.replied else None
    return {"entry": asked.one.number, "on": asked.one.on.isoformat(), "setting": asked.name, "reply": reply}


def _must_process(plan_id: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    if not reading.may(Permission.PLAN_PROCESS):
        raise NotAllowed("The council’s SEN team consults schools and colleges.")
    return reading
