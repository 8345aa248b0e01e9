"""Conversations: who opens, answers and ends one, what a suggestion does to the words, and what nobody may do."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import converse
from portal.domain.account import Step, retold
from portal.domain.actor import Actor, Role
from portal.domain.content import Mark
from portal.domain.conversation import Awaited, Conversation, ConversationKind, ConversationState, Quote, Remark
from portal.domain.converse import Opening
from portal.domain.decision import Decision
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady, StaleRevision
from portal.domain.event import EventKind
from portal.domain.hearing import heard
from portal.domain.issue import lacks
from portal.domain.plan import Plan
from portal.domain.quoted import pointed_at
from portal.domain.state import PlanState, VersionKind
from tests import factories
from tests.factories import (
    CASEWORKER,
    MANAGER,
    OTHER_PARENT,
    PARENT,
    PSYCHOLOGIST,
    SENCO,
    SOCIAL_WORKER,
    add,
    at,
    blank,
    modest,
    write,
)

TEXT = "She waits. She needs a picture. It helps."
COMMENT, SUGGESTION, MESSAGE = ConversationKind


def told(decision: Decision) -> Remark:
    """An entry as it is read back."""
    beside = {name: str(text) for name, text in decision.event.beside.items()}
    facts = decision.event.facts
    number = facts["conversation"]
    assert isinstance(number, int)
    words, wording, waits_for = (beside.get(name, "") for name in ("words", "wording", "waits_for"))
    entry = (number, decision.event.kind, decision.by, Role(str(facts["as"])), decision.agency_name)
    return Remark(*entry, words, wording, waits_for)


def opened(plan: Plan, who: Actor, opening: Opening, letter: str = "B") -> tuple[Plan, Conversation]:
    """The plan once it is open, numbered as the store would, and the conversation."""
    decision = converse.begin(plan, who, letter, opening, at())
    remark = told(decision)
    conversation = Conversation(remark.number, opening.kind, letter, opening.place, opening.quote, (remark,))
    return replace(decision.plan, sequence=plan.sequence + 1), conversation


def went_on(conversation: Conversation, decision: Decision) -> Conversation:
    return replace(conversation, remarks=(*conversation.remarks, told(decision)))


@pytest.fixture
def need() -> tuple[Plan, str]:
    return with_need()


def with_need(text: str = TEXT) -> tuple[Plan, str]:
    return add(blank(), CASEWORKER, "B", "needs", need="Being understood", effect=text, area="communication")


def about(item: str, **said: str) -> Opening:
    """A comment on the second sentence, or a wording instead of it."""
    quote = pointed_at(TEXT, 1)
    assert quote is not None
    kind = SUGGESTION if "wording" in said else COMMENT
    return Opening(kind, said.get("words", ""), f"B/{item}/effect", quote, said.get("wording", ""))


def effect(plan: Plan, item: str) -> str:
    found = plan.sections["B"].content.item(item)
    assert found is not None
    return found.text("effect")


# A suggestion


def test_accepting_puts_the_words_in_the_sentences_place_and_ends_it(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], wording="She needs one picture a step."))
    assert [each.number for each in plan.conversations] == [conversation.number]
    decision = converse.accept(plan, CASEWORKER, conversation, at(1))
    assert effect(decision.plan, need[1]) == "She waits. She needs one picture a step. It helps."
    assert decision.plan.conversations == ()
    assert decision.event.kind is EventKind.SUGGESTION_ACCEPTED
    assert decision.event.revision == plan.sections["B"].revision + 1
    assert decision.event.facts["suggested_by"] == PSYCHOLOGIST.person
    assert went_on(conversation, decision).state is ConversationState.ACCEPTED


def test_whoever_does_not_write_the_words_is_refused_before_they_are_told_that_they_moved(
    need: tuple[Plan, str],
) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], wording="She needs one picture a step."))
    plan = write(plan, CASEWORKER, "B", "needs", need[1], effect="She waits. It helps.")
    for who, refusal in ((CASEWORKER, StaleRevision), (SENCO, NotAllowed), (PSYCHOLOGIST, NotAllowed)):
        with pytest.raises(refusal):
            converse.accept(plan, who, conversation, at(1))


def test_no_word_of_it_is_on_the_chain(need: tuple[Plan, str]) -> None:
    decision = converse.begin(need[0], PSYCHOLOGIST, "B", about(need[1], wording="Zebra.", words="Zebra"), at())
    assert "ebra" not in str(decision.event.facts)
    assert "picture" not in str(decision.event.facts)
    assert decision.event.beside["wording"] == "Zebra."


WORDS = st.sampled_from(["She waits. ", "He runs.\n", "- A point\n", "It is loud! ", "Who comes? "])


@modest
@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_what_others_saved_round_it_meanwhile_stays(before: list[str], after: list[str]) -> None:
    plan, item = with_need()
    plan, conversation = opened(plan, PSYCHOLOGIST, about(item, wording="She has one."))
    now = "".join([*before, "She needs a picture. ", *after]).strip()
    plan = write(plan, CASEWORKER, "B", "needs", item, effect=now)
    decision = converse.accept(plan, CASEWORKER, conversation, at(1))
    assert effect(decision.plan, item) == now.replace("She needs a picture.", "She has one.")


def test_a_sentence_that_was_reworded_clashes_and_nothing_is_lost(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], wording="She has one."))
    plan = write(plan, CASEWORKER, "B", "needs", need[1], effect="She waits. She needs two.")
    with pytest.raises(StaleRevision) as stale:
        converse.accept(plan, CASEWORKER, conversation, at(1))
    (clash,) = stale.value.clashes
    assert (clash.mine, clash.theirs) == ("She has one.", "She waits. She needs two.")
    assert len(plan.conversations) == 1


def test_what_is_settled_is_settled_once(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], wording="She has one."))
    after = converse.accept(plan, CASEWORKER, conversation, at(1)).plan
    again: tuple[Callable[[], Decision], ...] = (
        lambda: converse.accept(after, CASEWORKER, conversation, at(2)),
        lambda: converse.answer(after, CASEWORKER, conversation, "No.", False, at(2)),
        lambda: converse.withdraw(after, PSYCHOLOGIST, conversation, at(2)),
        lambda: converse.reply(after, PSYCHOLOGIST, conversation, "And?", Awaited(), at(2)),
    )
    for act in again:
        with pytest.raises(NotReady, match="settled already"):
            act()


def test_a_wording_that_would_be_too_long_is_not_taken_in(need: tuple[Plan, str]) -> None:
    limit = need[0].standard.section("B").group("needs").field("effect").limit
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], wording="x" * limit))
    with pytest.raises(NotReady, match="too long"):
        converse.accept(plan, CASEWORKER, conversation, at(1))


@pytest.mark.parametrize("wording", ["", "  ", "She needs a picture.", "She  needs a picture."])
def test_a_suggestion_says_something_else(need: tuple[Plan, str], wording: str) -> None:
    with pytest.raises(Invalid):
        converse.begin(need[0], PSYCHOLOGIST, "B", about(need[1], wording=wording), at())


# A comment


def test_the_writer_asks_back_and_then_answers_with_a_reason(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], words="At school too?"))
    assert conversation.state is ConversationState.OPEN
    asked = converse.answer(plan, CASEWORKER, conversation, "In which lessons?", True, at(1))
    conversation = went_on(conversation, asked)
    assert conversation.state is ConversationState.ASKED_BACK
    assert asked.plan.conversations[0].waits_for.person == PSYCHOLOGIST.person
    said = converse.reply(asked.plan, PSYCHOLOGIST, conversation, "In all.", Awaited(), at(2))
    conversation = went_on(conversation, said)
    assert conversation.state is ConversationState.OPEN
    assert said.plan.conversations[0].waits_for == Awaited()
    with pytest.raises(Invalid):
        converse.answer(said.plan, CASEWORKER, conversation, " ", False, at(3))
    answered = converse.answer(said.plan, CASEWORKER, conversation, "F says so.", False, at(3))
    assert went_on(conversation, answered).state is ConversationState.ANSWERED
    assert answered.plan.conversations == ()


def test_a_comment_can_not_be_taken_in(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], words="At school too?"))
    with pytest.raises(NotReady):
        converse.accept(plan, CASEWORKER, conversation, at(1))


def test_whoever_opened_it_takes_it_back_and_nobody_else_does(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], words="At school too?"))
    for who in (SENCO, CASEWORKER):
        with pytest.raises(NotAllowed):
            converse.withdraw(plan, who, conversation, at(1))
        with pytest.raises(NotAllowed):
            converse.reply(plan, who, conversation, "Me too.", Awaited(), at(1))
    decision = converse.withdraw(plan, PSYCHOLOGIST, conversation, at(1))
    assert decision.plan.conversations == ()
    assert went_on(conversation, decision).state is ConversationState.WITHDRAWN


def test_only_whoever_writes_the_section_settles_it(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], wording="She has one."))
    for who in (SENCO, SOCIAL_WORKER, PSYCHOLOGIST):
        with pytest.raises(NotAllowed):
            converse.accept(plan, who, conversation, at(1))
        with pytest.raises(NotAllowed):
            converse.answer(plan, who, conversation, "No.", False, at(1))
    assert converse.accept(plan, MANAGER, conversation, at(1)).plan.conversations == ()


def test_whoever_may_only_comment_suggests_nothing_and_who_does_not_read_says_nothing(need: tuple[Plan, str]) -> None:
    with pytest.raises(NotAllowed):
        converse.begin(need[0], SOCIAL_WORKER, "B", about(need[1], wording="She has one."), at())
    assert converse.begin(need[0], SOCIAL_WORKER, "B", about(need[1], words="Why?"), at()).plan.conversations
    for words in ({"words": "Why?"}, {"wording": "She has one."}):
        with pytest.raises(NotFound):  # the family reads it with the first draft
            converse.begin(need[0], PARENT, "B", about(need[1], **words), at())


def test_words_that_can_not_change_any_more_are_not_commented_on(need: tuple[Plan, str]) -> None:
    final = replace(need[0], state=PlanState.FINAL)
    with pytest.raises(NotReady):
        converse.begin(final, PSYCHOLOGIST, "B", about(need[1], words="Why?"), at())
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], wording="She has one."))
    with pytest.raises(NotReady):
        converse.accept(replace(plan, state=PlanState.FINAL), CASEWORKER, conversation, at(1))


# A message


def test_a_message_is_open_for_as_long_as_somebody_is_waited_for() -> None:
    quiet, note = opened(blank(), PSYCHOLOGIST, Opening(MESSAGE, "I was there on Monday."))
    assert quiet.conversations == ()
    assert note.state is ConversationState.ANSWERED
    plan, conversation = opened(quiet, SENCO, Opening(MESSAGE, "Who comes?", waits_for=Awaited("chris", "Chris Doyle")))
    assert [each.waits_for.name for each in plan.conversations] == ["Chris Doyle"]
    back = converse.reply(plan, CASEWORKER, conversation, "I do.", Awaited(), at(1))
    assert back.plan.conversations == ()
    again = converse.reply(back.plan, PSYCHOLOGIST, went_on(conversation, back), "When?", Awaited("c", "C"), at(2))
    assert [each.number for each in again.plan.conversations] == [conversation.number]
    with pytest.raises(NotReady):
        converse.answer(plan, CASEWORKER, conversation, "I do.", False, at(1))


# What stands in the way of a final


def test_a_final_lacks_an_answer_to_what_was_said_and_a_message_is_no_such_thing(need: tuple[Plan, str]) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], words="At school too?"))
    plan, _ = opened(plan, SENCO, Opening(MESSAGE, "Who comes?", waits_for=Awaited("c", "C")), "E")
    unanswered = {
        each.letter: each.sentence for each in lacks(plan, VersionKind.FINAL) if "not answered" in each.sentence
    }
    assert list(unanswered) == ["B"]
    assert "1 comment or suggestion" in unanswered["B"]
    asked = converse.answer(plan, CASEWORKER, conversation, "Where?", True, at(1)).plan
    assert any("not answered" in each.sentence for each in lacks(asked, VersionKind.FINAL))
    assert not any("not answered" in each.sentence for each in lacks(plan, VersionKind.DRAFT))
    answered = converse.answer(plan, CASEWORKER, conversation, "Yes.", False, at(1)).plan
    assert not any("not answered" in each.sentence for each in lacks(answered, VersionKind.FINAL))


# Who hears what


def test_what_one_parent_says_another_does_not_hear(need: tuple[Plan, str]) -> None:
    plan = factories.with_draft()
    quote = Quote("Being understood")
    item = plan.sections["B"].content.items[0].id
    opening = Opening(SUGGESTION, "", f"B/{item}/need", quote, "Being heard")
    plan, conversation = opened(plan, PARENT, opening)
    assert heard(plan, OTHER_PARENT, conversation) is None
    for who in (PARENT, CASEWORKER, PSYCHOLOGIST):
        assert heard(plan, who, conversation) == conversation


def test_what_was_said_of_an_item_that_is_gone_stays_with_those_who_said_it_and_the_writers(
    need: tuple[Plan, str],
) -> None:
    plan, conversation = opened(need[0], PSYCHOLOGIST, about(need[1], words="At school too?"))
    plan = factories.remove(plan, CASEWORKER, "B", "needs", need[1])
    assert heard(plan, PSYCHOLOGIST, conversation) == conversation
    assert heard(plan, CASEWORKER, conversation) == conversation
    assert heard(plan, SENCO, conversation) is None


# The chain tells it again


def test_the_chain_alone_tells_which_conversations_are_open() -> None:
    def link(kind: EventKind, number: int, waits: bool) -> Step:
        facts = {"conversation": number, "open": waits, "as": "senco"}
        mark = Mark("p", "", "a", at().product)
        return Step(
            {
                "kind": kind,
                "section": "B",
                "who": mark.person,
                "agency": mark.agency,
                "at": str(mark.at),
                "facts": facts,
            }
        )

    steps = [
        link(EventKind.CONVERSATION_OPENED, 4, True),
        link(EventKind.CONVERSATION_OPENED, 5, True),
        link(EventKind.CONVERSATION_CONTINUED, 4, True),
        link(EventKind.CONVERSATION_ANSWERED, 5, False),
        link(EventKind.CONVERSATION_OPENED, 8, False),
    ]
    assert retold(steps).conversations == {4}
    assert retold([*steps, link(EventKind.SUGGESTION_ACCEPTED, 4, False)]).conversations == frozenset()
