"""The rules as dated rows, and that the page which explains them (docs/clocks.md) says what they say."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from portal.domain.clocks.compute import clocks
from portal.domain.clocks.event import KINDS
from portal.domain.clocks.exemption import LAWFUL
from portal.domain.clocks.length import weeks
from portal.domain.clocks.name import Clock
from portal.domain.clocks.reading import read_case
from portal.domain.clocks.rules import RULES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "clocks.md"


def test_the_page_has_a_row_for_every_rule_with_its_length_its_counting_and_its_source() -> None:
    rows = [[each.strip() for each in line.strip("|").split("|")] for line in PAGE.read_text().splitlines()]
    for each in RULES:
        row = [f"`{each.clock}`", each.length.words, each.length.counting, each.source]
        assert any([cells[0], *cells[2:]] == row for cells in rows if len(cells) == 5), row


def test_the_page_names_every_kind_of_event_every_exemption_and_its_regulation() -> None:
    page = PAGE.read_text()
    named = [*KINDS, *Clock, *(reason for each in LAWFUL.values() for reason in each.reasons)]
    assert [each for each in named if f"`{each}`" not in page] == []
    assert [each.source for each in LAWFUL.values() if each.source not in page] == []


def test_a_changed_law_counts_from_its_day_and_leaves_earlier_clocks_as_they_were() -> None:
    old = next(each for each in RULES if each.clock is Clock.FINAL_PLAN)
    new = replace(old, length=weeks(16), source="a later law", since=date(2029, 9, 1))
    requests = [{"kind": "request_received", "on": on} for on in ("2029-08-31", "2029-09-01")]
    found = clocks(read_case({"events": requests}), (new, old))
    assert [(each.starts, each.due, each.source) for each in found] == [
        (date(2029, 9, 1), date(2029, 12, 22), "a later law"),
        (date(2029, 8, 31), date(2030, 1, 18), "SEND Regs 2014 reg 13(2)"),
    ]
