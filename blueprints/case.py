"""A child's case: what happened, what the law asks by when, what is likely, and putting it on record."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.case import NOT_YOURS
from portal.domain.case_steps import outstanding, possible
from portal.domain.clocks.event import Kind
from portal.domain.elsewhere import began_with, holds_elsewhere, was_issued_here
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.letter import may_read
from portal.domain.letter_kind import LETTERS
from portal.domain.permission import Permission
from portal.domain.plan import Happened
from portal.domain.reading import PlanReading
from portal.operations import case as operations
from portal.operations import intake_messages, letters, plans
from portal.web import current
from portal.web.case_forms import (
    ChooseQuery,
    CorrectionForm,
    WhatIfQuery,
    has_own_day,
    inputs_of,
    told_in,
)
from portal.web.case_page import case_json, giver_of, limits_of, lines_of, said_of, story_of
from portal.web.case_timeline import timeline_of
from portal.web.case_words import HAPPENED
from portal.web.forms import load
from portal.web.render import go, render
from portal.web.step_up import proof_at
from portal.web.submission import submission

blueprint = Blueprint("case", __name__, url_prefix="/plans/<plan_id>/case")


@blueprint.get("")
@needs(Permission.PLAN_HISTORY)
def show(plan_id: str) -> Response:
    """Everything that happened and every limit, with the likely date beside the lawful one; `days` asks "what if"."""
    asked = load(WhatIfQuery(), request.args)
    reading = _reading(plan_id)
    plan, moment = reading.plan, current.moment()
    awaited = outstanding(plan.case)
    later = {ref: asked["days"] for ref in awaited if asked["ref"] in ("", ref)}
    likely = operations.projected(current.db(), plan, moment, later)
    running, settled = limits_of(plan, moment.today)
    return render(
        "case/show.html",
        json=lambda: {**case_json(plan), "likely": likely.likely.isoformat() if likely.legal else None},
        reading=reading,
        plan=plan,
        lines=lines_of(plan),
        running=running,
        settled=settled,
        story=story_of(plan, moment.today),
        move=began_with(plan),
        holds=holds_elsewhere(plan),
        came_from=operations.came_from(current.db(), reading),
        timeline=timeline_of(plan, moment.today),
        likely=likely,
        days=asked["days"],
        ref=asked["ref"],
        awaited=[(ref, giver_of(ref)) for ref in awaited],
        may_record=reading.may(Permission.PLAN_PROCESS),
        offers=letters.offers(current.db(), plan, reading.actor),
        standards=LETTERS,
        letters_are_theirs=may_read(reading.actor, plan),
        written=intake_messages.about(current.db(), plan, reading.actor),
        today=moment.today,
    )


@blueprint.get("/record")
@needs(Permission.PLAN_PROCESS)
def choose(plan_id: str) -> Response:
    """What happened, chosen from what can happen now; then the questions of that kind."""
    asked = load(ChooseQuery(), request.args)
    return _form(plan_id, asked["kind"])


@blueprint.post("/record")
@needs(Permission.PLAN_PROCESS)
def record(plan_id: str) -> BaseResponse:
    """Whoever may not is turned away before their form is judged."""
    _may_record(plan_id)
    kind = request.form.get("kind", "")
    try:
        if kind not in HAPPENED:
            raise Invalid({"kind": "Choose what happened."})
        told, ticket = told_in(request.form, Kind(kind))
        operations.record(current.db(), current.actor(), plan_id, told, current.moment(), ticket)
    except Invalid as error:
        return _form(plan_id, "" if "kind" in error.errors else kind, error.errors)
    return go(url_for("case.show", plan_id=plan_id))


@blueprint.get("/<int:number>/correct")
@needs(Permission.PLAN_PROCESS)
def mistaken(plan_id: str, number: int) -> Response:
    return _correction(plan_id, number)


@blueprint.post("/<int:number>/correct")
@needs(Permission.PLAN_PROCESS)
def correct(plan_id: str, number: int) -> BaseResponse:
    _may_record(plan_id)
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        sent = load(CorrectionForm(), request.form)
        ticket = submission(sent, ["correct", number, sent["reason"]])
        operations.correct(db, actor, plan_id, number, sent["reason"], moment, ticket)
    except Invalid as error:
        return _correction(plan_id, number, error.errors)
    return go(url_for("case.show", plan_id=plan_id))


def _form(plan_id: str, chosen: str, errors: Mapping[str, str] | None = None) -> Response:
    reading = _may_record(plan_id)
    case = reading.plan.case
    proved, chosen = proof_at(chosen)
    kind = Kind(chosen) if chosen else None
    return render(
        "case/record.html" if kind else "case/choose.html",
        json=lambda: {"plan": plan_id, "possible": list(possible(case))},
        reading=reading,
        plan=reading.plan,
        kinds=[(each.value, HAPPENED[each]) for each in possible(case)],
        kind=kind,
        happened=HAPPENED[kind] if kind else "",
        own_day=kind is not None and has_own_day(kind),
        inputs=inputs_of(kind, case) if kind else [],
        proof=proved,
        errors=errors or {},
        typed=request.form or proved.typed or {},
    )


def _correction(plan_id: str, number: int, errors: Mapping[str, str] | None = None) -> Response:
    reading = _may_record(plan_id)
    happened = _happened(reading, number)
    return render(
        "case/correct.html",
        json=lambda: {"plan": plan_id, "entry": number, "kind": happened.event.kind},
        reading=reading,
        plan=reading.plan,
        happened=happened,
        said=said_of(happened.event),
        errors=errors or {},
        typed=request.form,
    )


def _happened(reading: PlanReading, number: int) -> Happened:
    """The event that an entry put on record, where it was put there by hand."""
    for each in reading.plan.happened:
        if each.sequence == number and not was_issued_here(reading.plan, each):
            return each
    raise NotFound("no such event")


def _may_record(plan_id: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    if not reading.may(Permission.PLAN_PROCESS):
        raise NotAllowed(NOT_YOURS)
    return reading


def _reading(plan_id: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    plans.must_read_history(reading)
    return reading
