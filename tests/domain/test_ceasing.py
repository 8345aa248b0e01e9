"""A plan ceases after the decision was sent and the time to appeal and every appeal are over, and never before."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.case import event_of
from portal.domain.ceasing import cease, why_in_force
from portal.domain.clocks.name import Clock
from portal.domain.error import NotAllowed, NotReady
from portal.domain.event import EventKind
from portal.domain.moment import Moment
from portal.domain.plan import Happened, Plan
from portal.domain.state import PlanState
from tests.factories import CASEWORKER, MANAGER, PARENT, at, final, modest, placed

DECIDED, LETTER = date(2026, 4, 1), date(2026, 4, 3)
Told = tuple[EventKind, date, dict[str, str]]
WINDOW = date(2026, 6, 3)  # two months from the letter, a Wednesday


def told(*events: Told) -> Plan:
    plan = final()
    more = [Happened(900 + number, event_of(kind, on, dict(facts))) for number, (kind, on, facts) in enumerate(events)]
    return replace(plan, happened=(*plan.happened, *more))


CEASE: Told = (EventKind.CEASE_DECIDED, DECIDED, {})
SENT: Told = (EventKind.DECISION_LETTER_SENT, LETTER, {"decision": "cease"})


def lodged(on: date) -> Told:
    return (EventKind.APPEAL_LODGED, on, {})


def concluded(on: date) -> Told:
    return (EventKind.APPEAL_CONCLUDED, on, {})


def moment(day: date) -> Moment:
    return at((day - date(2026, 3, 1)).days)


def test_the_day_after_the_window_is_the_first_on_which_a_plan_may_cease() -> None:
    plan = told(CEASE, SENT)
    (reason,) = why_in_force(plan, WINDOW)
    assert reason == "The family can still appeal. The plan stays in force until 3 June 2026."
    with pytest.raises(NotReady, match="can still appeal"):
        cease(plan, MANAGER, moment(WINDOW))
    decision = cease(plan, MANAGER, moment(WINDOW + timedelta(days=1)))
    assert (decision.plan.state, decision.event.kind) == (PlanState.CEASED, EventKind.PLAN_CEASED)
    with pytest.raises(NotReady, match="ceased already"):
        cease(decision.plan, CASEWORKER, moment(WINDOW + timedelta(days=2)))


def test_while_an_appeal_is_pending_the_plan_stays_in_force_however_long_it_takes() -> None:
    plan = told(CEASE, SENT, lodged(date(2026, 5, 20)))
    assert why_in_force(plan, date(2027, 5, 1)) == (
        "An appeal is pending. The plan stays in force until it is concluded.",
    )
    over = told(CEASE, SENT, lodged(date(2026, 5, 20)), concluded(date(2027, 1, 11)))
    assert why_in_force(over, date(2027, 1, 11))
    assert why_in_force(over, date(2027, 1, 12)) == ()


def test_an_appeal_that_came_late_keeps_the_plan_in_force_too() -> None:
    plan = told(CEASE, SENT, lodged(date(2026, 7, 1)))
    assert "pending" in why_in_force(plan, date(2026, 9, 1))[0]


def test_a_second_appeal_keeps_it_in_force_after_the_first_was_concluded() -> None:
    first = (lodged(date(2026, 4, 20)), concluded(date(2026, 5, 1)))
    plan = told(CEASE, SENT, *first, lodged(date(2026, 5, 20)))
    assert "pending" in why_in_force(plan, date(2026, 9, 1))[0]


def test_without_a_decision_or_a_letter_nothing_ceases() -> None:
    late = date(2027, 4, 1)
    assert "not on record" in why_in_force(final(), late)[0]
    assert "has not been sent" in why_in_force(told(CEASE), late)[0]
    review = (EventKind.REVIEW_DECIDED, DECIDED, {"outcome": "cease"})
    assert "on record first" in why_in_force(told(review, SENT), late)[0]
    early = (EventKind.DECISION_LETTER_SENT, DECIDED - timedelta(days=9), {"decision": "cease"})
    assert "has not been sent" in why_in_force(told(early, CEASE), late)[0]


def test_a_plan_that_is_not_in_force_does_not_cease_and_a_family_ends_none() -> None:
    with pytest.raises(NotReady):
        cease(placed(), MANAGER, moment(WINDOW))
    with pytest.raises(NotAllowed):
        cease(told(CEASE, SENT), PARENT, moment(date(2027, 4, 1)))


@modest
@given(
    st.integers(0, 90),
    st.lists(st.tuples(st.sampled_from([lodged, concluded]), st.integers(1, 200)), max_size=4),
    st.integers(0, 400),
)
def test_no_plan_ceases_on_a_day_on_which_the_law_keeps_it_in_force(
    letter: int, appeals: list[tuple[object, int]], days: int
) -> None:
    sent = (EventKind.DECISION_LETTER_SENT, DECIDED + timedelta(days=letter), {"decision": "cease"})
    plan = told(CEASE, sent, *(make(DECIDED + timedelta(days=after)) for make, after in appeals))  # type: ignore[operator]
    today = DECIDED + timedelta(days=days)
    clock = next(each for each in plan.clocks if each.clock is Clock.PLAN_IN_FORCE_UNTIL)
    if clock.due is None or today <= clock.due:
        assert why_in_force(plan, today)
