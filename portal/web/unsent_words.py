"""The words of a form that are not saved: read as leniently as they are typed, and kept for whoever typed them."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.error import NotFound
from portal.domain.identifier import ITEM_ID, PLAN_ID
from portal.domain.moment import stamp
from portal.domain.permission import could_open
from portal.domain.standard import Group
from portal.operations import drafts as drafting
from portal.operations.people import load_actor
from portal.store import drafts, plans
from portal.store.drafts import Draft
from portal.web import current
from portal.web.errors import error_page
from portal.web.forms import Form, item_schema
from portal.web.item_form import unsent
from portal.web.render import as_json

TYPED_IN = "typed_in"
NEW = "new"
MOST_LINKS = 60


@cache
def draft_schema(group: Group) -> Schema:
    """The parts of an item's form and no others; what is typed in them may be wrong, or half there, as yet."""
    strict = item_schema(group).fields
    names = [field.data_key or name for name, field in strict.items()]
    made = {name: _as_typed(field) for name, field in strict.items() if name not in Form().fields}
    made["revision"] = fields.Integer(load_default=0, validate=validate.Range(min=0, max=1_000_000))
    made[TYPED_IN] = fields.String(load_default="", validate=validate.OneOf(["", *names]))
    made_class: type[Schema] = type("DraftForm", (Form,), made)
    return made_class()


def _as_typed(field: fields.Field[Any]) -> fields.Field[Any]:
    if isinstance(field, fields.List):
        return fields.List(fields.String(), data_key=field.data_key, validate=validate.Length(max=MOST_LINKS))
    return fields.String(data_key=field.data_key)


class AnswerDraftForm(Form):
    """The family's answer as it stands; whether it says anything is asked when it is sent."""

    words = fields.String(load_default="")
    typed_in = fields.String(load_default="", validate=validate.OneOf(["", "words"]))


def kept_or_too_soon(draft: Draft, known: Sequence[Draft]) -> Response:
    """Keep the draft for the signed-on person, and say when; 429 to a page that was answered a moment ago."""
    before = next((each for each in known if each.place == draft.place), None)
    try:
        drafting.keep(current.db(), current.actor(), draft, before)
    except drafting.TooSoon:
        answer = error_page(429)
        answer.headers["Retry-After"] = "1"
        return answer
    return as_json({"kept": stamp(draft.at)})


def draft_of_form(plan_id: str, letter: str, group: str, item: str) -> Draft:
    """What this request's form holds, as it was typed."""
    revision = request.form.get("revision", "0")
    at = int(revision) if revision.isdecimal() and len(revision) < 7 else 0
    words = unsent(request.form)
    typed_in = "".join(words.pop(TYPED_IN, []))
    stored = "" if item == NEW else item
    typed_in = typed_in if typed_in in words else ""
    return Draft(plan_id, letter, group, stored, words, at, current.moment().wall, typed_in)


def keep_words(person: str, place: dict[str, Any]) -> bool:
    """Keep what a form sent for its author, when it could not be saved; False where there is no such place."""
    plan_id, letter, group, item = (str(place[name]) for name in ("plan_id", "letter", "group", "item"))
    known = letter in EHC_PLAN.by_letter and group in {each.name for each in EHC_PLAN.section(letter).groups}
    if not (known and PLAN_ID.fullmatch(plan_id) and ITEM_ID.fullmatch(item)):
        return False
    if not is_theirs(person, plan_id):
        return False
    drafts.keep(current.db(), person, draft_of_form(plan_id, letter, group, item))
    return True


def is_theirs(person: str, plan_id: str) -> bool:
    """Whether there is such a plan, and its author a part in it; nobody else is told which of the two it is not."""
    author = load_actor(current.db(), person, current.moment())
    if author is None or not could_open(author, plan_id):
        return False
    try:
        plans.load(current.db(), plan_id)
    except NotFound:  # destroyed meanwhile: nothing more is written of the child
        return False
    return True
