"""The worked cases: tables of events and the dates they lead to, found by hand, read from cases/*.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.domain.clocks.event import FIELDS, Kind

CASES = Path(__file__).parent / "cases"
NUMBERS = {each.name for fields in FIELDS.values() for each in fields if each.shape in ("number", "year")}


@dataclass(frozen=True)
class Worked:
    """One row: the case as the outside contract has it, and what its named clocks must be."""

    name: str
    case: Mapping[str, Any]
    expected: tuple[Mapping[str, str | None], ...]
    absent: tuple[str, ...]
    working: str
    source: str

    @property
    def clocks(self) -> set[str]:
        return {str(each["clock"]) for each in self.expected}


def worked_cases() -> list[Worked]:
    return [_worked(path, line) for path in sorted(CASES.glob("*.md")) for line in _rows(path)]


def _rows(path: Path) -> list[str]:
    lines = [each for each in path.read_text(encoding="utf-8").splitlines() if each.startswith("|")]
    return lines[2:]


def _worked(path: Path, line: str) -> Worked:
    name, events, expected, working, source = (each.strip() for each in line.strip("|").split("|"))
    wanted = [each.strip() for each in expected.split(";")]
    return Worked(
        f"{path.stem}: {name}",
        {"born": "2015-03-02", "events": [_event(each.strip()) for each in events.split(";")]},
        tuple(_expected(each) for each in wanted if not each.startswith("no ")),
        tuple(each.removeprefix("no ") for each in wanted if each.startswith("no ")),
        working,
        source,
    )


def _event(text: str) -> dict[str, Any]:
    """ "2025-02-03 advice_requested advice=d ref=ep" """
    on, kind, *facts = text.split()
    said = dict(each.split("=") for each in facts)
    return {
        "kind": Kind(kind),
        "on": on,
        **{name: int(each) if name in NUMBERS else each for name, each in said.items()},
    }


def _expected(text: str) -> dict[str, str | None]:
    """ "final_plan 2025-05-26 met=none ended=issue_refused" """
    clock, due, *facts = text.split()
    said = {"due": due, **dict(each.split("=") for each in facts)}
    return {"clock": clock, **{name: None if each == "none" else each for name, each in said.items()}}
