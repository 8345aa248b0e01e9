"""Every clock against cases worked by hand: the table, and that the table leaves no clock out."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from portal.commands.clocks import row
from portal.domain.clocks.compute import clocks
from portal.domain.clocks.name import Clock
from portal.domain.clocks.reading import read_case
from tests.domain.clocks.worked import Worked, worked_cases

CASES = worked_cases()


def printed(case: Any) -> list[dict[str, Any]]:
    return [row(each, None) for each in clocks(read_case(case))]


@pytest.mark.parametrize("worked", CASES, ids=[each.name for each in CASES])
def test_the_clocks_of_a_case_are_those_found_by_hand(worked: Worked) -> None:
    rows = printed(worked.case)
    found = [each for each in rows if each["clock"] in worked.clocks]
    unmatched = list(worked.expected)
    for each in found:
        fitting = [wanted for wanted in unmatched if all(each.get(name) == value for name, value in wanted.items())]
        assert fitting, each
        unmatched.remove(fitting[0])
        said_to_end = "ended" in fitting[0]
        assert ("ended" in each) == said_to_end, each
    assert unmatched == []
    assert {each["clock"] for each in rows} & set(worked.absent) == set()


def test_the_table_has_more_than_two_hundred_cases_each_with_its_sum_and_its_source() -> None:
    assert len(CASES) >= 200
    assert len({(each.name, str(each.case)) for each in CASES}) == len(CASES)
    assert [each.name for each in CASES if not (each.working and each.source)] == []


def test_each_clock_is_worked_three_times_or_more() -> None:
    seen = Counter(clock for each in CASES for clock in each.clocks)
    assert {clock: seen[clock] for clock in Clock if seen[clock] < 3} == {}


def test_events_may_be_listed_in_any_order() -> None:
    for each in CASES:
        events = list(each.case["events"])
        Random(each.name).shuffle(events)
        assert printed({**each.case, "events": events}) == printed(each.case), each.name


def test_clocks_are_printed_by_the_day_they_are_due_and_an_unknown_day_comes_last() -> None:
    for each in CASES:
        due = [row["due"] or "9999" for row in printed(each.case)]
        assert due == sorted(due), each.name
