"""What holds of every kind of rule, whatever the day: calendar, working days, months, dates, hours, rolls, moves."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.clocks.compute import Running, clocks
from portal.domain.clocks.event import DECISIONS, OTHER_TIME, PHASES_BY_YEAR, Kind
from portal.domain.clocks.name import Clock
from portal.domain.clocks.reading import read_case
from portal.domain.clocks.rules import RULES

ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2018, 6, 1), date(2040, 12, 31))
NUMBERS_OF_DAYS = st.integers(0, 400)
# Announced by proclamation and known by heart, so that the library is held to something.
HOLIDAYS_OF_2025 = {
    date(2025, *each) for each in ((1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26))
}
DAYS_OF_2025 = st.dates(date(2025, 1, 1), date(2025, 12, 1))


def event(kind: Kind, on: date, **facts: Any) -> dict[str, Any]:
    said = {name: each.isoformat() if isinstance(each, date) else each for name, each in facts.items()}
    return {"kind": kind, "on": on.isoformat(), **said}


def running(*events: Mapping[str, Any]) -> dict[Clock, Running]:
    return {each.clock: each for each in clocks(read_case({"events": list(events)}))}


def due(clock: Clock, *events: Mapping[str, Any]) -> date:
    found = running(*events)[clock].due
    assert found is not None
    return found


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS_OF_2025


def working_days(first: date, last: date) -> int:
    return sum(works(first + ONE_DAY * number) for number in range((last - first).days + 1))


@given(DAYS)
def test_weeks_end_on_the_weekday_they_began_on_and_never_move(on: date) -> None:
    found = running(event(Kind.REQUEST_RECEIVED, on))
    weeks = {each.clock: ((each.due or on) - on).days / 7 for each in found.values()}
    assert weeks == {"decide_to_assess": 6, "notify_no_plan": 16, "draft_target": 16, "final_plan": 20}


@given(DAYS)
def test_a_period_that_begins_with_its_day_has_fifteen_days_of_which_that_is_the_first(on: date) -> None:
    last = due(Clock.COMMENT_ON_DRAFT, event(Kind.DRAFT_SERVED, on))
    assert len([on + ONE_DAY * number for number in range((last - on).days + 1)]) == 15


@given(DAYS)
def test_both_weeks_before_a_meeting_are_whole(meeting: date) -> None:
    found = running(event(Kind.REVIEW_MEETING_PLANNED, meeting))
    assert {meeting - (each.due or meeting) for each in found.values()} == {timedelta(weeks=2)}


@given(DAYS)
def test_the_longstop_is_the_four_weeks_of_the_notice_and_the_eight_of_the_final(meeting: date) -> None:
    held = event(Kind.REVIEW_MEETING_HELD, meeting)
    decided = event(Kind.REVIEW_DECIDED, meeting, outcome="amend")
    served = due(Clock.AMENDMENT_NOTICE, held, decided)
    eight_weeks_on = due(Clock.AMENDED_FINAL, event(Kind.AMENDMENT_NOTICE_SERVED, served))
    assert due(Clock.AMENDED_FINAL_LONGSTOP, held, decided) == eight_weeks_on


@given(DAYS_OF_2025)
def test_three_working_days_are_three_that_work_after_the_day_and_the_last_of_them_works(on: date) -> None:
    last = due(Clock.MEDIATION_CERTIFICATE, event(Kind.MEDIATION_DECLINED, on))
    assert works(last)
    assert working_days(on + ONE_DAY, last) == 3


@given(DAYS_OF_2025, st.integers(0, 14))
def test_a_late_move_gives_fifteen_working_days_with_the_day_it_was_learnt_of_among_them(
    aware: date, days: int
) -> None:
    move = event(Kind.MOVED_IN, aware, aware=aware, notice_working_days=days)
    last = due(Clock.TRANSFER_OF_PLAN, move)
    assert works(last)
    assert working_days(aware, last) == 15


@given(DAYS, st.integers(15, 200))
def test_a_move_with_notice_is_due_on_its_day_and_starts_the_rest_then(on: date, days: int) -> None:
    found = running(event(Kind.MOVED_IN, on, aware=on - ONE_DAY * 300, notice_working_days=days))
    assert found[Clock.TRANSFER_OF_PLAN].due == on
    assert {each.starts for each in found.values()} == {on}


@given(DAYS, DAYS, st.booleans())
def test_the_review_after_a_move_is_never_before_three_months_nor_before_the_year_is_over(
    made: date, on: date, reviewed: bool
) -> None:
    made, on = sorted((made, on))
    kind, facts = (Kind.REVIEW_DECIDED, {"outcome": "maintain"}) if reviewed else (Kind.FINAL_ISSUED, {})
    move = event(Kind.MOVED_IN, on, aware=on, notice_working_days=15)
    found = due(Clock.REVIEW_AFTER_MOVE, move, event(kind, made, **facts))
    year = due(Clock.NEXT_REVIEW if reviewed else Clock.FIRST_REVIEW, event(kind, made, **facts))
    assert found == max(year, due(Clock.REVIEW_AFTER_MOVE, move))


@given(DAYS)
def test_months_end_on_the_corresponding_date_or_on_the_last_day_of_the_month(on: date) -> None:
    last = due(Clock.CONTACT_MEDIATION, event(Kind.DECISION_LETTER_SENT, on, decision="plan_contents"))
    assert (last.year * 12 + last.month) - (on.year * 12 + on.month) == 2
    assert last.day == on.day or (last.day < on.day and (last + ONE_DAY).day == 1)


@given(DAYS)
def test_twelve_months_beginning_with_a_day_end_before_its_anniversary(on: date) -> None:
    last = due(Clock.FIRST_REVIEW, event(Kind.FINAL_ISSUED, on))
    anniversary = last + ONE_DAY
    assert (anniversary.year, anniversary.month) == (on.year + 1, on.month)
    assert anniversary.day == (28 if (on.month, on.day) == (2, 29) else on.day)


@given(DAYS)
def test_five_months_before_a_transfer_lead_back_to_it(starts: date) -> None:
    last = due(
        Clock.PHASE_TRANSFER, event(Kind.PHASE_TRANSFER, starts - ONE_DAY * 300, phase=OTHER_TIME, starts=starts)
    )
    assert (starts.year * 12 + starts.month) - (last.year * 12 + last.month) == 5
    assert last.day == starts.day or (last + ONE_DAY).day == 1


@given(st.sampled_from(PHASES_BY_YEAR), st.integers(2016, 2060), DAYS)
def test_before_a_date_ends_the_day_before_it_whenever_it_was_known(phase: str, year: int, on: date) -> None:
    last = due(Clock.PHASE_TRANSFER, event(Kind.PHASE_TRANSFER, on, phase=phase, year=year))
    assert last + ONE_DAY == (date(year, 3, 31) if phase == "secondary_to_post16" else date(year, 2, 15))


@given(DAYS)
def test_seventy_two_hours_are_three_days_over_the_change_of_the_clocks_too(on: date) -> None:
    assert due(Clock.BREACH_NOTICE, event(Kind.BREACH_FOUND, on)) - on == timedelta(hours=72)


@given(DAYS, st.sampled_from(DECISIONS))
def test_an_appeal_is_never_due_earlier_than_two_months_nor_on_a_day_the_tribunal_does_not_count(
    on: date, decision: str
) -> None:
    letter = event(Kind.DECISION_LETTER_SENT, on, decision=decision)
    found = running(letter)
    last, two_months = found[Clock.APPEAL].due, found[Clock.CONTACT_MEDIATION].due
    assert last is not None
    assert two_months is not None
    assert last.weekday() < 5
    assert last.month != 8
    assert (last.month, last.day) not in {(12, each) for each in range(25, 32)} | {(1, 1)}
    assert two_months <= last <= two_months + ONE_DAY * 35


@given(DAYS_OF_2025)
def test_a_reply_about_records_moves_to_the_next_working_day_and_no_further(on: date) -> None:
    last = due(Clock.SUBJECT_ACCESS_REPLY, event(Kind.SUBJECT_ACCESS_REQUEST, on))
    if last.year == 2025:
        assert works(last)
        month_on = due(Clock.CONTACT_MEDIATION, event(Kind.DECISION_LETTER_SENT, on, decision="cease"))
        assert last < month_on
        assert not any(
            works(last - ONE_DAY * back) for back in range(1, 5) if _beyond_a_month(last - ONE_DAY * back, on)
        )


def _beyond_a_month(day: date, on: date) -> bool:
    months = (day.year * 12 + day.month) - (on.year * 12 + on.month)
    return months > 1 or (months == 1 and day.day >= on.day)


@given(DAYS, st.integers(28, 90), st.sampled_from(["school_closed", "early_years_closed", "family_absent"]))
def test_an_exemption_says_why_and_moves_no_date(on: date, days: int, reason: str) -> None:
    request = event(Kind.REQUEST_RECEIVED, on)
    for clock in (Clock.DECIDE_TO_ASSESS, Clock.NOTIFY_NO_PLAN, Clock.FINAL_PLAN):
        told = event(Kind.EXEMPTION, on, clock=clock, reason=reason, to=on + ONE_DAY * (days - 1), **{"from": on})
        found = running(request, told)
        assert {name: each.exempt for name, each in found.items() if each.exempt} == {clock: reason}
        assert {each.clock: each.due for each in found.values()} == {
            each.clock: each.due for each in running(request).values()
        }


@given(DAYS, NUMBERS_OF_DAYS)
def test_a_clock_is_overdue_the_day_after_it_is_due_and_until_it_is_met(on: date, days: int) -> None:
    request, final = event(Kind.REQUEST_RECEIVED, on), event(Kind.FINAL_ISSUED, on + ONE_DAY * days)
    open_still, met = running(request)[Clock.FINAL_PLAN], running(request, final)[Clock.FINAL_PLAN]
    last = on + ONE_DAY * 140
    assert not open_still.overdue(last)
    assert open_still.overdue(last + ONE_DAY)
    assert met.overdue(last + ONE_DAY) == (days > 141)
    assert not met.overdue(on + ONE_DAY * days)


@given(st.lists(st.tuples(st.sampled_from([Kind.REQUEST_RECEIVED, Kind.ASSESSMENT_REFUSED]), DAYS), max_size=8), DAYS)
def test_a_printed_clock_stays_printed_and_keeps_its_date_whatever_comes_later(
    history: list[tuple[Kind, date]], on: date
) -> None:
    events = [event(Kind.REQUEST_RECEIVED, date(2018, 1, 1)), *(event(kind, day) for kind, day in history)]
    before = {(each.clock, each.starts, each.due) for each in clocks(read_case({"events": events}))}
    events.append(event(Kind.CEASE_DECIDED, on))
    after = {(each.clock, each.starts, each.due) for each in clocks(read_case({"events": events}))}
    assert before <= after


@pytest.mark.parametrize("clock", list(Clock))
def test_every_clock_has_a_rule_and_every_rule_its_law(clock: Clock) -> None:
    rows = [each for each in RULES if each.clock is clock]
    assert rows
    assert all(each.source.startswith(("SEND", "CFA", "R (L", "Tribunal Procedure", "UK GDPR")) for each in rows)
