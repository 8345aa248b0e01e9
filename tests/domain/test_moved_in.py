"""A child who moves in with a plan: which days can be so, the clocks that they start, and whose act each event is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import case as cases
from portal.domain.account import Step, retold
from portal.domain.actor import Role
from portal.domain.clocks.days import after_working_days
from portal.domain.clocks.event import Kind
from portal.domain.clocks.name import Clock
from portal.domain.clocks.stage import Stage, stage
from portal.domain.content import Mark
from portal.domain.elsewhere import began_with, holds_elsewhere, of_the_other_council
from portal.domain.error import Invalid, NotReady
from portal.domain.hashing import Value
from portal.domain.letter import Body
from portal.domain.letter_kind import LetterKind
from portal.domain.letter_write import offers, send
from portal.domain.moment import stamp
from portal.domain.moved_in import Move, must_fit, put_on_record
from portal.domain.picture import decisions_of
from portal.domain.plan import Plan
from portal.domain.turn import TaskKind, situation, tasks_for
from portal.receipt.said import done
from tests.factories import CASEWORKER, START, at, blank, final, modest

BORN, TODAY = date(2017, 3, 14), at().today
BY = Mark("p", "Chris Doyle", "northmere-council", START)
A_DAY = timedelta(days=1)
MOVED = Move("Southfell Council", TODAY - 20 * A_DAY, TODAY - 22 * A_DAY, came=TODAY - 2 * A_DAY)


def begun(move: Move) -> Plan:
    """A record that began with the move: its first entry says no more than that there is a plan."""
    plan = replace(blank(), sequence=1)
    for each in move.events:
        plan = replace(put_on_record(plan, move, each, BY, "SEN team").plan, sequence=plan.sequence + 1)
    return plan


def due(plan: Plan, clock: Clock) -> date | None:
    return next(each.due for each in plan.clocks if each.clock is clock)


@modest
@given(st.integers(0, 60), st.integers(-10, 60))
def test_notice_is_in_good_time_exactly_when_fifteen_working_days_lie_before_the_move(start: int, later: int) -> None:
    aware = TODAY + start * A_DAY
    move = Move("Southfell Council", aware + later * A_DAY, aware)
    assert (move.notice >= 15) is (after_working_days(aware, 15) <= move.on)


def test_after_a_late_notice_the_clocks_run_from_the_day_on_which_the_plan_came() -> None:
    plan = begun(MOVED)
    assert MOVED.came is not None
    assert due(plan, Clock.TELL_FAMILY_AFTER_MOVE) == MOVED.came + timedelta(weeks=6)
    assert due(plan, Clock.REVIEW_AFTER_MOVE) == date(2026, 5, 26)
    assert due(plan, Clock.TRANSFER_OF_PLAN) == after_working_days(MOVED.aware - A_DAY, 15)


def test_the_year_since_the_other_council_made_or_reviewed_the_plan_counts_where_it_is_later() -> None:
    made = begun(replace(MOVED, made=date(2025, 12, 1)))
    assert due(made, Clock.REVIEW_AFTER_MOVE) == date(2026, 11, 30)
    reviewed = begun(replace(MOVED, made=date(2023, 12, 1), reviewed=date(2026, 1, 12)))
    assert due(reviewed, Clock.REVIEW_AFTER_MOVE) == date(2027, 1, 11)
    assert not any(each.open for each in reviewed.clocks if each.clock in (Clock.FIRST_REVIEW, Clock.NEXT_REVIEW))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"on": TODAY + 400 * A_DAY}, "on"),
        ({"on": BORN - A_DAY, "came": None}, "on"),
        ({"aware": TODAY + A_DAY}, "aware"),
        ({"came": TODAY + A_DAY}, "came"),
        ({"came": MOVED.on - A_DAY}, "came"),
        ({"made": TODAY - A_DAY}, "made"),
        ({"made": TODAY - 19 * A_DAY, "came": None}, "made"),
        ({"made": BORN - A_DAY}, "made"),
        ({"made": date(2025, 5, 1), "reviewed": date(2025, 4, 30)}, "reviewed"),
        ({"reviewed": TODAY}, "reviewed"),
    ],
)
def test_a_day_that_can_t_be_so_comes_back_with_what_to_do(changed: dict[str, date | None], field: str) -> None:
    with pytest.raises(Invalid) as error:
        must_fit(replace(MOVED, **changed), BORN, TODAY)  # type: ignore[arg-type]  # replace() checks the names
    assert field in error.value.errors


def test_a_move_may_be_written_down_before_its_day() -> None:
    must_fit(Move("Southfell Council", TODAY + 40 * A_DAY, TODAY), BORN, TODAY)


def test_a_plan_that_came_over_is_maintained_here_and_one_that_has_not_is_not_yet() -> None:
    assert stage(begun(MOVED).case) is Stage.MAINTAINED
    assert stage(begun(replace(MOVED, came=None)).case) is Stage.NOT_BEGUN


def told(plan: Plan) -> Plan:
    """The plan once the letter about its move was sent."""
    (offer,) = [each for each in offers(plan, ()) if each.kind is LetterKind.MOVED_IN]
    assert offer.is_owed
    return send(plan, CASEWORKER, offer, Body("The plan is now with us", ()), (0, 1), 1, at())[0].plan


@pytest.mark.parametrize("aware", [MOVED.aware, MOVED.on - 40 * A_DAY])
def test_telling_the_family_waits_for_the_council_until_its_letter_is_sent(aware: date) -> None:
    plan = begun(replace(MOVED, aware=aware))
    (task,) = [each for each in tasks_for(plan, {Role.SEN_CASEWORKER}) if each.kind is TaskKind.BY_LAW]
    assert (task.clock, task.due) == (Clock.TELL_FAMILY_AFTER_MOVE, due(plan, Clock.TELL_FAMILY_AFTER_MOVE))
    after = told(plan)
    assert after.move_told == TODAY
    assert [each.met for each in after.clocks if each.clock is Clock.TELL_FAMILY_AFTER_MOVE] == [TODAY]
    (then,) = [each for each in tasks_for(after, {Role.SEN_CASEWORKER}) if each.kind is TaskKind.BY_LAW]
    assert then.clock is Clock.REVIEW_AFTER_MOVE
    assert situation(after) != situation(plan)
    assert LetterKind.MOVED_IN not in {each.kind for each in offers(after, ())}


def test_what_the_other_council_did_is_neither_told_in_letters_nor_counted_as_ours() -> None:
    plan = begun(replace(MOVED, made=date(2024, 12, 1), reviewed=date(2025, 12, 2)))
    assert [each.event.kind for each in of_the_other_council(plan)] == [Kind.FINAL_ISSUED, Kind.REVIEW_DECIDED]
    assert holds_elsewhere(plan)
    assert decisions_of(plan) == ()
    assert [each.kind for each in offers(plan, ()) if each.is_owed] == [LetterKind.MOVED_IN]


def test_a_review_held_here_answers_nothing_that_the_other_council_decided() -> None:
    plan = begun(replace(MOVED, made=date(2024, 12, 1), reviewed=date(2026, 1, 12)))
    held = cases.record(plan, CASEWORKER, Kind.REVIEW_MEETING_HELD, TODAY, {}, "", at()).plan
    assert stage(held.case) is Stage.REVIEWING


def test_a_wrong_day_of_the_other_council_s_can_be_taken_back() -> None:
    plan = begun(replace(MOVED, made=date(2024, 12, 1)))
    (made,) = of_the_other_council(plan)
    after = cases.correct(plan, CASEWORKER, made.sequence, "It was made in May.", at()).plan
    assert of_the_other_council(after) == ()
    assert began_with(after) is not None


def test_a_move_put_on_record_by_hand_in_a_plan_that_was_asked_for_here_begins_nothing() -> None:
    facts: dict[str, Value] = {"aware": "2026-03-01", "notice_working_days": 3}
    asked = cases.record(replace(blank(), sequence=1), CASEWORKER, Kind.REQUEST_RECEIVED, TODAY, {}, "", at()).plan
    moved = cases.record(replace(asked, sequence=2), CASEWORKER, Kind.MOVED_IN, TODAY, facts, "", at()).plan
    assert began_with(moved) is None
    assert not holds_elsewhere(moved)


def test_what_is_issued_here_stays_on_record() -> None:
    plan = final()
    issued = next(each for each in plan.happened if each.event.kind is Kind.FINAL_ISSUED)
    with pytest.raises(NotReady):
        cases.correct(plan, CASEWORKER, issued.sequence, "By mistake.", at())


def test_a_receipt_says_whose_final_plan_it_was() -> None:
    told = {"kind": "final_issued", "section": "", "facts": {"on": "2024-12-01"}}
    assert done(told) == "put on record that another council issued the final plan"
    assert done({**told, "facts": {"version": 2}}) == "issued the final plan"


def test_the_chain_tells_the_same_case() -> None:
    move = replace(MOVED, made=date(2024, 12, 1), reviewed=date(2025, 12, 2))
    plan, steps = replace(blank(), sequence=1), []
    for each in move.events:
        decision = put_on_record(plan, move, each, BY, "SEN team")
        assert "Southfell" not in str(decision.event.facts)
        sequence = plan.sequence + 1
        facts = {"kind": decision.event.kind, "sequence": sequence, "at": stamp(BY.at), "who": "p", "agency": "a"}
        steps.append(Step({**facts, "hash": "", "revision": 0, "section": "", "facts": dict(decision.event.facts)}))
        plan = replace(decision.plan, sequence=sequence)
    assert retold(steps).happened == plan.happened
