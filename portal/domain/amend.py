"""Opening a plan in force for amendment: its words are edited where they stand, and it stays in force meanwhile."""

from dataclasses import replace
from enum import StrEnum

from portal.domain.actor import Actor
from portal.domain.clocks.event import Kind
from portal.domain.clocks.name import Clock
from portal.domain.clocks.stage import Stage, stage
from portal.domain.decision import Decision, mark
from portal.domain.error import Invalid, NotAllowed, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Plan
from portal.domain.state import PlanState


class Because(StrEnum):
    """Why a plan is amended: a review, a move to the next phase of education, an order, or what its words say."""

    REVIEW = "review"
    PHASE_TRANSFER = "phase_transfer"
    ORDER = "order"
    OTHER = "other"  # SEND Regs 2014 reg 28: at any other time


def begin_amending(plan: Plan, actor: Actor, because: Because, words: str, moment: Moment) -> Decision:
    """Open the sections to their writers again. Raises NotAllowed, NotReady, Invalid where a reason is missing."""
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed("The council amends the plan.")
    if plan.state is not PlanState.FINAL:
        raise NotReady(["Only a plan that is in force, and is not being amended, can be opened for amendment."])
    if because not in (*reasons_on_record(plan), Because.OTHER):
        raise NotReady(["Nothing on record says so: put on record first why the plan is to be amended."])
    if because is Because.OTHER and not words.strip():
        raise Invalid({"why": "Say why the plan is to be amended. The family reads it."})
    by = mark(actor, grants[0], moment)
    beside = {"words": words} if words.strip() else {}
    entry = Event(EventKind.AMENDING_BEGUN, facts={"because": because.value}, beside=beside)
    return Decision(replace(plan, state=PlanState.AMENDING), entry, by, grants[0].agency_name)


def reasons_on_record(plan: Plan) -> tuple[Because, ...]:
    """What is on record for which a plan must be amended."""
    last = plan.case.of(Kind.REVIEW_DECIDED, Kind.TRIBUNAL_ORDER)[-1:]
    because = Because.ORDER if last and last[0].kind is Kind.TRIBUNAL_ORDER else Because.REVIEW
    decided = (because,) if stage(plan.case) is Stage.AMENDING else ()
    moves = any(each.clock is Clock.PHASE_TRANSFER and each.open for each in plan.clocks)
    return (*decided, *((Because.PHASE_TRANSFER,) if moves else ()))
