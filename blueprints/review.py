"""The yearly review: its dates, invitations, advice, the meeting's record, the decision, and how each outcome goes."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.actor import Actor
from portal.domain.amend import Because, reasons_on_record
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.letter_kind import LetterKind
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.review import ASKED_BY_LAW, OUTCOMES, PARTS, PROGRESS, Review, under_way
from portal.domain.review_dates import IN_FORCE, for_meeting, suggested, timetable
from portal.domain.state import PlanState
from portal.operations import plans
from portal.operations import review as operations
from portal.store.database import Database
from portal.store.requests import Request
from portal.web import current, review_drafts
from portal.web.forms import Form, load
from portal.web.render import go, render
from portal.web.review_drafts import keeping
from portal.web.review_forms import (
    DISSENTS,
    ELSEWHERE,
    AdviceForm,
    AmendForm,
    DecisionForm,
    InvitationForm,
    MeetingDayForm,
    NotToAmendForm,
    ViewsForm,
    outcomes_asked,
    record_of,
    record_schema,
    record_typed,
)
from portal.web.review_page import invited_by, review_json, steps_of, turn_in_review
from portal.web.review_picture import picture_of
from portal.web.step_up import proof
from portal.web.submission import submission

blueprint = Blueprint("review", __name__, url_prefix="/plans/<plan_id>/review")
Errors = Mapping[str, str]


@blueprint.get("")
@needs(Permission.PLAN_HISTORY)
def show(plan_id: str) -> Response:
    return _page(_reading(plan_id))


@blueprint.get("/<int:number>")
@needs(Permission.PLAN_HISTORY)
def one(plan_id: str, number: int) -> Response:
    """One review as it was: its report, with all that was written for it."""
    reading = _reading(plan_id)
    found = next((each for each in operations.all_of(current.db(), reading) if each.number == number), None)
    if found is None:
        raise NotFound("no such review")
    return render(
        "review/one.html",
        json=lambda: review_json(found),
        reading=reading,
        plan=reading.plan,
        review=found,
        reads_all=operations.reads_all(reading),
        **_words(),
    )


@blueprint.post("/meeting-day")
@needs(Permission.PLAN_REVIEW)
def set_day(plan_id: str) -> BaseResponse:
    try:
        sent, ticket = _sent(plan_id, Permission.PLAN_REVIEW, MeetingDayForm(), "meeting-day")
        operations.plan_meeting(*_who(plan_id), sent["on"], sent["words"], current.moment(), ticket)
    except Invalid as error:
        return _page(_reading(plan_id), error.errors)
    return _back(plan_id)


@blueprint.get("/invitations")
@needs(Permission.PLAN_REVIEW)
def invitations(plan_id: str) -> Response:
    return _form(plan_id, "invitations")


@blueprint.post("/invitations")
@needs(Permission.PLAN_REVIEW)
def invite(plan_id: str) -> BaseResponse:
    try:
        sent, ticket = _sent(plan_id, Permission.PLAN_REVIEW, InvitationForm(), "invitations")
        here = operations.may_be_invited(current.db(), _reading(plan_id).plan, current.moment())
        operations.invite(*_who(plan_id), invited_by(sent, here), sent["words"], current.moment(), ticket)
    except Invalid as error:
        return _form(plan_id, "invitations", error.errors)
    return _back(plan_id)


@blueprint.get("/advice")
@needs(Permission.PLAN_CONTRIBUTE)
def advice(plan_id: str) -> Response:
    return _form(plan_id, "advice")


@blueprint.post("/advice")
@needs(Permission.PLAN_CONTRIBUTE, rescue=keeping("advice"))
def advise(plan_id: str) -> BaseResponse:
    try:
        sent, ticket = _sent(plan_id, Permission.PLAN_CONTRIBUTE, AdviceForm(), "advice")
        operations.advise(*_who(plan_id), sent["progress"], sent["change"], current.moment(), ticket)
    except Invalid as error:
        return _form(plan_id, "advice", error.errors)
    return _sent_for_good(plan_id, "advice")


@blueprint.get("/views")
@needs(Permission.PLAN_CONTRIBUTE)
def views(plan_id: str) -> Response:
    return _form(plan_id, "views")


@blueprint.post("/views")
@needs(Permission.PLAN_CONTRIBUTE, rescue=keeping("views"))
def tell(plan_id: str) -> BaseResponse:
    try:
        sent, ticket = _sent(plan_id, Permission.PLAN_CONTRIBUTE, ViewsForm(), "views")
        operations.tell_views(*_who(plan_id), sent["views"], sent["told"], current.moment(), ticket)
    except Invalid as error:
        return _form(plan_id, "views", error.errors)
    return _sent_for_good(plan_id, "views")


@blueprint.post("/circulate")
@needs(Permission.PLAN_REVIEW)
def circulate(plan_id: str) -> BaseResponse:
    _, ticket = _sent(plan_id, Permission.PLAN_REVIEW, Form(), "circulate")
    operations.circulate(*_who(plan_id), current.moment(), ticket)
    return _back(plan_id)


@blueprint.get("/meeting")
@needs(Permission.PLAN_REVIEW)
def meeting(plan_id: str) -> Response:
    return _form(plan_id, "meeting")


@blueprint.post("/meeting")
@needs(Permission.PLAN_REVIEW, rescue=keeping("meeting"))
def record(plan_id: str) -> BaseResponse:
    try:
        asked = outcomes_asked(_may(plan_id, Permission.PLAN_REVIEW))
        sent, ticket = _sent(plan_id, Permission.PLAN_REVIEW, record_schema(asked), "meeting")
        operations.record(*_who(plan_id), sent["on"], record_of(sent, asked), current.moment(), ticket)
    except Invalid as error:
        return _form(plan_id, "meeting", error.errors)
    return _sent_for_good(plan_id, "meeting")


@blueprint.post("/report")
@needs(Permission.PLAN_REVIEW)
def report(plan_id: str) -> BaseResponse:
    _, ticket = _sent(plan_id, Permission.PLAN_REVIEW, Form(), "report")
    operations.send_report(*_who(plan_id), current.moment(), ticket)
    return _back(plan_id)


@blueprint.get("/decision")
@needs(Permission.PLAN_PROCESS)
def decision(plan_id: str) -> Response:
    return _form(plan_id, "decision")


@blueprint.post("/decision")
@needs(Permission.PLAN_PROCESS, rescue=keeping("decision"))
def decide(plan_id: str) -> BaseResponse:
    try:
        sent, ticket = _sent(plan_id, Permission.PLAN_PROCESS, DecisionForm(), "decision")
        operations.decide(*_who(plan_id), sent["outcome"], sent["words"], current.moment(), ticket)
    except Invalid as error:
        return _form(plan_id, "decision", error.errors)
    return _sent_for_good(plan_id, "decision")


@blueprint.post("/amend")
@needs(Permission.PLAN_PROCESS)
def amend(plan_id: str) -> BaseResponse:
    """Open the plan's sections to their writers, where they stand."""
    try:
        sent, ticket = _sent(plan_id, Permission.PLAN_PROCESS, AmendForm(), "amend")
        operations.amend(
            *_who(plan_id), Because(sent["because"] or Because.OTHER), sent["why"], current.moment(), ticket
        )
    except Invalid as error:
        return _page(_reading(plan_id), error.errors)
    return _back(plan_id)


