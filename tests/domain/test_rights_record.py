"""Consent, capacity and a court's order: who may record them, and that nothing of it can be told from the history."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.actor import Actor, Grant, Role
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import EventKind
from portal.domain.plan import Plan
from portal.domain.rights import Matter
from portal.domain.rights_record import end_capacity, give_consent, limit, record_capacity, withdraw_consent
from tests.factories import CASEWORKER, MANAGER, OTHER_PARENT, PARENT, SENCO, actor, at, blank

OF_AGE = date(2009, 5, 2)
SAM = actor(Role.YOUNG_PERSON)
ADVOCATE = actor(Role.ADVOCATE)
ASSESSED = "Dr Ward assessed it on 2 March."


def part(who: Actor) -> Grant:
    return who.grants[0]


def consented(plan: Plan, by: Actor, to: Actor, *letters: str, until: date | None = None) -> Decision:
    return give_consent(plan, by, part(to), letters, until, at())


def test_a_parent_consents_to_an_advocate_and_takes_it_back_at_once() -> None:
    given = consented(blank(), PARENT, ADVOCATE, "A", "B").plan
    assert [(each.person, each.letters) for each in given.rights.consents] == [(ADVOCATE.person, ("A", "B"))]
    taken = withdraw_consent(given, OTHER_PARENT, ADVOCATE.person, at())
    assert taken is not None
    assert taken.plan.rights.consents == ()
    assert withdraw_consent(taken.plan, PARENT, ADVOCATE.person, at()) is None


def test_a_new_consent_takes_the_place_of_the_one_before() -> None:
    plan = consented(blank(), PARENT, ADVOCATE, "A", "B").plan
    plan = consented(plan, PARENT, ADVOCATE, "F").plan
    assert [each.letters for each in plan.rights.consents] == [("F",)]


@pytest.mark.parametrize("who", [SENCO, CASEWORKER, MANAGER, ADVOCATE])
def test_consent_is_the_familys_alone(who: Actor) -> None:
    with pytest.raises(NotAllowed):
        consented(blank(), who, ADVOCATE, "A")
    with pytest.raises(NotAllowed):
        withdraw_consent(consented(blank(), PARENT, ADVOCATE, "A").plan, who, ADVOCATE.person, at())


def test_a_young_person_consents_to_a_parent_and_the_parent_to_nobody_any_more() -> None:
    plan = blank(born=OF_AGE)
    assert consented(plan, SAM, PARENT, "A").plan.rights.consents[0].person == PARENT.person
    with pytest.raises(NotAllowed):
        consented(plan, PARENT, ADVOCATE, "A")
    with pytest.raises(Invalid) as refused:
        consented(blank(), OTHER_PARENT, PARENT, "A")
    assert set(refused.value.errors) == {"person"}


@pytest.mark.parametrize(
    ("letters", "until", "field"),
    [((), None, "letters"), (("Z",), None, "letters"), (("A",), at().today - timedelta(days=1), "until")],
)
def test_a_consent_names_sections_that_there_are_and_a_day_to_come(
    letters: tuple[str, ...], until: date | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        consented(blank(), PARENT, ADVOCATE, *letters, until=until)
    assert set(refused.value.errors) == {field}


@pytest.mark.parametrize("matter", Matter)
def test_capacity_is_recorded_for_one_decision_and_given_back(matter: Matter) -> None:
    plan = record_capacity(blank(born=OF_AGE), MANAGER, matter, part(PARENT), ASSESSED, at()).plan
    assert {each: plan.rights.decider(each) for each in Matter} == {
        each: PARENT.person if each is matter else "" for each in Matter
    }
    again = record_capacity(plan, MANAGER, matter, part(OTHER_PARENT), ASSESSED, at()).plan
    assert again.rights.decider(matter) == OTHER_PARENT.person
    back = end_capacity(again, MANAGER, matter, "Assessed again: they can decide it.", at())
    assert back is not None
    assert back.plan.rights.capacity == ()
    assert end_capacity(back.plan, MANAGER, matter, "", at()) is None


def test_capacity_needs_a_young_person_an_assessment_and_somebody_of_the_family() -> None:
    plan = blank(born=OF_AGE)
    with pytest.raises(NotReady):
        record_capacity(blank(), MANAGER, Matter.DRAFT, part(PARENT), ASSESSED, at())
    with pytest.raises(Invalid):
        record_capacity(plan, MANAGER, Matter.DRAFT, part(PARENT), "  ", at())
    with pytest.raises(Invalid):
        record_capacity(plan, MANAGER, Matter.DRAFT, part(ADVOCATE), ASSESSED, at())
    for who in (SAM, PARENT, CASEWORKER):
        with pytest.raises(NotAllowed):
            record_capacity(plan, who, Matter.DRAFT, part(PARENT), ASSESSED, at())
    recorded = record_capacity(plan, MANAGER, Matter.DRAFT, part(PARENT), ASSESSED, at()).plan
    with pytest.raises(Invalid):
        end_capacity(recorded, MANAGER, Matter.DRAFT, "", at())
    with pytest.raises(NotAllowed):
        end_capacity(recorded, SAM, Matter.DRAFT, "I can.", at())


def test_a_courts_order_keeps_sections_from_one_parent_until_it_is_lifted() -> None:
    plan = blank()
    kept = limit(plan, MANAGER, part(PARENT), ("A", "I"), "Northmere Family Court, 2 March.", at())
    assert kept is not None
    assert kept.plan.rights.keeps_from(PARENT.person, "I")
    assert not kept.plan.rights.keeps_from(OTHER_PARENT.person, "I")
    lifted = limit(kept.plan, MANAGER, part(PARENT), (), "Discharged on 9 March.", at())
    assert lifted is not None
    assert lifted.plan.rights.limits == ()
    assert limit(plan, MANAGER, part(PARENT), (), "", at()) is None


def test_an_order_is_the_managers_to_record_with_its_words_and_about_a_parent() -> None:
    for who in (PARENT, CASEWORKER, SENCO):
        with pytest.raises(NotAllowed):
            limit(blank(), who, part(PARENT), ("A",), "An order.", at())
    for to, letters, words in ((SENCO, ("A",), "An order."), (PARENT, ("Z",), "An order."), (PARENT, ("A",), "")):
        with pytest.raises(Invalid):
            limit(blank(), MANAGER, part(to), letters, words, at())


def test_nobody_can_tell_from_the_chain_what_was_recorded_or_of_whom() -> None:
    plan = blank(born=OF_AGE)
    decisions = [
        consented(plan, SAM, PARENT, "A"),
        record_capacity(plan, MANAGER, Matter.DRAFT, part(PARENT), ASSESSED, at()),
        limit(plan, MANAGER, part(PARENT), ("A",), "An order.", at()),
    ]
    for each in decisions:
        assert each is not None
        assert each.event.kind is EventKind.RIGHTS_RECORDED
        assert set(each.event.facts) == {"rights"}
        assert each.event.facts["rights"] == each.plan.rights.hash
        assert PARENT.person not in str(each.event.facts)
    twice = [consented(plan, SAM, PARENT, "A").plan.rights.hash for _ in range(2)]
    assert len(set(twice)) == 2  # salted: the same consent can't be guessed from its hash


def test_the_hash_on_the_chain_covers_everything_that_was_recorded() -> None:
    plan = consented(blank(born=OF_AGE), SAM, PARENT, "A", "B").plan
    plan = record_capacity(plan, MANAGER, Matter.DRAFT, part(PARENT), ASSESSED, at()).plan
    kept = limit(plan, MANAGER, part(PARENT), ("A",), "An order.", at())
    assert kept is not None
    rights = kept.plan.rights
    forged = [
        replace(rights, consents=()),
        replace(rights, capacity=()),
        replace(rights, limits=()),
        replace(rights, consents=(replace(rights.consents[0], person="x"),)),
        replace(rights, consents=(replace(rights.consents[0], letters=("A", "B", "C")),)),
        replace(rights, consents=(replace(rights.consents[0], until=at(900).today),)),
        replace(rights, consents=(replace(rights.consents[0], writes=True),)),
        replace(rights, capacity=(replace(rights.capacity[0], person="x"),)),
        replace(rights, capacity=(replace(rights.capacity[0], matter=Matter.SHARING),)),
        replace(rights, limits=(replace(rights.limits[0], letters=("B",)),)),
        replace(rights, limits=(replace(rights.limits[0], person="x"),)),
    ]
    assert rights.hash not in {each.hash for each in forged}
