"""What a case counts as: its stage, whom it waits for, its legal date, and its decisions in their time."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from portal.domain.clocks.event import Event as CaseEvent
from portal.domain.clocks.stage import Stage
from portal.domain.event import EventKind as Kind
from portal.domain.national_figure import FIGURES, newest
from portal.domain.picture import (
    NEVER,
    Decided,
    Made,
    Stands,
    Time,
    Waited,
    What,
    decisions_of,
    months_back,
    standing_of,
)
from portal.domain.picture_table import CHASED, NAMES, STAGES, TOLD_OUTSIDE, tables
from portal.domain.plan import Happened, Plan
from tests.factories import blank

ADVICE = {"a": Waited.FAMILY, "b": Waited.SCHOOL, "c": Waited.HEALTH, "d": Waited.PSYCHOLOGIST, "e": Waited.CARE}
TODAY = date(2026, 6, 30)


def happened(*events: tuple[Kind, str, dict[str, str]]) -> Plan:
    told = [CaseEvent(kind, date.fromisoformat(on), words, {}, {}) for kind, on, words in events]
    return replace(blank(), happened=tuple(Happened(at, each) for at, each in enumerate(told, 1)))


REQUESTED = (Kind.REQUEST_RECEIVED, "2026-01-05", dict[str, str]())
AGREED = (Kind.ASSESSMENT_AGREED, "2026-02-10", dict[str, str]())
ISSUED = (Kind.FINAL_ISSUED, "2026-05-26", dict[str, str]())


def test_a_case_of_which_nothing_is_on_record_waits_for_nobody() -> None:
    said = standing_of(blank())
    assert (said.stage, said.waits, said.turns, said.due) == (Stage.NOT_BEGUN, Waited.NOBODY, NEVER, NEVER)


def test_a_request_waits_for_the_council_by_its_six_weeks() -> None:
    said = standing_of(happened(REQUESTED))
    assert (said.stage, said.waits, said.due) == (Stage.REQUESTED, Waited.COUNCIL, "2026-02-16")


@pytest.mark.parametrize("letter", [*ADVICE, "f"])
def test_an_assessment_waits_for_whoever_was_asked_first_and_has_not_answered(letter: str) -> None:
    first = (Kind.ADVICE_REQUESTED, "2026-02-11", {"advice": letter, "ref": f"{letter}1"})
    then = (Kind.ADVICE_REQUESTED, "2026-02-12", {"advice": "d", "ref": "d2"})
    assert standing_of(happened(REQUESTED, AGREED, first, then)).waits == ADVICE.get(letter, Waited.OTHERS)
    came = (Kind.ADVICE_RECEIVED, "2026-03-02", {"ref": f"{letter}1"})
    assert standing_of(happened(REQUESTED, AGREED, first, then, came)).waits is Waited.PSYCHOLOGIST


def test_a_draft_waits_for_the_family_for_fifteen_days_and_then_for_the_council() -> None:
    said = standing_of(happened(REQUESTED, AGREED, (Kind.DRAFT_SERVED, "2026-04-01", {})))
    assert (said.stage, said.waits, said.turns) == (Stage.DRAFTING, Waited.FAMILY, "2026-04-16")


def test_a_plan_in_force_waits_for_nobody_and_is_due_for_its_review_within_the_year() -> None:
    said = standing_of(happened(REQUESTED, AGREED, ISSUED))
    assert (said.stage, said.waits, said.due) == (Stage.MAINTAINED, Waited.NOBODY, "2027-05-25")


@pytest.mark.parametrize(
    ("on", "time"),
    [("2026-05-25", Time.IN_TIME), ("2026-05-26", Time.LATE)],
)
def test_a_plan_is_in_time_up_to_the_last_day_of_its_twenty_weeks(on: str, time: Time) -> None:
    found = decisions_of(happened(REQUESTED, AGREED, (Kind.FINAL_ISSUED, on, {})))
    assert found[1:] == (Decided(3, "2026-05", What.PLAN, "issued", time),)


def test_a_lawful_exemption_counts_apart_whether_or_not_it_was_needed() -> None:
    exemption = CaseEvent(
        Kind.EXEMPTION,
        date(2026, 2, 20),
        {"clock": "final_plan", "reason": "family_absent"},
        {"from": date(2026, 3, 1), "to": date(2026, 4, 10)},
        {},
    )
    plan = happened(REQUESTED, AGREED, ISSUED)
    plan = replace(plan, happened=(*plan.happened, Happened(4, exemption)))
    assert decisions_of(plan)[1].time is Time.EXEMPT


def test_a_review_says_its_own_result_and_one_without_its_meeting_has_no_clock() -> None:
    meeting = (Kind.REVIEW_MEETING_HELD, "2027-04-01", dict[str, str]())
    decided = (Kind.REVIEW_DECIDED, "2027-04-30", {"outcome": "amend"})
    found = decisions_of(happened(REQUESTED, AGREED, ISSUED, meeting, decided))
    assert found[-1] == Decided(5, "2027-04", What.REVIEW, "amend", Time.LATE)
    assert decisions_of(happened(REQUESTED, AGREED, ISSUED, decided))[-1].time is Time.UNCLOCKED


def test_months_are_told_the_oldest_first_over_the_turn_of_the_year() -> None:
    assert months_back(date(2026, 2, 28), 4) == ("2025-11", "2025-12", "2026-01", "2026-02")


def test_the_tables_count_every_case_once_and_shares_leave_exemptions_out() -> None:
    stands = Counter(
        {Stands(Stage.REQUESTED, Waited.COUNCIL, True): 7, Stands(Stage.MAINTAINED, Waited.NOBODY, False): 30}
    )
    made = Counter(
        {
            Made("2026-06", What.PLAN, "issued", Time.IN_TIME): 3,
            Made("2026-06", What.PLAN, "issued", Time.LATE): 1,
            Made("2026-06", What.PLAN, "issued", Time.EXEMPT): 4,
            Made("2026-06", What.PLAN, "no_plan", Time.IN_TIME): 9,
        }
    )
    found = tables(stands, made, TODAY, exact=True)
    assert tuple(found) == NAMES
    assert tuple(tables(stands, made, TODAY, exact=False)) == TOLD_OUTSIDE == ("stages", "plans", "reviews")
    assert {row.key: row.counts for row in found["stages"].rows if any(row.counts)} == {
        Stage.REQUESTED: (7, 7),
        Stage.MAINTAINED: (30, 0),
    }
    assert sum(row.counts[0] or 0 for row in found["waiting"].rows) == 7
    last = found["plans"].rows[-1]
    assert (last.key, last.counts, last.percent) == ("2026-06", (3, 1, 4), 75)
    assert {row.key: row.counts[0] for row in found["decisions"].rows if row.counts[0]} == {
        "plan.issued": 8,
        "plan.no_plan": 9,
    }
    assert [row.key for row in found["stages"].rows] == list(STAGES)
    assert [row.key for row in found["waiting"].rows] == list(CHASED)


def test_the_newest_national_figure_that_is_no_later_than_the_year_stands_beside() -> None:
    for what, year, percent in ((What.PLAN, 2026, 46.4), (What.PLAN, 2023, 50.3), (What.REVIEW, 2026, 44.4)):
        found = newest(what, year)
        assert found is not None
        assert found.percent == percent
    assert newest(What.PLAN, 2020) is None
    assert all(each.source and 0 < each.percent < 100 for each in FIGURES)
