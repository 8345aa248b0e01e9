"""Disagreement, mediation and appeal: what a family can do by when, and what the council puts on record of it."""

from collections.abc import Mapping
from itertools import groupby

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.case import NOT_YOURS
from portal.domain.case_steps import possible
from portal.domain.ceasing import why_in_force
from portal.domain.clocks.event import Kind
from portal.domain.clocks.name import Clock
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.ordered import BINDS, Place, orders, places
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.redress import ACTS, disagreement, owed
from portal.domain.state import PlanState
from portal.operations import case as cases
from portal.operations import plans
from portal.operations import redress as operations
from portal.web import current
from portal.web.case_forms import inputs_of, told_in
from portal.web.case_page import said_of
from portal.web.case_words import DO
from portal.web.forms import Form, load
from portal.web.redress_forms import ActQuery, PinForm, PlaceQuery, SetAsideForm, words_of
from portal.web.redress_words import ACTS as ACT_WORDS
from portal.web.redress_words import DECIDED
from portal.web.render import go, render
from portal.web.step_up import Proof, proof, proof_at
from portal.web.submission import submission

blueprint = Blueprint("redress", __name__, url_prefix="/plans/<plan_id>/redress")


@blueprint.get("")
@needs(Permission.PLAN_HISTORY)
def show(plan_id: str) -> Response:
    reading = _reading(plan_id)
    plan, today = reading.plan, current.moment().today
    now, can = disagreement(plan.case), possible(plan.case)
    shown = sorted((each for each in plan.happened if each.event.kind in ACTS), key=lambda each: each.event.on)
    return render(
        "redress/show.html",
        json=lambda: {"plan": plan_id, "appeal_by": now.appeal_by.isoformat() if now and now.appeal_by else None},
        reading=reading,
        plan=plan,
        now=now,
        owed=owed(plan.clocks),
        do=DO,
        today=today,
        decided=DECIDED,
        story=[(each.event.on, said_of(each.event)) for each in shown],
        acts=[(each, ACT_WORDS[each]) for each in ACTS if each in can],
        ordered=operations.of_plan(current.db(), reading),
        orders=orders(plan),
        council=reading.may(Permission.PLAN_PROCESS),
        family=reading.may(Permission.PLAN_ANSWER),
        proof=proof() if reading.may(Permission.PLAN_PROCESS) else None,
        ceasing=bool(plan.case.of(Kind.CEASE_DECIDED)),
        in_force=why_in_force(plan, today) if plan.state is not PlanState.CEASED else (),
        until=next((each.due for each in plan.clocks if each.clock is Clock.PLAN_IN_FORCE_UNTIL), None),
    )


@blueprint.get("/record")
@needs(Permission.PLAN_PROCESS)
def act(plan_id: str) -> BaseResponse:
    proved, kind = proof_at(load(ActQuery(), request.args)["kind"])
    return _act_page(plan_id, kind, proved) if kind else go(url_for("redress.show", plan_id=plan_id))


@blueprint.post("/record")
@needs(Permission.PLAN_PROCESS)
def record(plan_id: str) -> BaseResponse:
    """Put one of these acts on record: the same event as the page of everything that can happen makes."""
    _must_process(plan_id)
    kind = request.form.get("kind", "")
    if kind not in ACT_WORDS:
        raise Invalid({"kind": "Choose what happened."})
    try:
        told, ticket = told_in(request.form, Kind(kind))
        cases.record(current.db(), current.actor(), plan_id, told, current.moment(), ticket)
    except Invalid as error:
        return _act_page(plan_id, kind, proof(), error.errors)
    return go(url_for("redress.ordered" if kind == Kind.TRIBUNAL_ORDER else "redress.show", plan_id=plan_id))


@blueprint.get("/ordered")
@needs(Permission.PLAN_PROCESS)
def ordered(plan_id: str) -> Response:
    return _ordered_page(plan_id, load(PlaceQuery(), request.args)["place"])


