"""When a plan has ceased: after the decision was sent, and the time to appeal and every appeal are over."""

from dataclasses import replace
from datetime import date

from portal.domain.actor import Actor
from portal.domain.clocks.event import Case, Kind
from portal.domain.clocks.name import Clock
from portal.domain.clocks.stage import Stage, stage
from portal.domain.decision import Decision, mark
from portal.domain.error import NotAllowed, NotReady
from portal.domain.event import Event, EventKind
from portal.domain.moment import Moment
from portal.domain.permission import Permission, grants_for
from portal.domain.plan import Plan
from portal.domain.state import PlanState

IN_FORCE = (PlanState.FINAL, PlanState.AMENDING)
OVER = (Kind.APPEAL_CONCLUDED, Kind.TRIBUNAL_ORDER)


def why_in_force(plan: Plan, today: date) -> tuple[str, ...]:
    """Why a plan can't be treated as ceased on a day, in sentences; none when it lawfully may (CFA 2014 s45(4))."""
    case = plan.case
    if plan.state not in IN_FORCE or stage(case) is not Stage.CEASING:
        return ("A plan ceases after the council has decided so, and that is not on record.",)
    decided = case.of(Kind.CEASE_DECIDED)
    if not decided:
        return ("A review decided that the plan is to cease. Put the council’s decision on record first.",)
    letters = [each for each in case.of(Kind.DECISION_LETTER_SENT) if each.on >= decided[-1].on]
    if not any(each.says(decision="cease") for each in letters):
        return ("The family has not been sent the decision with their right to appeal.",)
    if appeal_is_pending(case, decided[-1].on):
        return ("An appeal is pending. The plan stays in force until it is concluded.",)
    until = next(
        each.due for each in plan.clocks if each.clock is Clock.PLAN_IN_FORCE_UNTIL and each.event is decided[-1]
    )
    if until is None or today <= until:
        day = f"{until.day} {until:%B %Y}" if until else "the appeal is concluded"
        return (f"The family can still appeal. The plan stays in force until {day}.",)
    return ()


def appeal_is_pending(case: Case, since: date) -> bool:
    """Whether an appeal of that day or later has neither been concluded nor ended by an order: late ones count too."""
    lodged = [each.on for each in case.of(Kind.APPEAL_LODGED) if each.on >= since]
    return bool(lodged) and not any(each.on >= lodged[-1] for each in case.of(*OVER))


def cease(plan: Plan, actor: Actor, moment: Moment) -> Decision:
    """Put on record that the plan has ceased. Raises NotAllowed, NotReady with why it is still in force."""
    grants = grants_for(actor, Permission.PLAN_PROCESS, plan, "")
    if not grants:
        raise NotAllowed("The council’s SEN team puts on record that a plan has ceased.")
    if plan.state is PlanState.CEASED:
        raise NotReady(["This plan has ceased already."])
    reasons = why_in_force(plan, moment.today)
    if reasons:
        raise NotReady(reasons)
    event = Event(EventKind.PLAN_CEASED)
    return Decision(replace(plan, state=PlanState.CEASED), event, mark(actor, grants[0], moment), grants[0].agency_name)
