"""Writing advice: its form, kept while it is written; sending it for good, with a document; reading what was given."""

import re
from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs, takes
from portal.domain.advice import AdviceRequest
from portal.domain.advice_form import NOUNS, TITLES, Table, amount_of, as_words
from portal.domain.error import Invalid, NotFound, NotReady
from portal.domain.media import LARGEST, REASONS, MediaKind
from portal.domain.moment import stamp
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.restricted import TellsHidden
from portal.operations import advice_file, advice_given, plans
from portal.store import drafts as drafts_store
from portal.store.drafts import Draft
from portal.web import current
from portal.web.advice_forms import GiveQuery, as_typed, kept_schema, sent_advice, shown
from portal.web.advice_words import giver_of, is_theirs
from portal.web.files import give as give_file
from portal.web.forms import Form, load
from portal.web.item_form import unsent
from portal.web.render import as_json, go, render
from portal.web.submission import submission
from portal.web.unsent_words import kept_or_too_soon

blueprint = Blueprint("advice_giving", __name__, url_prefix="/plans/<plan_id>/advice")
ROUND_IT = 64 * 1024  # bytes of a form beside its file
SUBMISSION = re.compile(r"(\d{1,7})-(\d{1,4})")
NO_WORDS = ("seen", "then", "upload", "typed_in")


def keep_words(author: str, place: Mapping[str, object]) -> bool:
    """Keep what a form of advice held for its author, when it could not be sent."""
    plan_id, number = str(place["plan_id"]), int(str(place["number"]))
    if not advice_given.may_keep(current.db(), author, plan_id, number, current.moment()):
        return False
    drafts_store.keep(current.db(), author, _draft(plan_id, number))
    return True


@blueprint.get("/<int:number>/write")
@needs(Permission.PLAN_VIEW)
def write(plan_id: str, number: int) -> Response:
    """The form with what its author kept, or with what they gave before, to correct it."""
    reading, asked = _opened(plan_id, number)
    more = load(GiveQuery(), request.args)["more"] == "yes"
    draft = advice_given.draft_of(current.db(), reading.actor, plan_id, number)
    return _form(reading, asked, _typed(reading, asked, draft), draft=draft, more=more)


@blueprint.post("/<int:number>/write")
@needs(Permission.PLAN_VIEW, rescue=keep_words)
def send(plan_id: str, number: int) -> BaseResponse:
    """Send it for good; with the other buttons, keep it and go on later."""
    reading, asked = _opened(plan_id, number)
    db, actor, moment = current.db(), current.actor(), current.moment()
    try:
        if request.form.get("then", "") in ("keep", "more"):
            load(kept_schema(asked.kind), request.form)
            drafts_store.keep(db, actor.person, _draft(plan_id, number))
            more = "yes" if request.form["then"] == "more" else None
            return go(url_for("advice_giving.write", plan_id=plan_id, number=number, more=more))
        sent, advice = sent_advice(asked.kind, advice_given.role_words(asked))
        seen, name, tells = sent["seen"], sent["upload"], sent["tells_hidden"] == "yes"
        ticket = submission(sent, ["give", number, seen, advice.value, name])
        if not advice_file.was_given(db, plan_id, ticket):
            upload = advice_file.chosen(db, reading, number, name)
            advice_file.give(db, actor, plan_id, number, seen, advice, upload, moment, ticket, tells)
    except Invalid as error:
        return _form(reading, asked, request.form, error.errors, tells_hidden=isinstance(error, TellsHidden))
    except NotReady:
        keep_words(actor.person, {"plan_id": plan_id, "number": number})
        raise
    return go(url_for("advice.show", plan_id=plan_id, number=number))


@blueprint.post("/<int:number>/draft")
@needs(Permission.PLAN_VIEW, rescue=keep_words)
def keep(plan_id: str, number: int) -> Response:
    """Keep a form of advice as it is being typed; nobody else sees it."""
    db, actor = current.db(), current.actor()
    look = current.glance(plan_id)
    reading = plans.reading_of(db, look.plan, actor)
    plans.open_loaded(db, look.plan, actor, current.moment())
    asked = advice_given.to_answer(reading.plan, actor, number)
    load(kept_schema(asked.kind), request.form)
    draft = _draft(plan_id, number)
    if not any(text.strip() for name, texts in draft.fields.items() if name not in NO_WORDS for text in texts):
        drafts_store.drop(db, actor.person, plan_id, advice_given.PLACE, str(number), "")
        return as_json({"kept": None})
    return kept_or_too_soon(draft, look.drafts)


