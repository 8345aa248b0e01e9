"""Representations: one point at a time, late ones too, each answered once, and none passed over unsaid."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import issue as issuing
from portal.domain import represent
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.plan import Plan
from portal.domain.represent import Point
from portal.domain.representation import PASSED_OVER_UNDER
from portal.domain.state import PlanState, VersionKind
from tests.factories import (
    CASEWORKER,
    MANAGER,
    OTHER_PARENT,
    PARENT,
    SENCO,
    at,
    final,
    finalising,
    modest,
    placed,
    with_draft,
    written,
)

POINT = Point("F", "Every week, please.")


def said(plan: Plan, *abouts: str) -> Plan:
    for about in abouts:
        plan = represent.make(plan, PARENT, Point(about, "Because.", "Oak Lane"), at(3)).plan
        plan = replace(plan, sequence=plan.sequence + 1)
    return plan


def answered(plan: Plan, number: int) -> Plan:
    return represent.answer(plan, CASEWORKER, number, True, "It says so now.", at(5)).plan


def test_a_point_says_nothing_on_the_chain_but_what_it_is_about_and_whose_it_is() -> None:
    decision = represent.make(with_draft(), PARENT, POINT, at(3))
    assert dict(decision.event.facts) == {"about": "F", "person": "parent", "version": 1}
    assert dict(decision.event.beside) == {"words": "Every week, please."}
    (one,) = decision.plan.representations
    assert one.is_open
    assert "week" not in repr(one)


def test_a_point_is_late_from_the_sixteenth_day_on_and_is_heard_all_the_same() -> None:
    for days, late in ((0, False), (14, False), (15, True), (40, True)):
        plan = represent.make(finalising() if days > 14 else with_draft(), PARENT, POINT, at(days)).plan
        assert represent.is_late(plan, plan.representations[-1], at(days).today) is late


BEFORE = replace(final(), state=PlanState.AMENDING)


@pytest.mark.parametrize(
    "plan", [written(), final(), BEFORE], ids=["before the draft", "after the final", "before amendments are proposed"]
)
def test_nothing_is_said_of_a_draft_that_is_not_there(plan: Plan) -> None:
    with pytest.raises(NotReady):
        represent.make(plan, PARENT, POINT, at(20))


def test_the_family_makes_points_and_the_council_answers() -> None:
    plan = said(with_draft(), "F")
    with pytest.raises(NotAllowed):
        represent.make(plan, SENCO, POINT, at(3))
    with pytest.raises(NotAllowed):
        represent.answer(plan, OTHER_PARENT, plan.representations[0].number, True, "Yes.", at(4))
    with pytest.raises(NotAllowed):
        represent.write_down(plan, PARENT, POINT, "parent", at(4))
    with pytest.raises(NotFound):
        represent.answer(plan, CASEWORKER, 7777, True, "Yes.", at(4))
    with pytest.raises(NotFound):
        represent.make(plan, PARENT, Point("Z", "Words"), at(4))
    with pytest.raises(Invalid):
        represent.make(plan, PARENT, Point("school", "Words"), at(4))


def test_an_answer_is_given_once() -> None:
    plan = said(with_draft(), "F")
    number = plan.representations[0].number
    with pytest.raises(NotReady):
        represent.answer(answered(plan, number), CASEWORKER, number, False, "No.", at(6))


@modest
@given(st.lists(st.sampled_from([*PASSED_OVER_UNDER, "B", "F", "G"]), min_size=1, max_size=6), st.data())
def test_a_final_asks_a_reason_for_exactly_the_sections_under_which_something_is_unanswered(
    abouts: list[str], data: st.DataObject
) -> None:
    plan = said(placed(), *abouts)
    for each in plan.representations:
        if data.draw(st.booleans()):
            plan = replace(answered(plan, each.number), sequence=plan.sequence + 1)
    open_under = {each.section for each in plan.representations if each.is_open}
    assert {each.letter for each in issuing.lacks(plan, VersionKind.FINAL)} == open_under
    if open_under:
        with pytest.raises(Invalid):
            issuing.issue(plan, MANAGER, VersionKind.FINAL, {}, at(9))
    reasons = dict.fromkeys(open_under, "The law’s last day is today.")
    issued = issuing.issue(plan, MANAGER, VersionKind.FINAL, reasons, at(9))
    assert issued.plan.state is PlanState.FINAL
    assert issued.version
    assert {each.letter for each in issued.version.sections if each.reason} == open_under
