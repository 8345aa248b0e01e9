"""The likely date beside the legal one: who is waited for, what if they are late, and that the law's date stays."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.clocks.projection import Awaited, project, turnarounds
from portal.domain.clocks.reading import read_case
from portal.domain.clocks.stage import Stage, stage

LEGAL = date(2025, 5, 26)


def at(kind: str, on: str, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "on": on, **facts}


ASKED = [
    at("request_received", "2025-01-06"),
    at("assessment_agreed", "2025-01-20"),
    at("advice_requested", "2025-01-21", advice="d", ref="ep"),
    at("advice_requested", "2025-01-21", advice="c", ref="salt"),
    at("advice_received", "2025-02-18", ref="ep"),
]
TODAY = date(2025, 2, 20)


def case(*events: dict[str, Any]) -> Any:
    return read_case({"events": [*ASKED, *events]})


def test_an_advice_giver_s_usual_time_is_the_median_of_those_so_far() -> None:
    earlier = [
        read_case(
            {"events": [at("advice_requested", "2025-01-06", advice="c", ref="x"), at("advice_received", on, ref="x")]}
        )
        for on in ("2025-02-05", "2025-02-15", "2025-04-16")
    ]
    assert turnarounds([*earlier, case()]) == {"c": 40, "d": 28}


def test_the_plan_is_likely_when_the_last_advice_is_and_the_drafting_after_it() -> None:
    found = project(case(), TODAY, {"c": 50, "d": 28})
    # 21 January and 50 days: 10 left, 28 of February make 38, 12 of March; then 56 days: 19 and 30 make 49, 7 of May.
    assert found.awaited == (Awaited("salt", "c", date(2025, 1, 21), date(2025, 3, 12)),)
    assert (found.legal, found.likely) == (LEGAL, date(2025, 5, 7))


def test_advice_ten_days_later_moves_the_likely_date_by_ten_days_and_not_the_law_s() -> None:
    found = project(case(), TODAY, {"c": 50}, later={"salt": 10})
    assert (found.legal, found.likely) == (LEGAL, date(2025, 5, 17))


def test_nothing_that_is_still_to_come_is_expected_before_today() -> None:
    found = project(case(), date(2025, 4, 1), {"c": 30})
    assert found.awaited[0].likely == date(2025, 4, 1)
    assert found.likely == date(2025, 5, 27)


def test_once_the_draft_is_served_only_the_final_is_waited_for() -> None:
    served = case(at("advice_received", "2025-03-10", ref="salt"), at("draft_served", "2025-03-24"))
    assert project(served, date(2025, 3, 25), {}).likely == date(2025, 4, 21)


def test_a_reassessment_waits_for_its_own_advice_alone() -> None:
    again = case(
        at("final_issued", "2025-05-20"),
        at("reassessment_agreed", "2026-06-15"),
        at("advice_requested", "2026-06-22", advice="d", ref="ep-2026"),
    )
    found = project(again, date(2026, 6, 22), {"d": 28})
    # 98 days: 15 left in June, 31 and 31 make 77, 21 of September. 28 days: 8 left in June, 20 of July; then 56.
    assert [each.ref for each in found.awaited] == ["ep-2026"]
    assert (found.legal, found.likely) == (date(2026, 9, 21), date(2026, 9, 14))


def test_without_a_request_there_is_no_legal_date() -> None:
    assert project(read_case({"events": ASKED[2:]}), TODAY, {}).legal is None


@given(st.dictionaries(st.sampled_from(["ep", "salt"]), st.integers(0, 300)), st.integers(1, 200), st.integers(0, 300))
def test_no_projection_moves_the_legal_date(later: dict[str, int], usual: int, days: int) -> None:
    found = project(case(), TODAY + timedelta(days=days), {"c": usual}, later=later)
    assert found.legal == LEGAL
    assert found.likely >= TODAY + timedelta(days=days)


def test_a_case_s_stage_is_what_its_last_event_made_it() -> None:
    steps = [
        (at("request_received", "2025-01-06"), Stage.REQUESTED),
        (at("assessment_refused", "2025-02-10"), Stage.REFUSED),
        (at("tribunal_order", "2025-06-02", order="assess"), Stage.ASSESSING),
        (at("draft_served", "2025-07-28"), Stage.DRAFTING),
        (at("final_issued", "2025-09-01"), Stage.MAINTAINED),
        (at("review_meeting_held", "2026-06-01"), Stage.REVIEWING),
        (at("review_decided", "2026-06-22", outcome="amend"), Stage.AMENDING),
        (at("amended_final_issued", "2026-08-03"), Stage.MAINTAINED),
        (at("cease_decided", "2027-06-01"), Stage.CEASING),
    ]
    assert stage(read_case({"events": []})) is Stage.NOT_BEGUN
    for count, (_, expected) in enumerate(steps, start=1):
        assert stage(read_case({"events": [each for each, _ in steps[:count]]})) is expected
