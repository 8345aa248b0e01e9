"""What is typed in a review's long forms and not sent yet: kept for its author, and given back to nobody else."""

from collections.abc import Callable
from typing import Any

from flask import request
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from portal.domain.identifier import PLAN_ID
from portal.operations.drafts import REVIEW
from portal.store import drafts
from portal.store.drafts import Draft
from portal.web import current
from portal.web.forms import Form
from portal.web.item_form import unsent
from portal.web.unsent_words import TYPED_IN, is_theirs


def keeping(which: str) -> Callable[[str, dict[str, Any]], bool]:
    """What keeps the words of one form of a review for their author, when they could not be sent."""

    def keep_words(author: str, place: dict[str, Any]) -> bool:
        plan_id = str(place["plan_id"])
        if not PLAN_ID.fullmatch(plan_id) or not is_theirs(author, plan_id):
            return False
        drafts.keep(current.db(), author, as_typed(plan_id, which))
        return True

    return keep_words


def as_typed(plan_id: str, which: str) -> Draft:
    """What this request's form holds, as it was typed."""
    words = unsent(request.form)
    typed_in = "".join(words.pop(TYPED_IN, []))
    return Draft(plan_id, REVIEW, which, "", words, 0, current.moment().wall, typed_in if typed_in in words else "")


def kept(person: str, plan_id: str, which: str) -> Draft | None:
    """This person's own words for one form of a review, if there are any."""
    return drafts.find(current.db(), person, plan_id, REVIEW, which, "")


def sent(person: str, plan_id: str, which: str) -> None:
    """Keep them no more: they are on record now."""
    drafts.drop(current.db(), person, plan_id, REVIEW, which, "")


def words_of(draft: Draft) -> MultiDict[str, str]:
    """A form as it was kept, for its page."""
    return MultiDict([(name, text) for name, texts in draft.fields.items() for text in texts])


def lenient(strict: Schema) -> Schema:
    """The parts of a form and no others; what is typed in them may be wrong, or half there, as yet."""
    names = [name for name in strict.fields if name not in Form().fields]
    made: dict[str, Any] = {name: fields.String(load_default="") for name in names}
    made[TYPED_IN] = fields.String(load_default="", validate=validate.OneOf(["", *names]))
    made_class: type[Schema] = type("ReviewDraftForm", (Form,), made)
    return made_class()