@blueprint.post("/ordered")
@needs(Permission.PLAN_PROCESS)
def pin(plan_id: str) -> BaseResponse:
    """Pin the exact words that the tribunal gave one field."""
    reading = _must_process(plan_id)
    place = request.form.get("place", "")
    try:
        sent = load(PinForm(), request.form)
        words = words_of(_place(reading, sent["place"]).field.kind, sent)
        ticket = submission(sent, ["pin", sent["order"], place, words])
        moment = current.moment()
        operations.pin(current.db(), current.actor(), plan_id, sent["order"], place, words, moment, ticket)
    except Invalid as error:
        return _ordered_page(plan_id, "" if "place" in error.errors else place, error.errors)
    return go(url_for("redress.show", plan_id=plan_id))


@blueprint.get("/ordered/<int:number>")
@needs(Permission.PLAN_PROCESS)
def later(plan_id: str, number: int) -> Response:
    return _later_page(plan_id, number)


@blueprint.post("/ordered/<int:number>")
@needs(Permission.PLAN_PROCESS)
def set_aside(plan_id: str, number: int) -> BaseResponse:
    """Let pinned words go, because a later order says otherwise."""
    try:
        sent = load(SetAsideForm(), request.form)
        ticket = submission(sent, ["set aside", number, sent["order"], sent["reason"]])
        moment = current.moment()
        operations.set_aside(
            current.db(), current.actor(), plan_id, number, sent["order"], sent["reason"], moment, ticket
        )
    except Invalid as error:
        return _later_page(plan_id, number, error.errors)
    return go(url_for("redress.show", plan_id=plan_id))


@blueprint.post("/cease")
@needs(Permission.PLAN_PROCESS)
def cease(plan_id: str) -> BaseResponse:
    """Put on record that the plan has ceased, once the law lets it."""
    _must_process(plan_id)
    sent = load(Form(), request.form)
    operations.cease(current.db(), current.actor(), plan_id, current.moment(), submission(sent, ["cease"]))
    return go(url_for("redress.show", plan_id=plan_id))


def _act_page(plan_id: str, chosen: str, proved: Proof, errors: Mapping[str, str] | None = None) -> Response:
    reading, kind = _must_process(plan_id), Kind(chosen)
    return render(
        "redress/record.html",
        reading=reading,
        plan=reading.plan,
        kind=kind,
        act=ACT_WORDS[kind],
        inputs=inputs_of(kind, reading.plan.case),
        proof=proved,
        errors=errors or {},
        typed=request.form or proved.typed or {},
    )


def _ordered_page(plan_id: str, address: str, errors: Mapping[str, str] | None = None) -> Response:
    """First the field that the order is about, then its words."""
    reading = _must_process(plan_id)
    return render(
        "redress/ordered.html",
        reading=reading,
        plan=reading.plan,
        orders=[(each.sequence, said_of(each.event), each.event.on) for each in orders(reading.plan)],
        places=_by_item(reading),
        place=_place(reading, address) if address else None,
        label=operations.label_of(reading, address) if address else "",
        errors=errors or {},
        typed=request.form,
    )


def _later_page(plan_id: str, number: int, errors: Mapping[str, str] | None = None) -> Response:
    reading = _must_process(plan_id)
    found = next((each for each in operations.of_plan(current.db(), reading) if each.pinned.number == number), None)
    if found is None:
        raise NotFound("no such words")
    known = (each for each in orders(reading.plan) if each.sequence != found.pinned.order)
    return render(
        "redress/later.html",
        reading=reading,
        plan=reading.plan,
        each=found,
        orders=[(each.sequence, said_of(each.event), each.event.on) for each in known],
        errors=errors or {},
        typed=request.form,
    )


def _by_item(reading: PlanReading) -> dict[str, list[tuple[str, list[Place]]]]:
    """The fields that an order can give words to, by section and item, in the order of the plan."""
    found: dict[str, list[tuple[str, list[Place]]]] = {letter: [] for letter in BINDS}
    for (letter, item), fields in groupby(places(reading.plan), key=lambda each: (each.letter, each.item)):
        found[letter].append((reading.names.get(item, ""), list(fields)))
    return found


def _place(reading: PlanReading, address: str) -> Place:
    for each in places(reading.plan):
        if each.address == address:
            return each
    raise NotFound("no such field")


def _must_process(plan_id: str) -> PlanReading:
    reading = _reading(plan_id)
    if not reading.may(Permission.PLAN_PROCESS):
        raise NotAllowed(NOT_YOURS)
    return reading


def _reading(plan_id: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    plans.must_read_history(reading)
    return reading
