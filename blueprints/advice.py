"""Advice: one inbox over all children and councils, what was asked of whom, asking, and answering without advice."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.advice import AdviceRequest, AdviceState
from portal.domain.advice_asked import FAMILYS, request_of, requests
from portal.domain.advise import LIST, may_know, sides_of
from portal.domain.case import NOT_YOURS
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.identifier import PLAN_ID
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.operations import advice as operations
from portal.operations import advice_given, plans
from portal.operations.access import agency_named
from portal.store.advice import said
from portal.web import current
from portal.web.advice_forms import AskForm, AskQuery, ChaseForm, DeclineForm, PassOnForm
from portal.web.advice_words import asked_json, inbox_json, line_of, lines_of, others_of
from portal.web.case_words import ADVICE_OF
from portal.web.forms import Form, load
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("advice", __name__)


@blueprint.get("/advice")
@needs(SIGNED_ON)
def inbox() -> Response:
    """What is asked of the reader over all children and councils, and what waits to be handed on."""
    return _inbox()


@blueprint.post("/advice/<token>/<int:number>/hand-on")
@needs(SIGNED_ON, page="advice.inbox")
def pass_on(token: str, number: int) -> BaseResponse:
    """The lead of an agency names who answers; they see no word of the plan by that."""
    if not PLAN_ID.fullmatch(token):
        raise NotFound("no such plan")
    try:
        sent = load(PassOnForm(), request.form)
        ticket = submission(sent, ["pass_on", number, sent["person"]])
        operations.pass_on(current.db(), current.actor(), token, number, sent["person"], current.moment(), ticket)
    except Invalid as error:
        return _inbox({f"{name}-{token}-{number}": message for name, message in error.errors.items()})
    return go(url_for("advice.inbox"))


@blueprint.get("/plans/<plan_id>/advice")
@needs(Permission.PLAN_HISTORY)
def index(plan_id: str) -> Response:
    """What was asked, of whom, for how long, and how each stands."""
    reading = current.open_plan(plan_id)
    plans.must_read_history(reading)
    today = current.moment().today
    return render(
        "advice/index.html",
        json=lambda: {"plan": plan_id, "advice": [asked_json(reading, each) for each in requests(reading.plan)]},
        reading=reading,
        plan=reading.plan,
        lines=lines_of(reading, today),
        others=others_of(reading.plan),
        may_ask=reading.may(Permission.PLAN_PROCESS),
    )


@blueprint.get("/plans/<plan_id>/advice/ask")
@needs(Permission.PLAN_PROCESS)
def ask_form(plan_id: str) -> Response:
    asked = load(AskQuery(), request.args)
    return _ask(_council(plan_id), asked["kind"], asked["agency"])


@blueprint.post("/plans/<plan_id>/advice/ask")
@needs(Permission.PLAN_PROCESS)
def ask(plan_id: str) -> BaseResponse:
    reading = _council(plan_id)
    try:
        sent = load(AskForm(), request.form)
        asked = operations.Ask(*(sent[name] for name in ("kind", "agency", "person", "words", "reuses")))
        ticket = submission(sent, ["ask", *vars(asked).values()])
        operations.ask(current.db(), current.actor(), plan_id, asked, current.moment(), ticket)
    except Invalid as error:
        return _ask(reading, request.form.get("kind", ""), request.form.get("agency", ""), error.errors)
    return go(url_for("advice.index", plan_id=plan_id))


@blueprint.get("/plans/<plan_id>/advice/<int:number>")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, number: int) -> Response:
    return _page(current.open_plan(plan_id), number)


@blueprint.post("/plans/<plan_id>/advice/<int:number>/chase")
@needs(Permission.PLAN_PROCESS, page="advice.show")
def chase(plan_id: str, number: int) -> BaseResponse:
    _council(plan_id)
    sent = load(ChaseForm(), request.form)
    ticket = submission(sent, ["chase", number, sent["words"]])
    operations.chase(current.db(), current.actor(), plan_id, number, sent["words"], current.moment(), ticket)
    return go(url_for("advice.show", plan_id=plan_id, number=number))


@blueprint.post("/plans/<plan_id>/advice/<int:number>/decline")
@needs(Permission.PLAN_VIEW, page="advice.show")
def decline(plan_id: str, number: int) -> BaseResponse:
    reading = current.open_plan(plan_id)
    advice_given.to_answer(reading.plan, reading.actor, _known_to(reading, number).number)
    try:
        sent = load(DeclineForm(), request.form)
        state, words = AdviceState(sent["answer"]), sent["words"]
        ticket = submission(sent, ["decline", number, state.value, words])
        operations.decline(current.db(), current.actor(), plan_id, number, state, words, current.moment(), ticket)
    except Invalid as error:
        return _page(reading, number, error.errors)
    return go(url_for("advice.show", plan_id=plan_id, number=number))


@blueprint.post("/plans/<plan_id>/advice/<int:number>/agree")
@needs(Permission.PLAN_VIEW, page="advice.show")
def agree(plan_id: str, number: int) -> BaseResponse:
    _known_to(current.open_plan(plan_id), number)
    ticket = submission(load(Form(), request.form), ["agree", number])
    operations.agree(current.db(), current.actor(), plan_id, number, current.moment(), ticket)
    return go(url_for("advice.show", plan_id=plan_id, number=number))


def _council(plan_id: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    if not reading.may(Permission.PLAN_PROCESS):
        raise NotAllowed(NOT_YOURS)
    return reading


def _known_to(reading: PlanReading, number: int) -> AdviceRequest:
    """A request that this person may know of in full; NotFound for anybody else."""
    found = request_of(reading.plan, number)
    if not may_know(reading.plan, reading.actor, found):
        raise NotFound("not this reader's to see")
    return found


def _inbox(errors: Mapping[str, str] | None = None) -> Response:
    db, actor, moment = current.db(), current.actor(), current.moment()
    mine, led = advice_given.inbox(db, actor)
    agencies = {each.request.to.agency: agency_named(db, each.request.to.agency) for each in led}
    people = {slug: operations.people_for(db, led[0].plan, "", each, moment) for slug, each in agencies.items()}
    return render(
        "advice/inbox.html",
        json=lambda: inbox_json(mine, led),
        here="advice",
        mine=[(each, line_of(each, moment.today)) for each in mine],
        led=[(each, line_of(each, moment.today)) for each in led],
        people=people,
        errors=errors or {},
        typed=request.form,
    )


def _ask(reading: PlanReading, kind: str, slug: str, errors: Mapping[str, str] | None = None) -> Response:
    """Step by step, each its own address: which kind, which agency, then who and what."""
    db, moment = current.db(), current.moment()
    agencies = operations.agencies_for(db, kind)
    agency = next((each for each in agencies if each.slug == slug), None)
    listed = reading.sections[LIST].content.items
    return render(
        "advice/ask.html",
        json=lambda: {"plan": reading.plan.id, "kinds": list(ADVICE_OF)},
        reading=reading,
        plan=reading.plan,
        kinds=list(ADVICE_OF.items()),
        kind=kind,
        giver=ADVICE_OF.get(kind, ""),
        agencies=[(each.slug, each.name) for each in agencies],
        agency=agency,
        people=operations.people_for(db, reading.plan, kind, agency, moment),
        ready=kind == FAMILYS or agency is not None,
        listed=[(each.id, each.text("document")) for each in listed if each.text("kind") == kind],
        errors=errors or {},
        typed=request.form,
    )


def _page(reading: PlanReading, number: int, errors: Mapping[str, str] | None = None) -> Response:
    found = _known_to(reading, number)
    plan, actor = reading.plan, reading.actor
    words = said(current.db(), plan.id, [number])
    return render(
        "advice/show.html",
        json=lambda: {"plan": plan.id, **asked_json(reading, found)},
        reading=reading,
        plan=plan,
        asked=found,
        line=next(each for each in lines_of(reading, current.moment().today) if each.request.number == number),
        words=reading.says(words.get(number, ""), found.by.person),
        answers=advice_given.story_of(current.db(), reading, found),
        draft=advice_given.draft_of(current.db(), actor, plan.id, number) if found.is_of(actor.person) else None,
        sides=sides_of(plan, actor, found),
        may_process=reading.may(Permission.PLAN_PROCESS),
        may_open=advice_given.may_open(reading, found),
        listed=reading.sections[LIST].content.item(found.reuses) if found.reuses else None,
        errors=errors or {},
        typed=request.form,
    )
