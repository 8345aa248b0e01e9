"""Issuing: what no reason gets past, what a manager may issue past with a reason, and a manifest that holds it all."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import hashing
from portal.domain import issue as issuing
from portal.domain.actor import Actor
from portal.domain.decision import Decision, Version, VersionSection
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import EventKind
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.sign_off import withdraw
from portal.domain.state import PlanState, VersionKind
from tests import factories
from tests.factories import (
    CASEWORKER,
    CLINICAL_OFFICER,
    MANAGER,
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
    issue,
    modest,
    placed,
    sign,
    sign_all,
    with_draft,
    write,
    written,
)

DRAFT, FINAL = VersionKind.DRAFT, VersionKind.FINAL
WHY = "It could not wait."


@cache
def unsigned() -> Plan:
    """Ready for a final, but for every sign-off."""
    plan = issue(written(), DRAFT, A=WHY)
    plan = issuing.answer(plan, PARENT, "We agree.", at(1)).plan
    return placed(issuing.begin_finalising(plan, CASEWORKER, at(2)).plan)


def issued(plan: Plan, kind: VersionKind = FINAL, who: Actor = MANAGER, /, **reasons: str) -> Decision:
    return issuing.issue(plan, who, kind, reasons, at(4))


def version_of(decision: Decision) -> Version:
    assert decision.version is not None
    return decision.version


def line_of(version: Version, letter: str) -> VersionSection:
    found = version.section(letter)
    assert found is not None
    return found


# What no reason gets past.


def test_a_draft_in_which_a_school_is_named_is_refused_whatever_the_reason() -> None:
    named = unsigned().sections["I"].content
    plan = sign_all(written()).with_section("I", content=named)
    with pytest.raises(NotReady, match=r"38\(5\)"):
        issued(plan, DRAFT, I=WHY)


def test_a_final_in_which_no_school_or_type_is_named_is_refused_whatever_the_reason() -> None:
    with pytest.raises(NotReady, match=r"40\(2\)"):
        issued(factories.finalising(), FINAL, I=WHY)


@pytest.mark.parametrize("letter", ["B", "F", "I"])
def test_whoever_last_changed_needs_provision_or_placement_does_not_finalise(letter: str) -> None:
    plan = placed()
    item = plan.sections[letter].content.items[0]
    field = {"B": "need", "F": "what", "I": "name"}[letter]
    plan = write(plan, MANAGER, letter, item.group, item.id, **{field: "Words of the manager"})
    reasons = {} if letter == "I" else {letter: WHY}
    with pytest.raises(NotReady, match=f"last change to section {letter}"):
        issued(plan, FINAL, MANAGER, **reasons)
    assert issued(plan, FINAL, OTHER_MANAGER, **reasons).plan.state is PlanState.FINAL


def test_whoever_last_changed_an_outcome_may_finalise() -> None:
    plan = placed()
    plan = write(plan, MANAGER, "E", "outcomes", plan.sections["E"].content.items[0].id, now="She points.")
    assert issued(sign(plan, MANAGER, "E")).plan.state is PlanState.FINAL


@pytest.mark.parametrize("who", [CASEWORKER, PARENT, CLINICAL_OFFICER, SOCIAL_WORKER])
@pytest.mark.parametrize("kind", [DRAFT, FINAL])
def test_nobody_but_the_manager_issues(who: Actor, kind: VersionKind) -> None:
    with pytest.raises(NotAllowed):
        issued(sign_all(written()) if kind is DRAFT else placed(), kind, who)


@pytest.mark.parametrize("state", [each for each in PlanState if each is not PlanState.DRAFTING])
def test_a_draft_is_issued_from_writing_alone(state: PlanState) -> None:
    with pytest.raises(NotReady):
        issued(replace(sign_all(written()), state=state), DRAFT)


@pytest.mark.parametrize("state", [each for each in PlanState if each is not PlanState.FINALISING])
def test_a_final_is_issued_from_finalising_alone(state: PlanState) -> None:
    with pytest.raises(NotReady):
        issued(replace(placed(), state=state), FINAL)


# What a manager may issue past with a reason.


@modest
@given(st.sets(st.sampled_from(sorted(SIGNERS))))
def test_a_final_needs_a_reason_for_each_sign_off_it_lacks_and_names_exactly_those(signed: set[str]) -> None:
    plan = unsigned()
    for letter in signed:
        plan = sign(plan, SIGNERS[letter], letter)
    lacking = sorted(set(SIGNERS) - signed)
    assert [each.letter for each in issuing.lacks(plan, FINAL)] == lacking
    if lacking:
        with pytest.raises(Invalid) as refused:
            issued(plan, FINAL, **dict.fromkeys(lacking[1:], WHY))
        assert set(refused.value.errors) == {f"reason.{lacking[0]}"}
    decision = issued(plan, FINAL, **dict.fromkeys(SIGNERS, WHY))
    assert decision.event.facts["issued_past"] == lacking
    sections = version_of(decision).sections
    assert {each.letter for each in sections if each.reason} == set(lacking)
    assert {each.letter for each in sections if each.sign_offs} == signed


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_reason_that_says_nothing_is_none(reason: str) -> None:
    with pytest.raises(Invalid):
        issued(unsigned(), FINAL, **dict.fromkeys(SIGNERS, reason))


def test_a_draft_asks_for_the_familys_agreement_and_for_no_other_sign_off() -> None:
    assert [each.letter for each in issuing.lacks(written(), DRAFT)] == ["A"]
    assert issuing.lacks(sign(written(), PARENT, "A"), DRAFT) == ()
    assert issued(written(), DRAFT, A=WHY).plan.state is PlanState.DRAFT_ISSUED


def test_a_sign_off_of_earlier_words_is_lacking_in_a_final() -> None:
    plan = placed()
    plan = write(plan, THERAPIST, "C", "needs", plan.sections["C"].content.items[0].id, need="Other words")
    assert [each.letter for each in issuing.lacks(plan, FINAL)] == ["C"]
    assert "changed after it was signed" in issuing.lacks(plan, FINAL)[0].sentence


def test_a_draft_holds_every_section_but_the_placement_and_a_final_holds_all() -> None:
    draft = [each.letter for each in version_of(issued(sign_all(written()), DRAFT)).sections]
    assert draft == ["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "J", "K"]
    assert [each.letter for each in version_of(issued(placed())).sections] == list(placed().standard.letters)


# Section G.

STEPS = st.lists(st.sampled_from(["edit", "edit", "sign", "withdraw"]), max_size=10)


@modest
@given(STEPS)
def test_a_final_prints_health_provision_only_in_words_that_health_agreed(steps: list[str]) -> None:
    plan = unsigned()
    row = plan.sections["G"].content.items[0].id
    agreed: tuple[int, bytes] | None = None
    for number, step in enumerate(steps):
        if step == "edit":
            plan = write(plan, THERAPIST, "G", "provision", row, what=f"Physiotherapy {number}")
        elif step == "sign":
            plan = sign(plan, CLINICAL_OFFICER, "G", days=number)
            agreed = (plan.sections["G"].revision, plan.sections["G"].hash)
        else:
            taken = withdraw(plan, CLINICAL_OFFICER, "G", WHY, at(number))
            plan, agreed = (taken.plan if taken else plan), None
    line = line_of(version_of(issued(plan, FINAL, **dict.fromkeys(SIGNERS, WHY))), "G")
    assert (line.agreed, line.revision, line.hash) == ((True, *agreed) if agreed else (False, 0, b""))
    assert bool(line.sign_offs) == bool(agreed)


def test_a_draft_may_show_health_provision_marked_as_not_yet_agreed() -> None:
    line = line_of(version_of(issued(written(), DRAFT, A=WHY)), "G")
    assert (line.agreed, line.revision) == (False, written().sections["G"].revision)
    assert line_of(version_of(issued(sign_all(written()), DRAFT)), "G").agreed


def test_every_sign_off_that_stands_is_printed_with_its_section() -> None:
    plan = sign(placed(), OTHER_CLINICAL_OFFICER, "G")
    line = line_of(version_of(issued(plan)), "G")
    assert [each.by.person for each in line.sign_offs] == [CLINICAL_OFFICER.person, OTHER_CLINICAL_OFFICER.person]


# The manifest.


@cache
def whole() -> Version:
    return version_of(issued(unsigned(), FINAL, **dict.fromkeys(SIGNERS, WHY)))


def hash_of(version: Version) -> bytes:
    return hashing.version(issuing.manifest(factories.PLAN_ID, version))


@modest
@given(
    st.sampled_from([each.letter for each in whole().sections]),
    st.sampled_from(
        [
            {"revision": 99},
            {"hash": b"other"},
            {"agreed": None},
            {"sign_offs": (factories.signed(person="nobody"),)},
            {"reason": "Another reason.", "reason_salt": b"salt"},
            {"letter": "Z"},
        ]
    ),
)
def test_the_manifests_hash_changes_with_any_section(letter: str, changes: dict[str, object]) -> None:
    line = line_of(whole(), letter)
    changed = replace(line, **({"agreed": not line.agreed} if "agreed" in changes else changes))
    sections = tuple(changed if each.letter == letter else each for each in whole().sections)
    assert hash_of(replace(whole(), sections=sections)) != hash_of(whole()) == whole().hash


def test_the_manifests_hash_changes_with_a_section_less_and_with_their_order() -> None:
    assert hash_of(replace(whole(), sections=whole().sections[1:])) != whole().hash
    assert hash_of(replace(whole(), sections=whole().sections[::-1])) != whole().hash


@pytest.mark.parametrize(
    "changes",
    [{"name": "Amira Khan"}, {"born": date(2017, 3, 15)}, {"address": "Elsewhere"}, {"school": "Elm Road"}],
)
def test_the_manifests_hash_changes_with_the_cover(changes: dict[str, object]) -> None:
    cover = replace(whole().cover, **changes)  # type: ignore[arg-type]
    assert hash_of(replace(whole(), cover=cover)) != whole().hash


def test_a_manifest_holds_no_words_about_the_child_and_no_reason() -> None:
    text = hashing.canonical(issuing.manifest(factories.PLAN_ID, whole())).decode()
    for secret in (WHY, "Amira", "Rahman", "2017-03-14", "Being understood"):
        assert secret not in text


def test_the_same_reason_twice_is_not_known_by_its_hash() -> None:
    lines = [line_of(whole(), letter) for letter in ("B", "C")]
    assert len({each.reason_salt for each in lines}) == 2
    sections = issuing.manifest(factories.PLAN_ID, whole())["sections"]
    assert isinstance(sections, list)
    reasons = [each["reason"] for each in sections if each["reason"]]
    assert len(set(reasons)) == len(reasons) == len(SIGNERS)


def test_an_issue_names_the_manager_the_day_and_the_version_it_made() -> None:
    decision = issued(placed())
    version = version_of(decision)
    assert (version.number, version.kind, version.by.person) == (2, FINAL, MANAGER.person)
    assert decision.plan.versions[-1].hash == version.hash == decision.event.hash
    assert decision.event.kind is EventKind.FINAL_ISSUED
    assert decision.plan.state is PlanState.FINAL


# The family's fifteen days.


def begun(plan: Plan, days: float) -> PlanState:
    return issuing.begin_finalising(plan, CASEWORKER, at(days)).plan.state


def test_a_draft_served_on_1_march_is_answered_by_15_march() -> None:
    assert with_draft().answer_by == date(2026, 3, 15)


@pytest.mark.parametrize("days", [0, 1, 13, 14])
def test_without_an_answer_the_plan_is_not_finalised_on_any_of_the_fifteen_days(days: int) -> None:
    with pytest.raises(NotReady):
        begun(with_draft(), days)


@pytest.mark.parametrize("days", [15, 40])
def test_without_an_answer_the_plan_is_finalised_from_day_sixteen(days: int) -> None:
    assert begun(with_draft(), days) is PlanState.FINALISING


def test_once_either_parent_has_answered_the_plan_is_finalised_at_once() -> None:
    plan = issuing.answer(with_draft(), OTHER_PARENT, "We agree.", at(1)).plan
    assert begun(plan, 1) is PlanState.FINALISING


def test_the_fifteen_days_are_englands_days() -> None:
    late = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # half past midnight on 1 April in England
    plan = issuing.issue(sign_all(written()), MANAGER, DRAFT, {}, Moment(late, late)).plan
    assert plan.answer_by == date(2026, 4, 15)
    last, first = datetime(2026, 4, 15, 22, 59, tzinfo=UTC), datetime(2026, 4, 15, 23, 0, tzinfo=UTC)
    with pytest.raises(NotReady):
        issuing.begin_finalising(plan, CASEWORKER, Moment(last, last))
    assert issuing.begin_finalising(plan, CASEWORKER, Moment(first, first)).plan.state is PlanState.FINALISING


def test_an_answer_says_something_about_a_draft_that_was_served() -> None:
    with pytest.raises(NotReady):
        issuing.answer(blank(), PARENT, "We agree.", at())
    with pytest.raises(Invalid):
        issuing.answer(with_draft(), PARENT, " ", at())
    with pytest.raises(NotAllowed):
        issuing.answer(with_draft(), CASEWORKER, "We agree.", at())
    with pytest.raises(NotReady):
        issuing.answer(factories.final(), PARENT, "We agree.", at(5))


def test_an_answers_words_stay_beside_the_chain() -> None:
    decision = issuing.answer(with_draft(), PARENT, "We would like Elm Road.", at(1))
    assert decision.event.facts == {"version": 1}
    assert decision.event.beside == {"words": "We would like Elm Road."}
    assert (decision.plan.answers[0].words, decision.plan.answers[0].version) == ("We would like Elm Road.", 1)


def test_finalising_begins_only_while_a_draft_is_with_the_family() -> None:
    for plan in (blank(), unsigned(), factories.final()):
        with pytest.raises(NotReady):
            begun(plan, 30)
    with pytest.raises(NotAllowed):
        issuing.begin_finalising(with_draft(), PARENT, at(30))


def test_a_need_written_after_the_draft_is_printed_in_the_final_only_if_it_is_signed_or_explained() -> None:
    plan, _ = add(placed(), CASEWORKER, "B", "needs", area="semh", need="Worry")
    with pytest.raises(Invalid) as refused:
        issued(plan)
    assert set(refused.value.errors) == {"reason.B"}
    assert line_of(version_of(issued(sign(plan, MANAGER, "B"))), "B").revision == plan.sections["B"].revision
