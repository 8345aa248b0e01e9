"""The arithmetic of measurements: percentiles, ratios taken round by round, targets and what is told of them."""

import json

import pytest

from bench.load import Slice
from bench.measure import Figure, figure, p50, rate, ratio
from bench.percentile import percentile
from bench.table import as_json, as_text, passes, rounded, speeds
from bench.targets import BENCH, BY_KEY, GROWTH, Target, chosen

AT_LEAST = Target("T1@1", "save", 0.6)
AT_MOST = Target("T8", "overdue", 100, at_most=True, unit=" ms")


def test_a_percentile_is_one_of_the_values_and_covers_so_many_of_them() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, percent) for percent in (1, 20, 50, 95, 100)] == [1, 1, 3, 5, 5]


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)


def test_a_slice_counts_what_began_after_the_warm_up() -> None:
    measured = Slice(seconds=2.0, milliseconds=[10.0] * 30, sent=40)
    assert (rate(measured), p50(measured)) == (15, 10)


def test_ratios_are_taken_within_each_round_and_the_middle_one_is_judged() -> None:
    rounds = [{"ours": slice_of(ours), "theirs": slice_of(theirs)} for ours, theirs in ((10, 10), (10, 20), (90, 10))]
    assert ratio(rounds, "ours", "theirs", rate) == Figure(1, 0.5, 9, 3)


def test_a_figure_tells_its_extremes_and_rounds() -> None:
    assert figure([3, 1, 2], "why") == Figure(2, 1, 3, 3, "why")


@pytest.mark.parametrize(("value", "enough"), [(0.59, False), (0.6, True), (0.61, True)])
def test_a_target_of_at_least_is_met_from_its_limit_up(value: float, enough: bool) -> None:
    assert AT_LEAST.passes(value) is enough
    assert AT_LEAST.wanted == "≥ 0.6"


@pytest.mark.parametrize(("value", "enough"), [(99, True), (100, True), (101, False)])
def test_a_target_of_at_most_is_met_from_its_limit_down(value: float, enough: bool) -> None:
    assert AT_MOST.passes(value) is enough
    assert AT_MOST.wanted == "≤ 100 ms"


def test_a_part_of_the_measurements_is_chosen_by_the_number_before_the_sign() -> None:
    assert [each.key for each in chosen("T1, T4", BENCH)] == ["T1@1", "T1@8", "T4rps@8", "T4p95@8"]
    assert [each.key for each in chosen("T2p95@1", BENCH)] == ["T2p95@1"]
    assert chosen("", GROWTH) == GROWTH


def test_a_target_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="T99"):
        chosen("T1,T99", BENCH)


def test_no_two_targets_have_one_id() -> None:
    assert len(BY_KEY) == len(BENCH) + len(GROWTH)


def test_the_object_holds_each_figure_with_its_target_and_whether_it_passes() -> None:
    told = as_json([AT_LEAST], {"T1@1": Figure(0.6312, 0.58, 0.7, 7, "8 writers")})
    expected = {"value": 0.631, "min": 0.58, "max": 0.7, "rounds": 7, "target": 0.6, "pass": True, "note": "8 writers"}
    assert json.loads(json.dumps(told)) == {"T1@1": expected}


def test_what_could_not_be_measured_fails_and_says_why() -> None:
    why = "PostgreSQL is not installed."
    told = as_json([AT_LEAST], {"T1@1": why})["T1@1"]
    assert told == {"value": None, "target": 0.6, "pass": False, "why": why}
    assert not passes(AT_LEAST, why)
    assert why in as_text([AT_LEAST], {"T1@1": why})


def test_the_table_marks_what_was_missed() -> None:
    lines = as_text([AT_LEAST, AT_MOST], {"T1@1": Figure(0.5, 0.4, 0.6, 7), "T8": Figure(55, 50, 60, 7)}).splitlines()
    assert lines[1].endswith("≥ 0.6  MISSED")
    assert lines[2].endswith("≤ 100 ms")


def test_the_table_of_speeds_has_a_line_for_each_contender() -> None:
    rounds = [{"ours": slice_of(10), "theirs": slice_of(20)}]
    assert [line.split()[:3] for line in speeds([(8, rounds)]).splitlines()[1:]] == [
        ["ours", "8", "10"],
        ["theirs", "8", "20"],
    ]


def test_a_number_is_told_to_three_figures() -> None:
    assert [rounded(each) for each in (0.62849, 12.3456, 640_123)] == [0.628, 12.3, 640_000]


def slice_of(per_second: int) -> Slice:
    return Slice(seconds=1.0, milliseconds=[1000 / per_second] * per_second, sent=per_second)
