"""Deciding not to amend: after the family was heard, the words in force stand again and nothing proposed is lost."""

from dataclasses import replace

import pytest

from portal.domain import issue as issuing
from portal.domain.amend import Because, begin_amending
from portal.domain.case import event_of
from portal.domain.clocks.name import Clock
from portal.domain.clocks.stage import Stage, stage
from portal.domain.decision import Version
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import EventKind
from portal.domain.issue import next_kind
from portal.domain.letter_kind import LetterKind
from portal.domain.letter_write import offers
from portal.domain.not_amend import decide_not_to_amend, restore, to_restore
from portal.domain.plan import Happened, Plan
from portal.domain.section import SectionState, status_of
from portal.domain.state import PlanState, VersionKind
from portal.domain.turn import tasks_for
from portal.receipt.said import done
from tests.factories import CASEWORKER, MANAGER, PARENT, SENCO, SIGNERS, add, at, placed, write

REASONS = dict.fromkeys(SIGNERS, "The date is here.")
WHY = "The changes would not help her."


def in_force() -> tuple[Plan, Version]:
    decision = issuing.issue(placed(), MANAGER, VersionKind.FINAL, REASONS, at(4))
    assert decision.version is not None
    return decision.plan, decision.version


def proposed(answered: bool = True) -> tuple[Plan, Version]:
    """Another need and other words in B were served on the family, who may have answered."""
    plan, force = in_force()
    plan = begin_amending(plan, CASEWORKER, Because.OTHER, "They move house.", at(10)).plan
    need = plan.sections["B"].content.in_group("needs")[0].id
    plan = write(plan, CASEWORKER, "B", "needs", need, need="Something else")
    plan, _ = add(plan, CASEWORKER, "B", "needs", need="Another need")
    plan = issuing.issue(plan, MANAGER, VersionKind.PROPOSED_AMENDMENT, REASONS, at(11)).plan
    return (issuing.answer(plan, PARENT, "Please don’t.", at(12)).plan if answered else plan), force


def test_the_plan_is_in_force_again_as_it_was_and_the_proposal_is_withdrawn() -> None:
    plan, _ = proposed()
    decision = decide_not_to_amend(plan, CASEWORKER, WHY, at(13))
    after = decision.plan
    assert (after.state, decision.event.kind) == (PlanState.FINAL, EventKind.AMENDING_ENDED)
    assert decision.event.beside == {"words": WHY}
    assert after.proposed is None
    assert [each.withdrawn for each in after.versions] == [False, False, True]
    assert after.in_force == plan.in_force
    assert not after.is_with_family
    assert tasks_for(after, {PARENT.grants[0].role}) == ()


def test_what_was_changed_says_again_what_is_in_force_by_a_new_revision() -> None:
    plan, force = proposed()
    before = in_force()[0].sections["B"]
    after = decide_not_to_amend(plan, CASEWORKER, WHY, at(13)).plan
    assert list(to_restore(after, force)) == ["B"]
    issued = replace(before.content, given={})
    decision = restore(after, CASEWORKER, "B", issued, force.number, at(13))
    head, was = decision.plan.sections["B"], plan.sections["B"]
    assert (head.revision, decision.event.facts) == (was.revision + 1, {"restores": force.number})
    assert decision.by.person == CASEWORKER.person
    assert [each.text("need") for each in head.content.items] == [each.text("need") for each in issued.items]
    assert head.content.given == was.content.given  # a printed number is not given again
    assert decision.revisions[0].content == head.content
    assert head.changed == decision.by


def test_words_with_the_same_salts_have_the_hash_that_was_issued() -> None:
    plan, force = in_force()
    issued = plan.sections["B"].content
    opened = begin_amending(plan, CASEWORKER, Because.OTHER, "They move house.", at(10)).plan
    changed, _ = add(opened, CASEWORKER, "B", "needs", need="Another need")
    back = restore(changed, CASEWORKER, "B", issued, force.number, at(13))
    line = force.section("B")
    assert line is not None
    assert back.event.hash == line.hash
    assert to_restore(back.plan, force) == {}


