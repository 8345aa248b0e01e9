"""Who may read what: the council's SEN team keeps a fact, a field or a whole item for some people alone."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, request, url_for
from marshmallow import fields, validate
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import needs
from portal.domain.audience import CHILD, FACTS, Restriction, place_of
from portal.domain.error import Invalid, NotAllowed, NotFound
from portal.domain.permission import Permission
from portal.domain.reading import PlanReading, name_of
from portal.operations import restrict as operations
from portal.operations.restrict import Reader
from portal.web import current
from portal.web.forms import Form, Words, load
from portal.web.render import go, render
from portal.web.submission import submission

blueprint = Blueprint("audience", __name__, url_prefix="/plans/<plan_id>/audience")
WHOLE = "whole"
EVERYBODY, SOME = "everybody", "some"
READER = r"[a-z0-9-]{1,60}\Z"


class AudienceForm(Form):
    """`what` names a field, or the whole item; `readers` is asked only when not everybody may read it."""

    what = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z_-]{1,40}\Z", error="Choose what this is about."),
        error_messages={"required": "Choose what this is about."},
    )
    who = fields.String(
        required=True,
        validate=validate.OneOf((EVERYBODY, SOME), error="Choose who may read it."),
        error_messages={"required": "Choose who may read it."},
    )
    readers = fields.List(
        fields.String(validate=validate.Regexp(rf"(?:{READER})?")), validate=validate.Length(max=200), load_default=list
    )
    reason = Words(limit=2000, needed="Say why, so that whoever looks later understands.", required=True)


@blueprint.get("")
@needs(Permission.PLAN_RESTRICT)
def show(plan_id: str) -> Response:
    """What is kept for some alone, and the form for the facts about the child."""
    return _child(_reading(plan_id))


@blueprint.post("")
@needs(Permission.PLAN_RESTRICT)
def settle(plan_id: str) -> BaseResponse:
    reading = _reading(plan_id)
    try:
        return _settled(reading, CHILD, dict(FACTS))
    except Invalid as error:
        return _child(reading, error.errors)


@blueprint.get("/<letter>/<group>/<item>")
@needs(Permission.PLAN_RESTRICT)
def item(plan_id: str, letter: str, group: str, item: str) -> Response:
    """Who may read one item, or one field of it."""
    reading = _reading(plan_id)
    return _item(reading, letter, item, _fields(reading, letter, group, item))


@blueprint.post("/<letter>/<group>/<item>")
@needs(Permission.PLAN_RESTRICT)
def settle_item(plan_id: str, letter: str, group: str, item: str) -> BaseResponse:
    reading = _reading(plan_id)
    choices = _fields(reading, letter, group, item)
    try:
        return _settled(reading, place_of(letter, item), choices)
    except Invalid as error:
        return _item(reading, letter, item, choices, error.errors)


def _settled(reading: PlanReading, place: str, choices: Mapping[str, str]) -> BaseResponse:
    sent = load(AudienceForm(), request.form)
    if sent["what"] not in choices:
        raise Invalid({"what": "Choose what this is about."})
    readers = tuple(each for each in sent["readers"] if each) if sent["who"] == SOME else None
    at = place if sent["what"] == WHOLE else f"{place}/{sent['what']}"
    ticket = submission(sent, [at, sent["who"], list(readers or ()), sent["reason"]])
    db, actor, moment = current.db(), current.actor(), current.moment()
    operations.restrict(db, actor, reading.plan.id, at, readers, sent["reason"], moment, ticket)
    return go(url_for("audience.show", plan_id=reading.plan.id))


def _reading(plan_id: str) -> PlanReading:
    """The plan, for whoever may settle who reads it; a stranger and a reader are refused before a form is judged."""
    reading = current.open_plan(plan_id)
    if not reading.may(Permission.PLAN_RESTRICT):
        raise NotAllowed("The council’s SEN team settles who may read what in this plan.")
    return reading


def _fields(reading: PlanReading, letter: str, group: str, item: str) -> dict[str, str]:
    """What can be kept back of an item, by name; the whole of it only where the plan can do without the item."""
    shape = reading.plan.standard.section(letter).group(group)
    found = reading.sections[letter].content.item(item)
    if found is None or found.group != group:
        raise NotFound("no such item")
    whole = {WHOLE: f"The whole {shape.noun or 'item'}"} if shape.repeats else {}
    return {**whole, **{each.name: each.label for each in shape.fields}}


def _child(reading: PlanReading, errors: Mapping[str, str] | None = None) -> Response:
    return _page(reading, "", "", FACTS, errors)


def _item(
    reading: PlanReading,
    letter: str,
    item: str,
    choices: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    return _page(reading, letter, item, choices, errors)


def _page(
    reading: PlanReading,
    letter: str,
    item: str,
    choices: Mapping[str, str],
    errors: Mapping[str, str] | None,
) -> Response:
    readers = operations.readers_of(current.db(), reading.plan.id, current.moment())
    named = {each.id: each.name for each in readers}
    kept = [
        (_words_for(reading, each), [named[who] for who in each.readers if who in named])
        for each in reading.plan.restrictions
    ]
    return render(
        "audience/show.html",
        json=lambda: {"plan": reading.plan.id, "kept": [{"what": what, "readers": who} for what, who in kept]},
        reading=reading,
        plan=reading.plan,
        section=reading.sections[letter] if letter else None,
        item=reading.sections[letter].content.item(item) if letter else None,
        choices=tuple(choices.items()),
        readers=readers,
        kept=kept,
        sent=request.form,
        let_in=request.form.getlist("readers") if request.method == "POST" else _let_in(reading, letter, item, readers),
        errors=errors or {},
    )


def _let_in(reading: PlanReading, letter: str, item: str, readers: Sequence[Reader]) -> list[str]:
    """Who reads all of a place now: whoever is left out of a part of it stays out unless somebody lets them in."""
    place = place_of(letter, item) if letter else CHILD
    here = [each for each in reading.plan.restrictions if f"{each.place}/".startswith(f"{place}/")]
    return [each.id for each in readers if all(each.id in kept.readers for kept in here)]


def _words_for(reading: PlanReading, restriction: Restriction) -> str:
    """What a restriction is about, in words."""
    letter, name, field = (*restriction.place.split("/"), "")[:3]
    if letter == CHILD:
        return FACTS[name]
    standard = reading.plan.standard.section(letter)
    item = reading.sections[letter].content.item(name)
    if item is None:
        return f"Something taken out of section {letter}"
    group = standard.group(item.group)
    words = f"Section {letter}: {name_of(group, item) or group.title}"
    return f"{words}, {group.field(field).label}" if field else words
