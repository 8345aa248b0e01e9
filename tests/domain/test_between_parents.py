"""What one parent lets another see: both chose it, both have the same part, and nothing keeps them apart."""

from dataclasses import replace
from datetime import date

import pytest

from portal.domain import converse
from portal.domain.actor import Actor, Role
from portal.domain.audience import Restriction
from portal.domain.between_parents import others_shown
from portal.domain.conversation import Conversation, ConversationKind, Quote, Remark
from portal.domain.event import EventKind
from portal.domain.hearing import heard
from portal.domain.plan import Child, Plan
from portal.domain.rights import Consent, Limit, Rights
from tests.factories import CASEWORKER, OTHER_PARENT, PARENT, actor, add, at, blank, grant, mark

THIRD = actor(Role.PARENT, "-3")
PARTS = [each.grants[0] for each in (PARENT, OTHER_PARENT, THIRD, CASEWORKER)]
BOTH = {PARENT.person, OTHER_PARENT.person}


def shown(plan: Plan, who: Actor, chose: set[str]) -> list[str]:
    return [each.person for each in others_shown(plan, who, PARTS, chose)]


def test_two_parents_who_both_chose_it_may_show_each_other_what_they_say() -> None:
    assert shown(blank(), PARENT, BOTH) == [OTHER_PARENT.person]
    assert shown(blank(), OTHER_PARENT, BOTH) == [PARENT.person]


@pytest.mark.parametrize("chose", [set(), {PARENT.person}, {OTHER_PARENT.person}, {PARENT.person, CASEWORKER.person}])
def test_one_who_chose_it_alone_shows_and_sees_nothing(chose: set[str]) -> None:
    for who in (PARENT, OTHER_PARENT, CASEWORKER):
        assert shown(blank(), who, chose) == []


def test_a_parent_whose_part_is_not_live_or_is_of_another_plan_is_nobody_to_show_it_to() -> None:
    elsewhere = grant(Role.PARENT, OTHER_PARENT.person, scope="nmr-fedcba9876543210")
    for parts in ([PARENT.grants[0]], [PARENT.grants[0], elsewhere], [OTHER_PARENT.grants[0]]):
        assert others_shown(blank(), PARENT, parts, BOTH) == ()


def hidden_from(*readers: str) -> Plan:
    return replace(blank(), restrictions=(Restriction("child/school", readers),))


def limited(person: str) -> Plan:
    return replace(blank(), rights=Rights(limits=(Limit(person, ("B",), mark(), "An order."),)))


APART = {
    "the address is hidden": blank(hidden_address=True),
    "something is kept from both": hidden_from(),
    "something is kept from one": hidden_from(PARENT.person),
    "something is kept from the other": hidden_from(OTHER_PARENT.person),
    "an order limits one": limited(PARENT.person),
    "an order limits the other": limited(OTHER_PARENT.person),
}


@pytest.mark.parametrize("plan", APART.values(), ids=APART.keys())
def test_where_anything_keeps_one_of_them_apart_neither_shows_the_other_anything(plan: Plan) -> None:
    for who in (PARENT, OTHER_PARENT):
        assert shown(plan, who, BOTH) == []


def test_what_is_kept_from_a_third_keeps_only_the_third_apart() -> None:
    plan = hidden_from(*BOTH)
    everybody = {*BOTH, THIRD.person}
    assert shown(plan, PARENT, everybody) == [OTHER_PARENT.person]
    assert shown(plan, THIRD, everybody) == []
    assert shown(blank(), PARENT, everybody) == [OTHER_PARENT.person, THIRD.person]


def test_of_a_young_person_whose_consent_only_one_of_them_has_they_read_not_the_same() -> None:
    child: Child = replace(blank().child, born=date(2005, 3, 14))
    plan = replace(blank(), child=child)
    assert shown(plan, PARENT, BOTH) == [OTHER_PARENT.person]
    one = replace(plan, rights=Rights(consents=(Consent(PARENT.person, ("B",), mark()),)))
    assert shown(one, PARENT, BOTH) == []


def said(plan: Plan, item: str, *lets: bool) -> Conversation:
    """A comment of one parent on a hope, and what they went on to say; `lets` says which of these another may see."""
    by = replace(mark(PARENT.person), agency="family")
    kinds = (EventKind.CONVERSATION_OPENED, *[EventKind.CONVERSATION_CONTINUED] * (len(lets) - 1))
    number = plan.sequence
    remarks = tuple(
        Remark(number + at, kind, by, Role.PARENT, "", f"Remark {at}", shown=each)
        for at, (kind, each) in enumerate(zip(kinds, lets, strict=True))
    )
    return Conversation(number, ConversationKind.COMMENT, "A", f"A/{item}/hope", Quote("To swim."), remarks)


@pytest.fixture
def hope() -> tuple[Plan, str]:
    return add(blank(), PARENT, "A", "aspirations", hope="To swim.", whose="child")


def test_another_parent_hears_what_its_writer_lets_them_and_no_more(hope: tuple[Plan, str]) -> None:
    conversation = said(*hope, True, False, True)
    told = heard(hope[0], OTHER_PARENT, conversation, {PARENT.person})
    assert told is not None
    assert [each.words for each in told.remarks] == ["Remark 0", "Remark 2"]
    assert heard(hope[0], OTHER_PARENT, conversation) is None
    assert heard(hope[0], OTHER_PARENT, conversation, {THIRD.person}) is None
    assert heard(hope[0], OTHER_PARENT, said(*hope, False, True), {PARENT.person}) is None
    assert heard(hope[0], CASEWORKER, conversation) == conversation


def test_another_parent_does_not_settle_what_they_were_let_see(hope: tuple[Plan, str]) -> None:
    conversation = said(*hope, True)
    assert not converse.may_settle(hope[0], OTHER_PARENT, conversation)
    assert converse.may_settle(hope[0], PARENT, conversation)


def test_the_choice_stands_beside_the_chain_and_not_on_it(hope: tuple[Plan, str]) -> None:
    opening = converse.Opening(ConversationKind.MESSAGE, "May we talk?", shown=True)
    event = converse.begin(hope[0], PARENT, "A", opening, at()).event
    assert event.beside["shown"] == converse.PARENTS
    assert "shown" not in event.facts
    quiet = converse.begin(hope[0], PARENT, "A", replace(opening, shown=False), at()).event
    assert "shown" not in quiet.beside
