"""Compute a case's statutory clocks from a file, so that anybody can check them; no database is needed."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from portal.commands import Add
from portal.domain.clocks.compute import Running, clocks
from portal.domain.clocks.reading import Faulty, read_case

FAULTY = 2


def register(add: Add) -> None:
    command = add("clocks", print_clocks, "print every statutory clock that a case's events start")
    command.add_argument("file", type=Path, help="a JSON object of born and events")
    command.add_argument("--on", type=_day, metavar="DATE", help="say of each clock whether it is overdue on this day")


def print_clocks(chosen: argparse.Namespace) -> int:
    """Prints JSON and returns 0, or one sentence on standard error and 2."""
    try:
        case = read_case(json.loads(chosen.file.read_text(encoding="utf-8")))
    except Faulty as error:
        print(error, file=sys.stderr)
        return FAULTY
    except (OSError, ValueError, RecursionError) as error:
        print(f"{chosen.file.name} cannot be read as JSON ({type(error).__name__}).", file=sys.stderr)
        return FAULTY
    print(json.dumps({"clocks": [row(each, chosen.on) for each in clocks(case)]}, indent=2))
    return 0


def row(running: Running, on: date | None) -> dict[str, Any]:
    """One clock as the outside contract has it: `ended` only on a clock that is, `overdue` only if a day was given."""
    said: dict[str, Any] = {
        "clock": running.clock,
        "starts": running.starts.isoformat(),
        "due": running.due.isoformat() if running.due else None,
        "counting": running.counting,
        "source": running.source,
        "met": running.met.isoformat() if running.met else None,
        "exempt": running.exempt,
        "ref": running.ref,
    }
    if running.ended:
        said["ended"] = running.ended.kind
    if on:
        said["overdue"] = running.overdue(on)
    return said


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date such as 2025-01-06") from None
