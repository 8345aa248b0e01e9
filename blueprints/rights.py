"""What you may do here: each person's rights on one plan and why not the rest, and what is recorded of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.actor import ROLE_WORDS
from portal.domain.error import Invalid, NotAllowed
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.rights import Matter
from portal.domain.rights_record import MATTER_WORDS
from portal.domain.young_person import is_young_person
from portal.operations import rights as operations
from portal.store.requests import Request
from portal.web import current
from portal.web.forms import load
from portal.web.render import go, render
from portal.web.rights_forms import CapacityForm, ConsentForm, LimitForm, WithdrawForm
from portal.web.rights_words import Right, rights_of
from portal.web.submission import submission

blueprint = Blueprint("rights", __name__, url_prefix="/plans/<plan_id>/rights")
Sent = Mapping[str, Any]
YOUNG_PERSON = "self"  # who decides, in the form, when nobody does instead of them


@dataclass(frozen=True)
class Record:
    """One thing that can be recorded: who may, the form it comes in and the operation that takes it."""

    permission: Permission
    form: type[Schema]
    save: Callable[[str, Sent, Request | None], object]


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str) -> Response:
    """Section by section, what the reader may do now, and for what they may not, why and whose it is."""
    reading = current.open_plan(plan_id)
    rights = {letter: rights_of(reading, section) for letter, section in reading.sections.items()}
    may_record, may_consent = reading.may(Permission.PLAN_RECORD_RIGHTS), reading.may(Permission.PLAN_CONSENT)
    told = [each for each in reading.plan.rights.consents if may_consent or may_record or each.person == _me(reading)]
    return render(
        "rights/show.html",
        json=lambda: {"plan": plan_id, "sections": {letter: _json(found) for letter, found in rights.items()}},
        reading=reading,
        plan=reading.plan,
        rights=rights,
        of_age=is_young_person(reading.plan.child.born, current.moment().today),
        consents=told,
        people={each.person: each for each in operations.concerned(current.db(), plan_id, current.moment())},
        may_consent=may_consent,
        may_record=may_record,
        matter_words=MATTER_WORDS,
    )


@blueprint.get("/consent")
@needs(Permission.PLAN_CONSENT)
def consent(plan_id: str) -> Response:
    return _form(plan_id, "consent")


@blueprint.post("/consent")
@needs(Permission.PLAN_CONSENT)
def give_consent(plan_id: str) -> BaseResponse:
    return _recorded(plan_id, "consent")


@blueprint.post("/consent/withdraw")
@needs(Permission.PLAN_CONSENT, page="rights.show")
def withdraw_consent(plan_id: str) -> BaseResponse:
    return _recorded(plan_id, "withdraw")


@blueprint.get("/capacity")
@needs(Permission.PLAN_RECORD_RIGHTS)
def capacity(plan_id: str) -> Response:
    return _form(plan_id, "capacity")


@blueprint.post("/capacity")
@needs(Permission.PLAN_RECORD_RIGHTS)
def record_capacity(plan_id: str) -> BaseResponse:
    return _recorded(plan_id, "capacity")


@blueprint.get("/limit")
@needs(Permission.PLAN_RECORD_RIGHTS)
def limit(plan_id: str) -> Response:
    return _form(plan_id, "limit")


@blueprint.post("/limit")
@needs(Permission.PLAN_RECORD_RIGHTS)
def record_limit(plan_id: str) -> BaseResponse:
    return _recorded(plan_id, "limit")


def _recorded(plan_id: str, what: str) -> BaseResponse:
    """What does not fit comes back with the form, from which a reader is turned away as from the act itself."""
    record = RECORDS[what]
    try:
        sent = load(record.form(), request.form)
        content = [what, *(str(sent[each]) for each in sorted(sent) if each not in ("csrf_token", "request_id"))]
        record.save(plan_id, sent, submission(sent, content))
    except Invalid as error:
        return _form(plan_id, what, error.errors)
    return go(url_for("rights.show", plan_id=plan_id))


def _form(plan_id: str, what: str, errors: Mapping[str, str] | None = None) -> Response:
    reading = current.open_plan(plan_id)
    _must(reading, RECORDS[what].permission)
    return render(
        f"rights/{what}.html",
        reading=reading,
        plan=reading.plan,
        people=operations.concerned(current.db(), plan_id, current.moment()),
        of_age=is_young_person(reading.plan.child.born, current.moment().today),
        role_words=ROLE_WORDS,
        matters=[(each.value, words) for each, words in MATTER_WORDS.items()],
        errors=errors or {},
        typed=request.form,
    )


def _save_consent(plan_id: str, sent: Sent, ticket: Request | None) -> object:
    given = (plan_id, sent["person"], tuple(sent["letters"]), sent["until"], current.moment(), ticket, sent["writes"])
    return operations.give_consent(current.db(), current.actor(), *given)


def _save_withdrawal(plan_id: str, sent: Sent, ticket: Request | None) -> object:
    taken = (plan_id, sent["person"], current.moment(), ticket)
    return operations.withdraw_consent(current.db(), current.actor(), *taken)


def _save_capacity(plan_id: str, sent: Sent, ticket: Request | None) -> object:
    db, actor, matter, moment = current.db(), current.actor(), Matter(sent["matter"]), current.moment()
    if sent["person"] == YOUNG_PERSON:
        return operations.end_capacity(db, actor, plan_id, matter, sent["reason"], moment, ticket)
    return operations.record_capacity(db, actor, plan_id, matter, sent["person"], sent["reason"], moment, ticket)


def _save_limit(plan_id: str, sent: Sent, ticket: Request | None) -> object:
    kept = (plan_id, sent["person"], tuple(sent["letters"]), sent["reason"], current.moment(), ticket)
    return operations.limit(current.db(), current.actor(), *kept)


RECORDS = {
    "consent": Record(Permission.PLAN_CONSENT, ConsentForm, _save_consent),
    "withdraw": Record(Permission.PLAN_CONSENT, WithdrawForm, _save_withdrawal),
    "capacity": Record(Permission.PLAN_RECORD_RIGHTS, CapacityForm, _save_capacity),
    "limit": Record(Permission.PLAN_RECORD_RIGHTS, LimitForm, _save_limit),
}


def _must(reading: PlanReading, permission: Permission) -> None:
    if not reading.may(permission):
        raise NotAllowed("This is for somebody else to decide.")


def _me(reading: PlanReading) -> str:
    return reading.actor.person


def _json(rights: tuple[Right, ...]) -> list[dict[str, Any]]:
    may = [{"what": each.verb, "may": True} for each in rights if each.may]
    return may + [
        {"what": each.verb, "may": False, "why": each.why, "whose": each.whose} for each in rights if not each.may
    ]
