"""Reminders of legal dates: which rungs a task comes to on which day, and whose they are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.access import must_be_manager
from portal.domain.error import Invalid, NotAllowed
from portal.domain.reminders import (
    AS_IT_COMES,
    EARLIEST,
    LATEST,
    MOST,
    Rung,
    Whom,
    checked,
    is_reminded,
    key_of,
    reached,
    rung_in,
)
from portal.domain.turn import Task, TaskKind, tasks_for
from tests.factories import CASEWORKER, MANAGER, PARENT, THERAPIST, with_draft

DUE = date(2026, 11, 30)
RUNGS = st.builds(Rung, st.integers(EARLIEST, LATEST), st.sampled_from(Whom))


def due(on: date) -> Task:
    return Task(TaskKind.BY_LAW, due=on)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2026, 11, 22), set()),
        (date(2026, 11, 23), {Rung(-7, Whom.WAITED_FOR)}),
        (date(2026, 11, 24), set()),
        (date(2026, 11, 29), {Rung(-1, Whom.WAITED_FOR)}),
        (date(2026, 11, 30), set()),
        (date(2026, 12, 1), {Rung(1, Whom.CASEWORKER)}),
        (date(2026, 12, 5), {Rung(5, Whom.MANAGER)}),
        (date(2026, 12, 14), {Rung(14, Whom.MANAGER)}),
    ],
)
def test_a_date_comes_to_each_rung_on_its_day_and_on_no_other(on: date, found: set[Rung]) -> None:
    assert reached(AS_IT_COMES, [due(DUE)], on - timedelta(days=1), on) == {(each, DUE) for each in found}


@given(rungs=st.sets(RUNGS, max_size=MOST), days=st.lists(st.integers(1, 9), max_size=20))
def test_however_seldom_one_looks_every_rung_is_come_to_once(rungs: set[Rung], days: list[int]) -> None:
    start, found = DUE - timedelta(days=45), list[tuple[Rung, date]]()
    for step in days:
        found += reached(sorted(rungs), [due(DUE)], start, start + timedelta(days=step))
        start += timedelta(days=step)
    wanted = {each for each in rungs if -45 < each.days <= (start - DUE).days}
    assert sorted(found) == sorted((each, DUE) for each in wanted)


def test_what_has_no_legal_date_reminds_nobody() -> None:
    assert reached(AS_IT_COMES, [Task(TaskKind.WRITE, ("B",))], date.min, date.max) == set()


@given(rung=RUNGS)
def test_an_entry_of_the_outbox_says_which_rung_it_is(rung: Rung) -> None:
    assert rung_in(key_of(rung)) == rung


@pytest.mark.parametrize("kind", ["section_edited", "letter_written", "review_to_plan", ""])
def test_no_other_entry_is_taken_for_a_reminder(kind: str) -> None:
    assert rung_in(kind) is None


def test_rungs_stand_in_order_and_each_once() -> None:
    one, other = Rung(3, Whom.MANAGER), Rung(-3, Whom.CASEWORKER)
    assert checked([one, other, one]) == (other, one)
    assert checked([]) == ()


@pytest.mark.parametrize("rungs", [[Rung(91, Whom.MANAGER)], [Rung(-91, Whom.MANAGER)]])
def test_a_rung_too_far_off_is_refused(rungs: list[Rung]) -> None:
    with pytest.raises(Invalid):
        checked(rungs)


def test_more_reminders_than_anybody_reads_are_refused() -> None:
    with pytest.raises(Invalid):
        checked(Rung(each, Whom.MANAGER) for each in range(MOST + 1))


def test_on_the_lowest_rung_is_whoever_still_has_something_to_do_by_that_date() -> None:
    plan = with_draft()
    (answer,) = (each.due for each in tasks_for(plan, {each.role for each in PARENT.grants}) if each.due)
    rung = Rung(-1, Whom.WAITED_FOR)
    assert is_reminded(plan, PARENT, rung, answer)
    assert not is_reminded(plan, PARENT, rung, answer + timedelta(days=1))
    assert not is_reminded(plan, THERAPIST, rung, answer)


def test_on_the_higher_rungs_are_the_caseworker_and_the_managers_whatever_waits_for_them() -> None:
    plan, everybody = with_draft(), (PARENT, CASEWORKER, MANAGER, THERAPIST)
    told = {whom: [each for each in everybody if is_reminded(plan, each, Rung(1, whom), DUE)] for whom in Whom}
    assert told[Whom.CASEWORKER] == [CASEWORKER]
    assert told[Whom.MANAGER] == [MANAGER]


def test_only_an_sen_manager_of_the_whole_caseload_sets_them() -> None:
    for each in (PARENT, CASEWORKER, THERAPIST):
        with pytest.raises(NotAllowed):
            must_be_manager(each)
