"""The forms about advice: asking, chasing, declining, and the form of each kind, made from its questions and tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from flask import request
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from portal.domain.advice import AdviceState
from portal.domain.advice_form import MOST_ROWS, PARTS, QUESTIONS, Advice, Part, Row, Table
from portal.domain.ehc_plan import ADVICE_KINDS, AREAS, H1_KINDS
from portal.domain.error import Invalid
from portal.domain.identifier import ALPHABET, ITEM_ID
from portal.web.forms import Form, Query, Words, load

KINDS = tuple(key for key, _ in ADVICE_KINDS)
SLUG = validate.Regexp(r"([a-z0-9-]{2,60})?\Z")
PERSON = validate.Regexp(rf"([{ALPHABET}]{{16}})?\Z", error="Choose one of the people on the list.")
ITEM = validate.Regexp(rf"({ITEM_ID.pattern})?\Z", error="Choose one of the list.")
NUMBER = validate.Range(min=0, max=1_000_000)
BLANK, MORE = 1, 3  # rows that stand ready to be filled, and once somebody asks for more
UPLOAD = validate.Regexp(rf"([{ALPHABET}]{{10}}|[0-9a-f]{{10}})?\Z")


class AskQuery(Query):
    kind = fields.String(load_default="", validate=validate.OneOf(("", *KINDS)))
    agency = fields.String(load_default="", validate=SLUG)


class AskForm(Form):
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    agency = fields.String(load_default="", validate=SLUG)
    person = fields.String(load_default="", validate=PERSON)
    words = Words(limit=4000, load_default="")
    reuses = fields.String(load_default="", validate=ITEM)


class ChaseForm(Form):
    words = Words(limit=2000, load_default="")


class DeclineForm(Form):
    answer = fields.String(
        required=True,
        validate=validate.OneOf((AdviceState.DECLINED.value, AdviceState.NOT_KNOWN.value)),
        error_messages={"required": "Choose one."},
    )
    words = Words(limit=2000, load_default="")


class PassOnForm(Form):
    person = fields.String(
        required=True,
        validate=validate.Regexp(rf"[{ALPHABET}]{{16}}\Z", error="Choose who answers."),
        error_messages={"required": "Choose who answers."},
    )


class GiveQuery(Query):
    more = fields.String(load_default="", validate=validate.OneOf(("", "yes")))


def name_of(table: Table, part: Part) -> str:
    return f"{table.value}_{part.name}"


def answer_name(part: Part) -> str:
    return f"answer_{part.name}"


@cache
def advice_schema(kind: str) -> Schema:
    """The strict form of a kind; each column of a table is a list, of which the first of each make the first row."""
    made: dict[str, Any] = {answer_name(each): Words(limit=each.limit, load_default="") for each in QUESTIONS[kind]}
    for table, parts in PARTS.items():
        for each in parts:
            one = Words(limit=each.limit, line=each.line)
            made[name_of(table, each)] = fields.List(one, load_default=list, validate=validate.Length(max=MOST_ROWS))
    made["seen"] = fields.Integer(required=True, validate=NUMBER)
    made["upload"] = fields.String(load_default="", validate=UPLOAD)
    made["then"] = fields.String(load_default="", validate=validate.OneOf(("", "more", "keep")))
    made["typed_in"] = fields.String(load_default="")
    made["tells_hidden"] = fields.String(load_default="", validate=validate.OneOf(("", "yes")))
    made_class: type[Schema] = type("AdviceForm", (Form,), made)
    return made_class()


def kept_schema(kind: str) -> Schema:
    """The same parts and no others, as they are typed: wrong, or half there, as yet."""
    return _kept_schema(kind)


@cache
def _kept_schema(kind: str) -> Schema:
    many = fields.List(fields.String(), load_default=list, validate=validate.Length(max=MOST_ROWS))
    strict = {name: field for name, field in advice_schema(kind).fields.items() if name not in Form().fields}
    made: dict[str, Any] = {
        name: many if isinstance(field, fields.List) else fields.String(load_default="")
        for name, field in strict.items()
    }
    made_class: type[Schema] = type("KeptAdviceForm", (Form,), made)
    return made_class()


def sent_advice(kind: str, role: str) -> tuple[dict[str, Any], Advice]:
    """The form as loaded, and the advice in it without its document; Invalid by field, to show the form again."""
    loaded = load(advice_schema(kind), request.form)
    answers = {each.name: loaded[answer_name(each)] for each in QUESTIONS[kind]}
    rows = {table: tuple(_filled(table, loaded)) for table in Table}
    return loaded, Advice(kind, role, answers, rows)


def _filled(table: Table, loaded: Mapping[str, Any]) -> Iterator[Row]:
    """The rows in which something was written; Invalid where the first column is not."""
    parts = PARTS[table]
    columns = [loaded[name_of(table, each)] for each in parts]
    for number, values in enumerate(zip_longest(*columns, fillvalue=""), 1):
        row = {each.name: value for each, value in zip(parts, values, strict=True) if value}
        if not row:
            continue
        if parts[0].name not in row:
            raise Invalid({box_of(table, parts[0], number): f"Fill in “{parts[0].label}”."})
        minutes = row.get("minutes", "")
        if minutes and not (minutes.isascii() and minutes.isdecimal() and 0 < int(minutes) <= 10_000):
            wrong = next(each for each in parts if each.name == "minutes")
            raise Invalid({box_of(table, wrong, number): "Give the minutes as a whole number, like 45."})
        yield row


def box_of(table: Table, part: Part, number: int) -> str:
    """What a box is called on the page: the first row's by its name alone, so that a message finds it."""
    return name_of(table, part) + ("" if number == 1 else f"-{number}")