def test_what_was_signed_counts_again_once_its_words_are_back() -> None:
    plan, force = in_force()
    issued = plan.sections["B"].content
    opened = begin_amending(plan, CASEWORKER, Because.OTHER, "They move house.", at(10)).plan
    changed, _ = add(opened, CASEWORKER, "B", "needs", need="Another need")
    assert status_of(changed, "B").state is SectionState.VOID
    back = restore(changed, CASEWORKER, "B", issued, force.number, at(13)).plan
    assert status_of(back, "B").state is SectionState.SIGNED
    assert (
        [each.by.person for each in back.sections["B"].standing]
        == [each.by.person for each in plan.sections["B"].standing]
        != []
    )


def test_a_receipt_says_that_a_section_was_put_back() -> None:
    told = {"kind": "section_edited", "section": "B", "facts": {"restores": 2}}
    assert done(told) == "put section B back as it is in force"
    assert done({**told, "facts": {}}) == "changed section B"


def test_all_about_me_stays_as_the_family_has_it_now() -> None:
    plan, force = proposed()
    grown, _ = add(plan, PARENT, "A", "aspirations", hope="To swim", whose="child")
    assert "A" not in to_restore(grown, force)


def test_the_family_is_heard_first() -> None:
    plan, _ = proposed(answered=False)
    with pytest.raises(NotReady, match="15 days are not over"):
        decide_not_to_amend(plan, CASEWORKER, WHY, at(25))
    assert decide_not_to_amend(plan, CASEWORKER, WHY, at(26)).plan.state is PlanState.FINAL


def test_it_is_decided_by_the_council_with_reasons_and_only_of_what_was_served() -> None:
    plan, _ = proposed()
    for who in (PARENT, SENCO):
        with pytest.raises(NotAllowed):
            decide_not_to_amend(plan, who, WHY, at(13))
    with pytest.raises(Invalid):
        decide_not_to_amend(plan, CASEWORKER, " ", at(13))
    after = decide_not_to_amend(plan, MANAGER, WHY, at(13)).plan
    opened = begin_amending(after, CASEWORKER, Because.OTHER, "Something new.", at(14)).plan
    for too_early in (in_force()[0], after, opened):
        with pytest.raises(NotReady):
            decide_not_to_amend(too_early, CASEWORKER, WHY, at(40))


def test_what_the_tribunal_ordered_is_not_the_council_s_to_leave() -> None:
    plan, _ = proposed()
    order = Happened(900, event_of("tribunal_order", at(9).today, {"order": "amend"}))
    with pytest.raises(NotReady, match="tribunal ordered"):
        decide_not_to_amend(replace(plan, happened=(*plan.happened, order)), CASEWORKER, WHY, at(13))


def test_an_amendment_begun_later_goes_its_own_way_from_the_start() -> None:
    after = decide_not_to_amend(proposed()[0], CASEWORKER, WHY, at(13)).plan
    opened = begin_amending(after, CASEWORKER, Because.OTHER, "Something new.", at(20)).plan
    assert not opened.is_with_family
    assert next_kind(opened) is VersionKind.PROPOSED_AMENDMENT


def test_the_letter_is_owed_from_then_on_and_meets_the_eight_weeks() -> None:
    plan, _ = proposed()
    assert LetterKind.NO_AMENDMENT not in {each.kind for each in offers(plan, ())}
    after = decide_not_to_amend(plan, CASEWORKER, WHY, at(13)).plan
    (owed,) = [each for each in offers(after, ()) if each.kind is LetterKind.NO_AMENDMENT]
    assert owed.is_owed
    told = after.with_event(event_of("decision_letter_sent", at(14).today, {"decision": "no_amendment"}))
    clock = next(each for each in told.clocks if each.clock is Clock.AMENDED_FINAL)
    assert clock.met == at(14).today
    assert stage(told.case) is Stage.MAINTAINED
    assert LetterKind.NO_AMENDMENT not in {each.kind for each in offers(told, ())}
