"""Whose turn it is in a review: planning, inviting, advising, meeting and reporting, each with its day."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.actor import Role
from portal.domain.clocks.name import Clock
from portal.domain.plan import Plan
from portal.domain.review import ADVISERS, PART_OF, Round, under_way
from portal.domain.review_dates import IN_FORCE, NOTICE, REPORT, timetable


class Step(StrEnum):
    """A step of a review that waits for somebody; the council's decision is asked for by its clock (case_turn.py)."""

    PLAN_REVIEW = "plan_review"
    INVITE_TO_REVIEW = "invite_to_review"
    ADVISE_REVIEW = "advise_review"
    HOLD_REVIEW = "hold_review"
    REPORT_REVIEW = "report_review"


@dataclass(frozen=True)
class StepWaits:
    """A step and its day. `opens` is the first day on which it is anybody's turn."""

    step: Step
    due: date
    opens: date | None = None
    clock: Clock | None = None


# Who arranges a review from day to day: the school normally holds it, for the council.
ARRANGES = frozenset({Role.SEN_CASEWORKER, Role.SENCO})
# Officers who answer for a whole caseload are invited, and nobody waits for what they say of one child.
ASKED = frozenset({Role.PARENT, Role.YOUNG_PERSON, Role.SENCO, Role.HEALTH_CONTRIBUTOR, Role.SOCIAL_WORKER})


def waits_in_review(plan: Plan, roles: Set[Role]) -> Iterator[StepWaits]:
    """What the review under way, or the next one, waits for from somebody in these roles."""
    if plan.state not in IN_FORCE or not roles & (ARRANGES | ASKED):
        return
    now = under_way(plan)
    if now.held is None and now.planned is not None:
        yield from _before_the_meeting(now, now.planned, roles)
    elif now.held and now.reported is None and roles & ARRANGES:
        yield StepWaits(Step.REPORT_REVIEW, now.held + REPORT, clock=Clock.REVIEW_REPORT)
    elif now.held is None and roles & ARRANGES:
        latest = timetable(plan)
        if latest:
            yield StepWaits(Step.PLAN_REVIEW, latest.last, latest.begin, latest.limit.clock)


def _before_the_meeting(now: Round, meeting: date, roles: Set[Role]) -> Iterator[StepWaits]:
    if now.noticed is None:
        if Role.SENCO in roles:  # the council's own list has it by its clock
            yield StepWaits(Step.INVITE_TO_REVIEW, meeting - NOTICE, clock=Clock.REVIEW_NOTICE)
        return
    parts = {PART_OF[role] for role in roles & ASKED} & set(ADVISERS)
    if parts - now.advised:
        yield StepWaits(Step.ADVISE_REVIEW, meeting - NOTICE, clock=Clock.REVIEW_ADVICE_CIRCULATED)
    if roles & ARRANGES:
        yield StepWaits(Step.HOLD_REVIEW, meeting)