@dataclass(frozen=True)
class Box:
    """One box of the form as the page shows it."""

    id: str
    name: str
    part: Part
    value: str


@dataclass(frozen=True)
class Shown:
    """The form as the page shows it: questions, and the rows of each table with blank ones at the end."""

    answers: list[Box]
    tables: dict[Table, list[list[Box]]]


def shown(kind: str, typed: MultiDict[str, str], more: bool = False) -> Shown:
    """The form with what was typed, right or wrong."""
    answers = [
        Box(answer_name(each), answer_name(each), each, typed.get(answer_name(each), "")) for each in QUESTIONS[kind]
    ]
    return Shown(answers, {table: _rows(table, typed, MORE if more else BLANK) for table in Table})


def _rows(table: Table, typed: MultiDict[str, str], blank: int) -> list[list[Box]]:
    parts = PARTS[table]
    columns = [typed.getlist(name_of(table, each)) for each in parts]
    rows = [each for each in zip_longest(*columns, fillvalue="") if any(text.strip() for text in each)]
    rows = [*rows, *[("",) * len(parts)] * blank][:MOST_ROWS]
    return [
        [
            Box(box_of(table, part, number), name_of(table, part), part, text)
            for part, text in zip(parts, row, strict=True)
        ]
        for number, row in enumerate(rows, 1)
    ]


def as_typed(advice: Advice) -> MultiDict[str, str]:
    """Advice that was given, as its form holds it: where a correction begins."""
    typed: MultiDict[str, str] = MultiDict()
    for part in QUESTIONS[advice.kind]:
        typed.add(answer_name(part), advice.answers.get(part.name, ""))
    for table, parts in PARTS.items():
        for row in advice.rows.get(table, ()):
            for part in parts:
                typed.add(name_of(table, part), row.get(part.name, ""))
    return typed


@cache
def take_schema() -> Schema:
    """Which row of which request is taken; `area` and `type` are what its section asks beside it."""
    row = validate.Regexp(r"(?:needs|provision|outcomes|answers)/[a-z0-9_]{1,40}\Z")
    made: dict[str, Any] = {
        "request": fields.Integer(required=True, validate=NUMBER),
        "row": fields.String(required=True, validate=row),
        "area": fields.String(load_default="", validate=validate.OneOf(["", *(key for key, _ in AREAS)])),
        "type": fields.String(load_default="", validate=validate.OneOf(["", *(key for key, _ in H1_KINDS)])),
        "tells_hidden": fields.String(load_default="", validate=validate.OneOf(("", "yes"))),
    }
    made_class: type[Schema] = type("TakeForm", (Form,), made)
    return made_class()
