"""Who hears what is said in a plan: whoever reads the words it is about, and nobody from whom they are kept."""

from dataclasses import replace

import pytest

from portal.domain import converse
from portal.domain.actor import Role
from portal.domain.audience import Restriction
from portal.domain.content import Slot
from portal.domain.conversation import Awaited, Conversation, ConversationKind, Quote, Remark
from portal.domain.error import NotAllowed, NotFound
from portal.domain.event import EventKind
from portal.domain.hearing import heard
from portal.domain.plan import Plan
from tests.factories import CASEWORKER, PARENT, PSYCHOLOGIST, SENCO, add, at, blank, mark, remove

HIDDEN = "77 Kingfisher Wharf"


@pytest.fixture
def need() -> tuple[Plan, str]:
    return add(blank(), CASEWORKER, "B", "needs", need="Being understood", effect="She waits.", strengths="")


def said(item: str, field: str = "effect", words: str = "Where?", sentence: str = "She waits.") -> Conversation:
    """A comment by the SENCO on a field of a need."""
    by = replace(mark(SENCO.person), agency="school")
    remark = Remark(5, EventKind.CONVERSATION_OPENED, by, Role.SENCO, "School", words)
    return Conversation(5, ConversationKind.COMMENT, "B", f"B/{item}/{field}", Quote(sentence), (remark,))


def kept(plan: Plan, *places: str, words: tuple[str, ...] = ()) -> Plan:
    """The plan with these places kept for the SENCO and the council."""
    restrictions = tuple(Restriction(each, (SENCO.person,), words) for each in places)
    return replace(plan, restrictions=restrictions)


def with_slot(plan: Plan, item: str, field: str, slot: Slot) -> Plan:
    head = plan.sections["B"]
    found = head.content.item(item)
    assert found is not None
    changed = replace(found, slots={**found.slots, field: slot})
    return plan.with_section("B", content=head.content.with_item(changed))


def test_whoever_reads_the_words_hears_what_is_said_of_them(need: tuple[Plan, str]) -> None:
    conversation = said(need[1])
    for who in (SENCO, PSYCHOLOGIST, CASEWORKER):
        assert heard(need[0], who, conversation) == conversation
    assert heard(need[0], PARENT, conversation) is None  # before the first draft


@pytest.mark.parametrize("field", ["", "/effect"])
def test_whoever_the_words_are_kept_from_does_not(need: tuple[Plan, str], field: str) -> None:
    plan = kept(need[0], f"B/{need[1]}{field}")
    assert heard(plan, PSYCHOLOGIST, said(need[1])) is None
    assert heard(plan, SENCO, said(need[1])) == said(need[1])


def test_what_is_kept_in_one_field_does_not_hide_what_is_said_of_another(need: tuple[Plan, str]) -> None:
    plan = kept(need[0], f"B/{need[1]}/need")
    assert heard(plan, PSYCHOLOGIST, said(need[1])) == said(need[1])


def test_a_field_that_is_kept_and_empty_hides_it_too(need: tuple[Plan, str]) -> None:
    plan = kept(need[0], f"B/{need[1]}/strengths")
    assert heard(plan, PSYCHOLOGIST, said(need[1], "strengths")) is None
    closed = with_slot(need[0], need[1], "strengths", Slot("", b"salt", (SENCO.person,)))
    assert heard(closed, PSYCHOLOGIST, said(need[1], "strengths")) is None
    assert heard(closed, SENCO, said(need[1], "strengths")) is not None


def test_a_text_that_is_withheld_because_it_tells_what_is_hidden_hides_it(need: tuple[Plan, str]) -> None:
    plan, other = add(need[0], CASEWORKER, "B", "needs", need="Home", effect=f"She waits. It is at {HIDDEN}.")
    plan = kept(plan, f"B/{need[1]}/need", words=(HIDDEN,))
    assert heard(plan, PSYCHOLOGIST, said(other)) is None
    assert heard(plan, SENCO, said(other)) == said(other)


def test_hidden_words_in_what_was_said_hide_it_and_in_an_answer_only_the_answer(need: tuple[Plan, str]) -> None:
    plan = kept(need[0], f"B/{need[1]}/need", words=(HIDDEN,))
    assert heard(plan, PSYCHOLOGIST, said(need[1], words=f"At {HIDDEN}?")) is None
    assert heard(plan, PSYCHOLOGIST, said(need[1], sentence=f"She was at {HIDDEN}.")) is None
    answer = Remark(6, EventKind.CONVERSATION_ANSWERED, mark(), Role.SEN_CASEWORKER, "", f"At {HIDDEN}.")
    conversation = said(need[1])
    answered = replace(conversation, remarks=(*conversation.remarks, answer))
    told = heard(plan, PSYCHOLOGIST, answered)
    assert told is not None
    assert [each.words for each in told.remarks] == ["Where?", ""]


def test_what_is_said_of_an_item_that_is_gone_is_settled_by_the_writers(need: tuple[Plan, str]) -> None:
    plan = remove(need[0], CASEWORKER, "B", "needs", need[1])
    assert converse.may_settle(plan, CASEWORKER, said(need[1]))
    assert not converse.may_settle(plan, SENCO, said(need[1]))


def test_whoever_does_not_read_the_section_says_no_more_in_it(need: tuple[Plan, str]) -> None:
    mine = replace(said(need[1]), remarks=(replace(said(need[1]).opening, by=mark(PARENT.person)),))
    with pytest.raises(NotFound):
        converse.reply(need[0], PARENT, mine, "And?", Awaited(), at())
    with pytest.raises(NotFound):
        converse.withdraw(need[0], PARENT, mine, at())
    with pytest.raises(NotAllowed):
        converse.reply(need[0], PSYCHOLOGIST, said(need[1]), "And?", Awaited(), at())