@blueprint.post("/<int:number>/file")
@needs(Permission.PLAN_VIEW, page="advice_giving.write")
@takes(LARGEST[MediaKind.LETTER] + ROUND_IT)
def attach(plan_id: str, number: int) -> BaseResponse:
    """Send a document, to be cleaned before anybody sees it."""
    reading, asked = _opened(plan_id, number)
    try:
        sent = load(Form(), request.form)
        content = request.files["file"].read() if "file" in request.files else b""
        advice_file.send(current.db(), reading, number, content, sent["request_id"], current.moment())
    except Invalid as error:
        draft = advice_given.draft_of(current.db(), reading.actor, plan_id, number)
        return _form(reading, asked, _typed(reading, asked, draft), error.errors, draft)
    return go(url_for("advice_giving.write", plan_id=plan_id, number=number, _anchor="document"))


@blueprint.post("/<int:number>/file/<item>/discard")
@needs(Permission.PLAN_VIEW, page="advice_giving.write")
def discard(plan_id: str, number: int, item: str) -> BaseResponse:
    """Throw away a document of one's own that was not given yet."""
    reading, _ = _opened(plan_id, number)
    load(Form(), request.form)
    advice_file.throw_away(current.db(), reading, number, item)
    return go(url_for("advice_giving.write", plan_id=plan_id, number=number, _anchor="document"))


@blueprint.get("/given/<tag>")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, tag: str) -> Response:
    """Advice as it was given, for whoever reads its line in section K; its author sees who has opened it."""
    reading, (number, version) = current.open_plan(plan_id), _submission(tag)
    opened = advice_given.open_given(current.db(), reading, number, version, current.moment())
    advice, by = opened.submitted.advice, opened.submitted.by
    return render(
        "advice/given.html",
        json=lambda: {
            "plan": plan_id,
            "number": number,
            "given": version,
            "at": stamp(by.at),
            "hash": opened.submitted.hash.hex(),
            "advice": advice_given.told(reading, advice, by.person).value,
        },
        reading=reading,
        plan=reading.plan,
        asked=opened.request,
        submitted=opened.submitted,
        advice=advice_given.told(reading, advice, by.person),
        giver=giver_of(opened.request),
        read=opened.read,
        tells_reading=advice_given.tells_reading(reading, opened.request),
        may_correct=opened.request.is_of(reading.actor.person),
        titles=TITLES,
        tables=list(Table),
        amount_of=amount_of,
        as_words=as_words,
    )


@blueprint.get("/given/<tag>/file")
@needs(Permission.PLAN_VIEW)
def file(plan_id: str, tag: str) -> BaseResponse:
    """The document that was sent with advice, as it was cleaned."""
    reading, (number, version) = current.open_plan(plan_id), _submission(tag)
    return give_file(*advice_file.read(current.db(), reading, number, version, current.moment()))


def _submission(tag: str) -> tuple[int, int]:
    """ "12-1": the first submission of the request that is entry 12; NotFound for what names none."""
    found = SUBMISSION.fullmatch(tag)
    if found is None:
        raise NotFound("no such advice")
    return int(found[1]), int(found[2])


def _opened(plan_id: str, number: int) -> tuple[PlanReading, AdviceRequest]:
    """The plan and the request, for whoever is asked: nobody else's form is judged."""
    reading = current.open_plan(plan_id)
    return reading, advice_given.to_answer(reading.plan, reading.actor, number)


def _typed(reading: PlanReading, asked: AdviceRequest, draft: Draft | None) -> MultiDict[str, str]:
    if draft:
        return MultiDict([(name, text) for name, texts in draft.fields.items() for text in texts])
    if asked.newest is None:
        return MultiDict()
    given = advice_given.own_newest(current.db(), reading.plan.id, asked)
    return as_typed(given.advice)


def _draft(plan_id: str, number: int) -> Draft:
    words = {name: texts for name, texts in unsent(request.form).items() if name not in NO_WORDS}
    typed_in = request.form.get("typed_in", "")[:60]
    return Draft(plan_id, advice_given.PLACE, str(number), "", words, 0, current.moment().wall, typed_in)


def _form(
    reading: PlanReading,
    asked: AdviceRequest,
    typed: MultiDict[str, str],
    errors: Mapping[str, str] | None = None,
    draft: Draft | None = None,
    more: bool = False,
    tells_hidden: bool = False,
) -> Response:
    plan = reading.plan
    uploads = advice_file.waiting(current.db(), reading, asked.number)
    return render(
        "advice/write.html",
        json=lambda: {"plan": plan.id, "number": asked.number, "errors": dict(errors or {})},
        reading=reading,
        plan=plan,
        asked=asked,
        giver=giver_of(asked),
        form=shown(asked.kind, typed, more),
        tables=list(Table),
        titles=TITLES,
        nouns=NOUNS,
        open=is_theirs(reading, asked) or bool(asked.given),
        kept_at=draft.at if draft else None,
        uploads=uploads,
        why={each.id: REASONS[each.reason] for each in uploads if each.reason},
        errors=errors or {},
        tells_hidden=tells_hidden,
    )
