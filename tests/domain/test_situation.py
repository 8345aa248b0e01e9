"""A plan's situation is all that anybody's tasks are made of: worklists are written anew only when it changes."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from portal.domain import issue as issuing
from portal.domain import sign_off
from portal.domain.actor import Actor, Role
from portal.domain.content import Content
from portal.domain.decision import Decision
from portal.domain.plan import Plan
from portal.domain.state import PlanState
from portal.domain.turn import situation, tasks_for
from tests.factories import (
    CASEWORKER,
    CLINICAL_OFFICER,
    OTHER_CLINICAL_OFFICER,
    OTHER_MANAGER,
    OTHER_PARENT,
    PARENT,
    SIGNERS,
    SOCIAL_WORKER,
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

WRITERS = {"A": PARENT, "B": CASEWORKER, "C": THERAPIST, "D": SOCIAL_WORKER, "E": CASEWORKER, "F": CASEWORKER}
OTHERS = {"A": OTHER_PARENT, "B": OTHER_MANAGER, "C": OTHER_CLINICAL_OFFICER, "G": OTHER_CLINICAL_OFFICER}
ROLES = [{role} for role in Role] + [set(pair) for pair in combinations(Role, 2)] + [set(Role)]


def asks(plan: Plan) -> list[object]:
    """What the plan waits for from everybody: each role, any two of them, and all at once."""
    return [tasks_for(plan, roles) for roles in ROLES]


def after(plan: Plan, decision: Decision | None) -> Plan:
    return decision.plan if decision else plan


def stages() -> list[Plan]:
    """One plan at each step of its life, and in every state that a section can be in."""
    plans = [blank(), written(), sign_all(written()), with_draft(), finalising(), placed(), final()]
    plans += [sign_all(written(), but=letter) for letter in SIGNERS]
    plans += [with_draft(days=days) for days in (1, 20)]
    plans += [issuing.answer(with_draft(), PARENT, "Yes.", at(1)).plan]
    for letter, writer in WRITERS.items():
        signer = SIGNERS[letter]
        handed = after(blank(), sign_off.hand_over(written(), writer, letter, at()))
        plans += [handed, sign_off.send_back(handed, signer, letter, "More.", at()).plan, sign(handed, signer, letter)]
        plans += [with_other_words(sign(handed, signer, letter), letter)]
    plans += [replace(plan, state=state) for plan in (blank(), sign_all(written())) for state in PlanState]
    return plans


def with_other_words(plan: Plan, letter: str) -> Plan:
    head = plan.sections[letter]
    return plan.with_section(letter, revision=head.revision + 1, hash=b"other words")


def test_two_plans_in_one_situation_ask_the_same_of_everybody() -> None:
    found: dict[str, list[object]] = {}
    for plan in stages():
        assert found.setdefault(repr(situation(plan)), asks(plan)) == asks(plan)
    assert len(found) > 20


Act = Callable[[Plan], Plan]


def says(who: Actor, letter: str) -> Act:
    def more(plan: Plan) -> Plan:
        if letter == "A":
            return write(plan, who, "A", "people", "people", words=f"Words {plan.sections['A'].revision}")
        if letter in "BCD":
            return add(plan, who, letter, "needs", need=f"Need {plan.sections[letter].revision}")[0]
        group, named = ("outcomes", "what") if letter == "E" else ("provision", "what")
        return add(plan, who, letter, group, **{named: "Something"})[0]

    return more


def acts_on(letter: str) -> list[Act]:
    """Everything that is done with one section."""
    signer = SIGNERS[letter]
    found: list[Act] = [
        lambda plan: sign(plan, signer, letter),
        lambda plan: sign_off.send_back(plan, signer, letter, "More.", at()).plan,
        lambda plan: after(plan, sign_off.withdraw(plan, signer, letter, "No.", at())),
    ]
    if letter in WRITERS:
        found += [
            says(WRITERS[letter], letter),
            lambda plan: after(plan, sign_off.hand_over(plan, WRITERS[letter], letter, at())),
        ]
    return found + ([lambda plan: sign(plan, OTHERS[letter], letter)] if letter in OTHERS else [])


ACTS = [act for letter in SIGNERS for act in acts_on(letter)]


@modest
@given(st.lists(st.sampled_from(ACTS), min_size=4, max_size=14))
def test_no_act_that_leaves_the_situation_as_it_was_changes_what_anybody_is_asked(acts: list[Act]) -> None:
    plan = written()
    for act in acts:
        later = act(plan)
        if situation(later) == situation(plan):
            assert asks(later) == asks(plan)
        plan = later


def test_a_second_sign_off_or_a_word_more_leaves_the_situation_as_it_was() -> None:
    plan = sign(written(), CLINICAL_OFFICER, "C")
    assert situation(sign(plan, OTHER_CLINICAL_OFFICER, "C")) == situation(plan)
    assert situation(says(CASEWORKER, "B")(plan)) == situation(plan)
    assert situation(says(THERAPIST, "C")(plan)) != situation(plan)


def test_a_placement_that_is_named_changes_the_situation() -> None:
    emptied = placed().with_section("I", content=Content())
    assert situation(emptied) != situation(placed())
    assert asks(emptied) != asks(placed())
    assert situation(finalising()) != situation(placed())
