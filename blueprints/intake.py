"""Asking for an assessment: the family's form, and the council's list on which records begin; and who moves in."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.case import counts_as_received
from portal.domain.error import Invalid
from portal.domain.intake import Message, must_be_officer
from portal.domain.moment import stamp
from portal.domain.permission import could_open
from portal.operations import intake as operations
from portal.operations import intake_messages as messages
from portal.web import current
from portal.web.forms import load
from portal.web.intake_forms import (
    ASKERS,
    SUBJECTS,
    AboutRequestForm,
    AnswerRequestForm,
    MoveInForm,
    SendForm,
    WriteDownForm,
    child_of,
    move_of,
)
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("intake", __name__)


@blueprint.get("/request-assessment")
@needs(SIGNED_ON)
def ask() -> Response:
    """What somebody has sent, with what happens next, and the form for another child."""
    return _ask()


@blueprint.post("/request-assessment")
@needs(SIGNED_ON)
def send() -> BaseResponse:
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        loaded = load(SendForm(), request.form)
        sent = operations.Sent(loaded["council"], child_of(loaded), loaded["relation"], loaded["reason"])
        operations.send(db, actor, _signed_in_as(), sent, moment, submission(loaded, _content(loaded)))
    except Invalid as error:
        return _ask(error.errors)
    return go(url_for("intake.ask"))


@blueprint.get("/requests")
@needs(SIGNED_ON)
def index() -> Response:
    return _index()


@blueprint.get("/requests/new")
@needs(SIGNED_ON)
def new() -> Response:
    return _new()


@blueprint.post("/requests/new")
@needs(SIGNED_ON)
def write_down() -> BaseResponse:
    try:
        loaded = load(WriteDownForm(), request.form)
        asked = (loaded["asked_by"], loaded["on"], loaded["evening"] == "yes")
        written = operations.WrittenDown(child_of(loaded), *asked)
        ticket = submission(loaded, _content(loaded))
        plan_id = operations.write_down(current.db(), current.actor(), written, current.moment(), ticket)
    except Invalid as error:
        return _new(error.errors)
    return go(url_for("case.show", plan_id=plan_id))


@blueprint.get("/requests/moved-in")
@needs(SIGNED_ON)
def moved() -> Response:
    return _moved()


@blueprint.post("/requests/moved-in")
@needs(SIGNED_ON, page="intake.moved")
def move_in() -> BaseResponse:
    """Begin the record of a child who moves in with the plan of another council."""
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        loaded = load(MoveInForm(), request.form)
        ticket = submission(loaded, _content(loaded))
        plan_id = operations.move_in(db, actor, child_of(loaded), move_of(loaded), moment, ticket)
    except Invalid as error:
        return _moved(error.errors)
    return go(url_for("case.show", plan_id=plan_id))


@blueprint.get("/requests/<token>")
@needs(SIGNED_ON)
def show(token: str) -> Response:
    """What was written about a request: for who asked and the council, and in its plan for who reads "All about me"."""
    return _show(messages.read(current.db(), current.actor(), token, current.moment()))


@blueprint.post("/requests/<token>/messages")
@needs(SIGNED_ON, page="intake.show")
def say(token: str) -> BaseResponse:
    db, actor = current.db(), current.actor()
    opened = messages.find(db, actor, token)
    try:
        sent = load(AboutRequestForm(), request.form)
        words, waits = sent["words"], sent["waits"] == "yes"
        ticket = submission(sent, ["about", token, words, waits])
        messages.say(db, actor, token, words, waits, current.moment(), ticket)
    except Invalid as error:
        return _show(opened, error.errors)
    return go(url_for("intake.show", token=token))


@blueprint.post("/requests/<token>/take")
@needs(SIGNED_ON, page="intake.index")
def take(token: str) -> BaseResponse:
    """Begin the record of a request that waits."""
    try:
        plan_id = operations.take(current.db(), current.actor(), token, current.moment())
    except Invalid as error:
        return _index(error.errors)
    return go(url_for("case.show", plan_id=plan_id))


@blueprint.post("/requests/<token>/answer")
@needs(SIGNED_ON, page="intake.index")
def answer(token: str) -> BaseResponse:
    """Answer a request that is a mistake: the family reads why."""
    try:
        sent = load(AnswerRequestForm(), request.form)
        operations.answer(current.db(), current.actor(), token, sent["reason"], current.moment())
    except Invalid as error:
        return _index({f"{name}-{token}": message for name, message in error.errors.items()})
    return go(url_for("intake.index"))


def _ask(errors: Mapping[str, str] | None = None) -> Response:
    db, actor = current.db(), current.actor()
    sent = operations.sent_by(db, actor)
    return render(
        "intake/ask.html",
        json=lambda: {"sent": [{"at": stamp(each.at), "state": each.state, "plan": each.plan} for each in sent]},
        sent=sent,
        received=counts_as_received,
        councils=[(each.slug, each.name) for each in operations.councils(db)],
        asks=_signed_in_as(),
        opened={each.plan for each in sent if each.plan and could_open(actor, each.plan)},
        subjects=SUBJECTS,
        errors=errors or {},
        typed=request.form,
    )


def _index(errors: Mapping[str, str] | None = None) -> Response:
    waiting = operations.waiting(current.db(), current.actor())
    return render(
        "intake/index.html",
        json=lambda: {"waiting": [{"request": each.id, "at": stamp(each.at)} for each in waiting]},
        waiting=waiting,
        talked_of=operations.talked_of(current.db(), current.actor()),
        received=counts_as_received,
        errors=errors or {},
        typed=request.form,
    )


def _show(opened: messages.Opened, errors: Mapping[str, str] | None = None) -> Response:
    found = opened.request
    return render(
        "intake/show.html",
        json=lambda: {
            "request": found.id,
            "state": found.state,
            "messages": [_message_json(each) for each in found.said],
        },
        found=found,
        officer=bool(opened.agency),
        beside=opened.beside,
        opens=bool(found.plan) and could_open(current.actor(), found.plan),
        errors=errors or {},
        typed=request.form,
    )


def _message_json(message: Message) -> dict[str, Any]:
    by = {"name": message.by.name, "agency": message.by.agency, "at": stamp(message.by.at)}
    return {**by, "words": message.words, "waits": message.waits}


def _new(errors: Mapping[str, str] | None = None) -> Response:
    must_be_officer(current.actor())
    return render(
        "intake/new.html",
        json=lambda: {"asked_by": list(ASKERS)},
        subjects=SUBJECTS,
        asked_by=list(ASKERS.items()),
        errors=errors or {},
        typed=request.form,
    )


def _moved(errors: Mapping[str, str] | None = None) -> Response:
    must_be_officer(current.actor())
    return render(
        "intake/moved.html",
        json=lambda: {"asks": ["old_council", "on", "aware", "came", "made", "reviewed"]},
        subjects=SUBJECTS,
        errors=errors or {},
        typed=request.form,
    )


def _content(loaded: Mapping[str, Any]) -> list[str]:
    return [f"{name}={loaded[name]}" for name in sorted(loaded) if name not in ("csrf_token", "request_id")]


def _signed_in_as() -> str:
    """The kind of the provider that vouches for whoever is signed on; empty when it is not configured any more."""
    issuer = current.actor().issuer
    return next((each.agency_kind for each in current.settings().providers if each.issuer == issuer), "")
