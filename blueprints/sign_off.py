"""Sign-off of a section: exactly the words to be signed, what changed, the statement, then sign or send back."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.error import Invalid, NotAllowed, StaleRevision
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import SignOff
from portal.domain.reading import PlanReading
from portal.domain.sign_off import second_person_needed
from portal.operations import sections, unread
from portal.operations import sign_off as operations
from portal.web import current
from portal.web.forms import Form, ReasonForm, SignForm, load
from portal.web.render import go, render
from portal.web.section_words import tag_of
from portal.web.step_up import proof
from portal.web.submission import submission

blueprint = Blueprint("sign_off", __name__, url_prefix="/plans/<plan_id>/sections/<letter>/sign-off")


@blueprint.get("")
@needs(Permission.SECTION_SIGN)
def show(plan_id: str, letter: str) -> Response:
    return _page(_reading(plan_id, letter), letter)


@blueprint.post("")
@needs(Permission.SECTION_SIGN)
def sign(plan_id: str, letter: str) -> BaseResponse:
    """Sign the revision and hash that were on the page; 409 with what changed when they have moved on."""
    _must(_reading(plan_id, letter), Permission.SECTION_SIGN, letter)
    sent = load(SignForm(), request.form)
    try:
        words = (sent["revision"], sent["text_hash"])
        ticket = submission(sent, ["sign", letter, *words])
        operations.sign(current.db(), current.actor(), plan_id, letter, *words, current.moment(), ticket)
    except StaleRevision:
        return _page(_reading(plan_id, letter), letter, 409, since=sent["revision"], moved_on=True)
    return go(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/send-back")
@needs(Permission.SECTION_SIGN)
def send_back(plan_id: str, letter: str) -> BaseResponse:
    try:
        sent = load(ReasonForm(), request.form)
        ticket = submission(sent, ["send_back", letter, sent["reason"]])
        operations.send_back(current.db(), current.actor(), plan_id, letter, sent["reason"], current.moment(), ticket)
    except Invalid as error:
        return _page(_reading(plan_id, letter), letter, 422, errors=error.errors)
    return go(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/withdraw")
@needs(Permission.SECTION_WITHDRAW)
def withdraw(plan_id: str, letter: str) -> BaseResponse:
    try:
        sent = load(ReasonForm(), request.form)
        ticket = submission(sent, ["withdraw", letter, sent["reason"]])
        operations.withdraw(current.db(), current.actor(), plan_id, letter, sent["reason"], current.moment(), ticket)
    except Invalid as error:
        return _page(_reading(plan_id, letter), letter, 422, errors=error.errors)
    return go(url_for("plans.show", plan_id=plan_id))


@blueprint.post("/hand-over")
@needs(Permission.SECTION_EDIT, page="sections.show")
def hand_over(plan_id: str, letter: str) -> BaseResponse:
    load(Form(), request.form)
    operations.hand_over(current.db(), current.actor(), plan_id, letter, current.moment())
    return go(url_for("sections.show", plan_id=plan_id, letter=letter))


def _reading(plan_id: str, letter: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    reading.plan.standard.section(letter)
    return reading


def _must(reading: PlanReading, permission: Permission, letter: str) -> None:
    """Refuse a reader before their form is judged."""
    if not reading.may(permission, letter):
        raise NotAllowed("You can read this section. Someone else signs it.")


def _page(
    reading: PlanReading,
    letter: str,
    status: int = 200,
    since: int | None = None,
    moved_on: bool = False,
    errors: dict[str, str] | None = None,
) -> Response:
    actor, plan, section = current.actor(), reading.plan, reading.sections[letter]
    _must(reading, Permission.SECTION_SIGN, letter)
    # Whoever signs has the whole section before them.
    unread.open_section(current.db(), reading, letter, current.moment())
    proved = proof()
    read = (proved.typed or {}).get("revision", "")
    if read and int(read) != section.head.revision:  # they came back to other words than they had before them
        since, moved_on = int(read), True
    grants = grants_for(actor, Permission.SECTION_SIGN, plan, letter)
    last = _last(section.head.sign_offs, grants[0].agency)
    base = since if since is not None else (last.revision if last else None)
    changes = None
    if base is not None and base != section.head.revision:
        changes = sections.compare_revisions(current.db(), reading, letter, base, section.head.revision)[2]
    return render(
        "sign_off/show.html",
        status=status,
        reading=reading,
        plan=plan,
        section=section,
        tag=tag_of(section),
        agency=grants[0].agency_name,
        last=last,
        changes=changes,
        moved_on=moved_on,
        proof=proved,
        second_person=second_person_needed(actor, grants[0], section.head),
        signed_by_me=any(each.by.person == actor.person for each in section.head.standing),
        errors=errors or {},
        reason=request.form.get("reason", ""),
        breaks=[each for each in reading.thread.breaks if each.knot.letter == letter],
    )


def _last(sign_offs: tuple[SignOff, ...], agency: str) -> SignOff | None:
    """The last sign-off this agency gave, so that a signer sees what changed since."""
    return max((each for each in sign_offs if each.by.agency == agency), key=lambda each: each.by.at, default=None)
