"""Photographs, drawings, sounds and films of section A: send one, see what was kept of it, place it, open it."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs, takes
from portal.domain.content import Content
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.error import Invalid
from portal.domain.media import GROUP, LARGEST, LETTER, REASONS
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading
from portal.domain.restricted import TellsHidden
from portal.domain.standard import Group
from portal.operations import media, plans
from portal.operations.advice_file import is_advice
from portal.store import media as store
from portal.store.media import Upload
from portal.store.requests import Request
from portal.web import current
from portal.web.files import give
from portal.web.forms import Form, item_schema, item_values, load
from portal.web.item_form import from_item, from_sent
from portal.web.media_forms import SendForm
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("media", __name__, url_prefix="/plans/<plan_id>")
ROUND_IT = 64 * 1024  # bytes of a form beside its file


@blueprint.get("/media/new")
@needs(Permission.PLAN_VIEW)
def add(plan_id: str) -> Response:
    reading = current.open_plan(plan_id)
    media.must_add(reading)
    return _form(reading)


@blueprint.post("/media")
@needs(Permission.PLAN_VIEW, page="media.add")
@takes(max(LARGEST.values()) + ROUND_IT)
def send(plan_id: str) -> BaseResponse:
    """Keep what was sent for the worker to look at; 422 with the reason when it is plain that it can't be taken."""
    reading = current.open_plan(plan_id)
    media.must_add(reading)
    try:
        sent = load(SendForm(), request.form)
        content = request.files["file"].read() if "file" in request.files else b""
        form, told = sent["request_id"], sent["sha256"]
        upload = media.send(current.db(), reading, content, sent["shows"], current.moment(), form, told)
    except Invalid as error:
        return _form(reading, error.errors)
    return go(url_for("media.show", plan_id=plan_id, item=upload))


@blueprint.get("/uploads/<item>")
@needs(Permission.PLAN_VIEW)
def show(plan_id: str, item: str) -> Response:
    """What became of a file: looked at now, not taken and why, or ready to be given its words."""
    reading = current.open_plan(plan_id)
    return _upload(reading, media.waiting(current.db(), reading, item))


@blueprint.get("/uploads/<item>/file")
@needs(Permission.PLAN_VIEW)
def preview(plan_id: str, item: str) -> BaseResponse:
    reading = current.open_plan(plan_id)
    return give(*media.preview(current.db(), media.waiting(current.db(), reading, item)))


@blueprint.post("/uploads/<item>")
@needs(Permission.PLAN_VIEW)
def place(plan_id: str, item: str) -> BaseResponse:
    """Put the file into section A with its words; nobody else sees anything of it before."""
    reading, db = current.open_plan(plan_id), current.db()
    back = url_for("sections.show", plan_id=plan_id, letter=LETTER)
    if store.find(db, plan_id, item) is None and _was_placed(plan_id, item):
        return go(back)
    upload = media.waiting(db, reading, item)
    try:
        sent = load(item_schema(_group()), request.form)
        words = item_values(_group(), sent, adding=False)
        ticket, tells = _ticket(item, sent), sent["tells_hidden"] == "yes"
        plan = media.place(db, current.actor(), plan_id, upload, words, current.moment(), ticket, tells)
    except Invalid as error:
        return _upload(reading, upload, error.errors, isinstance(error, TellsHidden))
    return go(f"{back}#item-{plan.sections[LETTER].content.in_group(GROUP)[-1].id}")


@blueprint.post("/uploads/<item>/discard")
@needs(Permission.PLAN_VIEW)
def discard(plan_id: str, item: str) -> BaseResponse:
    reading = current.open_plan(plan_id)
    upload = media.waiting(current.db(), reading, item)
    load(Form(), request.form)
    media.throw_away(current.db(), upload)
    return go(url_for("media.add", plan_id=plan_id))


@blueprint.get("/media/<item>")
@needs(Permission.PLAN_VIEW)
def file(plan_id: str, item: str) -> BaseResponse:
    """A file of section A, for whoever may read the words beside it."""
    content = current.open_plan(plan_id).sections[LETTER].content
    return give(*media.in_content(current.db(), plan_id, content, item))


@blueprint.get("/versions/<int:number>/media/<item>")
@needs(Permission.PLAN_VIEW)
def issued(plan_id: str, number: int, item: str) -> BaseResponse:
    """A file of section A as a version printed it, though it may have been taken out since."""
    opened = plans.open_version(current.db(), current.actor(), plan_id, number, current.moment())
    return give(*media.in_content(current.db(), plan_id, opened.contents.get(LETTER, Content()), item))


def _group() -> Group:
    return EHC_PLAN.section(LETTER).group(GROUP)


def _ticket(item: str, sent: dict[str, Any]) -> Request | None:
    return submission(sent, [item, GROUP, item_values(_group(), sent, adding=False)])


def _was_placed(plan_id: str, item: str) -> bool:
    """Whether this very form has placed its file before: then it is answered as it was then."""
    try:
        sent = load(item_schema(_group()), request.form)
    except Invalid:
        return False
    return media.placed(current.db(), plan_id, _ticket(item, sent))


def _form(reading: PlanReading, errors: Mapping[str, str] | None = None) -> Response:
    """The form that sends a file, with what this person has sent and not placed yet."""
    sent = store.of_person(current.db(), reading.plan.id, reading.actor.person)
    mine = [each for each in sent if not is_advice(each)]
    return render(
        "media/new.html",
        json=lambda: {
            "plan": reading.plan.id,
            "errors": dict(errors or {}),
            "waiting": [_upload_json(each) for each in mine],
        },
        reading=reading,
        plan=reading.plan,
        group=_group(),
        mine=mine,
        errors=errors or {},
        typed=request.form,
    )


def _upload(
    reading: PlanReading,
    upload: Upload,
    errors: Mapping[str, str] | None = None,
    tells_hidden: bool = False,
) -> Response:
    group = _group()
    form = from_sent(group, None, 0, request.form) if errors else from_item(group, None, 0)
    values = {**form.values, "shows": form.values["shows"] or upload.shows}
    return render(
        "media/show.html",
        "media/_upload.html",
        json=lambda: {"plan": reading.plan.id, **_upload_json(upload), "errors": dict(errors or {})},
        reading=reading,
        plan=reading.plan,
        group=group,
        upload=upload,
        why=REASONS[upload.reason] if upload.reason else "",
        values=values,
        errors=errors or {},
        tells_hidden=tells_hidden,
        revision=reading.sections[LETTER].head.revision,
    )


def _upload_json(upload: Upload) -> dict[str, Any]:
    """`state` is waiting, ready or refused; `file` is what was kept of it, in bytes and pixels."""
    why = REASONS[upload.reason] if upload.reason else ""
    return {"upload": upload.id, "state": upload.state, "why": why, "file": upload.file.value if upload.file else {}}
