"""How long a plan is kept: the dates by hand, the rows of the policy, holds, and two different people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import retention
from portal.domain.actor import WHOLE_CASELOAD, Actor, Role
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import EventKind
from portal.domain.moment import Moment
from portal.domain.plan import Child, Keeping, Plan
from portal.domain.retention import POLICIES, Policy, due_on, may_be_destroyed, policy_for, standing
from tests.factories import actor, blank, child, mark, modest

MANAGER = actor(Role.SEN_MANAGER, scope=WHOLE_CASELOAD)
OTHER_MANAGER = actor(Role.SEN_MANAGER, "-2", scope=WHOLE_CASELOAD)
AUDITOR = actor(Role.AUDITOR, scope=WHOLE_CASELOAD)
KEEPERS = (MANAGER, OTHER_MANAGER, AUDITOR)
BORN = date(2017, 3, 14)
DUE = date(2048, 3, 14)
TODAY = date(2026, 11, 22)


def on(day: date, hour: int = 9) -> Moment:
    when = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Moment(when, when)


def after(decision: Decision | None) -> Plan:
    assert decision is not None
    return decision.plan


def confirmed(*people: Actor, day: date = DUE) -> Plan:
    plan = blank()
    for each in people:
        plan = after(retention.confirm(plan, each, on(day)))
    return plan


def may_go(plan: Plan, day: date) -> bool:
    return may_be_destroyed(plan.child, plan.keeping, day)


# The date


@pytest.mark.parametrize(
    ("born", "looked_after", "due"),
    [
        (date(2017, 3, 14), False, date(2048, 3, 14)),
        (date(2017, 3, 14), True, date(2092, 3, 14)),
        (date(2001, 1, 1), False, date(2032, 1, 1)),
        (date(2001, 12, 31), True, date(2076, 12, 31)),
        (date(2016, 2, 29), False, date(2047, 3, 1)),
        (date(2016, 2, 29), True, date(2091, 3, 1)),
        (date(2016, 2, 28), False, date(2047, 2, 28)),
        (date(2017, 2, 28), False, date(2048, 2, 28)),
    ],
)
def test_a_plan_may_go_on_the_day_its_years_from_birth_are_over(born: date, looked_after: bool, due: date) -> None:
    assert due_on(child(born=born, looked_after=looked_after), TODAY) == due


def test_a_birthday_on_a_leap_day_is_kept_where_the_year_has_one() -> None:
    four = Policy("every child", False, 32, "", "", date(2014, 9, 1))
    assert due_on(child(born=date(2016, 2, 29)), TODAY, [four]) == date(2048, 2, 29)


@modest
@given(st.dates(date(1989, 1, 1), date(2040, 12, 31)), st.booleans())
def test_no_plan_is_due_before_somebody_is_31_and_none_of_a_looked_after_child_before_75(
    born: date, looked_after: bool
) -> None:
    one = child(born=born, looked_after=looked_after)
    due, years = due_on(one, TODAY), 75 if looked_after else 31
    assert one.age_on(due) == years
    assert one.age_on(due - timedelta(days=1)) == years - 1


def test_each_row_of_the_policy_names_its_source_and_its_day() -> None:
    assert [(each.only_looked_after, each.years) for each in POLICIES] == [(False, 31), (True, 75)]
    assert all(each.source and each.why and each.since == date(2014, 9, 1) for each in POLICIES)


def test_a_child_who_was_looked_after_is_kept_by_the_longer_row_whichever_that_is() -> None:
    longer = Policy("every child", False, 80, "", "", date(2030, 1, 1))
    rows = (*POLICIES, longer)
    one = child(looked_after=True)
    assert policy_for(one, date(2029, 12, 31), rows).years == 75
    assert policy_for(one, date(2030, 1, 1), rows).years == 80


def test_a_later_row_takes_the_place_of_an_earlier_one_on_its_day_and_not_before() -> None:
    shorter = Policy("every child", False, 26, "", "", date(2030, 1, 1))
    rows = (shorter, *POLICIES)
    assert policy_for(child(), date(2029, 12, 31), rows).years == 31
    assert policy_for(child(), date(2030, 1, 1), rows).years == 26
    assert policy_for(child(looked_after=True), date(2030, 1, 1), rows).years == 75


# A hold


def test_a_hold_keeps_the_reason_who_and_when_and_only_its_hash_stands_on_the_chain() -> None:
    decision = retention.hold(blank(), MANAGER, "A claim is open.", on(TODAY))
    held = decision.plan.keeping.hold
    assert held is not None
    assert (held.words, held.by.person, held.by.at) == ("A claim is open.", MANAGER.person, on(TODAY).product)
    assert (decision.event.kind, dict(decision.event.facts)) == (EventKind.HOLD_PLACED, {})
    assert decision.event.beside == {"words": "A claim is open."}


def test_releasing_a_hold_asks_for_a_reason_and_lets_the_date_count_again() -> None:
    held = retention.hold(blank(), MANAGER, "A claim is open.", on(TODAY)).plan
    with pytest.raises(Invalid):
        retention.release(held, AUDITOR, " \n", on(TODAY))
    decision = retention.release(held, AUDITOR, "The claim is settled.", on(TODAY))
    assert after(decision).keeping == Keeping()
    assert decision is not None
    assert (decision.event.kind, decision.event.beside) == (
        EventKind.HOLD_RELEASED,
        {"words": "The claim is settled."},
    )
    assert retention.release(after(decision), AUDITOR, "Again.", on(TODAY)) is None


def test_a_hold_without_a_reason_is_refused_and_so_is_a_second_one() -> None:
    with pytest.raises(Invalid):
        retention.hold(blank(), MANAGER, "", on(TODAY))
    held = retention.hold(blank(), MANAGER, "A claim is open.", on(TODAY)).plan
    with pytest.raises(NotReady, match="already"):
        retention.hold(held, AUDITOR, "An inquiry.", on(TODAY))


def test_what_was_confirmed_lapses_when_a_hold_is_placed_and_stays_lapsed_when_it_is_released() -> None:
    both = confirmed(MANAGER, AUDITOR)
    assert may_go(both, DUE)
    held = retention.hold(both, OTHER_MANAGER, "A claim is open.", on(DUE)).plan
    assert not may_go(held, DUE)
    with pytest.raises(NotReady, match="hold"):
        retention.confirm(held, MANAGER, on(DUE))
    released = after(retention.release(held, OTHER_MANAGER, "Settled.", on(DUE)))
    assert released.keeping.confirmed == ()
    assert not may_go(released, DUE)


# Two people


def test_the_first_confirms_and_the_second_orders_it() -> None:
    first = retention.confirm(blank(), MANAGER, on(DUE))
    second = retention.confirm(after(first), AUDITOR, on(DUE))
    assert first is not None
    assert second is not None
    assert [each.event.kind for each in (first, second)] == [
        EventKind.DESTRUCTION_CONFIRMED,
        EventKind.DESTRUCTION_ORDERED,
    ]
    assert not may_go(first.plan, DUE)
    assert may_go(second.plan, DUE)
    assert retention.confirm(second.plan, OTHER_MANAGER, on(DUE)) is None


@pytest.mark.parametrize("who", KEEPERS, ids=lambda each: each.person)
def test_one_person_is_never_both(who: Actor) -> None:
    once = confirmed(who)
    with pytest.raises(NotReady, match="somebody else"):
        retention.confirm(once, who, on(DUE + timedelta(days=400)))
    assert not may_go(once, DUE)


def test_two_marks_of_one_person_would_not_be_enough_however_they_came_there() -> None:
    twice = Keeping(confirmed=(replace(mark("one"), at=on(DUE).product), replace(mark("one"), at=on(DUE).product)))
    assert not may_be_destroyed(child(), twice, DUE)


def test_nothing_is_confirmed_before_the_day_and_everything_can_be_on_it() -> None:
    with pytest.raises(NotReady, match="kept for longer"):
        retention.confirm(blank(), MANAGER, on(DUE - timedelta(days=1)))
    # In summer England's day begins an hour before the day of UTC.
    summer = blank(born=date(2017, 7, 14))
    with pytest.raises(NotReady):
        retention.confirm(summer, MANAGER, on(date(2048, 7, 13), hour=22))
    assert retention.confirm(summer, MANAGER, on(date(2048, 7, 13), hour=23)) is not None


def test_a_confirmation_tells_the_chain_and_the_plan_no_date_from_which_a_birthday_follows() -> None:
    decision = retention.confirm(blank(), MANAGER, on(DUE + timedelta(days=3)))
    assert decision is not None
    assert (dict(decision.event.facts), dict(decision.event.beside)) == ({}, {})


def test_a_confirmation_no_longer_counts_when_the_plan_is_to_be_kept_for_longer_after_all() -> None:
    both = confirmed(MANAGER, AUDITOR)
    later = replace(both, child=replace(both.child, looked_after=True))
    assert standing(later.child, later.keeping, date(2092, 3, 14)) == ()
    assert not may_go(later, date(2092, 3, 14))
    again = after(retention.confirm(later, AUDITOR, on(date(2092, 3, 14))))
    assert [each.person for each in again.keeping.confirmed] == [AUDITOR.person]


STEPS: dict[str, Callable[[Plan, Actor, Moment], Decision | None]] = {
    "hold": lambda plan, who, moment: retention.hold(plan, who, "Why.", moment),
    "release": lambda plan, who, moment: retention.release(plan, who, "Why.", moment),
    "confirm": retention.confirm,
}


@modest
@given(
    st.lists(st.tuples(st.sampled_from([*STEPS, "confirm"]), st.sampled_from(KEEPERS), st.integers(-2, 2)), max_size=12)
)
def test_whatever_is_done_a_plan_goes_only_when_due_unheld_and_confirmed_by_two_since_the_last_hold(
    steps: list[tuple[str, Actor, int]],
) -> None:
    plan, held, people, day = blank(), False, set[str](), DUE
    for kind, who, offset in steps:
        day = DUE + timedelta(days=offset)
        try:
            decision = STEPS[kind](plan, who, on(day))
        except NotReady:
            continue
        if decision is None:
            continue
        plan, held = decision.plan, {"hold": True, "release": False}.get(kind, held)
        people = set() if kind == "hold" else people | ({who.person} if kind == "confirm" else set())
    assert may_go(plan, day) == (day >= DUE and not held and len(people) == 2)


# Who may


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", Role)
def test_a_part_in_one_plan_lets_nobody_keep_or_destroy_it(role: Role, step: str) -> None:
    with pytest.raises(NotAllowed):
        STEPS[step](blank(), actor(role), on(DUE))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", [each for each in Role if each not in (Role.SEN_MANAGER, Role.AUDITOR)])
def test_nobody_but_managers_and_the_data_protection_officer_does_it_with_the_whole_caseload(
    role: Role, step: str
) -> None:
    with pytest.raises(NotAllowed):
        STEPS[step](blank(), actor(role, scope=WHOLE_CASELOAD), on(DUE))


def test_a_child_is_not_looked_after_unless_it_is_said() -> None:
    assert Child("Sam Adeyemi", "Sam", "he", BORN).looked_after is False
