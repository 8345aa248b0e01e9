"""Signing: a sign-off stands for exactly the words that were read, and for nothing that was written after."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import sign_off
from portal.domain.actor import Actor, Role
from portal.domain.content import content_hash
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotReady, StaleRevision
from portal.domain.event import EventKind
from portal.domain.plan import Plan, SectionHead
from portal.domain.section import SectionState, status_of
from portal.domain.state import PlanState
from tests import factories
from tests.factories import (
    CASEWORKER,
    CLINICAL_OFFICER,
    MANAGER,
    OTHER_CLINICAL_OFFICER,
    PARENT,
    SENCO,
    SIGNERS,
    THERAPIST,
    actor,
    add,
    at,
    blank,
    modest,
    sign,
    write,
)

STRICT = actor(Role.DESIGNATED_CLINICAL_OFFICER, "-strict", second_person=True)
WRITERS = (THERAPIST, CLINICAL_OFFICER, STRICT)
OFFICERS = (CLINICAL_OFFICER, OTHER_CLINICAL_OFFICER, STRICT)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.sampled_from(WRITERS), st.sampled_from(["a", "b", "c"])),
        st.tuples(st.just("hand over"), st.sampled_from(WRITERS), st.just("")),
        st.tuples(st.sampled_from(["sign", "sign", "sign stale"]), st.sampled_from(OFFICERS), st.just("")),
        st.tuples(st.sampled_from(["withdraw", "send back"]), st.sampled_from(OFFICERS), st.just("A reason.")),
    ),
    min_size=4,
    max_size=25,
)


def take(plan: Plan, item_id: str, kind: str, who: Actor, words: str) -> Plan:
    """The plan after one step; what a step may do to the sign-offs is checked on the way."""
    head = plan.sections["C"]
    if kind == "edit":
        return edited(plan, item_id, who, words)
    if kind == "sign stale":
        with pytest.raises(StaleRevision):
            sign_off.sign(plan, who, "C", head.revision, "00" * 32, at())
        return plan
    if kind == "sign":
        return signed(plan, who)
    if kind == "hand over":
        done = sign_off.hand_over(plan, who, "C", at())
    elif kind == "withdraw":
        done = sign_off.withdraw(plan, who, "C", words, at())
    else:
        done = sign_off.send_back(plan, who, "C", words, at())
    if kind == "withdraw" and done:
        assert who.person not in {each.by.person for each in done.plan.sections["C"].sign_offs}
    elif done:
        assert done.plan.sections["C"].sign_offs == head.sign_offs
    return done.plan if done else plan


def edited(plan: Plan, item_id: str, who: Actor, words: str) -> Plan:
    head = plan.sections["C"]
    found = head.content.item(item_id)
    assert found is not None
    after = write(plan, who, "C", "needs", item_id, need=words)
    if found.text("need") == words:
        assert after == plan
    else:
        assert after.sections["C"].standing == ()
        assert after.sections["C"].sign_offs == head.sign_offs
    return after


def signed(plan: Plan, who: Actor) -> Plan:
    head = plan.sections["C"]
    stood = {each.by.person for each in head.standing}
    if who is STRICT and head.changed and head.changed.person == who.person and who.person not in stood:
        with pytest.raises(NotReady):
            sign(plan, who, "C")
        return plan
    after = sign(plan, who, "C")
    assert {each.by.person for each in after.sections["C"].standing} == stood | {who.person}
    return after


@modest
@given(STEPS)
def test_a_standing_sign_off_always_has_the_words_as_they_are(steps: list[tuple[str, Actor, str]]) -> None:
    plan, need = add(blank(), THERAPIST, "C", "needs", need="a")
    for kind, who, words in steps:
        plan = take(plan, need, kind, who, words)
        head = plan.sections["C"]
        assert head.hash == content_hash("C", head.content)
        assert {(each.revision, each.hash) for each in head.standing} <= {(head.revision, head.hash)}
        assert (status_of(plan, "C").state is SectionState.SIGNED) == bool(head.standing)
        assert set(head.standing) | set(head.void) == set(head.sign_offs)
        assert len({each.by.person for each in head.sign_offs}) == len(head.sign_offs)


def signing(plan: Plan, who: Actor, letter: str) -> Decision | None:
    head = plan.sections[letter]
    return sign_off.sign(plan, who, letter, head.revision, head.hash.hex(), at())


@pytest.mark.parametrize("letter", SIGNERS)
def test_each_section_is_signed_by_those_whom_the_decisions_name_even_when_it_is_empty(letter: str) -> None:
    plan = sign(blank(), SIGNERS[letter], letter)
    assert [each.by.person for each in plan.sections[letter].standing] == [SIGNERS[letter].person]


@pytest.mark.parametrize("letter", ["I", "J", "K"])
@pytest.mark.parametrize("state", [PlanState.DRAFTING, PlanState.FINALISING])
def test_what_the_manager_settles_at_issue_is_never_signed_by_itself(letter: str, state: PlanState) -> None:
    with pytest.raises(NotAllowed):
        signing(replace(blank(), state=state), MANAGER, letter)


def test_a_sign_off_keeps_what_was_stated_of_which_words_and_how_the_signer_was_known() -> None:
    who = replace(CLINICAL_OFFICER, auth_time=1_700_000_000, acr="AAL3")
    plan, _ = add(blank(), THERAPIST, "C", "needs", need="A hip that tires")
    decision = signing(plan, who, "C")
    assert decision is not None
    head = decision.plan.sections["C"]
    assert head.standing[0].statement == plan.standard.section("C").statement
    event = decision.event
    assert (event.kind, event.section) == (EventKind.SECTION_SIGNED, "C")
    assert (event.revision, event.hash) == (head.revision, head.hash)
    assert event.facts == {"statement": head.standing[0].statement}
    # What tells who a person is at their provider stays beside the chain.
    known = {"issuer": who.issuer, "subject": who.subject, "acr": "AAL3", "auth_time": 1_700_000_000}
    assert event.beside == known


def test_an_earlier_revision_is_not_signed_once_the_words_moved_on() -> None:
    plan, need = add(blank(), THERAPIST, "C", "needs", need="a")
    read = plan.sections["C"]
    moved_on = write(plan, THERAPIST, "C", "needs", need, need="b")
    with pytest.raises(StaleRevision):
        sign_off.sign(moved_on, CLINICAL_OFFICER, "C", read.revision, read.hash.hex(), at())


def test_the_same_words_typed_again_are_signed_again() -> None:
    plan, need = add(blank(), THERAPIST, "C", "needs", need="a")
    plan = sign(plan, CLINICAL_OFFICER, "C")
    plan = write(write(plan, THERAPIST, "C", "needs", need, need="b"), THERAPIST, "C", "needs", need, need="a")
    assert plan.sections["C"].standing == ()


def test_signing_twice_is_one_sign_off() -> None:
    assert signing(sign(blank(), CLINICAL_OFFICER, "C"), CLINICAL_OFFICER, "C") is None


def test_where_an_agency_asks_for_a_second_person_the_last_writer_does_not_sign() -> None:
    plan, need = add(blank(), STRICT, "C", "needs", need="a")
    with pytest.raises(NotReady) as refused:
        signing(plan, STRICT, "C")
    assert "second person" in refused.value.reasons[0]
    assert signing(plan, CLINICAL_OFFICER, "C") is not None
    assert signing(write(plan, THERAPIST, "C", "needs", need, need="b"), STRICT, "C") is not None


def test_where_an_agency_does_not_ask_for_a_second_person_the_last_writer_signs() -> None:
    plan, _ = add(blank(), CLINICAL_OFFICER, "C", "needs", need="a")
    assert signing(plan, CLINICAL_OFFICER, "C") is not None


def test_a_section_is_handed_over_once_and_back_to_its_writers_with_the_next_edit() -> None:
    plan, need = add(blank(), THERAPIST, "C", "needs", need="a")
    handed = sign_off.hand_over(plan, THERAPIST, "C", at())
    assert handed is not None
    assert status_of(handed.plan, "C").state is SectionState.HANDED_OVER
    assert sign_off.hand_over(handed.plan, THERAPIST, "C", at()) is None
    assert status_of(write(handed.plan, THERAPIST, "C", "needs", need, need="b"), "C").state is SectionState.WRITING


def test_what_is_signed_is_not_handed_over() -> None:
    assert sign_off.hand_over(sign(blank(), CLINICAL_OFFICER, "C"), THERAPIST, "C", at()) is None


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_sending_back_and_withdrawing_say_why(reason: str) -> None:
    plan = sign(blank(), CLINICAL_OFFICER, "C")
    with pytest.raises(Invalid):
        sign_off.send_back(plan, CLINICAL_OFFICER, "C", reason, at())
    with pytest.raises(Invalid):
        sign_off.withdraw(plan, CLINICAL_OFFICER, "C", reason, at())


def test_nobody_takes_back_somebody_elses_sign_off() -> None:
    plan = sign(sign(blank(), CLINICAL_OFFICER, "C"), OTHER_CLINICAL_OFFICER, "C")
    taken = sign_off.withdraw(plan, CLINICAL_OFFICER, "C", "A reason.", at())
    assert taken is not None
    assert [each.by.person for each in taken.plan.sections["C"].standing] == [OTHER_CLINICAL_OFFICER.person]
    assert sign_off.withdraw(taken.plan, CLINICAL_OFFICER, "C", "A reason.", at()) is None


def test_a_section_that_was_sent_back_is_with_its_writers_until_it_changes() -> None:
    plan, need = add(blank(), THERAPIST, "C", "needs", need="a")
    back = sign_off.send_back(plan, CLINICAL_OFFICER, "C", "Say how far she walks.", at()).plan
    assert status_of(back, "C").state is SectionState.SENT_BACK
    assert status_of(write(back, THERAPIST, "C", "needs", need, need="b"), "C").state is SectionState.WRITING


@pytest.mark.parametrize(("who", "letter"), [(THERAPIST, "C"), (CASEWORKER, "B"), (PARENT, "G"), (SENCO, "A")])
def test_whoever_does_not_sign_a_section_neither_signs_nor_sends_back_nor_withdraws(who: Actor, letter: str) -> None:
    with pytest.raises(NotAllowed):
        signing(blank(), who, letter)
    with pytest.raises(NotAllowed):
        sign_off.send_back(blank(), who, letter, "A reason.", at())
    with pytest.raises(NotAllowed):
        sign_off.withdraw(blank(), who, letter, "A reason.", at())


def test_once_issued_the_councils_and_agencies_sign_offs_stay_and_the_family_may_still_agree() -> None:
    plan = factories.final()
    with pytest.raises(NotReady):
        sign_off.withdraw(plan, CLINICAL_OFFICER, "C", "A reason.", at())
    with pytest.raises(NotReady):
        signing(plan, OTHER_CLINICAL_OFFICER, "C")
    grown = write(plan, PARENT, "A", "people", "people", words="My new baby sister")
    assert sign(grown, PARENT, "A").sections["A"].standing


def test_the_last_agreed_words_are_those_of_the_newest_sign_off_that_was_not_taken_back() -> None:
    first = factories.signed(1, b"one", "one", days=1)
    second = factories.signed(2, b"two", "two", days=2)
    head = SectionHead(blank().sections["G"].content, 3, b"three", sign_offs=(second, first))
    assert head.last_agreed == second
    assert replace(head, sign_offs=()).last_agreed is None
