"""A review in words: what waits for whom, and where a plan that is being reviewed or amended stands."""

from collections.abc import Mapping

from flask import url_for

from portal.domain.case_turn import next_by_law
from portal.domain.clocks.name import Clock
from portal.domain.plan import Plan
from portal.domain.review import under_way
from portal.domain.review_dates import DECISION, timetable
from portal.domain.state import PlanState
from portal.domain.turn import Task, TaskKind
from portal.web.filters import day

# What a person is to do, why, the button's words, and where it leads.
Words = tuple[str, str, str, str]
# Where the council goes for what its clock asks in a review, and the button's words.
BY_LAW: Mapping[Clock, tuple[str, str]] = {
    Clock.REVIEW_NOTICE: ("review.invitations", "Invite everybody"),
    Clock.REVIEW_DECISION: ("review.decision", "Decide"),
    Clock.AMENDMENT_NOTICE: ("issue.show", "Check and send"),
    Clock.AMENDED_FINAL: ("issue.show", "See what comes next"),
}
AMENDMENTS: Words = (
    "say what you think of the changes to the plan",
    "You can ask for other changes, for a school or college, or for a meeting. Until then the plan in force stays.",
    "Read and answer",
    "",
)


def review_turns(task: Task, plan_id: str, called: str) -> dict[TaskKind, Words]:
    """Each kind of task of a review as words; the kinds of other tasks are not among them."""
    page = url_for("review.show", plan_id=plan_id)
    by = f" by {day(task.due)}" if task.due else ""
    anniversary = f"It must be finished{by}, decision and all." if by else ""
    return {
        TaskKind.PLAN_REVIEW: (f"find a day for {called}’s review", anniversary, "Plan the review", page),
        TaskKind.INVITE_TO_REVIEW: (
            f"invite everybody to the review{by}",
            "They must have two weeks’ notice.",
            "Invite everybody",
            url_for("review.invitations", plan_id=plan_id),
        ),
        TaskKind.ADVISE_REVIEW: (
            f"say how things are going, for {called}’s review,{by}",
            "Everybody reads it before the meeting.",
            "Write it",
            url_for("review.advice", plan_id=plan_id),
        ),
        TaskKind.HOLD_REVIEW: (
            f"hold the review on {day(task.due)}" if task.due else "hold the review",
            "",
            "Open the review",
            page,
        ),
        TaskKind.REPORT_REVIEW: (f"send the report of the review{by}", "", "Check and send", page),
    }


def waits_while_amending(plan: Plan) -> tuple[str, str]:
    """While a plan is amended: whom it waits for, and why."""
    stays = "The plan in force stays in force until then."
    if plan.is_with_family and not plan.answered and plan.answer_by:
        return f"Waiting for the family to answer the changes, until {day(plan.answer_by)}", stays
    limit = next_by_law(plan)
    by = f" by {day(limit.due)}" if limit and limit.due else ""
    if plan.state is PlanState.FINALISING:
        return f"Waiting for the council to issue the changed plan{by}", stays
    if plan.is_with_family:
        return f"Waiting for the council to finish the changes{by}", f"The family has answered. {stays}"
    return (
        f"The council is changing the plan, and must send the changes{by}"
        if by
        else "The council is changing the plan",
        stays,
    )


def is_reviewed_now(plan: Plan) -> bool:
    now = under_way(plan)
    return bool(now.planned or now.held)


def story_of(plan: Plan) -> tuple[str, str]:
    """Where the review stands, in a sentence and one beside it, for everybody."""
    now = under_way(plan)
    if plan.state in (PlanState.AMENDING, PlanState.FINALISING) and now.planned is None:
        return waits_while_amending(plan)
    if now.held:
        last = day(now.held + DECISION)
        sent = "The report has been sent." if now.reported else "The report comes within two weeks of the meeting."
        return f"Waiting for the council to decide by {last}", sent
    if now.planned:
        invited = "Everybody has been invited." if now.noticed else "The invitations are to go out two weeks before."
        return f"The review meeting is on {day(now.planned)}", invited
    latest = timetable(plan)
    if latest is None:
        return "No review is due", "A plan is reviewed every year once it is in force."
    return f"The next review must be finished by {day(latest.last)}", f"Planning begins on {day(latest.begin)}."
