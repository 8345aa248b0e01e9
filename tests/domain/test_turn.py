"""Whose turn it is: what a plan waits for from whom, at each stage, the most pressing first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import issue as issuing
from portal.domain import sign_off
from portal.domain.actor import Actor, Role
from portal.domain.error import NotReady
from portal.domain.plan import Plan
from portal.domain.state import PlanState
from portal.domain.turn import Task, TaskKind, Waited, tasks_for, waited_for
from tests.factories import (
    CASEWORKER,
    MANAGER,
    PARENT,
    SOCIAL_WORKER,
    START,
    THERAPIST,
    add,
    at,
    blank,
    final,
    finalising,
    modest,
    placed,
    sign,
    sign_all,
    with_draft,
    write,
    written,
)

COUNCIL = (Role.SEN_CASEWORKER, Role.SEN_MANAGER)
NOT_ASKED = (
    Role.ADVOCATE,
    Role.SENCO,
    Role.EDUCATIONAL_PSYCHOLOGIST,
    Role.AUDITOR,
    Role.PLATFORM_ADMIN,
)


def waits(plan: Plan, *roles: Role) -> list[tuple[TaskKind, tuple[str, ...]]]:
    """What is asked soon after it began: a review a year ahead is nobody's turn yet."""
    soon = (each for each in tasks_for(plan, set(roles)) if each.is_open(START.date()))
    return [(each.kind, each.letters) for each in soon]


@pytest.mark.parametrize(
    ("role", "letters"),
    [
        (Role.PARENT, "A"),
        (Role.YOUNG_PERSON, "A"),
        (Role.SEN_CASEWORKER, "B E F"),
        (Role.SEN_MANAGER, "B E F"),
        (Role.HEALTH_CONTRIBUTOR, "C G"),
        (Role.DESIGNATED_CLINICAL_OFFICER, "C G"),
        (Role.SOCIAL_WORKER, "D H1 H2"),
        (Role.DESIGNATED_SOCIAL_CARE_OFFICER, "D H1 H2"),
    ],
)
def test_a_new_plan_waits_for_those_who_write_its_sections(role: Role, letters: str) -> None:
    assert waits(blank(), role) == [(TaskKind.WRITE, tuple(letters.split()))]


@pytest.mark.parametrize("role", NOT_ASKED)
def test_a_plan_never_waits_for_those_who_neither_write_nor_sign(role: Role) -> None:
    for plan in (blank(), sign_all(written()), with_draft(), finalising(), placed(), final()):
        assert waits(plan, role) == []


def handed_over() -> Plan:
    plan, _ = add(blank(), CASEWORKER, "B", "needs", need="Worry")
    decision = sign_off.hand_over(plan, CASEWORKER, "B", at())
    assert decision is not None
    return decision.plan


def test_what_is_handed_over_waits_for_its_signer_and_no_longer_for_its_writer() -> None:
    assert waits(handed_over(), Role.SEN_CASEWORKER) == [(TaskKind.WRITE, ("E", "F"))]
    assert waits(handed_over(), Role.SEN_MANAGER) == [(TaskKind.SIGN, ("B",)), (TaskKind.WRITE, ("E", "F"))]


def test_what_is_sent_back_waits_for_its_writer() -> None:
    plan = sign_off.send_back(handed_over(), MANAGER, "B", "Say more.", at()).plan
    assert (TaskKind.WRITE_AGAIN, ("B",)) in waits(plan, Role.SEN_CASEWORKER)
    assert (TaskKind.SIGN, ("B",)) not in waits(plan, Role.SEN_MANAGER)


def test_what_changed_since_it_was_signed_waits_for_a_new_signature() -> None:
    plan = sign(handed_over(), MANAGER, "B")
    assert waits(plan, *COUNCIL) == [(TaskKind.WRITE, ("E", "F"))]
    plan = write(plan, CASEWORKER, "B", "needs", plan.sections["B"].content.items[0].id, need="Other words")
    assert waits(plan, Role.SEN_MANAGER)[0] == (TaskKind.SIGN_AGAIN, ("B",))
    assert waits(plan, Role.SEN_CASEWORKER) == [(TaskKind.WRITE, ("B", "E", "F"))]


def test_the_family_is_asked_to_agree_once_something_is_written_and_again_when_it_changed() -> None:
    plan = write(blank(), PARENT, "A", "people", "people", words="My brother")
    assert waits(plan, Role.PARENT) == [(TaskKind.AGREE, ("A",))]
    plan = sign(plan, PARENT, "A")
    assert waits(plan, Role.PARENT) == []
    plan = write(plan, PARENT, "A", "people", "people", words="My brother and Gran")
    assert waits(plan, Role.PARENT) == [(TaskKind.AGREE, ("A",))]


def test_a_plan_with_every_sign_off_waits_for_the_manager_to_issue_the_draft() -> None:
    assert waits(sign_all(written()), Role.SEN_MANAGER) == [(TaskKind.ISSUE_DRAFT, ())]
    assert waits(sign_all(written()), Role.SEN_CASEWORKER) == []
    assert (TaskKind.ISSUE_DRAFT, ()) not in waits(sign_all(written(), but="G"), Role.SEN_MANAGER)