@blueprint.get("/not-to-amend")
@needs(Permission.PLAN_PROCESS)
def not_to_amend(plan_id: str) -> Response:
    return _form(plan_id, "not-to-amend")


@blueprint.post("/not-to-amend")
@needs(Permission.PLAN_PROCESS)
def keep(plan_id: str) -> BaseResponse:
    """Decide that the plan stays as it is in force; the letter that tells the family comes next."""
    try:
        sent, ticket = _sent(plan_id, Permission.PLAN_PROCESS, NotToAmendForm(), "not-to-amend")
        operations.decide_not_to_amend(*_who(plan_id), sent["words"], current.moment(), ticket)
    except Invalid as error:
        return _form(plan_id, "not-to-amend", error.errors)
    return go(url_for("letters.write", plan_id=plan_id, kind=LetterKind.NO_AMENDMENT.value))


# What the pages are made of


def _page(reading: PlanReading, errors: Errors | None = None) -> Response:
    plan, today = reading.plan, current.moment().today
    reviews = operations.all_of(current.db(), reading)
    now = reviews[-1] if reviews and not reviews[-1].decided else Review(len(reviews) + 1)
    latest = timetable(plan)
    days = for_meeting(plan, now.day) if now.day else latest
    outcomes = [each.id for each in outcomes_asked(reading)]
    return render(
        "review/show.html",
        json=lambda: {"plan": plan.id, "reviews": [review_json(each) for each in reviews]},
        reading=reading,
        plan=plan,
        review=now,
        last=next((each for each in reversed(reviews) if each.decided), None),
        past=[each for each in reversed(reviews) if each.number != now.number],
        turn=turn_in_review(reading),
        days=days,
        suggested=suggested(latest, today) if latest else None,
        steps=steps_of(plan, now, days, today),
        picture=picture_of(reviews, outcomes) if operations.reads_all(reading) else None,
        reads_all=operations.reads_all(reading),
        opened=operations.why_amended(current.db(), reading) if plan.state in IN_FORCE else None,
        amends=reasons_on_record(plan) if plan.state is PlanState.FINAL else (),
        in_force=plan.state in IN_FORCE,
        may=Permission,
        errors=errors or {},
        typed=request.form,
        **_words(),
    )


