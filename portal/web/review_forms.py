"""The forms of a review: the meeting's day, invitations, advice, the child's views, the record, the decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from portal.domain.amend import Because
from portal.domain.hashing import Value
from portal.domain.reading import PlanReading, number_of
from portal.domain.review import OUTCOMES, PARTS, PROGRESS
from portal.web.forms import Form, Words

A_DAY = "Give a day, like 2027-03-14."
LONG = 8000
# How many disagreements the form of a meeting's record has room for.
DISSENTS = (1, 2, 3, 4)
ELSEWHERE = tuple(each for each in PARTS if each != "family")


def _day() -> fields.Date:
    return fields.Date(required=True, error_messages={"invalid": A_DAY, "required": A_DAY})


def _one_of(keys: Iterable[str], needed: str) -> fields.String:
    chosen = validate.OneOf(tuple(keys), error=needed)
    return fields.String(load_default="", error_messages={"required": needed}, validate=chosen)


class MeetingDayForm(Form):
    on = _day()
    words = Words(limit=1000, load_default="")


class AdviceForm(Form):
    progress = Words(limit=LONG, needed="Say what has gone well, and what has not.", required=True)
    change = Words(limit=LONG, load_default="")


class ViewsForm(Form):
    views = Words(limit=LONG, load_default="")
    told = Words(limit=600, load_default="")


class DecisionForm(Form):
    outcome = _one_of(("", *OUTCOMES), "Choose what is decided.")
    words = Words(limit=4000, load_default="")


class AmendForm(Form):
    because = _one_of(tuple(each.value for each in Because), "Choose why.")
    why = Words(limit=2000, load_default="")


class NotToAmendForm(Form):
    words = Words(limit=4000, needed="Say why the plan is not to be changed. The family reads it.", required=True)


def _invitation_fields() -> dict[str, Any]:
    one = fields.String(validate=validate.Regexp(r"[A-Za-z0-9-]{1,40}\Z", error="Choose from the people shown."))
    people = fields.List(one, load_default=list, validate=validate.Length(max=60))
    others = {f"other_{part}": Words(limit=200, line=True, load_default="") for part in ELSEWHERE}
    return {"people": people, "words": Words(limit=2000, load_default=""), **others}


InvitationForm: type[Schema] = type("InvitationForm", (Form,), _invitation_fields())


@dataclass(frozen=True)
class Asked:
    """One outcome of section E that the form asks about: its id, and how it is named there."""

    id: str
    named: str


def outcomes_asked(reading: PlanReading) -> tuple[Asked, ...]:
    section = reading.sections["E"]
    group = section.standard.group("outcomes")
    found = section.content.in_group("outcomes")
    return tuple(Asked(each.id, f"{number_of(group, each)} {each.text('what')}".strip()) for each in found)


def record_schema(asked: Iterable[Asked]) -> Schema:
    """The strict form of a meeting's record for the outcomes that the plan has now."""
    made: dict[str, Any] = {
        "on": _day(),
        "there": Words(limit=2000, load_default=""),
        "said": Words(limit=LONG, load_default=""),
        "recommends": _one_of(("", *OUTCOMES), "Choose what the meeting recommends."),
        "recommended": Words(limit=LONG, load_default=""),
    }
    for number in DISSENTS:
        made[f"who_{number}"] = Words(limit=200, line=True, load_default="")
        made[f"dissent_{number}"] = Words(limit=2000, load_default="")
    for each in asked:
        made[f"mark_{each.id}"] = _one_of(("", *PROGRESS), "Choose one of the words for how it goes.")
        made[f"note_{each.id}"] = Words(limit=1000, load_default="")
    made_class: type[Schema] = type("RecordForm", (Form,), made)
    return made_class()


def record_of(sent: Mapping[str, Any], asked: Iterable[Asked]) -> dict[str, Value]:
    """What stands beside the entry; each outcome in the words it had on that day."""
    told: list[Value] = []
    for number in DISSENTS:
        who, words = sent[f"who_{number}"], sent[f"dissent_{number}"]
        if who or words:
            told.append({"who": who, "words": words})
    progress: list[Value] = []
    for each in asked:
        mark, note = sent[f"mark_{each.id}"], sent[f"note_{each.id}"]
        progress.append({"outcome": each.id, "named": each.named, "mark": mark, "note": note})
    said = {name: sent[name] for name in ("there", "said", "recommends", "recommended")}
    return {**said, "dissent": told, "progress": progress}


def record_typed(said: Mapping[str, Value]) -> dict[str, str]:
    """A record as its form's fields, to be corrected."""
    typed = {name: str(said.get(name, "")) for name in ("there", "said", "recommends", "recommended")}
    for number, each in zip(DISSENTS, _rows(said, "dissent"), strict=False):
        typed |= {f"who_{number}": str(each["who"]), f"dissent_{number}": str(each["words"])}
    for each in _rows(said, "progress"):
        typed |= {f"mark_{each['outcome']}": str(each["mark"]), f"note_{each['outcome']}": str(each.get("note", ""))}
    return typed


def _rows(said: Mapping[str, Value], name: str) -> list[Mapping[str, Value]]:
    rows = said.get(name, ())
    return [each for each in rows if isinstance(each, Mapping)] if isinstance(rows, list | tuple) else []
