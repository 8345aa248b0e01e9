"""What waits for the reader: one task as a sentence with its date and one button."""

from dataclasses import dataclass

from flask import url_for

from portal.domain.clocks.name import Clock
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.turn import Task, TaskKind
from portal.web import current
from portal.web.case_words import DO
from portal.web.filters import day
from portal.web.review_words import AMENDMENTS, BY_LAW, review_turns


@dataclass(frozen=True)
class Turn:
    """The first thing a page about a child says: `what` names whose turn it is; `act` and `href` are the one button."""

    what: str
    why: str = ""
    act: str = ""
    href: str = ""
    yours: bool = True


def listed(letters: tuple[str, ...]) -> str:
    """ "health provision (section G)", "sections B, E and F"."""
    if len(letters) == 1:
        title = EHC_PLAN.section(letters[0]).title
        return f"{title[:1].lower()}{title[1:]} (section {letters[0]})"
    return f"sections {', '.join(letters[:-1])} and {letters[-1]}"


def turn_of(task: Task, plan_id: str, called: str) -> Turn:
    """One task as a sentence with its date and one button."""
    section = task.letters[0] if task.letters else ""
    page = url_for("sections.show", plan_id=plan_id, letter=section) if section else ""
    sign = url_for("sign_off.show", plan_id=plan_id, letter=section) if section else ""
    issue = url_for("issue.show", plan_id=plan_id)
    said = _said_at(task, plan_id)
    by = f" by {day(task.due)}" if task.due else ""
    letters = listed(task.letters) if task.letters else ""
    about = f"“All about me” for {called}"
    family = section == "A"
    words: dict[TaskKind, Turn] = {
        TaskKind.WRITE: Turn(f"write {about}" if family else f"write {letters}", "", "Write", page),
        TaskKind.WRITE_AGAIN: Turn(f"look at {letters} again: sent back", "Whoever signs said why.", "See why", page),
        TaskKind.AGREE: Turn(f"read {about} and say whether you agree", "", "Read and agree", sign),
        TaskKind.SIGN: Turn(f"sign {letters}, or send back", "", "Read and sign", sign),
        TaskKind.SIGN_AGAIN: Turn(
            f"{letters} changed since signing", "The earlier sign-off no longer counts.", "See what changed", sign
        ),
        TaskKind.ANSWER: _answer(task, by, plan_id),
        TaskKind.ISSUE_DRAFT: Turn("issue the draft: every section is signed", "", "Check and issue", issue),
        TaskKind.FINALISE: _finalise(task, plan_id),
        **_of_the_draft(by, plan_id, called),
        TaskKind.PLACE: Turn("name the school or college", "Section I can be written now.", "Write section I", page),
        TaskKind.ISSUE_FINAL: Turn("check and issue the final plan", "", "Check and issue", issue),
        TaskKind.BY_LAW: _by_law(task, by, plan_id),
        **_of_conversations("“All about me”" if task.letters == ("A",) else letters, said),
        TaskKind.PROPOSE: Turn("send the family the amendments", "Every section is signed.", "Check and send", issue),
        **{kind: Turn(*said) for kind, said in review_turns(task, plan_id, called).items()},
        TaskKind.ADVISE: Turn(
            f"give your advice{by}",
            "The council asked you for it.",
            "See what is asked",
            url_for("advice.inbox") if task.person else url_for("advice.index", plan_id=plan_id),
        ),
    }
    turn = words[task.kind]
    return Turn(f"Waiting for you: {turn.what}", turn.why, turn.act, turn.href)


def _answer(task: Task, by: str, plan_id: str) -> Turn:
    href = url_for("answers.show", plan_id=plan_id)
    if task.clock:
        what, why, act, _ = AMENDMENTS
        return Turn(f"{what}{by}", why, act, href)
    why = "You can ask for changes, for a school or college, or for a meeting."
    return Turn(f"say what you think of the draft{by}", why, "Read and answer", href)


def _of_conversations(named: str, said: str) -> dict[TaskKind, Turn]:
    """What somebody said of a section's words, and waits for an answer to."""
    return {
        TaskKind.REPLY: Turn(
            f"write back about {named}", "Somebody waits for what you say.", "Read and write back", said
        ),
        TaskKind.RESPOND: Turn(
            f"answer what was said of {named}", "Whoever said it waits for the writers.", "Read and answer", said
        ),
        TaskKind.HEAR: Turn(f"read the answer to what you said of {named}", "", "Read the answer", said),
    }


def _of_the_draft(by: str, plan_id: str, called: str) -> dict[TaskKind, Turn]:
    """What the family says of a draft, and what a school is asked of it."""
    return {
        TaskKind.REPRESENTATIONS: Turn(
            "answer what the family said of the draft",
            "Each point gets an answer before the final plan.",
            "Read and answer",
            url_for("representations.show", plan_id=plan_id),
        ),
        TaskKind.OFFER: Turn(
            f"say whether you can offer {called} a place{by}",
            "The council consults you on the draft plan.",
            "Read and reply",
            url_for("consultations.index", plan_id=plan_id),
        ),
    }


def _said_at(task: Task, plan_id: str) -> str:
    """Where the conversation stands that asks for something, or all that were had about the section."""
    if not task.letters:
        return ""
    letter, number = task.letters[0], task.conversation
    if number:
        return url_for("conversations.show", plan_id=plan_id, letter=letter, number=number)
    return url_for("conversations.index", plan_id=plan_id, letter=letter)


DECIDED_BY_LETTER = dict.fromkeys((Clock.DECIDE_TO_ASSESS, Clock.DECIDE_TO_REASSESS), ("letters.index", "Decide"))


def _by_law(task: Task, by: str, plan_id: str) -> Turn:
    what = DO.get(task.clock, "") if task.clock else ""
    pages = {**BY_LAW, **DECIDED_BY_LETTER, Clock.TELL_FAMILY_AFTER_MOVE: ("letters.index", "Write to them")}
    where, act = pages.get(task.clock, ("case.show", "See every date")) if task.clock else ("case.show", "")
    return Turn(f"{what}{by}", "", act, url_for(where, plan_id=plan_id))


def _finalise(task: Task, plan_id: str) -> Turn:
    href = url_for("issue.show", plan_id=plan_id)
    if task.opens is None:
        then = "Then the school or college can be named."
        return Turn("the family has answered: open section I", then, "Go on", href)
    if task.opens > current.moment().today:
        return Turn(f"go on to the final plan from {day(task.opens)}", "Sooner if they answer.", "See the plan", href)
    return Turn("open section I", "The family’s 15 days are over.", "Go on", href)
