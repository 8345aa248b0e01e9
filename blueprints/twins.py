"""A section in easier words or another language: what there is, read it, write it beside the plan's words, check it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.error import Invalid, NotAllowed, NotFound, StaleRevision
from portal.domain.hashing import Value
from portal.domain.identifier import PLAN_ID
from portal.domain.merge import Clash
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading, Reach
from portal.domain.twin_wording import WORDINGS
from portal.domain.twin_write import STATEMENT, Sent, may_check, why_not_checked
from portal.operations import plans
from portal.operations import twins as operations
from portal.operations.twins import Found
from portal.store import drafts
from portal.store.requests import Request
from portal.web import current
from portal.web.forms import load
from portal.web.render import as_json, go, render
from portal.web.step_up import proof
from portal.web.submission import submission
from portal.web.twins import (
    CheckerForm,
    CheckForm,
    TwinDraftForm,
    Typed,
    draft_of,
    problems_json,
    says_anything_new,
    sent_words,
    tag_of,
    twin_json,
    twins_json,
    typed,
    typed_before,
)
from portal.web.unsent_words import is_theirs, kept_or_too_soon

blueprint = Blueprint("twins", __name__, url_prefix="/plans/<plan_id>/sections/<letter>/twins")


def keep_words(author: str, place: Mapping[str, Any]) -> bool:
    """Keep what a form held for whoever typed it, when it could not be saved; False where there is no such place."""
    plan_id, letter, tag = (str(place[name]) for name in ("plan_id", "letter", "tag"))
    known = letter in EHC_PLAN.by_letter and tag in {each.tag for each in WORDINGS} and PLAN_ID.fullmatch(plan_id)
    if not known or not any(text.strip() for text in typed().words.values()) or not is_theirs(author, plan_id):
        return False
    drafts.keep(current.db(), author, draft_of(plan_id, letter, tag))
    return True


@blueprint.get("")
@needs(Permission.PLAN_VIEW)
def index(plan_id: str, letter: str) -> Response:
    """The wordings there are of a section, and for whoever may write one, those there could be."""
    reading = _reading(plan_id, letter)
    found = operations.of_section(current.db(), reading, letter)
    known = [each for each, _ in found]
    return render(
        "twins/index.html",
        json=lambda: {"plan": plan_id, "section": letter, "twins": twins_json(found)},
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter],
        found=found,
        more=[each for each in WORDINGS if each not in known],
        may_write=operations.may_write(reading, letter),
        tag_of=tag_of,
    )


@blueprint.get("/<tag>")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, letter: str, tag: str) -> Response:
    reading = _reading(plan_id, letter)
    return _page(reading, letter, operations.find(current.db(), reading, letter, tag))


@blueprint.get("/<tag>/<int:number>")
@needs(Permission.PLAN_VIEW)
def past(plan_id: str, letter: str, tag: str, number: int) -> Response:
    """A wording as it was once written, with the words of the plan as they are now."""
    reading = _reading(plan_id, letter)
    return _page(reading, letter, operations.find(current.db(), reading, letter, tag, number))


@blueprint.get("/<tag>/write")
@needs(Permission.SECTION_TWIN)
def write(plan_id: str, letter: str, tag: str) -> Response:
    """The plan's words and, beside each, a place for these; with what was typed before and not saved."""
    reading = _reading(plan_id, letter)
    _must_write(reading, letter)
    found = operations.find(current.db(), reading, letter, tag)
    draft = drafts.find(current.db(), reading.actor.person, plan_id, operations.TWIN, letter, tag)
    return _form(reading, letter, found, typed_before(draft), kept_at=draft.at if draft else None)


@blueprint.post("/<tag>/draft")
@needs(Permission.SECTION_TWIN, rescue=keep_words)
def keep(plan_id: str, letter: str, tag: str) -> Response:
    """Keep a wording as it is being typed; nobody else sees it."""
    db, actor = current.db(), current.actor()
    look = current.glance(plan_id)
    plans.open_loaded(db, look.plan, actor, current.moment())
    reading = plans.reading_of(db, look.plan, actor)
    reading.plan.standard.section(letter)
    _must_write(reading, letter)
    found = operations.find(db, reading, letter, tag)
    load(TwinDraftForm(), request.form)
    if not says_anything_new(typed(), found.reading):
        drafts.drop(db, actor.person, plan_id, operations.TWIN, letter, tag)
        return as_json({"kept": None})
    return kept_or_too_soon(draft_of(plan_id, letter, tag), look.drafts)


@blueprint.post("/<tag>/write")
@needs(Permission.SECTION_TWIN, rescue=keep_words)
def save(plan_id: str, letter: str, tag: str) -> BaseResponse:
    """Save what was written; 422 and 409 give the form back with every word in it."""
    reading = _reading(plan_id, letter)
    _must_write(reading, letter)
    found = operations.find(current.db(), reading, letter, tag)
    try:
        sent, ticket = _sent(letter, tag)
        operations.write(current.db(), reading.actor, plan_id, letter, tag, sent, current.moment(), ticket)
    except Invalid as error:
        return _form(reading, letter, found, typed(), errors=error.errors, status=422)
    except StaleRevision as error:
        return _in_clash(_reading(plan_id, letter), letter, tag, error)
    return go(url_for("twins.show", plan_id=plan_id, letter=letter, tag=tag))


@blueprint.get("/<tag>/check")
@needs(Permission.SECTION_VIEW)
def check(plan_id: str, letter: str, tag: str) -> Response:
    """Both texts side by side, and the statement that they say the same."""
    return _to_check(_reading(plan_id, letter), letter, tag)