def test_a_draft_waits_for_the_familys_answer_until_the_last_of_fifteen_days() -> None:
    assert tasks_for(with_draft(), {Role.PARENT}) == (Task(TaskKind.ANSWER, due=date(2026, 3, 15)),)
    answered = issuing.answer(with_draft(), PARENT, "We agree.", at(1)).plan
    assert waits(answered, Role.PARENT) == []


@pytest.mark.parametrize("role", COUNCIL)
def test_a_draft_that_was_answered_waits_for_the_council_to_finalise_now(role: Role) -> None:
    answered = issuing.answer(with_draft(), PARENT, "We agree.", at(1)).plan
    assert tasks_for(answered, {role}) == (Task(TaskKind.FINALISE),)


@pytest.mark.parametrize("role", COUNCIL)
def test_finalising_opens_on_the_first_day_on_which_it_may_be_done(role: Role) -> None:
    plan = with_draft()
    opens = tasks_for(plan, {role})[0].opens
    assert opens is not None
    days = (opens - START.date()).days
    with pytest.raises(NotReady):
        issuing.begin_finalising(plan, CASEWORKER, at(days - 1))
    assert issuing.begin_finalising(plan, CASEWORKER, at(days)).plan.state is PlanState.FINALISING


def test_finalising_waits_for_the_caseworker_to_place_and_then_for_the_manager_to_issue() -> None:
    assert waits(finalising(), Role.SEN_CASEWORKER) == [(TaskKind.PLACE, ("I",))]
    assert waits(finalising(), Role.SEN_MANAGER) == []
    assert waits(placed(), Role.SEN_CASEWORKER) == []
    assert waits(placed(), Role.SEN_MANAGER) == [(TaskKind.ISSUE_FINAL, ())]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", [PlanState.FINAL, PlanState.CEASED])
def test_a_plan_in_force_or_ceased_waits_for_nobody(role: Role, state: PlanState) -> None:
    assert waits(replace(final(), state=state), role) == []


def handed_over_on(days: dict[str, tuple[Actor, int]]) -> Plan:
    plan = blank()
    for letter, (who, day) in days.items():
        decision = sign_off.hand_over(plan, who, letter, at(day))
        assert decision is not None
        plan = decision.plan
    return plan


def test_a_new_plan_waits_for_everybody_who_writes() -> None:
    waited = waited_for(blank())
    assert waited is not None
    assert (waited.kind, set(waited.letters), waited.since) == (TaskKind.WRITE, set("ABCDEFG") | {"H1", "H2"}, None)
    assert not waited.roles & set(NOT_ASKED)


def test_a_signature_that_is_asked_for_is_waited_for_before_any_writing() -> None:
    waited = waited_for(handed_over_on({"C": (THERAPIST, 2)}))
    assert waited == Waited(
        TaskKind.SIGN, ("C",), frozenset({Role.DESIGNATED_CLINICAL_OFFICER}), START.date() + timedelta(days=2)
    )


def test_a_draft_that_can_be_issued_is_waited_for_from_the_manager_since_no_day_of_its_own() -> None:
    assert waited_for(sign_all(written())) == Waited(TaskKind.ISSUE_DRAFT, (), frozenset({Role.SEN_MANAGER}))


def test_what_changed_since_it_was_signed_is_not_waited_for_since_it_was_handed_over_for_the_first_time() -> None:
    plan = sign(handed_over(), MANAGER, "B")
    plan = write(plan, CASEWORKER, "B", "needs", plan.sections["B"].content.items[0].id, need="Other words")
    waited = waited_for(plan)
    assert waited == Waited(TaskKind.SIGN_AGAIN, ("B",), frozenset({Role.SEN_MANAGER}))


@pytest.mark.parametrize(("health", "care"), [(2, 5), (5, 2)])
def test_signatures_are_waited_for_since_the_first_of_them_was_asked_for(health: int, care: int) -> None:
    waited = waited_for(handed_over_on({"C": (THERAPIST, health), "D": (SOCIAL_WORKER, care)}))
    assert waited is not None
    assert set(waited.letters) == {"C", "D"}
    assert waited.since == START.date() + timedelta(days=2)


PLANS = (blank(), handed_over(), sign_all(written()), with_draft(), finalising(), placed())


@modest
@given(st.sampled_from(PLANS), st.sets(st.sampled_from(list(Role)), max_size=4))
def test_what_has_the_nearest_date_comes_first_and_what_has_none_comes_last(plan: Plan, roles: set[Role]) -> None:
    tasks = tasks_for(plan, roles)
    dates = [each.due or each.opens or date.max for each in tasks]
    assert dates == sorted(dates)
    assert len(set(tasks)) == len(tasks)


def test_with_the_same_date_an_answer_or_a_signature_comes_before_writing() -> None:
    day = date(2026, 3, 15)
    tasks = [
        Task(TaskKind.WRITE),
        Task(TaskKind.SIGN, ("B",)),
        Task(TaskKind.WRITE, ("E",), due=day),
        Task(TaskKind.ANSWER, due=day),
        Task(TaskKind.FINALISE, opens=day - timedelta(days=1)),
    ]
    assert [each.kind for each in sorted(tasks, key=lambda each: each.sort_key)] == [
        TaskKind.FINALISE,
        TaskKind.ANSWER,
        TaskKind.WRITE,
        TaskKind.SIGN,
        TaskKind.WRITE,
    ]
