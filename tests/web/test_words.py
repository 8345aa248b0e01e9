"""The sentences a page is made of: whose turn it is, where the plan stands, how a section stands, what happened."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.case_turn import OF_THE_COUNCIL
from portal.domain.clocks.length import Counting
from portal.domain.clocks.name import Clock
from portal.domain.event import STATUTORY, EventKind
from portal.domain.reading import read
from portal.domain.state import VersionKind
from portal.domain.turn import Task, TaskKind, tasks_for
from portal.store.chain import Entry
from portal.web.case_words import COUNTED, DO, HAPPENED, LIMITS
from portal.web.event_words import sentence_of
from portal.web.plan_words import news_of, stage_of, waiting_for_others
from portal.web.section_words import TAGS, line_of, tag_of
from portal.web.turn_words import listed, turn_of
from tests import factories as made
from tests.factories import CASEWORKER, CLINICAL_OFFICER, MANAGER, PARENT, THERAPIST
from tests.web.conftest import At

PLAN = "/plans/nmr-0123456789abcdef"
DUE = date(2027, 3, 22)
TURNS = [
    (Task(TaskKind.WRITE, ("A",)), "write “All about me” for Amira", f"{PLAN}/sections/A"),
    (Task(TaskKind.WRITE, ("C", "G")), "write sections C and G", f"{PLAN}/sections/C"),
    (
        Task(TaskKind.WRITE_AGAIN, ("F",)),
        "look at special educational provision (section F) again: sent back",
        f"{PLAN}/sections/F",
    ),
    (
        Task(TaskKind.AGREE, ("A",)),
        "read “All about me” for Amira and say whether you agree",
        f"{PLAN}/sections/A/sign-off",
    ),
    (Task(TaskKind.SIGN, ("D", "H1", "H2")), "sign sections D, H1 and H2, or send back", f"{PLAN}/sections/D/sign-off"),
    (
        Task(TaskKind.SIGN_AGAIN, ("G",)),
        "health provision (section G) changed since signing",
        f"{PLAN}/sections/G/sign-off",
    ),
    (Task(TaskKind.ANSWER, due=DUE), "say what you think of the draft by Monday 22 March", f"{PLAN}/answer"),
    (Task(TaskKind.ISSUE_DRAFT), "issue the draft: every section is signed", f"{PLAN}/issue"),
    (Task(TaskKind.FINALISE), "the family has answered: open section I", f"{PLAN}/issue"),
    (Task(TaskKind.FINALISE, opens=DUE), "go on to the final plan from Monday 22 March", f"{PLAN}/issue"),
    (Task(TaskKind.PLACE, ("I",)), "name the school or college", f"{PLAN}/sections/I"),
    (Task(TaskKind.ISSUE_FINAL), "check and issue the final plan", f"{PLAN}/issue"),
    (
        Task(TaskKind.BY_LAW, due=DUE, clock=Clock.DECIDE_TO_ASSESS),
        "decide whether to assess by Monday 22 March",
        f"{PLAN}/letters",
    ),
    (
        Task(TaskKind.REPLY, ("F",), person="p", conversation=7),
        "write back about special educational provision (section F)",
        f"{PLAN}/sections/F/conversations/7",
    ),
    (
        Task(TaskKind.RESPOND, ("A",)),
        "answer what was said of “All about me”",
        f"{PLAN}/sections/A/conversations",
    ),
    (
        Task(TaskKind.RESPOND, ("B", "F")),
        "answer what was said of sections B and F",
        f"{PLAN}/sections/B/conversations",
    ),
    (
        Task(TaskKind.HEAR, ("G",), person="p", conversation=9),
        "read the answer to what you said of health provision (section G)",
        f"{PLAN}/sections/G/conversations/9",
    ),
    (Task(TaskKind.PROPOSE), "send the family the amendments", f"{PLAN}/issue"),
    (
        Task(TaskKind.ANSWER, due=DUE, clock=Clock.COMMENT_ON_AMENDMENTS),
        "say what you think of the changes to the plan by Monday 22 March",
        f"{PLAN}/answer",
    ),
    (Task(TaskKind.PLAN_REVIEW, due=DUE), "find a day for Amira’s review", f"{PLAN}/review"),
    (
        Task(TaskKind.INVITE_TO_REVIEW, due=DUE, clock=Clock.REVIEW_NOTICE),
        "invite everybody to the review by Monday 22 March",
        f"{PLAN}/review/invitations",
    ),
    (
        Task(TaskKind.ADVISE_REVIEW, due=DUE, clock=Clock.REVIEW_ADVICE_CIRCULATED),
        "say how things are going, for Amira’s review, by Monday 22 March",
        f"{PLAN}/review/advice",
    ),
    (Task(TaskKind.HOLD_REVIEW, due=DUE), "hold the review on Monday 22 March", f"{PLAN}/review"),
    (Task(TaskKind.REPORT_REVIEW, due=DUE), "send the report of the review by Monday 22 March", f"{PLAN}/review"),
    (
        Task(TaskKind.BY_LAW, due=DUE, clock=Clock.REVIEW_DECISION),
        "decide what follows from the review by Monday 22 March",
        f"{PLAN}/review/decision",
    ),
    (Task(TaskKind.REPRESENTATIONS), "answer what the family said of the draft", f"{PLAN}/representations"),
    (
        Task(TaskKind.OFFER, due=DUE),
        "say whether you can offer Amira a place by Monday 22 March",
        f"{PLAN}/consultations",
    ),
    (Task(TaskKind.ADVISE, ("K",), DUE), "give your advice by Monday 22 March", f"{PLAN}/advice"),
    (Task(TaskKind.ADVISE, ("K",), DUE, person="x"), "give your advice by Monday 22 March", "/advice"),
]


@pytest.mark.parametrize(("task", "says", "href"), TURNS, ids=[f"{each[0].kind}-{len(each[1])}" for each in TURNS])
def test_every_task_is_a_sentence_with_one_button(at: At, task: Task, says: str, href: str) -> None:
    turn = turn_of(task, PLAN.removeprefix("/plans/"), "Amira")
    assert turn.what == f"Waiting for you: {says}"
    assert turn.href == href
    assert turn.act
    assert turn.yours


def test_there_is_a_sentence_for_every_kind_of_task(at: At) -> None:
    assert {each[0].kind for each in TURNS} == set(TaskKind)


def test_every_event_and_every_limit_of_a_case_has_its_words() -> None:
    assert set(HAPPENED) == set(STATUTORY)
    assert set(LIMITS) == set(Clock)
    assert set(COUNTED) == set(Counting)
    assert set(DO) >= set(OF_THE_COUNCIL)


def test_sections_are_listed_as_one_says_them() -> None:
    assert [listed(each) for each in (("G",), ("C", "G"), ("B", "E", "F"))] == [
        "health provision (section G)",
        "sections C and G",
        "sections B, E and F",
    ]


def test_when_nothing_waits_for_me_it_says_for_whom_it_waits(at: At) -> None:
    drafted = made.with_draft()
    answered = made.finalising()
    assert waiting_for_others(drafted, ()).what == "Waiting for the family to answer the draft"
    assert waiting_for_others(drafted, ()).why == "They have until Sunday 15 March 2026."
    assert waiting_for_others(answered, ()).what == "Waiting for the council to finish the plan"
    assert waiting_for_others(made.final(), ()).why == "This plan is in force."
    for plan in (made.blank(), made.written(), drafted, answered, made.final()):
        turn = waiting_for_others(plan, ())
        assert not turn.yours
        assert not turn.href
        assert not turn.what.startswith("Waiting for you")


def test_while_it_is_drafted_it_names_who_is_waited_for(at: At) -> None:
    officer = made.grant(CLINICAL_OFFICER.grants[0].role, "jo")
    plan = made.sign_all(made.written(), but="G")
    turn = waiting_for_others(plan, [officer])
    assert "Jo" in turn.what
    assert "section G" in turn.what


def test_where_the_plan_stands(at: At) -> None:
    assert stage_of(made.blank()) == "Being written"
    assert stage_of(made.with_draft()) == "Draft, shared with the family on Sunday 1 March 2026"
    assert stage_of(made.finalising()) == "Being finalised"
    assert stage_of(made.final()) == "Final plan, issued on Thursday 5 March 2026"


def test_a_section_says_how_it_stands_in_words_and_in_a_shape(at: At) -> None:
    plan = made.written()
    signed = made.sign(plan, CLINICAL_OFFICER, "C")
    need = plan.sections["C"].content.items[0].id
    void = made.write(signed, THERAPIST, "C", "needs", need, need="Other words")
    said = {
        "blank": tag_of(read(made.blank(), MANAGER, {}).sections["B"]),
        "locked": tag_of(read(made.blank(), MANAGER, {}).sections["I"]),
        "writing": tag_of(read(plan, MANAGER, {}).sections["C"]),
        "signed": tag_of(read(signed, MANAGER, {}).sections["C"]),
        "void": tag_of(read(void, MANAGER, {}).sections["C"]),
        "agreed": tag_of(read(made.sign(plan, PARENT, "A"), MANAGER, {}).sections["A"]),
    }
    assert said == {
        "blank": ("empty", "Nothing written yet"),
        "locked": ("empty", "Left empty in a draft, by law"),
        "writing": ("draft", "Being written"),
        "signed": ("signed", "Signed 1 March 2026"),
        "void": ("void", "Changed since signing"),
        "agreed": ("signed", "Agreed 1 March 2026"),
    }


def test_every_state_has_a_shape() -> None:
    from portal.domain.section import SectionState

    assert set(TAGS) == set(SectionState)


def test_the_line_under_a_section_counts_and_names(at: At) -> None:
    plan = made.sign(made.written(), CLINICAL_OFFICER, "C")
    sections = read(plan, MANAGER, {}).sections
    assert line_of(sections["C"]).startswith("1 need. Designated_Clinical_Officer, on Sunday 1 March 2026")
    assert line_of(sections["B"]).startswith("1 need. ")


def test_the_line_of_a_closed_section_says_nothing_of_what_is_in_it(at: At) -> None:
    line = line_of(read(made.written(), PARENT, {}).sections["B"])
    assert line
    assert "need" not in line


def test_a_turn_is_made_for_whoever_has_it(at: At) -> None:
    plan = made.with_draft()
    for who in (PARENT, CASEWORKER, MANAGER):
        for task in tasks_for(plan, {each.role for each in who.grants}):
            assert turn_of(task, plan.id, "Amira").what.startswith("Waiting for you: ")


def entry(kind: EventKind, section: str = "") -> Entry:
    return Entry(1, kind.value, datetime(2027, 3, 1, tzinfo=UTC), {"section": section}, b"", b"")


@pytest.mark.parametrize("kind", EventKind)
def test_everything_that_can_happen_has_a_sentence(kind: EventKind) -> None:
    said = sentence_of(entry(kind, "F"))
    assert said
    assert "{" not in said
    assert "_" not in said


def test_the_family_agrees_and_others_sign() -> None:
    assert sentence_of(entry(EventKind.SECTION_SIGNED, "A")) == "agreed section A"
    assert sentence_of(entry(EventKind.SECTION_SIGNED, "G")) == "signed section G"


def test_a_draft_answered_late_still_says_when_it_was_due(at: At) -> None:
    plan = made.with_draft()
    assert plan.last_version(VersionKind.DRAFT)
    at(datetime(2026, 3, 1, 12, 0, tzinfo=UTC) + timedelta(days=20))
    assert waiting_for_others(plan, ()).why == "They have until Sunday 15 March."


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (datetime(2027, 3, 17, 9, 5, tzinfo=UTC), "3 changes since you last read, today at 09:05"),
        (datetime(2027, 3, 16, 23, 5, tzinfo=UTC), "3 changes since you last read, yesterday at 23:05"),
        (datetime(2027, 3, 4, 9, 5, tzinfo=UTC), "3 changes since you last read, on 4 March"),
        (datetime(2026, 11, 4, 9, 5, tzinfo=UTC), "3 changes since you last read, on 4 November 2026"),
    ],
)
def test_what_is_new_says_how_much_and_since_which_day(at: At, read: datetime, says: str) -> None:
    assert news_of(3, read) == says
    assert news_of(1, read).startswith("1 change since")