def _form(plan_id: str, which: str, errors: Errors | None = None) -> Response:
    reading = _may(plan_id, FORMS[which])
    reviews = operations.all_of(current.db(), reading)
    now = reviews[-1] if reviews and not reviews[-1].decided else Review(len(reviews) + 1)
    proved = proof()
    draft = None if errors or proved.typed else review_drafts.kept(current.actor().person, plan_id, which)
    sent = request.form if errors else proved.typed or (review_drafts.words_of(draft) if draft else {})
    typed = record_typed(now.record.beside) if which == "meeting" and now.record and not sent else sent
    return render(
        f"review/{which}.html",
        json=lambda: {"plan": plan_id, "review": now.number},
        reading=reading,
        plan=reading.plan,
        review=now,
        round=under_way(reading.plan),
        people=operations.may_be_invited(current.db(), reading.plan, current.moment()),
        outcomes=outcomes_asked(reading),
        elsewhere=ELSEWHERE,
        asked_by_law=ASKED_BY_LAW,
        dissents=DISSENTS,
        today=current.moment().today,
        proof=proved,
        errors=errors or {},
        typed=typed,
        kept_at=draft.at if draft else None,
        **_words(),
    )


FORMS = {
    "invitations": Permission.PLAN_REVIEW,
    "advice": Permission.PLAN_CONTRIBUTE,
    "views": Permission.PLAN_CONTRIBUTE,
    "meeting": Permission.PLAN_REVIEW,
    "decision": Permission.PLAN_PROCESS,
    "not-to-amend": Permission.PLAN_PROCESS,
}


def _words() -> dict[str, Any]:
    return {"parts": PARTS, "outcome_words": OUTCOMES, "progress_words": PROGRESS}


def _sent(plan_id: str, permission: Permission, schema: Schema, act: str) -> tuple[dict[str, Any], Request | None]:
    """The loaded form and its ticket; whoever may not is turned away before their form is judged."""
    _may(plan_id, permission)
    sent = load(schema, request.form)
    said = {name: str(value) for name, value in sent.items() if name not in ("csrf_token", "request_id")}
    return sent, submission(sent, [act, said])


def _who(plan_id: str) -> tuple[Database, Actor, str]:
    return current.db(), current.actor(), plan_id


def _back(plan_id: str) -> BaseResponse:
    return go(url_for("review.show", plan_id=plan_id))


def _sent_for_good(plan_id: str, which: str) -> BaseResponse:
    review_drafts.sent(current.actor().person, plan_id, which)
    return _back(plan_id)


def _may(plan_id: str, permission: Permission) -> PlanReading:
    reading = _reading(plan_id)
    if not reading.may(permission):
        raise NotAllowed("You can read about the review. Somebody else does this.")
    return reading


def _reading(plan_id: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    plans.must_read_history(reading)
    return reading
