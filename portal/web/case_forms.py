"""The forms of a child's case: an event, its day and the words that its kind must have, made from the clocks' data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate
from werkzeug.datastructures import MultiDict

from portal.domain.case_steps import outstanding
from portal.domain.clocks.event import FIELDS, KINDS, Case, Field, Kind
from portal.domain.clocks.exemption import LAWFUL
from portal.domain.hashing import Value
from portal.operations.case import Told
from portal.store.requests import Request
from portal.web.case_page import giver_of
from portal.web.case_words import ADVICE_OF, ASKED, LIMITS, SAID
from portal.web.forms import Form, Query, Words, load
from portal.web.submission import submission

# A new ref is numbered by the rule, never typed.
NUMBERED = (Kind.ADVICE_REQUESTED, Kind.SETTING_CONSULTED)
A_DAY = "Give a day, like 2027-03-14."
Known = Callable[[str], Any]
REF = r"[a-z]\d{0,3}"


class ChooseQuery(Query):
    kind = fields.String(load_default="", validate=validate.OneOf(("", *KINDS)))


class WhatIfQuery(Query):
    """ "What if": one piece of advice, or all that is waited for, so many days later."""

    days = fields.Integer(load_default=0, validate=validate.Range(min=0, max=365))
    ref = fields.String(load_default="", validate=validate.Regexp(rf"({REF})?\Z"))

    @pre_load
    def without_days(self, sent: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """A browser sends a number that was not given as nothing."""
        return {name: value for name, value in sent.items() if name != "days" or value}


class CorrectionForm(Form):
    reason = Words(limit=2000, needed="Say what was wrong, so that whoever looks later understands.", required=True)


@dataclass(frozen=True)
class Input:
    """One question of the form; `choices` are (key, words) pairs, without any it is a day or a number."""

    name: str
    label: str
    shape: str
    choices: tuple[tuple[str, str], ...] = ()


def inputs_of(kind: Kind, case: Case) -> list[Input]:
    """What the form of a kind asks beside the day."""
    asked = [each for each in FIELDS.get(kind, ()) if each.name != "ref" or kind not in NUMBERED]
    return [Input(each.name, ASKED[each.name], each.shape, _choices(each, case)) for each in asked]


def _choices(field: Field, case: Case) -> tuple[tuple[str, str], ...]:
    if field.name == "ref":
        awaited = [(ref, giver_of(ref)) for ref in outstanding(case)]
        return tuple(awaited if field.needed else [("", "All of it"), *awaited])
    if field.name == "advice":
        return tuple((key, ADVICE_OF[key]) for key in field.among)
    if field.shape == "clock":
        return tuple((clock.value, LIMITS[clock]) for clock in LAWFUL)
    return tuple((key, SAID[key]) for key in field.among)


def has_own_day(kind: Kind) -> bool:
    """An exemption is told by the days that it covers."""
    return kind is not Kind.EXEMPTION


@cache
def _record_schema(kind: Kind) -> Schema:
    """The strict form of one kind; what hangs on another answer is the rule's to judge."""
    made: dict[str, Any] = {"kind": fields.String(required=True), "words": Words(limit=2000, load_default="")}
    if has_own_day(kind):
        made["on"] = _day(needed=True)
    for each in FIELDS.get(kind, ()):
        if each.name != "ref" or kind not in NUMBERED:
            made[f"fact_{each.name}"] = _field(each)
    made_class: type[Schema] = type("RecordForm", (Form,), made)
    return made_class()


def _field(field: Field) -> fields.Field[Any]:
    needed = field.needed and field.only_if is None
    if field.shape == "day":
        return _day(needed, field.name)
    if field.shape in ("number", "year"):
        return fields.String(
            data_key=field.name,
            load_default="",
            validate=validate.Regexp(r"\d{1,4}\Z" if needed else r"(\d{1,4})?\Z", error="Give a whole number."),
        )
    if field.name == "ref":
        return _chosen(needed, field.name, validate.Regexp(rf"({REF})?\Z", error="Choose one."))
    among = tuple(LAWFUL) if field.shape == "clock" else field.among
    return _chosen(needed, field.name, validate.OneOf(among if needed else ("", *among), error="Choose one."))


def _chosen(needed: bool, name: str, known: Known) -> fields.String:
    if needed:
        return fields.String(data_key=name, required=True, error_messages={"required": "Choose one."}, validate=known)
    return fields.String(data_key=name, load_default="", validate=known)


def _day(needed: bool, name: str = "on") -> fields.String:
    """A day, sent as nothing by a browser in which none was given."""
    known: list[Known] = [
        validate.Regexp(r"\d{4}-\d\d-\d\d\Z" if needed else r"(\d{4}-\d\d-\d\d)?\Z", error=A_DAY),
        _is_day,
    ]
    if needed:
        return fields.String(data_key=name, required=True, error_messages={"required": A_DAY}, validate=known)
    return fields.String(data_key=name, load_default="", validate=known)


def _is_day(text: str) -> None:
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError:
        raise ValidationError(A_DAY) from None


def told_in(form: MultiDict[str, str], kind: Kind) -> tuple[Told, Request | None]:
    """What a sent form of this kind puts on record, and its submission. Invalid with a message for each field."""
    sent = load(_record_schema(kind), form)
    on, facts = _day_and_facts(kind, sent)
    told = Told(kind, on, facts, sent["words"])
    return told, submission(sent, [kind.value, on.isoformat(), facts, sent["words"]])


def _day_and_facts(kind: Kind, sent: Mapping[str, Any]) -> tuple[date, dict[str, Value]]:
    facts: dict[str, Value] = {}
    for each in FIELDS.get(kind, ()):
        said = sent.get(f"fact_{each.name}")
        if said:
            facts[each.name] = int(said) if each.shape in ("number", "year") else said
    return date.fromisoformat(sent["on"] if has_own_day(kind) else str(facts["from"])), facts
