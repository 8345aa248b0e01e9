"""Forms: strict marshmallow schemas made from the plan standard, and messages that say what to do."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from portal.domain.error import Invalid
from portal.domain.hashing import Value
from portal.domain.identifier import ITEM_ID, PLAN_ID, REQUEST_ID
from portal.domain.standard import AMOUNT_PARTS, Field, FieldKind, Group
from portal.domain.text import clean, has_forbidden, one_line

FORBIDDEN = "This holds characters that can't be typed. Delete what looks empty or odd, and try again."
UNKNOWN = "This form has a part that does not belong to it. Go back and open it again."


class Words(fields.String):
    """Plain text, normalised; `line` folds it into one line, `limit` counts characters after that."""

    def __init__(self, limit: int = 6000, line: bool = False, needed: str = "", **options: Any) -> None:
        if needed:
            options["error_messages"] = {"required": needed}
        super().__init__(**options)
        self.limit, self.line, self.needed = limit, line, needed

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        text = super()._deserialize(value, *args, **options)
        if has_forbidden(text):
            raise ValidationError(FORBIDDEN)
        text = one_line(text) if self.line else clean(text)
        if len(text) > self.limit:
            raise ValidationError(f"This is {len(text):,} characters. Shorten it to {self.limit:,} or fewer.")
        if self.needed and not text:
            raise ValidationError(self.needed)
        return text


class Query(Schema):
    """What an address asks, as strictly as a form: a name that is not known is refused."""

    class Meta:
        unknown = RAISE


class Form(Schema):
    """A strict form: a field that is not named is refused. Every form of ours carries these two."""

    class Meta:
        unknown = RAISE

    csrf_token = fields.String(load_default="")
    request_id = fields.String(load_default="", validate=validate.Regexp(rf"(?:{REQUEST_ID.pattern})?\Z"))


class ReasonForm(Form):
    reason = Words(limit=2000, needed="Say why, so that they know what to do.", required=True)


class AnswerForm(Form):
    words = Words(limit=20_000, needed="Write what you think of the draft.", required=True)


class SignForm(Form):
    revision = fields.Integer(required=True, validate=validate.Range(min=0, max=1_000_000))
    text_hash = fields.String(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z"))


class ReadForm(Form):
    """How far each section was shown on the page that was read: "F:12" for each."""

    seen = fields.List(
        fields.String(validate=validate.Regexp(r"[A-Za-z0-9-]{1,12}:[0-9]{1,6}\Z")), validate=validate.Length(max=60)
    )


class CompareQuery(Query):
    before = fields.Integer(data_key="from", load_default=0, validate=validate.Range(min=0, max=1_000_000))
    after = fields.Integer(data_key="to", load_default=0, validate=validate.Range(min=0, max=1_000_000))


class HistoryQuery(Query):
    before = fields.Integer(load_default=0, validate=validate.Range(min=0, max=10_000_000))


class WorklistQuery(Query):
    """The last row of the page before: its date and its plan."""

    due = fields.String(load_default="", validate=validate.Regexp(r"(\d{4}-\d{2}-\d{2})?\Z"))
    after = fields.String(load_default="", validate=validate.Regexp(rf"({PLAN_ID.pattern})?\Z"))


def load(schema: Schema, sent: MultiDict[str, str]) -> dict[str, Any]:
    """What a form sent, checked; Invalid with a message for each field, so that the form can be shown again."""
    many = {field.data_key or name for name, field in schema.fields.items() if isinstance(field, fields.List)}
    data = {name: sent.getlist(name) if name in many else sent[name] for name in sent}
    repeated = [name for name in sent if name not in many and len(sent.getlist(name)) > 1]
    if repeated:
        known = {field.data_key or name for name, field in schema.fields.items()}
        raise Invalid({name if name in known else "form": UNKNOWN for name in repeated})
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {"form": error.messages}
        raise Invalid(_messages(messages, schema)) from None
    return loaded


def _messages(messages: Mapping[str, Any], schema: Schema) -> dict[str, str]:
    """One message a field; the name of an unknown field is the sender's and is not shown again."""
    known = {field.data_key or name for name, field in schema.fields.items()}
    return {
        name if name in known else "form": _first(said) if name in known else UNKNOWN for name, said in messages.items()
    }


def _first(said: Any) -> str:
    while isinstance(said, Mapping):
        said = next(iter(said.values()))
    return str(said[0] if isinstance(said, list) else said)


@cache
def item_schema(group: Group) -> Schema:
    """The form of one item, from the standard: its group's fields, the revision it was written against, no more."""
    made: dict[str, Any] = {}
    for each in group.fields:
        made.update(_inputs(each))
    made["tells_hidden"] = fields.String(load_default="", validate=validate.OneOf(("", "yes")))
    made["revision"] = fields.Integer(required=True, validate=validate.Range(min=0, max=1_000_000))
    made_class: type[Schema] = type("ItemForm", (Form,), made)
    return made_class()


def _inputs(field: Field) -> dict[str, Any]:
    needed = f"Fill in “{field.label}”." if field.required else ""
    if field.kind is FieldKind.FILE:
        return {}  # it comes from the worker, never from a form
    if field.kind is FieldKind.LINKS:
        one = fields.String(validate=validate.Regexp(rf"(?:{ITEM_ID.pattern})?\Z"))
        return {field.name: fields.List(one, validate=validate.Length(max=60))}
    if field.kind is FieldKind.AMOUNT:
        # Marshmallow takes a dot in a name for nesting, so the dot stands in the form's key alone.
        parts = ((_part(field, part), f"{field.name}.{part}") for part in AMOUNT_PARTS)
        return {name: Words(limit=field.limit, line=True, data_key=key) for name, key in parts}
    if field.kind is FieldKind.CHOICE:
        keys = [key for key, _ in field.choices] + ([] if field.required else [""])
        one_of = validate.OneOf(keys, error=f"Choose one for “{field.label}”.")
        return {field.name: fields.String(validate=one_of)}
    return {field.name: Words(limit=field.limit, line=field.kind is FieldKind.LINE, needed=needed)}


def _part(field: Field, part: str) -> str:
    return f"{field.name}_{part}"


def item_values(group: Group, loaded: Mapping[str, Any], adding: bool) -> dict[str, Value]:
    """The loaded form as values of the group's fields; what a form left out stays as it is, but not when adding."""
    values: dict[str, Value] = {}
    for each in group.fields:
        value = _value(each, loaded)
        if value is not None:
            values[each.name] = value
    missing = [each for each in group.fields if adding and each.required and not values.get(each.name)]
    if missing:
        raise Invalid({each.name: f"Fill in “{each.label}”." for each in missing})
    return values


def _value(field: Field, loaded: Mapping[str, Any]) -> Value | None:
    if field.kind is FieldKind.AMOUNT:
        return _amount(field, loaded)
    if field.name not in loaded:
        return None
    if field.kind is FieldKind.LINKS:
        return sorted({each for each in loaded[field.name] if each})
    value: str = loaded[field.name]
    return value


def _amount(field: Field, loaded: Mapping[str, Any]) -> Value | None:
    sent = {part: loaded[_part(field, part)] for part in AMOUNT_PARTS if _part(field, part) in loaded}
    if not sent:
        return None
    minutes = sent.pop("minutes", "")
    if minutes and not (minutes.isascii() and minutes.isdecimal() and 0 < int(minutes) <= 10_000):
        raise Invalid({f"{field.name}.minutes": "Give the minutes as a whole number, like 45."})
    amount: dict[str, Value] = {name: text for name, text in sent.items() if text}
    return {"minutes": int(minutes), **amount} if minutes else amount
