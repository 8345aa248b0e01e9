"""Quantities of advice held against the plan's: missing, weaker, equal, stronger, and never silently less."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.advice import Taken
from portal.domain.content import blank_item
from portal.domain.dilution import NEEDS_A_REASON, AdvisedRow, Strength, explained, flags, strength, unexplained
from portal.domain.plan import Plan
from tests.factories import blank

WEEKLY: dict[str, Any] = {"minutes": 45, "how_often": "once a week"}
spans = st.sampled_from(
    ["a day", "a week", "a fortnight", "a month", "a term", "a half term", "a year", "a school day"]
)
times = st.builds(lambda count, span: f"{count} times {span}", st.integers(2, 9), spans)
minutes = st.integers(1, 300)
amounts = st.fixed_dictionaries(
    {},
    optional={
        "minutes": minutes,
        "how_often": st.one_of(times, st.just("when needed")),
        "ratio": st.builds(lambda few, many: f"{few}:{many}", st.integers(1, 3), st.integers(1, 8)),
        "how_long": st.one_of(
            st.builds(lambda weeks: f"{weeks} weeks", st.integers(1, 52)), st.just("all school year")
        ),
    },
)


@pytest.mark.parametrize(
    ("advised", "planned", "expected"),
    [
        (WEEKLY, WEEKLY, Strength.EQUAL),
        (WEEKLY, {**WEEKLY, "minutes": 30}, Strength.WEAKER),
        (WEEKLY, {**WEEKLY, "minutes": 60}, Strength.STRONGER),
        (WEEKLY, {}, Strength.MISSING),
        (WEEKLY, {"minutes": 45}, Strength.MISSING),
        (WEEKLY, {"minutes": 45, "how_often": "regularly"}, Strength.MISSING),
        (WEEKLY, {"minutes": 45, "how_often": "every two weeks"}, Strength.WEAKER),
        (WEEKLY, {"minutes": 30, "how_often": "twice a week"}, Strength.STRONGER),
        (WEEKLY, {"minutes": 15, "how_often": "each school day"}, Strength.STRONGER),
        (WEEKLY, {"minutes": 45, "how_often": "once a week", "how_long": "6 weeks"}, Strength.WEAKER),
        (WEEKLY, {"minutes": 45, "how_often": "once a week", "how_long": "all school year"}, Strength.EQUAL),
        ({**WEEKLY, "how_long": "12 weeks"}, WEEKLY, Strength.MISSING),
        ({**WEEKLY, "ratio": "1:1"}, {**WEEKLY, "ratio": "1:4"}, Strength.WEAKER),
        ({**WEEKLY, "ratio": "1:1"}, WEEKLY, Strength.MISSING),
        ({"minutes": 45, "how_often": "once a school day"}, {"minutes": 300, "how_often": "monthly"}, Strength.UNCLEAR),
        ({"how_often": "when needed"}, WEEKLY, None),
        ({}, WEEKLY, None),
    ],
)
def test_a_planned_amount_is_judged_beside_the_advised_one(
    advised: dict[str, Any], planned: dict[str, Any], expected: Strength | None
) -> None:
    assert strength(advised, planned) is expected


@given(amounts)
def test_the_same_amount_is_never_flagged(amount: dict[str, Any]) -> None:
    assert strength(amount, amount) in (None, Strength.EQUAL)


@given(amounts, minutes, st.integers(1, 200))
def test_fewer_minutes_are_weaker_and_more_are_stronger(amount: dict[str, Any], few: int, more: int) -> None:
    less, most = {**amount, "minutes": few}, {**amount, "minutes": few + more}
    assert strength(most, less) is Strength.WEAKER
    assert strength(less, most) is Strength.STRONGER


@given(amounts, amounts)
def test_what_says_less_of_any_number_than_the_advice_needs_a_reason(
    advised: dict[str, Any], planned: dict[str, Any]
) -> None:
    found = strength(advised, planned)
    assume(found is not None)
    for name in ("minutes", "ratio"):
        if name in advised and name not in planned:
            assert found is Strength.MISSING


@given(amounts, amounts)
def test_two_amounts_are_never_both_stronger_than_each_other(one: dict[str, Any], other: dict[str, Any]) -> None:
    found = {strength(one, other), strength(other, one)}
    assert found != {Strength.STRONGER}


@given(amounts)
def test_nothing_planned_lacks_every_number_that_is_advised(advised: dict[str, Any]) -> None:
    assert strength(advised, {}) in (None, Strength.MISSING)


def with_row(amount: dict[str, Any]) -> Plan:
    """A plan whose section F has one row, F1, of this amount."""
    plan = blank()
    group = plan.standard.section("F").groups[0]
    item = blank_item(group, "x1x1x1x1x1")
    item = replace(item, slots={**item.slots, "amount": replace(item.slots["amount"], value=amount)})
    return plan.with_section("F", content=plan.sections["F"].content.with_item(item))


ROW = AdvisedRow(4, "provision/2", "F", "Speech therapy", WEEKLY, "Health professional, 3 March 2026")
LINK = Taken("x1x1x1x1x1", "F", 4, 1, "provision/2")


def test_a_row_from_which_nothing_was_made_is_flagged_and_one_that_stands_as_advised_is_not() -> None:
    (found,) = flags(with_row({}), [], [ROW])
    assert (found.item, found.strength, found.section, found.key) == ("", Strength.MISSING, "F", "4-2")
    assert flags(with_row(WEEKLY), [LINK], [ROW]) == ()
    (weaker,) = flags(with_row({**WEEKLY, "minutes": 30}), [LINK], [ROW])
    assert (weaker.number, weaker.strength, weaker.planned) == ("F1", Strength.WEAKER, "30 minutes, once a week")
    assert weaker.strength in NEEDS_A_REASON


def test_an_item_that_was_taken_out_leaves_its_row_flagged() -> None:
    (found,) = flags(blank(), [LINK], [ROW])
    assert found.strength is Strength.MISSING


def test_each_flag_asks_for_its_own_reason_and_the_version_carries_both_quantities() -> None:
    found = flags(with_row({**WEEKLY, "minutes": 30}), [LINK], [ROW])
    assert set(unexplained(found, {})) == {"reason.advice_4-2"}
    assert unexplained(found, {"advice_4-2": "She tires."}) == {}
    told = explained({"F": "Not signed."}, found, {"advice_4-2": "She tires."})
    assert told["F"].startswith("Not signed.\nF1: The advice (Health professional, 3 March 2026) says 45 minutes")
    assert told["F"].endswith("this plan says 30 minutes, once a week. She tires.")
