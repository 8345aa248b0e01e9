"""The forms by which somebody comments, suggests, sends a message, answers and goes on."""

from typing import Any

from marshmallow import fields, validate

from portal.domain.converse import PARENTS
from portal.domain.identifier import ALPHABET
from portal.operations.conversations import Pointed
from portal.web.forms import Form, Words

POINTED = validate.Regexp(r"[a-z_]{1,40}:[0-9]{1,4}\Z", error="Choose the sentence that it is about.")
PERSON = validate.Regexp(rf"([{ALPHABET}]{{16}})?\Z", error="Choose one of the people on the list.")
NAMED: Any = {"required": "Choose the sentence that it is about."}


class ShownForm(Form):
    """Words that a parent may let another parent see."""

    shown = fields.String(load_default="", validate=validate.OneOf(("", PARENTS)))


class PointingForm(ShownForm):
    """A sentence by its field and its number there, in the revision of the section that was on the page."""

    sentence = fields.String(required=True, validate=POINTED, error_messages=NAMED)
    revision = fields.Integer(required=True, validate=validate.Range(min=0, max=1_000_000))


class CommentForm(PointingForm):
    words = Words(limit=2000, needed="Write what you want to say.", required=True)


class SuggestForm(PointingForm):
    wording = Words(limit=6000, needed="Write the words that you would put in its place.", required=True)
    words = Words(limit=2000, load_default="")


class MessageForm(ShownForm):
    words = Words(limit=2000, needed="Write what you want to say.", required=True)
    waits_for = fields.String(load_default="", validate=PERSON)


class SettleForm(Form):
    words = Words(limit=2000, load_default="")
    then = fields.String(required=True, validate=validate.OneOf(("answer", "ask")))


def pointed_in(sent: dict[str, Any], item: str) -> Pointed:
    field, _, at = sent["sentence"].partition(":")
    return Pointed(item, field, int(at), sent["revision"])
