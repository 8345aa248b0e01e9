"""The council's letters about a child: what was sent, to read and to print, and writing the next one."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.access import manager_parts
from portal.domain.case import NOT_YOURS
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.letter_kind import LETTERS, LetterKind
from portal.domain.notice import LETTER_WRITTEN
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.operations import letters as operations
from portal.operations import notices, plans
from portal.operations.letters import Asked, Changed, Drafted
from portal.web import current
from portal.web.files import give_pdf
from portal.web.forms import load
from portal.web.letters import (
    KindQuery,
    LetterForm,
    appeal_by,
    asked_again,
    letter_json,
    lines_of,
    piece_json,
    will_record,
)
from portal.web.render import go, render
from portal.web.step_up import Proof, proof, proof_at
from portal.web.submission import submission

blueprint = Blueprint("letters", __name__, url_prefix="/plans/<plan_id>/letters")
WHY = "Say why, for this child. The law has the letter give reasons."


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def index(plan_id: str) -> Response:
    """Every letter that was sent, and for the SEN team those that can be written now."""
    reading = current.open_plan(plan_id)
    db, today = current.db(), current.moment().today
    found = operations.listed(db, reading)
    offers = operations.offers(db, reading.plan, reading.actor)
    return render(
        "letters/index.html",
        json=lambda: {"plan": plan_id, "letters": [letter_json(each) for each in found]},
        reading=reading,
        plan=reading.plan,
        lines=lines_of(reading.plan, found, today),
        offers=offers,
        standards=LETTERS,
        writes=reading.may(Permission.PLAN_PROCESS),
    )


@blueprint.get("/<int:number>")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, number: int) -> Response:
    reading = current.open_plan(plan_id)
    db, actor = current.db(), current.actor()
    found = operations.find(db, reading, number)
    plans.take_copy(db, reading.plan, actor, f"letter:{number}", current.moment())
    told = notices.listed(db, actor, reading.plan) if reading.may(Permission.PLAN_PROCESS) else []
    return render(
        "letters/show.html",
        json=lambda: {"plan": plan_id, **letter_json(found)},
        reading=reading,
        plan=reading.plan,
        read=found,
        letter=found.letter,
        appeal_by=appeal_by(reading.plan, found.letter, current.moment().today),
        told=[each for each in told if f":{LETTER_WRITTEN}:{number}:" in each.notice.id],
        writes=reading.may(Permission.PLAN_PROCESS),
    )


@blueprint.get("/<int:number>.pdf")
@needs(Permission.PLAN_VIEW)
def pdf(plan_id: str, number: int) -> BaseResponse:
    reading = current.open_plan(plan_id)
    found = operations.find(current.db(), reading, number)
    content = operations.pdf(current.db(), reading.plan, found)
    if content is None:
        return render("letters/not_yet.html", status=202, plan=reading.plan, number=number)
    plans.take_copy(current.db(), reading.plan, current.actor(), f"letter:{number}", current.moment())
    return give_pdf(content, f"letter-{number}")


@blueprint.get("/write")
@needs(Permission.PLAN_PROCESS)
def write(plan_id: str) -> BaseResponse:
    """The form of one kind of letter, with the letter as it stands so far."""
    reading = _may_write(plan_id)
    proved, chosen = proof_at(load(KindQuery(), request.args)["kind"])
    if not chosen:
        return go(url_for("letters.index", plan_id=plan_id))
    so_far = operations.reasons_so_far(current.db(), reading, LetterKind(chosen))
    asked = asked_again(LetterKind(chosen), proved, so_far, current.moment().today)
    return _form(reading, asked, proved, previewed=proved.typed is not None)


@blueprint.post("/write")
@needs(Permission.PLAN_PROCESS)
def send(plan_id: str) -> BaseResponse:
    """Show the letter as it will be, or send the one that was shown."""
    reading = _may_write(plan_id)
    kind = request.form.get("kind", "")
    if kind not in LETTERS:
        raise Invalid({"kind": "Choose which letter."})
    asked = Asked(LetterKind(kind), current.moment().today, "")
    try:
        sent = load(LetterForm(), request.form)
        asked = Asked(asked.kind, sent["decided"] or asked.decided, sent["reason"])
        if LETTERS[asked.kind].needs_reasons and not asked.reasons:
            raise Invalid({"reason": f"{LETTERS[asked.kind].asks}: say it here." if LETTERS[asked.kind].asks else WHY})
        db, actor, moment = current.db(), current.actor(), current.moment()
        if sent["act"] == "preview":
            operations.drafted(db, reading.plan, actor, asked, moment)
            return _form(reading, asked, proof(), previewed=True)
        ticket = submission(sent, [asked.kind.value, asked.decided.isoformat(), asked.reasons, sent["seen"]])
        number = operations.send(db, actor, plan_id, asked, sent["seen"], moment, ticket)
    except Invalid as error:
        return _form(reading, asked, proof(), errors=error.errors)
    except Changed:
        return _form(_may_write(plan_id), asked, proof(), previewed=True, changed=True)
    except NotReady:
        return _form(reading, asked, proof())
    return go(url_for("letters.show", plan_id=plan_id, number=number))


def _form(
    reading: PlanReading,
    asked: Asked,
    proved: Proof,
    previewed: bool = False,
    changed: bool = False,
    errors: Mapping[str, str] | None = None,
) -> Response:
    """The form; `previewed` with the letter and the button that sends it, `changed` where it is not the one seen."""
    found, lacking = _drafted(reading, asked)
    body = found.body if found else None
    errors = {"decided" if name == "on" else name: said for name, said in (errors or {}).items()}
    return render(
        "letters/write.html",
        json=lambda: {
            "plan": reading.plan.id,
            "kind": asked.kind.value,
            "errors": errors,
            "pieces": [piece_json(each) for each in body.pieces] if body else [],
        },
        status=422 if errors else 409 if changed or (lacking and request.form) else 200,
        reading=reading,
        plan=reading.plan,
        standard=LETTERS[asked.kind],
        asked=asked,
        offer=operations.offer(current.db(), reading.plan, reading.actor, asked.kind),
        records=will_record(found.offer) if found else [],
        body=body,
        lacking=lacking,
        previewed=previewed and body is not None,
        changed=changed,
        proof=proved,
        errors=errors,
        typed=request.form or proved.typed or {},
        manages=reading.plan.authority in manager_parts(reading.actor),
    )


def _drafted(reading: PlanReading, asked: Asked) -> tuple[Drafted | None, tuple[str, ...]]:
    """The letter as it would be, or what is lacking for it; without what was typed where that is refused."""
    db, actor, moment = current.db(), current.actor(), current.moment()
    operations.offer(db, reading.plan, actor, asked.kind)  # a letter that does not fit the case has no form
    try:
        return operations.drafted(db, reading.plan, actor, asked, moment), ()
    except Invalid:
        return _drafted(reading, Asked(asked.kind, moment.today, ""))
    except NotReady as error:
        return None, error.reasons


def _may_write(plan_id: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    if not reading.may(Permission.PLAN_PROCESS):
        raise NotAllowed(NOT_YOURS)
    return reading
