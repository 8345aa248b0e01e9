"""A case from outside, checked: every fault is named in one sentence, and nothing unknown is passed over."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.domain.clocks.event import FIELDS, KINDS, Case, Event, Field, Kind, in_order
from portal.domain.clocks.exemption import fault
from portal.domain.clocks.misdated import misdated
from portal.domain.clocks.name import Clock

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CODE = re.compile(r"[\w:.-]{1,40}")
YEARS = range(1950, 2090)  # for which bank holidays are known


class Faulty(ValueError):
    """The case cannot be read; the message is a sentence that says where and why."""


def read_case(data: Any) -> Case:
    """A case from decoded JSON. Raises Faulty."""
    if not isinstance(data, Mapping) or not isinstance(data.get("events"), Sequence) or isinstance(data["events"], str):
        raise Faulty("A case must be an object with a list of events.")
    _refuse_others(data, ("born", "events"), "The case")
    born = None if data.get("born") is None else _day(data["born"], "The case", "born")
    events = [read_event(each, f"Event {number}") for number, each in enumerate(data["events"], start=1)]
    case = Case(born, in_order(events))
    wrong = misdated(case)
    if wrong:
        answer, start = wrong
        raise Faulty(
            f"The {answer.kind} of {answer.on} is dated before what it answers, the {start.kind} of {start.on}."
        )
    return case


def read_event(data: Any, place: str = "The event") -> Event:
    """One event from decoded JSON; `place` opens the sentence that names a fault. Raises Faulty."""
    if not isinstance(data, Mapping):
        raise Faulty(f"{place} must be an object with kind and on.")
    if "kind" not in data:
        raise Faulty(f"{place} has no kind.")
    if data["kind"] not in KINDS:
        raise Faulty(f"{place} has an unknown kind{_shown(data['kind'])}.")
    kind = Kind(data["kind"])
    place = f"{place} ({kind})"
    fields = [each for each in FIELDS.get(kind, ()) if each.belongs(data)]
    _refuse_others(data, ("kind", "on", *(each.name for each in fields)), place)
    facts = {each.name: _fact(data, each, place) for each in fields if each.needed or data.get(each.name) is not None}
    event = Event(
        kind,
        _on(data, kind, facts, place),
        {name: value for name, value in facts.items() if isinstance(value, str)},
        {name: value for name, value in facts.items() if isinstance(value, date)},
        {name: value for name, value in facts.items() if isinstance(value, int)},
    )
    wrong = fault(event) if kind is Kind.EXEMPTION else None
    if wrong:
        raise Faulty(f"{place} cannot stand: {wrong}.")
    return event


def _on(data: Mapping[str, Any], kind: Kind, facts: Mapping[str, str | int | date], place: str) -> date:
    """The event's day; an exemption may be told by the days it covers alone."""
    first = facts.get("from")
    if kind is Kind.EXEMPTION and data.get("on") is None and isinstance(first, date):
        return first
    if data.get("on") is None:
        raise Faulty(f"{place} lacks on, the day it counts from.")
    return _day(data["on"], place, "on")


def _fact(data: Mapping[str, Any], field: Field, place: str) -> str | int | date:
    value = data.get(field.name)
    if value is None:
        raise Faulty(f"{place} lacks {field.name}.")
    if field.shape == "day":
        return _day(value, place, field.name)
    if field.shape in ("number", "year"):
        lowest = YEARS.start if field.shape == "year" else 0
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value < YEARS.stop:
            raise Faulty(f"{place} must have a whole number as {field.name}, and no such{_shown(value)}.")
        return value
    among = tuple(Clock) if field.shape == "clock" else field.among
    if not isinstance(value, str) or not value or (among and value not in among):
        choice = f" (one of {', '.join(among)})" if among else ""
        raise Faulty(f"{place} has an unknown {field.name}{_shown(value)}{choice}.")
    return value


def _day(value: Any, place: str, name: str) -> date:
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            day = date.fromisoformat(value)
            if day.year in YEARS:
                return day
    except ValueError:
        pass
    raise Faulty(f"{place} has no date such as 2025-01-06 as {name}{_shown(value)}.")


def _refuse_others(data: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    others = [each for each in data if each not in known]
    if others:
        raise Faulty(f"{place} has a field that does not belong there{_shown(others[0])}.")


def _shown(value: Any) -> str:
    """What was given, if it is short and plainly a code: words about a child are never repeated in an error."""
    text = str(value) if isinstance(value, str | int) else ""
    return f": {text}" if CODE.fullmatch(text) else ""
