"""Whose turn a statutory clock is: the council's next legal date, and advice that somebody was asked for."""

from collections.abc import Iterator, Mapping, Set
from itertools import islice

from portal.domain.actor import Role
from portal.domain.clocks.compute import Running
from portal.domain.clocks.name import Clock
from portal.domain.elsewhere import holds_elsewhere
from portal.domain.plan import Plan
from portal.domain.state import WRITING

COUNCIL = frozenset({Role.SEN_CASEWORKER, Role.SEN_MANAGER})
# The clocks that something the council does can meet. The Code's week 16 is no law, and a reply asked of a school or
# time left to a family is not the council's to meet.
OF_THE_COUNCIL = (
    Clock.DECIDE_TO_ASSESS,
    Clock.FINAL_PLAN,
    Clock.DECIDE_TO_REASSESS,
    Clock.REASSESSED_FINAL,
    Clock.REVIEW_NOTICE,
    Clock.REVIEW_DECISION,
    Clock.AMENDMENT_NOTICE,
    Clock.AMENDED_FINAL,
    Clock.PHASE_TRANSFER,
    Clock.TRANSFER_OF_PLAN,
    Clock.TELL_FAMILY_AFTER_MOVE,
    Clock.TELL_ICB_OF_MEDIATION,
    Clock.MEDIATION,
    Clock.ORDER_ASSESS_DECISION,
    Clock.ORDER_DRAFT,
    Clock.ORDER_FINAL,
    Clock.ORDER_AMEND,
    Clock.ORDER_PLACEMENT,
    Clock.FIRST_REVIEW,
    Clock.NEXT_REVIEW,
    Clock.REVIEW_AFTER_MOVE,
)
# A year ahead it asks nothing of anybody yet: a review is somebody's turn once its meeting is planned.
YEARLY = (Clock.FIRST_REVIEW, Clock.NEXT_REVIEW, Clock.REVIEW_AFTER_MOVE)
# Who gives which advice (SEND Regs 2014 reg 6(1)); a family's is asked for by whoever talks with them.
GIVEN_BY: Mapping[str, frozenset[Role]] = {
    "b": frozenset({Role.SENCO}),
    "c": frozenset({Role.HEALTH_CONTRIBUTOR, Role.DESIGNATED_CLINICAL_OFFICER}),
    "d": frozenset({Role.EDUCATIONAL_PSYCHOLOGIST}),
    "e": frozenset({Role.SOCIAL_WORKER, Role.DESIGNATED_SOCIAL_CARE_OFFICER}),
}


def next_by_law(plan: Plan) -> Running | None:
    """The council's nearest legal date that nothing has met."""
    return next(_of_the_council(plan), None)


def waits_by_law(plan: Plan, roles: Set[Role]) -> Iterator[Running]:
    """The clocks that wait for somebody in these roles: the council's nearest, and the nearest advice of their kind."""
    if roles & COUNCIL:
        yield from _first(each for each in _of_the_council(plan) if _asks_now(plan, each.clock))
    if plan.state in WRITING:
        named = {each.ref for each in plan.advice if each.to.person}  # these wait for one person (awaited.py)
        clocks = (each for each in plan.clocks if each.clock is Clock.ADVICE and each.ref not in named)
        asked = (each for each in clocks if each.open and each.due)
        yield from _first(each for each in asked if roles & GIVEN_BY.get(each.event.words["advice"], frozenset()))


def _asks_now(plan: Plan, clock: Clock) -> bool:
    """A plan that moved in and is not issued here yet has no review of its own to plan: the move's asks for itself."""
    return clock not in YEARLY or (clock is Clock.REVIEW_AFTER_MOVE and holds_elsewhere(plan))


def _of_the_council(plan: Plan) -> Iterator[Running]:
    return (each for each in plan.clocks if each.clock in OF_THE_COUNCIL and each.open and each.due)


def _first(found: Iterator[Running]) -> Iterator[Running]:
    return islice(found, 1)
