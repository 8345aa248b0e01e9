"""The forms by which ordered words are pinned, and let go by a later order."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from portal.domain.compare import amount_words
from portal.domain.identifier import ITEM_ID
from portal.domain.redress import ACTS
from portal.domain.standard import AMOUNT_PARTS, FieldKind
from portal.web.forms import Form, Query, Words

PLACE = validate.Regexp(rf"[BFI]/(?:{ITEM_ID.pattern})/[a-z_]{{1,40}}\Z", error="Choose what the order is about.")
NUMBER = validate.Range(min=1, max=1_000_000)
WHICH: Any = {"required": "Choose the order.", "invalid": "Choose the order."}


class ActQuery(Query):
    kind = fields.String(load_default="", validate=validate.OneOf(("", *ACTS)))


class PlaceQuery(Query):
    place = fields.String(load_default="", validate=validate.Length(max=80))


class PinForm(Form):
    order = fields.Integer(required=True, validate=NUMBER, error_messages=WHICH)
    place = fields.String(required=True, validate=PLACE)
    words = Words(limit=6000, load_default="")
    minutes = Words(limit=5, line=True, load_default="", data_key="amount.minutes")
    how_often = Words(limit=200, line=True, load_default="", data_key="amount.how_often")
    ratio = Words(limit=200, line=True, load_default="", data_key="amount.ratio")
    how_long = Words(limit=200, line=True, load_default="", data_key="amount.how_long")


class SetAsideForm(Form):
    order = fields.Integer(required=True, validate=NUMBER, error_messages=WHICH)
    reason = Words(limit=2000, needed="Say what the later order says of these words.", required=True)


def words_of(kind: FieldKind, sent: Mapping[str, Any]) -> str:
    """The ordered words: an amount's four parts as the plan itself says them."""
    if kind is FieldKind.AMOUNT:
        return amount_words({part: sent[part] for part in AMOUNT_PARTS})
    return str(sent["words"])