@blueprint.post("/<tag>/check")
@needs(Permission.SECTION_VIEW)
def sign(plan_id: str, letter: str, tag: str) -> BaseResponse:
    """Check the words that were on the page; 409 with the newest ones when they were written anew since."""
    reading = _reading(plan_id, letter)
    _must_check(reading, letter, tag)
    sent = load(CheckForm(), request.form)
    seen = (sent["number"], sent["text_hash"])
    ticket = submission(sent, ["check_twin", letter, tag, *seen])
    try:
        operations.check(current.db(), reading.actor, plan_id, letter, tag, seen, current.moment(), ticket)
    except StaleRevision:
        return _to_check(_reading(plan_id, letter), letter, tag, 409)
    return go(url_for("twins.show", plan_id=plan_id, letter=letter, tag=tag))


@blueprint.post("/<tag>/checkers")
@needs(Permission.PLAN_FINALISE, page="twins.show")
def name_checker(plan_id: str, letter: str, tag: str) -> BaseResponse:
    """The council names somebody who may check this wording."""
    reading = _reading(plan_id, letter)
    if not reading.may(Permission.PLAN_FINALISE):
        raise NotAllowed("The council names who may check this.")
    found = operations.find(current.db(), reading, letter, tag)
    found.must_be_there()
    try:
        sent = load(CheckerForm(), request.form)
        ticket = submission(sent, ["name_checker", letter, tag, sent["person"]])
        who = sent["person"]
        operations.name_checker(current.db(), reading.actor, plan_id, letter, tag, who, current.moment(), ticket)
    except Invalid as error:
        return _page(reading, letter, found, errors=error.errors, status=422)
    return go(url_for("twins.show", plan_id=plan_id, letter=letter, tag=tag))


def _reading(plan_id: str, letter: str) -> PlanReading:
    reading = current.open_plan(plan_id)
    reading.plan.standard.section(letter)
    return reading


def _must_write(reading: PlanReading, letter: str) -> None:
    """Refuse a reader before their form is judged; whoever does not read the words that are written finds nothing."""
    if reading.sections[letter].reach is not Reach.WORKING:
        raise NotFound("not this reader's to see")
    if not operations.may_write(reading, letter):
        raise NotAllowed("You can read this. Somebody else writes it in other words.")


def _must_check(reading: PlanReading, letter: str, tag: str) -> Found:
    found = operations.find(current.db(), reading, letter, tag)
    found.must_be_there()
    if not may_check(reading.plan, reading.actor, letter, found.reading, found.checkers):
        raise NotAllowed("You can read this. Somebody else checks it.")
    return found


def _page(
    reading: PlanReading, letter: str, found: Found, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """A wording to read. Beside it what the reader may do, who wrote it before, and for the council who may check."""
    found.must_be_there()
    db, council = current.db(), reading.may(Permission.PLAN_FINALISE)
    people = operations.readers_of(db, reading, letter, current.moment()) if council or found.checkers else ()
    return render(
        "twins/show.html",
        json=lambda: {"plan": reading.plan.id, "section": letter, **twin_json(found.wording, found.reading)},
        status=status,
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter],
        wording=found.wording,
        found=found.reading,
        earlier=operations.earlier(db, reading, letter, found.wording.tag),
        tag=tag_of(found.reading),
        may_write=operations.may_write(reading, letter),
        may_check=may_check(reading.plan, reading.actor, letter, found.reading, found.checkers),
        named=[each for each in people if each.person in found.checkers],
        could_check=[each for each in people if each.person not in found.checkers] if council else [],
        errors=errors or {},
    )


def _sent(letter: str, tag: str) -> tuple[Sent, Request | None]:
    sent, loaded = sent_words()
    words: list[Value] = [[name, text] for name, text in sent.words.items()]
    return sent, submission(loaded, ["twin", letter, tag, words, sorted(sent.fits), sent.revision, sent.number])


def _in_clash(reading: PlanReading, letter: str, tag: str, stale: StaleRevision) -> Response:
    """The form against the newest words: mine in each field that clashes, and beside it theirs."""
    found = operations.find(current.db(), reading, letter, tag)
    clashes: dict[str, Clash] = {each.field: each for each in stale.clashes}
    words = {**stale.merged, **{name: str(each.mine) for name, each in clashes.items()}}
    revision, number = reading.sections[letter].head.revision, found.reading.number
    return _form(reading, letter, found, Typed(words, (), str(revision), str(number)), clashes=clashes, status=409)


def _form(
    reading: PlanReading,
    letter: str,
    found: Found,
    said: Typed | None,
    errors: Mapping[str, str] | None = None,
    clashes: Mapping[str, Clash] | None = None,
    status: int = 200,
    kept_at: datetime | None = None,
) -> Response:
    """The form: the words as they are now, or what was typed for those items that its writer had before them."""
    section = reading.sections[letter]
    lines = [each for each in found.reading.lines if said is None or clashes or each.item.id in said.words]
    return render(
        "twins/write.html",
        json=lambda: {**twin_json(found.wording, found.reading), **problems_json(errors, clashes)},
        status=status,
        reading=reading,
        plan=reading.plan,
        section=section,
        wording=found.wording,
        lines=lines,
        typed=said or Typed({}, (), str(section.head.revision), str(found.reading.number)),
        kept_at=kept_at,
        errors=errors or {},
        clashes=clashes or {},
    )


def _to_check(reading: PlanReading, letter: str, tag: str, status: int = 200) -> Response:
    found = _must_check(reading, letter, tag)
    return render(
        "twins/check.html",
        json=lambda: {"plan": reading.plan.id, "section": letter, **twin_json(found.wording, found.reading)},
        status=status,
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter],
        wording=found.wording,
        found=found.reading,
        tag=tag_of(found.reading),
        statement=STATEMENT.format(letter=letter),
        closed=why_not_checked(found.reading, reading.actor),
        proof=proof(),
        moved_on=status == 409,
    )
