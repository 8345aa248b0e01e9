"""Where a plan stands, whom it waits for when nothing waits for the reader, and how much is new in it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from portal.domain.actor import ROLE_WORDS, Grant, Role
from portal.domain.plan import FINAL_KINDS, Plan
from portal.domain.state import STATE_WORDS, PlanState, VersionKind
from portal.domain.turn import TaskKind, Waited, waited_for
from portal.web import current
from portal.web.filters import day, local, number_word, when
from portal.web.review_words import is_reviewed_now, story_of
from portal.web.turn_words import Turn, listed


def stage_of(plan: Plan) -> str:
    """Where the plan stands: "Draft, shared with the family on Monday 3 March"."""
    final = plan.last_version(*FINAL_KINDS)
    if plan.state is PlanState.FINAL and final:
        return f"Final plan, issued on {day(final.at.at)}"
    draft = plan.last_version(VersionKind.DRAFT)
    if plan.state is PlanState.DRAFT_ISSUED and draft:
        return f"Draft, shared with the family on {day(draft.at.at)}"
    return STATE_WORDS[plan.state]


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
    return Turn(f"Waiting for {_either(names)} to {_asked(waited)}", why, yours=False)


def waits_of(waited: Waited | None) -> str:
    """Whom a plan in a list waits for, by their part: "Waiting for: Health professional (finish writing C and G)"."""
    if waited is None or waited.kind not in WAITED:
        return ""
    roles = [ROLE_WORDS[each] for each in sorted(waited.roles, key=list(Role).index)]
    return f"Waiting for: {_either(roles)} ({_asked(waited)})"


def _either(people: Sequence[str]) -> str:
    """One or two by name; nobody looks through a list of more."""
    return " or ".join(people) if 0 < len(people) <= 2 else "the people who write and sign the sections"


def _asked(waited: Waited) -> str:
    """ "finish writing sections C and G, since Monday 3 March"."""
    what = WAITED[waited.kind].format(letters=listed(waited.letters) if waited.letters else "")
    return f"{what}, since {day(waited.since)}" if waited.since else what


def news_of(count: int, since: datetime) -> str:
    """ "3 changes since you last read, on 4 November"."""
    today = current.moment().today
    read = when(since) if local(since) >= today - timedelta(days=1) else f"on {day(since, weekday=False)}"
    return f"{number_word(count, 'change')} since you last read, {read}"
