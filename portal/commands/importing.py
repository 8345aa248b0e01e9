"""Make people and agencies known in bulk, from files of JSON."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.commands import Add, database
from portal.config import read_settings
from portal.domain.agency import Agency, AgencyKind
from portal.domain.moment import Moment
from portal.operations.people import BadRows, Known, import_agencies, import_people


def register(add: Add) -> None:
    people = add("people", people_import, "make people known in bulk")
    people.add_argument(
        "verb", choices=["import"], help="import a JSON list of issuer, subject, name, grants and perhaps leads"
    )
    people.add_argument("file", type=Path)
    agencies = add("agencies", agencies_import, "make agencies known in bulk")
    agencies.add_argument("verb", choices=["import"], help="import a JSON list of slug, name, kind and authority")
    agencies.add_argument("file", type=Path)


def people_import(chosen: argparse.Namespace) -> int:
    rows = _rows(chosen.file)
    now = datetime.now(UTC)
    count = import_people(database(read_settings()), rows, Moment(now, now))
    print(f"{count} people are known.")
    return 0


def agencies_import(chosen: argparse.Namespace) -> int:
    agencies = _agencies(chosen.file)
    count = import_agencies(database(read_settings()), agencies)
    print(f"{count} agencies are known.")
    return 0


def _agencies(path: Path) -> list[Agency]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [_agency(each) for each in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = "a list of objects with slug, name, kind, authority and perhaps second_person"
        raise BadRows([f"{path.name} must hold {what} ({type(error).__name__}: {error})."]) from None


def _agency(facts: dict[str, Any]) -> Agency:
    """Raises TypeError for anything but words and a yes or no: what is no word could ask the database a question."""
    agency = Agency(**{**facts, "kind": AgencyKind(facts["kind"])})
    if not all(isinstance(each, str) for each in (agency.slug, agency.name, agency.authority)):
        raise TypeError("slug, name and authority must be words")
    if not isinstance(agency.second_person, bool):
        raise TypeError("second_person must be true or false")
    return agency


def _rows(path: Path) -> list[Known]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [_known(each) for each in found]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = "a list of objects with issuer, subject, name and grants"
        raise BadRows([f"{path.name} must hold {what} ({type(error).__name__}: {error})."]) from None


def _known(row: dict[str, Any]) -> Known:
    return Known(row["issuer"], row["subject"], row["name"], tuple(row.get("grants", ())), _leads(row))


def _leads(row: dict[str, Any]) -> tuple[str, ...]:
    """The agencies somebody leads. Raises TypeError for anything but a list: a word would be read letter by letter."""
    leads = row.get("leads", [])
    if not isinstance(leads, list):
        raise TypeError("leads must be a list")
    return tuple(leads)
