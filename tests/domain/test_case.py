"""A case is its events: put on record once, taken back by another, and told anew by the chain with the same answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import case as rules
from portal.domain.account import Step, retold
from portal.domain.case_steps import ISSUED_HERE, NEXT, WHENEVER, outstanding, possible
from portal.domain.clocks.event import KINDS, Kind
from portal.domain.clocks.stage import stage
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed
from portal.domain.event import EventKind
from portal.domain.moment import stamp
from portal.domain.plan import Plan
from tests.factories import CASEWORKER, MANAGER, PARENT, at, blank, modest, with_draft

FACTS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.ADVICE_REQUESTED: {"advice": "c"},
    Kind.REVIEW_DECIDED: {"outcome": "amend"},
    Kind.DECISION_LETTER_SENT: {"decision": "plan_contents"},
    Kind.MEDIATION_REQUESTED: {"scope": "all"},
    Kind.TRIBUNAL_ORDER: {"order": "amend"},
    Kind.PHASE_TRANSFER: {"phase": "infant_to_junior", "year": 2027},
    Kind.MOVED_IN: {"aware": "2026-03-02", "notice_working_days": 3},
    Kind.EXEMPTION: {"clock": "final_plan", "reason": "exceptional", "from": "2026-03-02", "to": "2026-03-09"},
}
STARTED = at().today


def told(plan: Plan, kind: Kind, days: int = 0, **facts: Any) -> Decision:
    on = STARTED + timedelta(days=days)
    return rules.record(plan, CASEWORKER, kind, on, {**FACTS.get(kind, {}), **facts}, "", at(days))


def as_kept(decision: Decision, sequence: int) -> Step:
    """The decision as a link of the chain would have it."""
    event, by = decision.event, decision.by
    facts = {"kind": event.kind, "sequence": sequence, "at": stamp(by.at), "who": by.person, "agency": by.agency}
    return Step({**facts, "hash": "", "revision": 0, "facts": dict(event.facts)})


def saved(decision: Decision) -> Plan:
    return replace(decision.plan, sequence=decision.plan.sequence + 1)


def test_only_the_sen_team_puts_on_record_and_a_parent_is_turned_away() -> None:
    for who in (CASEWORKER, MANAGER):
        assert rules.record(blank(), who, Kind.REQUEST_RECEIVED, STARTED, {}, "", at()).plan.happened
    with pytest.raises(NotAllowed):
        rules.record(blank(), PARENT, Kind.REQUEST_RECEIVED, STARTED, {}, "", at())


def test_every_kind_is_possible_at_some_stage_but_what_is_issued_here() -> None:
    offered = {each for kinds in NEXT.values() for each in kinds} | set(WHENEVER)
    assert set(KINDS) - offered == set(ISSUED_HERE)


def test_what_was_said_stands_beside_the_chain_and_the_chain_holds_codes_and_days_alone() -> None:
    plan = saved(told(blank(), Kind.REQUEST_RECEIVED))
    plan = saved(told(plan, Kind.ASSESSMENT_AGREED, 1))
    day = STARTED + timedelta(days=2)
    found = rules.record(plan, CASEWORKER, Kind.ADVICE_REQUESTED, day, {"advice": "d"}, "Dr Ward", at(2)).event
    assert found.facts == {"on": day.isoformat(), "advice": "d", "ref": "d1"}
    assert found.beside == {"words": "Dr Ward"}


def test_advice_is_numbered_by_whose_it_is_and_received_once() -> None:
    plan = saved(told(blank(), Kind.REQUEST_RECEIVED))
    plan = saved(told(plan, Kind.ASSESSMENT_AGREED, 1))
    for _ in range(2):
        plan = saved(told(plan, Kind.ADVICE_REQUESTED, 2))
    assert list(outstanding(plan.case)) == ["c1", "c2"]
    plan = saved(told(plan, Kind.ADVICE_RECEIVED, 3, ref="c2"))
    assert list(outstanding(plan.case)) == ["c1"]
    with pytest.raises(Invalid) as refused:
        told(plan, Kind.ADVICE_RECEIVED, 3, ref="c2")
    assert list(refused.value.errors) == ["ref"]


@pytest.mark.parametrize("kind", [Kind.EXEMPTION, Kind.PHASE_TRANSFER, Kind.MOVED_IN])
def test_what_a_kind_must_say_and_does_not_is_asked_for_beside_its_question(kind: Kind) -> None:
    for name in FACTS[kind]:
        facts = {key: said for key, said in FACTS[kind].items() if key != name}
        with pytest.raises(Invalid) as refused:
            rules.record(blank(), CASEWORKER, kind, STARTED, facts, "", at())
        assert refused.value.errors == {name: "Fill this in."}


@modest
@given(st.data())
def test_whatever_happens_and_is_taken_back_the_chain_tells_the_same_case(data: st.DataObject) -> None:
    plan, steps = blank(), []
    for day in range(data.draw(st.integers(1, 14))):
        if plan.happened and data.draw(st.integers(0, 4)) == 0:
            gone = data.draw(st.sampled_from(plan.happened)).sequence
            decision = rules.correct(plan, MANAGER, gone, "A mistake.", at(day))
        else:
            kind = data.draw(st.sampled_from(possible(plan.case)))
            ref = {"ref": next(iter(outstanding(plan.case)))} if kind is Kind.ADVICE_RECEIVED else {}
            try:
                decision = told(plan, kind, day, **ref)
            except Invalid:
                continue
        steps.append(as_kept(decision, plan.sequence + 1))
        plan = saved(decision)
    again = retold(steps)
    assert again.happened == plan.happened
    assert [each.event.kind for each in again.happened] == [each.event.kind for each in plan.happened]
    assert stage(plan.case) in NEXT


def test_a_draft_that_is_issued_is_an_event_of_that_day() -> None:
    plan = with_draft(days=3)
    assert [(each.event.kind, each.event.on) for each in plan.happened] == [(Kind.DRAFT_SERVED, at(3).today)]


@pytest.mark.parametrize(
    ("day", "evening", "counts"),
    [
        (date(2026, 11, 20), False, date(2026, 11, 20)),
        (date(2026, 11, 20), True, date(2026, 11, 23)),
        (date(2026, 11, 21), True, date(2026, 11, 23)),
        (date(2026, 12, 24), True, date(2026, 12, 29)),
    ],
)
def test_what_comes_in_the_evening_counts_as_received_on_the_next_working_day(
    day: date, evening: bool, counts: date
) -> None:
    assert rules.received_on(day, evening) == counts


def test_one_list_of_kinds_serves_the_chain_and_the_clocks() -> None:
    assert set(KINDS) < set(EventKind)
    assert EventKind.SECTION_EDITED not in KINDS
