"""Sentences a page is made of: whose turn it is, where a plan stands, what a section waits for, what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from portal.domain.actor import ROLE_WORDS, Grant, Role
from portal.domain.clocks.name import Clock
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.event import EventKind
from portal.domain.plan import FINAL_KINDS, Plan
from portal.domain.reading import SectionReading
from portal.domain.section import SectionState
from portal.domain.standard import Needed
from portal.domain.state import STATE_WORDS, PlanState, VersionKind
from portal.domain.turn import Task, TaskKind, Waited, waited_for
from portal.store.chain import Entry
from portal.web import current
from portal.web.case_words import DO, RECORDED
from portal.web.filters import day, local, number_word, when
from portal.web.review_words import AMENDMENTS, BY_LAW, is_reviewed_now, review_turns, story_of


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
    pages = {**BY_LAW, **DECIDED_BY_LETTER}
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


IS_AMENDED = (PlanState.AMENDING, PlanState.FINALISING)


def waiting_for_others(plan: Plan, people: Iterable[Grant]) -> Turn:
    """When nothing waits for the reader: whom it waits for, by name, in one sentence."""
    if plan.state is PlanState.DRAFTING:
        return _waiting_while_drafting(plan, people)
    if plan.state is PlanState.DRAFT_ISSUED and not plan.answered and plan.answer_by:
        until = f"They have until {day(plan.answer_by)}."
        return Turn("Waiting for the family to answer the draft", until, yours=False)
    if plan.in_force and (plan.state in IS_AMENDED or (plan.state is PlanState.FINAL and is_reviewed_now(plan))):
        return Turn(*story_of(plan), yours=False)
    if plan.state in (PlanState.DRAFT_ISSUED, PlanState.FINALISING):
        return Turn("Waiting for the council to finish the plan", "The family has answered the draft.", yours=False)
    in_force = "This plan has ceased." if plan.state is PlanState.CEASED else "This plan is in force."
    return Turn("Nothing waits for you", in_force, yours=False)


WAITED = {
    TaskKind.SIGN: "sign {letters}",
    TaskKind.SIGN_AGAIN: "look at {letters} again: changed since signing",
    TaskKind.WRITE_AGAIN: "look at {letters} again: sent back",
    TaskKind.WRITE: "finish writing {letters}",
    TaskKind.ISSUE_DRAFT: "issue the draft",
}


def _waiting_while_drafting(plan: Plan, people: Iterable[Grant]) -> Turn:
    waited = waited_for(plan)
    why = "Nothing waits for you now. The draft is shared once every section is signed."
    if waited is None:
        return Turn("Nothing waits for you", why, yours=False)
    names = list(dict.fromkeys(each.name for each in people if each.role in waited.roles))
    who = " or ".join(names) if 0 < len(names) <= 2 else "the people who write and sign the sections"
    what = WAITED[waited.kind].format(letters=listed(waited.letters) if waited.letters else "")
    since = f", since {day(waited.since)}" if waited.since else ""
    return Turn(f"Waiting for {who} to {what}{since}", why, yours=False)


def waits_of(waited: Waited | None) -> str:
    """Whom a plan in a list waits for, by their part: "Waiting for: Health professional (finish writing C and G)"."""
    if waited is None or waited.kind not in WAITED:
        return ""
    roles = [ROLE_WORDS[each] for each in sorted(waited.roles, key=list(Role).index)]
    who = " or ".join(roles) if len(roles) <= 2 else "the people who write and sign the sections"
    what = WAITED[waited.kind].format(letters=listed(waited.letters) if waited.letters else "")
    return f"Waiting for: {who} ({what}{f', since {day(waited.since)}' if waited.since else ''})"


def stage_of(plan: Plan) -> str:
    """Where the plan stands: "Draft, shared with the family on Monday 3 March"."""
    final = plan.last_version(*FINAL_KINDS)
    if plan.state is PlanState.FINAL and final:
        return f"Final plan, issued on {day(final.at.at)}"
    draft = plan.last_version(VersionKind.DRAFT)
    if plan.state is PlanState.DRAFT_ISSUED and draft:
        return f"Draft, shared with the family on {day(draft.at.at)}"
    return STATE_WORDS[plan.state]


TAGS = {
    SectionState.EMPTY: "empty",
    SectionState.LOCKED: "empty",
    SectionState.WRITING: "draft",
    SectionState.OPEN: "empty",
    SectionState.HANDED_OVER: "wait",
    SectionState.SENT_BACK: "void",
    SectionState.SIGNED: "signed",
    SectionState.VOID: "void",
}


def tag_of(section: SectionReading) -> tuple[str, str]:
    """(the tag's kind, its words): the state at a glance, never by colour alone."""
    status = section.status
    agreed = section.standard.needed is Needed.AGREED
    on = day(status.by.at, weekday=False) if status.by else ""
    since = f"since {day(status.by.at)}" if status.by else ""
    said = {
        SectionState.EMPTY: "Nothing written yet",
        SectionState.LOCKED: "Left empty in a draft, by law",
        SectionState.WRITING: "Being written",
        SectionState.OPEN: f"Last changed {on}",
        SectionState.HANDED_OVER: f"Ready to {'agree' if agreed else 'sign'}, {since}",
        SectionState.SENT_BACK: f"Sent back, {on}",
        SectionState.SIGNED: f"{'Agreed' if agreed else 'Signed'} {on}",
        SectionState.VOID: "Changed since it was agreed" if agreed else "Changed since signing",
    }
    return TAGS[status.state], said[status.state]


def line_of(section: SectionReading) -> str:
    """The line under a section's name: how much is in it, and whose act brought it to its state."""
    parts = []
    if section.readable:
        counted = [
            number_word(len(section.content.in_group(group.name)), group.noun)
            for group in section.standard.groups
            if group.noun and section.content.in_group(group.name)
        ]
        parts.append(", ".join(counted))
    parts.append(_who_and_when(section))
    return ". ".join(part for part in parts if part)


def _who_and_when(section: SectionReading) -> str:
    status, changed = section.status, section.head.changed
    if status.state is SectionState.SIGNED and status.by:
        names = " and ".join(each.by.name for each in section.head.standing)
        return f"{names}, {when(status.by.at)}"
    if status.since_void and changed:
        verb = "agreed" if section.standard.needed is Needed.AGREED else "signed"
        signed = f"{status.since_void.name} {verb} it {when(status.since_void.at)}"
        return f"{signed}; {changed.name} changed it {when(changed.at)}"
    return f"{changed.name}, {when(changed.at)}" if changed else ""


def news_of(count: int, since: datetime) -> str:
    """ "3 changes since you last read, on 4 November"."""
    today = current.moment().today
    read = when(since) if local(since) >= today - timedelta(days=1) else f"on {day(since, weekday=False)}"
    return f"{number_word(count, 'change')} since you last read, {read}"


SENTENCES = {
    EventKind.PLAN_STARTED: "started this plan",
    EventKind.SECTION_EDITED: "changed section {section}",
    EventKind.WORDS_SET_ASIDE: "wrote the same words of section {section} as somebody else, who saved first",
    EventKind.CONVERSATION_OPENED: "commented on section {section}, or asked about it",
    EventKind.CONVERSATION_CONTINUED: "went on with what was said about section {section}",
    EventKind.CONVERSATION_ANSWERED: "answered what was said about section {section}",
    EventKind.CONVERSATION_WITHDRAWN: "took back what they had said about section {section}",
    EventKind.SUGGESTION_ACCEPTED: "took a suggested wording into section {section}",
    EventKind.SECTION_HANDED_OVER: "said that section {section} is ready",
    EventKind.SECTION_SENT_BACK: "sent section {section} back",
    EventKind.SECTION_SIGNED: "signed section {section}",
    EventKind.SIGN_OFF_WITHDRAWN: "took back their sign-off of section {section}",
    EventKind.DRAFT_SERVED: "issued the draft plan",
    EventKind.REPRESENTATIONS_RECEIVED: "answered the draft",
    EventKind.REPRESENTATION_MADE: "put on record a point that the family makes about the draft",
    EventKind.REPRESENTATION_ANSWERED: "answered a point that the family made",
    EventKind.SETTING_REPLIED: "put on record what a school or college replied",
    EventKind.ORDERED_WORDS_PINNED: "pinned words that the tribunal ordered",
    EventKind.ORDERED_WORDS_SET_ASIDE: "let pinned words go, which a later order set aside",
    EventKind.PLAN_CEASED: "put on record that the plan has ceased",
    EventKind.FINALISING_BEGUN: "began to finalise the plan",
    EventKind.FINAL_ISSUED: "issued the final plan",
    EventKind.PERSON_INVITED: "invited somebody to take part in this plan",
    EventKind.INVITATION_ACCEPTED: "accepted an invitation to take part in this plan",
    EventKind.GRANT_GIVEN: "gave somebody a part in this plan",
    EventKind.GRANT_HANDED_OVER: "handed a part in this plan over to a colleague",
    EventKind.GRANT_ENDED: "ended a part in this plan",
    EventKind.READERS_REVIEWED: "looked over who may read what in this plan",
    EventKind.RIGHTS_RECORDED: "recorded who may read this plan, or who decides",
    EventKind.TWIN_WRITTEN: "wrote section {section} in easier words or another language",
    EventKind.TWIN_CHECKED: "checked section {section} in easier words or another language",
    EventKind.TWIN_CHECKER_NAMED: "said who may check section {section} in easier words or another language",
    EventKind.ADVICE_PASSED_ON: "handed on to a colleague what advice was asked for",
    EventKind.ADVICE_CHASED: "asked again for advice that has not come",
    EventKind.ADVICE_DECLINED: "answered that they can’t give the advice that was asked for",
    EventKind.ADVICE_REUSE_AGREED: "agreed that earlier advice is used again",
    EventKind.ADVICE_CORRECTED: "sent corrected advice",
    EventKind.ADVICE_TAKEN: "took words of advice into section {section}",
    EventKind.LETTER_SENT: "sent the family a letter",
    EventKind.HOLD_PLACED: "put a hold on this plan, so that it is kept",
    EventKind.HOLD_RELEASED: "released the hold on this plan",
    EventKind.DESTRUCTION_CONFIRMED: "confirmed, as the first of two, that this plan may be destroyed",
    EventKind.DESTRUCTION_ORDERED: "confirmed, as the second of two, that this plan may be destroyed",
    **RECORDED,
}


def sentence_of(entry: Entry) -> str:
    """One entry of the chain as what somebody did: "changed section F (revision 4)"."""
    section = str(entry.facts["section"])
    said = SENTENCES[EventKind(entry.kind)].format(section=section)
    if section == "A" and entry.kind == EventKind.SECTION_SIGNED:
        said = "agreed section A"
    if entry.suggested_by:
        said = f"took a wording of {entry.suggested_by}’s into section {section}"
    return said
