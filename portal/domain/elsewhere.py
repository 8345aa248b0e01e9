"""What another council did for a child before they moved in, told from what was done here."""

from portal.domain.case_steps import ISSUED_HERE
from portal.domain.clocks.event import Kind
from portal.domain.plan import Happened, Plan

# A record begins with one entry of its own, then at most the making and the review of the plan, then the move.
FIRST_ENTRIES = 4


def began_with(plan: Plan) -> Happened | None:
    """The move with which a record began; None for a child whose plan was asked for here."""
    if plan.case.of(Kind.REQUEST_RECEIVED):
        return None
    moves = (each for each in plan.happened if each.event.kind is Kind.MOVED_IN)
    return next((each for each in moves if each.sequence <= FIRST_ENTRIES), None)


def of_the_other_council(plan: Plan) -> tuple[Happened, ...]:
    """What the council did that the child came from: it stands on record before the move."""
    move = began_with(plan)
    return tuple(each for each in plan.happened if each.sequence < move.sequence) if move else ()


def holds_elsewhere(plan: Plan) -> bool:
    """Whether the other council's plan still says what is to be given: none has been issued here (reg 15(3))."""
    return plan.in_force is None and began_with(plan) is not None


def was_issued_here(plan: Plan, happened: Happened) -> bool:
    """Whether an event is a version that was issued here, which stays on record."""
    return happened.event.kind in ISSUED_HERE and happened not in of_the_other_council(plan)
