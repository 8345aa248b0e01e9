"""A council's own words for its letters: what each says, writing it anew, and every version there was."""

from collections.abc import Mapping

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.domain.access import must_be_manager
from portal.domain.error import Invalid, NotReady, StaleRevision
from portal.domain.letter_kind import LetterKind
from portal.domain.letter_law import statutory
from portal.domain.letter_own import CONTACTS, name_of, parts_of
from portal.domain.letter_template import Template, checked, fill_ins
from portal.domain.moment import stamp
from portal.operations import letter_templates as operations
from portal.web import current
from portal.web.forms import load
from portal.web.letters import WORDS, TemplateForm, TemplateQuery, parts_sent, piece_json, sample
from portal.web.render import go, render

blueprint = Blueprint("our_letters", __name__, url_prefix="/our-letters")


@blueprint.get("")
@needs(SIGNED_ON)
def index() -> Response:
    """Each letter of each council whose SEN manager the reader is, and who wrote its words last."""
    db, actor = current.db(), current.actor()
    councils = {code: part.agency_name for code, part in sorted(must_be_manager(actor).items())}
    found = {code: operations.of_council(db, actor, code) for code in councils}
    return render(
        "our_letters/index.html",
        json=lambda: {"councils": {code: [_json(each) for each in said] for code, said in found.items()}},
        councils=councils,
        found=found,
        name_of=name_of,
    )


@blueprint.get("/edit")
@needs(SIGNED_ON)
def edit() -> Response:
    """One template's form, or an earlier version of it to read."""
    asked = load(TemplateQuery(), request.args)
    code = asked["council"] or next(iter(must_be_manager(current.actor())))
    number = asked["version"] if asked["version"] >= 0 else None
    template = operations.find(current.db(), current.actor(), code, asked["kind"], number)
    return _form(template, past=number is not None)


@blueprint.post("/edit")
@needs(SIGNED_ON)
def save() -> BaseResponse:
    """Show a sample of what was typed, or save it as a version of its own."""
    must_be_manager(current.actor())
    db, actor = current.db(), current.actor()
    try:
        sent = load(TemplateForm(), request.form)
    except Invalid as error:
        return _as_typed(error)
    code, name, parts = sent["council"], sent["kind"], parts_sent(sent)
    now = operations.find(db, actor, code, name)
    typed = Template(code, name, sent["version"], parts)
    try:
        if sent["act"] == "preview":
            checked(name, parts)
            return _form(typed, tried=True)
        operations.save(db, actor, code, name, sent["version"], parts, current.moment())
    except Invalid as error:
        return _form(typed, errors=error.errors)
    except StaleRevision as error:
        clashes = {each.part: each for each in error.clashes}
        return _form(Template(code, name, now.number, error.merged), clashes=clashes)
    return go(url_for("our_letters.index"))


def _as_typed(error: Invalid) -> Response:
    """The form with words in it that no form of ours takes; whatever else is wrong with it was made by no page."""
    known = load(TemplateForm(only=("kind", "council", "version")), _without_words())
    if not all(each.startswith(WORDS) for each in error.errors):
        raise error
    parts = {each.name: request.form.get(WORDS + each.name, "") for each in parts_of(known["kind"])}
    template = Template(known["council"], known["kind"], known["version"], parts)
    return _form(template, errors={each.removeprefix(WORDS): said for each, said in error.errors.items()})


def _without_words() -> MultiDict[str, str]:
    return MultiDict({name: request.form.get(name, "") for name in ("kind", "council", "version")})


def _form(
    template: Template,
    past: bool = False,
    tried: bool = False,
    errors: Mapping[str, str] | None = None,
    clashes: Mapping[str, object] | None = None,
) -> Response:
    """The form with these words in it: as they stand, `tried` (shown as a letter and not saved), or refused."""
    db, actor, today = current.db(), current.actor(), current.moment().today
    contacts = operations.contacts(db, template.authority)
    shown = None
    if not errors:
        try:
            shown = sample(template, contacts, today)
        except NotReady:  # an earlier version names what is no longer known
            shown = None
    kind = None if template.name == CONTACTS else LetterKind(template.name)
    return render(
        "our_letters/edit.html",
        json=lambda: {**_json(template), "sample": [piece_json(each) for each in shown.pieces] if shown else []},
        status=422 if errors else 409 if clashes else 200,
        template=template,
        name=name_of(template.name),
        parts=parts_of(template.name),
        fills=fill_ins(template.name),
        law=statutory(kind, today) if kind else (),
        sample=shown,
        past=past,
        tried=tried,
        earlier=operations.earlier(db, actor, template.authority, template.name),
        errors={WORDS + each: said for each, said in (errors or {}).items()},
        clashes=clashes or {},
    )


def _json(template: Template) -> dict[str, object]:
    by = {"by": template.by.name, "at": stamp(template.by.at)} if template.by else {}
    return {"kind": template.name, "version": template.number, "parts": dict(template.parts), **by}
