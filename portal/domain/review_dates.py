"""When a review's steps are to be done, counted back from the anniversary and from the move to the next phase."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.clocks.compute import Running
from portal.domain.clocks.days import is_working_day, next_working_day
from portal.domain.clocks.name import Clock
from portal.domain.plan import Plan
from portal.domain.state import PlanState

# The review is complete when the council has told its decision, which it has four weeks from the meeting for.
DECISION = timedelta(weeks=4)
# A move must be named in an amended plan: four weeks to the notice, eight more to the plan (R (L, M, P) v Devon).
AMENDED = timedelta(weeks=12)
NOTICE = timedelta(weeks=2)
REPORT = timedelta(weeks=2)
# No law says when planning begins. Six weeks before the notice leave a school half a term to find a day for everybody,
# so that a review that nobody has planned is asked for twelve weeks before the anniversary.
ARRANGING = timedelta(weeks=6)
YEARLY = (Clock.FIRST_REVIEW, Clock.NEXT_REVIEW, Clock.REVIEW_AFTER_MOVE)
IN_FORCE = (PlanState.FINAL, PlanState.AMENDING, PlanState.FINALISING)


@dataclass(frozen=True)
class Timetable:
    """What is to be done by when. `limit` is the law's clock it is counted back from; `last` its last day."""

    limit: Running
    last: date
    meeting: date

    @property
    def begin(self) -> date:
        """From when the planning is somebody's turn."""
        return self.notice - ARRANGING

    @property
    def notice(self) -> date:
        return self.meeting - NOTICE

    @property
    def report(self) -> date:
        return self.meeting + REPORT

    @property
    def decision(self) -> date:
        return self.meeting + DECISION

    @property
    def amended(self) -> date:
        return self.meeting + AMENDED


def timetable(plan: Plan) -> Timetable | None:
    """The latest days that keep every limit, the nearest limit first; None where no review is due."""
    if plan.state not in IN_FORCE:
        return None
    found = [_from(each, each.due) for each in plan.clocks if each.open and each.due and each.clock in LEAVES]
    return min(found, key=lambda each: each.meeting, default=None)


def for_meeting(plan: Plan, meeting: date) -> Timetable | None:
    """The same, once the day of the meeting is known."""
    latest = timetable(plan)
    return Timetable(latest.limit, latest.last, meeting) if latest else None


def suggested(latest: Timetable, today: date) -> date:
    """A day for the meeting: the latest working day that keeps the limit, or the first that leaves time for notice."""
    day = latest.meeting
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day if day >= today + NOTICE else next_working_day(today + NOTICE)


LEAVES = {**dict.fromkeys(YEARLY, DECISION), Clock.PHASE_TRANSFER: AMENDED}


def _from(limit: Running, last: date) -> Timetable:
    return Timetable(limit, last, last - LEAVES[limit.clock])
