"""A fresh proof: fifteen minutes, for the acts that weigh most and for no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import sign_off
from portal.domain.actor import Actor
from portal.domain.decision import Decision
from portal.domain.error import NotAllowed, StaleRevision, StepUpNeeded
from portal.domain.event import Event, EventKind
from portal.domain.step_up import ACTS, FRESH, is_fresh, must_be_fresh, proven, weighs
from tests.factories import CLINICAL_OFFICER, SENCO, at, blank, mark, modest

NOON = at()
NOW = int(NOON.wall.timestamp())


def seen(seconds_ago: int) -> Actor:
    """The clinical officer, whom their provider saw sign on so long ago."""
    return replace(CLINICAL_OFFICER, auth_time=NOW - seconds_ago)


@modest
@given(st.integers(min_value=0, max_value=10_000_000))
def test_a_proof_is_fresh_for_fifteen_minutes_and_not_a_second_longer(seconds: int) -> None:
    assert is_fresh(seen(seconds), NOON.wall) is (seconds <= 15 * 60)


@pytest.mark.parametrize("seconds", [15 * 60, 15 * 60 + 1])
def test_the_fifteenth_minute_still_counts_and_the_next_second_does_not(seconds: int) -> None:
    assert is_fresh(seen(seconds), NOON.wall) is (seconds == FRESH.total_seconds())


def test_a_provider_that_did_not_say_when_proved_nothing() -> None:
    assert not is_fresh(CLINICAL_OFFICER, NOON.wall)
    with pytest.raises(StepUpNeeded):
        must_be_fresh(CLINICAL_OFFICER, NOON.wall)


def test_the_clock_is_that_of_the_wall_and_not_the_demonstrations() -> None:
    moved = replace(NOON, product=NOON.product + timedelta(days=400))
    head = blank().sections["C"]
    decide = proven(
        seen(60), moved, lambda plan: sign_off.sign(plan, seen(60), "C", head.revision, head.hash.hex(), moved)
    )
    assert decide(blank()) is not None


@pytest.mark.parametrize("kind", EventKind)
def test_only_the_weighty_acts_ask_for_it(kind: EventKind) -> None:
    decision = Decision(blank(), Event(kind), mark(), "An agency")
    decide = proven(seen(16 * 60), NOON, lambda _: decision)
    if kind in ACTS:
        with pytest.raises(StepUpNeeded):
            decide(blank())
    else:
        assert decide(blank()) is decision
    assert proven(seen(14 * 60), NOON, lambda _: decision)(blank()) is decision


def test_signing_issuing_ceasing_and_destroying_are_weighty_and_taking_back_is_not() -> None:
    said = {
        "section_signed",
        "twin_checked",
        "draft_served",
        "final_issued",
        "destruction_confirmed",
        "destruction_ordered",
        "cease_decided",
        "plan_ceased",
    }
    assert said <= {each.value for each in ACTS}
    assert {EventKind.SIGN_OFF_WITHDRAWN, EventKind.SECTION_SENT_BACK, EventKind.SECTION_EDITED}.isdisjoint(ACTS)


@pytest.mark.parametrize(("outcome", "asks"), [("cease", True), ("amend", False), ("maintain", False)])
def test_a_review_s_decision_is_weighty_where_the_plan_is_to_cease(outcome: str, asks: bool) -> None:
    assert weighs(Event(EventKind.REVIEW_DECIDED, facts={"outcome": outcome})) is asks


def test_what_would_be_refused_anyway_sends_nobody_to_their_provider() -> None:
    plan = blank()
    head = plan.sections["C"]
    late = proven(seen(86_400), NOON, lambda each: sign_off.sign(each, seen(86_400), "C", 7, head.hash.hex(), NOON))
    with pytest.raises(StaleRevision):
        late(plan)
    reader = proven(SENCO, NOON, lambda each: sign_off.sign(each, SENCO, "C", 0, head.hash.hex(), NOON))
    with pytest.raises(NotAllowed):
        reader(plan)


def test_what_is_done_already_asks_for_no_proof() -> None:
    assert proven(seen(86_400), NOON, lambda _: None)(blank()) is None
