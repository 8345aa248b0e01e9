"""What a plan waits for from one person in its conversations: answers they owe, questions to them, answers to read."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import converse
from portal.domain.actor import Actor, Role
from portal.domain.audience import Restriction
from portal.domain.awaited import heard_now, tasks_kept, tasks_of, tasks_shared, unheard, whole_situation
from portal.domain.conversation import Awaited, Conversation, ConversationKind, Quote, Remark
from portal.domain.converse import REMEMBERED, Opening
from portal.domain.decision import Decision
from portal.domain.plan import Plan
from portal.domain.rights import Limit, Rights
from portal.domain.turn import TaskKind
from tests.factories import (
    CASEWORKER,
    CLINICAL_OFFICER,
    MANAGER,
    OTHER_PARENT,
    PARENT,
    PSYCHOLOGIST,
    SENCO,
    SOCIAL_WORKER,
    THERAPIST,
    actor,
    add,
    at,
    blank,
    mark,
    modest,
    remove,
    with_draft,
)

EVERYBODY = (
    CASEWORKER, CLINICAL_OFFICER, MANAGER, OTHER_PARENT, PARENT, PSYCHOLOGIST, SENCO, SOCIAL_WORKER, THERAPIST,
)  # fmt: skip
SAID = (TaskKind.REPLY, TaskKind.RESPOND, TaskKind.HEAR)
Talk = tuple[Plan, Conversation]


@pytest.fixture
def talk() -> Talk:
    return a_comment()


def a_comment(who: Actor = PSYCHOLOGIST, letter: str = "B", plan: Plan | None = None) -> Talk:
    """A plan with a comment on a need that nobody has answered, and the comment."""
    writer = CASEWORKER if letter == "B" else THERAPIST
    plan, item = add(plan or blank(), writer, letter, "needs", need="Being understood", effect="She waits.")
    opening = Opening(ConversationKind.COMMENT, "Where?", f"{letter}/{item}/effect", Quote("She waits."))
    return saved(plan, converse.begin(plan, who, letter, opening, at()), opening)


def saved(plan: Plan, decision: Decision, opening: Opening, letter: str = "B") -> Talk:
    facts = decision.event.facts
    number, letter = int(str(facts["conversation"])), decision.event.section or letter
    remark = Remark(number, decision.event.kind, decision.by, Role(str(facts["as"])), "", opening.words)
    conversation = Conversation(number, opening.kind, letter, opening.place, opening.quote, (remark,))
    return replace(decision.plan, sequence=plan.sequence + 1), conversation


def asked(plan: Plan) -> dict[str, list[TaskKind]]:
    """By person: what the conversations in a plan ask of them."""
    found = {each.person: [task.kind for task in tasks_of(plan, each) if task.kind in SAID] for each in EVERYBODY}
    return {person: kinds for person, kinds in found.items() if kinds}


def test_a_comment_waits_for_whoever_writes_the_section(talk: Talk) -> None:
    assert asked(talk[0]) == {CASEWORKER.person: [TaskKind.RESPOND], MANAGER.person: [TaskKind.RESPOND]}
    plan, _ = a_comment(CASEWORKER, "C")
    assert asked(plan) == {THERAPIST.person: [TaskKind.RESPOND], CLINICAL_OFFICER.person: [TaskKind.RESPOND]}
    plan, _ = a_comment(CASEWORKER, "C", talk[0])
    assert [each.letters for each in tasks_of(plan, MANAGER) if each.kind is TaskKind.RESPOND] == [("B",)]


def test_a_question_back_waits_for_the_one_whom_it_was_put_to(talk: Talk) -> None:
    plan = converse.answer(*with_writer(talk), "At school?", True, at(1)).plan
    assert asked(plan) == {PSYCHOLOGIST.person: [TaskKind.REPLY]}
    assert tasks_of(plan, PSYCHOLOGIST)[0].conversation == talk[1].number


def with_writer(talk: Talk) -> tuple[Plan, Actor, Conversation]:
    return talk[0], CASEWORKER, talk[1]


def test_an_answer_waits_to_be_read_by_whoever_asked_until_they_have_read_it(talk: Talk) -> None:
    plan = converse.answer(*with_writer(talk), "In lessons.", False, at(1)).plan
    assert asked(plan) == {PSYCHOLOGIST.person: [TaskKind.HEAR]}
    read = heard_now(plan, PSYCHOLOGIST, talk[1].number, at(2).product)
    assert [each.kind for each in unheard(tasks_of(plan, PSYCHOLOGIST), read) if each.kind in SAID] == []
    assert heard_now(plan, CASEWORKER, talk[1].number, at(2).product) == {}
    assert heard_now(plan, PSYCHOLOGIST, talk[1].number + 1, at(2).product) == {}


def test_a_wording_that_was_taken_in_is_told_to_whoever_suggested_it() -> None:
    plan, item = add(blank(), CASEWORKER, "B", "needs", need="Being understood", effect="She waits.")
    opening = Opening(ConversationKind.SUGGESTION, "", f"B/{item}/effect", Quote("She waits."), "She waits long.")
    plan, conversation = saved(plan, converse.begin(plan, PSYCHOLOGIST, "B", opening, at()), opening)
    conversation = replace(conversation, remarks=(replace(conversation.opening, wording=opening.wording),))
    after = converse.accept(plan, CASEWORKER, conversation, at(1)).plan
    assert asked(after) == {PSYCHOLOGIST.person: [TaskKind.HEAR]}


def test_what_was_taken_back_asks_nothing_of_anybody(talk: Talk) -> None:
    assert asked(converse.withdraw(talk[0], PSYCHOLOGIST, talk[1], at(1)).plan) == {}


def test_nobody_is_told_that_they_answered_themselves() -> None:
    plan, conversation = a_comment(MANAGER)
    assert asked(converse.answer(plan, MANAGER, conversation, "I see.", False, at(1)).plan) == {}


def test_an_answer_nobody_came_to_read_is_remembered_for_a_while_and_no_longer(talk: Talk) -> None:
    plan = converse.answer(*with_writer(talk), "In lessons.", False, at(1)).plan
    later, conversation = a_comment(SENCO, plan=plan)
    for days, people in ((2, {PSYCHOLOGIST.person, SENCO.person}), (REMEMBERED.days + 2, {SENCO.person})):
        settled = converse.answer(later, CASEWORKER, conversation, "Yes.", False, at(days)).plan
        assert {each.by.person for each in settled.settled} == people


def test_a_message_waits_for_the_one_it_names() -> None:
    opening = Opening(ConversationKind.MESSAGE, "Who comes?", waits_for=Awaited(THERAPIST.person, "", "role"))
    plan, _ = saved(blank(), converse.begin(blank(), CASEWORKER, "C", opening, at()), opening)
    assert asked(plan) == {THERAPIST.person: [TaskKind.REPLY]}


# What somebody may not see


def test_whoever_does_not_read_the_words_is_asked_nothing_about_them(talk: Talk) -> None:
    plan, item = talk[0], talk[1].item
    kept = replace(plan, restrictions=(Restriction(f"B/{item}/need", (SENCO.person,), ()),))
    back = converse.answer(kept, CASEWORKER, talk[1], "Where?", True, at(1)).plan
    assert asked(back) == {}
    assert set(asked(replace(back, restrictions=()))) == {PSYCHOLOGIST.person}
    assert set(asked(kept)) == {CASEWORKER.person, MANAGER.person}


def test_what_one_parent_said_another_is_not_asked_about() -> None:
    plan = with_draft()
    item = plan.sections["B"].content.items[0].id
    opening = Opening(ConversationKind.COMMENT, "Really?", f"B/{item}/need", Quote("Being understood"))
    plan, conversation = saved(plan, converse.begin(plan, PARENT, "B", opening, at()), opening)
    named = replace(plan.conversations[0], waits_for=Awaited(OTHER_PARENT.person, "", Role.PARENT))
    assert asked(replace(plan, conversations=(named,))) == {}
    unknown = replace(named, role="")
    assert asked(replace(plan, conversations=(unknown,))) == {}
    answered = converse.answer(plan, CASEWORKER, conversation, "Yes.", False, at(1)).plan
    assert asked(answered) == {PARENT.person: [TaskKind.HEAR]}


def test_whom_a_court_keeps_a_section_from_is_told_of_no_answer_in_it() -> None:
    plan = with_draft()
    item = plan.sections["B"].content.items[0].id
    opening = Opening(ConversationKind.COMMENT, "Really?", f"B/{item}/need", Quote("Being understood"))
    plan, conversation = saved(plan, converse.begin(plan, PARENT, "B", opening, at()), opening)
    answered = converse.answer(plan, CASEWORKER, conversation, "Yes.", False, at(1)).plan
    limits = (Limit(PARENT.person, ("B",), mark(), "An order."),)
    assert asked(replace(answered, rights=Rights(limits=limits))) == {}


# The rows that are kept


def shared(role: Role) -> Actor:
    """All that a list knows which people in a role share."""
    part = replace(actor(role).grants[0], person="role", agency="")
    return Actor("role", "", "", "", (part,))


def test_a_list_that_a_role_shares_says_of_whom_something_is_asked(talk: Talk) -> None:
    opening = Opening(ConversationKind.MESSAGE, "When?", waits_for=Awaited("chris", "Chris", Role.SEN_CASEWORKER))
    plan, _ = saved(talk[0], converse.begin(talk[0], SENCO, "B", opening, at()), opening)
    kinds = {each.kind: each.person for each in tasks_shared(plan, shared(Role.SEN_CASEWORKER)) if each.kind in SAID}
    assert kinds == {TaskKind.RESPOND: "", TaskKind.REPLY: "chris"}
    kinds = {each.kind: each.person for each in tasks_shared(plan, shared(Role.SEN_MANAGER)) if each.kind in SAID}
    assert kinds == {TaskKind.RESPOND: ""}
    assert [each for each in tasks_shared(plan, shared(Role.AUDITOR)) if each.kind in SAID] == []


STEPS = st.lists(st.sampled_from(["comment", "health", "answer", "ask", "back", "gone", "hide", "draft"]), max_size=8)


@modest
@given(STEPS)
def test_a_kept_row_never_says_more_than_its_reader_is_told_and_is_made_anew_when_that_changes(
    steps: list[str],
) -> None:
    plan, talks = blank(), list[Conversation]()
    for step in steps:
        later = one_step(plan, talks, step)
        for who in EVERYBODY:
            blind = replace(who, grants=tuple(replace(each, agency="") for each in who.grants))
            assert set(tasks_kept(later, blind)) <= set(tasks_of(later, who))
            if whole_situation(later) == whole_situation(plan):
                assert tasks_kept(later, blind) == tasks_kept(plan, blind)
        plan = later


def one_step(plan: Plan, talks: list[Conversation], step: str) -> Plan:
    if step in ("comment", "health"):
        after, conversation = a_comment(*((PSYCHOLOGIST, "B") if step == "comment" else (CASEWORKER, "C")), plan)
        talks.append(conversation)
        return after
    if step == "hide" and talks:
        return replace(plan, restrictions=(Restriction(talks[-1].place, (SENCO.person,), ()),))
    if step == "draft":
        return replace(plan, versions=with_draft().versions)
    found = next((each for each in talks if each.number in {one.number for one in plan.conversations}), None)
    if found is None:
        return plan
    writer, asker = (CASEWORKER, PSYCHOLOGIST) if found.section == "B" else (THERAPIST, CASEWORKER)
    if step == "gone":
        there = plan.sections[found.section].content.item(found.item)
        return remove(plan, writer, found.section, "needs", found.item) if there else plan
    if step == "back":
        return converse.reply(plan, asker, found, "There.", Awaited(), at(2)).plan
    return converse.answer(plan, writer, found, "So.", step == "ask", at(1)).plan
