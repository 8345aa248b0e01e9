"""A review's dates counted back from the law's, whose turn it is, and what its entries come to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import review_act as rules
from portal.domain.actor import Role
from portal.domain.amend import Because, begin_amending, reasons_on_record
from portal.domain.case import event_of
from portal.domain.clocks.days import is_working_day
from portal.domain.content import Mark
from portal.domain.decision import Decision
from portal.domain.edit import edit_item
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.plan import Happened, Plan
from portal.domain.review import Said, reviews_of, under_way
from portal.domain.review_dates import NOTICE, suggested, timetable
from portal.domain.state import PlanState
from portal.domain.turn import TaskKind, tasks_for
from portal.web.review_picture import picture_of
from tests.factories import CASEWORKER, MANAGER, PARENT, SENCO, START, at, final, modest, sign, submission

BY = Mark("p", "Anita Patel", "elm-road-primary", START)
RECORD: dict[str, Value] = {"there": "All.", "said": "It goes well.", "recommends": "amend"}


On = tuple[str, date, dict[str, Value]]


def ev(kind: str, on: date, **facts: Value) -> On:
    return kind, on, facts


def of(*events: On) -> Plan:
    """A plan in force of which these things are on record."""
    happened = tuple(Happened(number, event_of(kind, on, facts)) for number, (kind, on, facts) in enumerate(events, 1))
    return replace(final(), happened=happened)


def kinds(plan: Plan, role: Role, day: date) -> list[TaskKind]:
    return [each.kind for each in tasks_for(plan, {role}) if each.is_open(day)]


def test_the_meeting_leaves_four_weeks_before_the_day_before_the_anniversary() -> None:
    found = timetable(of(ev("final_issued", date(2026, 3, 2))))
    assert found is not None
    assert found.last == date(2027, 3, 1)
    assert found.meeting == date(2027, 2, 1)
    assert found.notice == date(2027, 1, 18)
    assert found.decision == found.last
    assert found.begin == date(2026, 12, 7)


def test_a_move_to_the_next_phase_leaves_twelve_weeks_and_comes_first_where_it_is_nearer() -> None:
    move: dict[str, Value] = {"phase": "primary_to_secondary", "year": 2027}
    found = timetable(of(ev("final_issued", date(2026, 9, 1)), ("phase_transfer", date(2026, 9, 7), move)))
    assert found is not None
    assert found.last == date(2027, 2, 14)
    assert found.meeting == date(2026, 11, 22)
    assert found.amended == found.last


def test_no_review_is_due_before_a_plan_is_in_force_or_once_it_has_ceased() -> None:
    for state in (PlanState.DRAFTING, PlanState.DRAFT_ISSUED, PlanState.CEASED):
        assert timetable(replace(of(ev("final_issued", date(2026, 3, 2))), state=state)) is None


@modest
@given(st.integers(-200, 500))
def test_the_suggested_day_is_a_working_day_with_two_weeks_notice_and_keeps_the_limit_while_it_can(days: int) -> None:
    latest = timetable(of(ev("final_issued", date(2026, 3, 2))))
    assert latest is not None
    today = date(2026, 3, 2) + timedelta(days=days)
    day = suggested(latest, today)
    assert is_working_day(day)
    assert day >= today + NOTICE
    assert day <= latest.meeting or today + NOTICE > latest.meeting - timedelta(days=5)


def test_a_review_is_planned_by_the_school_or_the_caseworker_from_twelve_weeks_before_and_not_sooner() -> None:
    plan = of(ev("final_issued", date(2026, 3, 2)))
    for role in (Role.SENCO, Role.SEN_CASEWORKER):
        assert kinds(plan, role, date(2026, 12, 6)) == []
        assert kinds(plan, role, date(2026, 12, 7)) == [TaskKind.PLAN_REVIEW]
    for role in set(Role) - {Role.SENCO, Role.SEN_CASEWORKER}:
        assert kinds(plan, role, date(2027, 2, 1)) == []


def test_each_step_is_somebodys_turn_in_order_with_its_own_day() -> None:
    day = date(2027, 1, 20)
    planned = ev("review_meeting_planned", day)
    noticed = ev("review_notice_sent", date(2027, 1, 4))
    held = ev("review_meeting_held", day)
    began = ev("final_issued", date(2026, 3, 2))
    assert kinds(of(began, planned), Role.SENCO, day) == [TaskKind.INVITE_TO_REVIEW]
    assert kinds(of(began, planned), Role.SEN_CASEWORKER, day) == [TaskKind.BY_LAW]
    for role in (Role.PARENT, Role.HEALTH_CONTRIBUTOR, Role.SOCIAL_WORKER):
        (task,) = tasks_for(of(began, planned, noticed), {role})
        assert (task.kind, task.due) == (TaskKind.ADVISE_REVIEW, day - timedelta(weeks=2))
    assert kinds(of(began, planned, noticed), Role.SENCO, day) == [TaskKind.ADVISE_REVIEW, TaskKind.HOLD_REVIEW]
    (task,) = tasks_for(of(began, planned, noticed, held), {Role.SENCO})
    assert (task.kind, task.due) == (TaskKind.REPORT_REVIEW, day + timedelta(weeks=2))


def test_whoever_has_advised_is_not_asked_again_until_the_next_review() -> None:
    began, planned = ev("final_issued", date(2026, 3, 2)), ev("review_meeting_planned", at(9).today)
    plan = of(began, planned, ev("review_notice_sent", at(1).today))
    after = rules.advise(plan, PARENT, "It goes well.", "", at(2)).plan
    assert TaskKind.ADVISE_REVIEW not in kinds(after, Role.PARENT, at(2).today)
    assert under_way(after).advised == {"family"}
    decided = event_of("review_decided", at(12).today, {"outcome": "maintain"})
    over = replace(after, happened=(*after.happened, Happened(after.sequence + 2, decided)))
    assert under_way(over).advised == frozenset()


def test_a_step_out_of_turn_is_refused_with_what_comes_first() -> None:
    plan = of(ev("final_issued", date(2026, 3, 2)))
    rows = [{"part": "family", "name": "Nadia", "person": "p"}]
    acts: list[Callable[[], Decision]] = [
        lambda: rules.invite(plan, SENCO, rows, "", at(1)),
        lambda: rules.advise(plan, PARENT, "Well.", "", at(1)),
        lambda: rules.circulate(plan, SENCO, at(1)),
        lambda: rules.send_report(plan, SENCO, at(1)),
        lambda: rules.decide(plan, CASEWORKER, "amend", "It is right.", at(1)),
    ]
    for refused in acts:
        with pytest.raises(NotReady):
            refused()
    with pytest.raises(NotAllowed):
        rules.plan_meeting(plan, PARENT, at(30).today, "", at(1))
    with pytest.raises(NotReady):
        rules.plan_meeting(replace(plan, state=PlanState.DRAFTING), SENCO, at(30).today, "", at(1))


def test_a_record_is_whole_or_it_comes_back_with_what_it_lacks() -> None:
    plan = of(ev("final_issued", date(2026, 3, 2)), ev("review_meeting_planned", at(9).today))
    for lacking in RECORD:
        with pytest.raises(Invalid) as error:
            rules.record(plan, SENCO, at(9).today, {**RECORD, lacking: ""}, at(10))
        assert set(error.value.errors) == {lacking}
    held = rules.record(plan, SENCO, at(9).today, RECORD, at(10))
    assert held.event.kind is EventKind.REVIEW_MEETING_HELD
    assert rules.record(held.plan, SENCO, at(9).today, RECORD, at(11)).event.kind is EventKind.REVIEW_RECORDED


def test_a_plan_is_opened_for_amendment_for_what_is_on_record() -> None:
    began = ev("final_issued", date(2026, 3, 2))
    decided = ev("review_decided", date(2026, 3, 9), outcome="amend")
    move = ev("phase_transfer", date(2026, 3, 9), phase="infant_to_junior", year=2028)
    order = ev("tribunal_order", date(2026, 3, 9), order="amend")
    assert reasons_on_record(of(began)) == ()
    assert reasons_on_record(of(began, decided)) == (Because.REVIEW,)
    assert reasons_on_record(of(began, move)) == (Because.PHASE_TRANSFER,)
    assert reasons_on_record(of(began, order)) == (Because.ORDER,)
    opened = begin_amending(of(began, move), CASEWORKER, Because.PHASE_TRANSFER, "", at(9))
    assert opened.plan.state is PlanState.AMENDING
    with pytest.raises(NotReady):
        begin_amending(opened.plan, CASEWORKER, Because.PHASE_TRANSFER, "", at(9))
    with pytest.raises(NotAllowed):
        begin_amending(of(began, move), SENCO, Because.PHASE_TRANSFER, "", at(9))


def test_changes_are_to_be_proposed_once_there_are_some_and_every_section_is_signed_again() -> None:
    move = ev("phase_transfer", date(2026, 3, 9), phase="infant_to_junior", year=2028)
    opened = begin_amending(
        of(ev("final_issued", date(2026, 3, 2)), move), CASEWORKER, Because.PHASE_TRANSFER, "", at(9)
    )
    assert TaskKind.PROPOSE not in kinds(opened.plan, Role.SEN_MANAGER, at(9).today)
    need = opened.plan.sections["B"].content.items[0].id
    sent = submission(opened.plan.sections["B"].content, "needs", need, {"effect": "She waits."})
    edited = edit_item(opened.plan, CASEWORKER, "B", sent, at(10))
    assert edited is not None
    changed = edited.plan
    assert TaskKind.PROPOSE not in kinds(changed, Role.SEN_MANAGER, at(10).today)
    assert TaskKind.PROPOSE in kinds(sign(changed, MANAGER, "B"), Role.SEN_MANAGER, at(11).today)
    assert tasks_for(changed, {Role.PARENT}) == ()


def said(number: int, kind: EventKind, **beside: Value) -> Said:
    return Said(number, kind, BY, "Elm Road", START.date() + timedelta(days=number), {}, beside)


def record(number: int, **marks: str) -> Said:
    rows: list[Value] = [{"outcome": name, "named": name, "mark": mark} for name, mark in marks.items()]
    return said(number, EventKind.REVIEW_MEETING_HELD, recommends="maintain", progress=rows)


def test_each_decision_ends_a_review_and_progress_is_drawn_over_all_of_them() -> None:
    decided = EventKind.REVIEW_DECIDED
    entries = [record(1, E1="little", E2="some"), said(2, decided), record(400, E1="well", E3=""), said(401, decided)]
    reviews = reviews_of(entries)
    assert [each.number for each in reviews] == [1, 2]
    picture = picture_of(reviews, ["E3", "E1"])
    assert picture is not None
    assert [(each.outcome, each.in_plan) for each in picture.rows] == [("E3", True), ("E1", True), ("E2", False)]
    third, first, second = picture.rows
    assert (len(third.points), third.says) == (0, "not spoken of yet")
    assert [each.says for each in first.points] == ["Little or no progress", "Going well"]
    assert first.points[0].y > first.points[1].y
    assert [bool(each) for each in second.cells] == [True, False]
    assert picture_of((), []) is None
