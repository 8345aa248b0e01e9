"""What one case counts as in pictures of a caseload: where it stands, who is waited for, and what was decided when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.actor import FAMILY_ROLES, Role
from portal.domain.case_steps import outstanding
from portal.domain.case_turn import next_by_law
from portal.domain.clocks.event import Event, Kind
from portal.domain.clocks.name import Clock
from portal.domain.clocks.stage import Stage, stage
from portal.domain.elsewhere import of_the_other_council
from portal.domain.plan import Happened, Plan
from portal.domain.state import PlanState
from portal.domain.turn import TaskKind, waited_for

NEVER = "9999-12-31"  # after every date, so that one comparison serves


class Waited(StrEnum):
    """Whom a case waits for, as those who chase it name them."""

    COUNCIL = "council"
    FAMILY = "family"
    SCHOOL = "school"
    HEALTH = "health"
    PSYCHOLOGIST = "psychologist"
    CARE = "care"
    OTHERS = "others"
    NOBODY = "nobody"


class What(StrEnum):
    """A decision of the council that the law gives a time."""

    ASSESS = "assess"
    PLAN = "plan"
    REVIEW = "review"


class Time(StrEnum):
    """Whether it was made in its time. An exemption is counted apart, as in the national figures (SEN2)."""

    IN_TIME = "in_time"
    LATE = "late"
    EXEMPT = "exempt"
    UNCLOCKED = "unclocked"  # its beginning is not on record here


@dataclass(frozen=True)
class Standing:
    """Where a case stands. From the day `turns` on it is the council's turn; `due` is the council's next legal date.

    Both days are ISO dates, NEVER where there is none. `need` is the area of the first need in section B.
    """

    stage: Stage
    waits: Waited
    turns: str = NEVER
    due: str = NEVER
    need: str = ""


@dataclass(frozen=True)
class Decided:
    """One decision: the number of the entry that put it on record, and the month ("2026-03") in which it was made."""

    number: int
    month: str
    what: What
    result: str
    time: Time


@dataclass(frozen=True)
class Stands:
    """How some cases stand on one day: their stage, who is waited for then, and whether a legal date has passed."""

    stage: Stage
    waits: Waited
    late: bool


@dataclass(frozen=True)
class Made:
    """How some decisions were made: in which month, about what, with which result, and whether in time."""

    month: str
    what: What
    result: str
    time: Time


# What decides what, by which clock; a review's decision says its own result.
DECIDES = {
    Kind.ASSESSMENT_AGREED: (What.ASSESS, "agreed", Clock.DECIDE_TO_ASSESS),
    Kind.ASSESSMENT_REFUSED: (What.ASSESS, "refused", Clock.DECIDE_TO_ASSESS),
    Kind.FINAL_ISSUED: (What.PLAN, "issued", Clock.FINAL_PLAN),
    Kind.ISSUE_REFUSED: (What.PLAN, "no_plan", Clock.NOTIFY_NO_PLAN),
    Kind.REVIEW_DECIDED: (What.REVIEW, "", Clock.REVIEW_DECISION),
}
WHO_SIGNS = {
    Role.SEN_MANAGER: Waited.COUNCIL,
    Role.DESIGNATED_CLINICAL_OFFICER: Waited.HEALTH,
    Role.SOCIAL_WORKER: Waited.CARE,
    Role.DESIGNATED_SOCIAL_CARE_OFFICER: Waited.CARE,
    **dict.fromkeys(FAMILY_ROLES, Waited.FAMILY),
}
WHO_ADVISES = {
    "a": Waited.FAMILY,
    "b": Waited.SCHOOL,
    "c": Waited.HEALTH,
    "d": Waited.PSYCHOLOGIST,
    "e": Waited.CARE,
}
THE_COUNCILS = (Stage.REQUESTED, Stage.REVIEWING)
NOTHING_WAITS = (Stage.NOT_BEGUN, Stage.REFUSED, Stage.NO_PLAN, Stage.MAINTAINED, Stage.CEASING)
# The family has 15 days for a draft and for amendments, the day they are served being the first (regs 13(1), 22(2)(c)).
THEIRS = {Stage.DRAFTING: Clock.COMMENT_ON_DRAFT, Stage.AMENDING: Clock.COMMENT_ON_AMENDMENTS}


def standing_of(plan: Plan) -> Standing:
    found = stage(plan.case)
    waits, turns = _waits(plan, found)
    law = next_by_law(plan)
    due = law.due.isoformat() if law and law.due else NEVER
    return Standing(found, waits, turns, due, need_of(plan))


def need_of(plan: Plan) -> str:
    """The area of the first need that section B describes, by the Code's four areas; empty while it has none."""
    needs = plan.sections["B"].content.in_group("needs")
    return needs[0].text("area") if needs else ""


def decisions_of(plan: Plan) -> tuple[Decided, ...]:
    """Everything that was decided here, in the order in which it was put on record."""
    ours = (each for each in plan.happened if each not in of_the_other_council(plan))
    return tuple(_decided(plan, each) for each in ours if each.event.kind in DECIDES)


def _decided(plan: Plan, happened: Happened) -> Decided:
    event = happened.event
    what, result, clock = DECIDES[event.kind]
    result = result or event.words["outcome"]
    return Decided(happened.sequence, f"{event.on:%Y-%m}", what, result, _time(plan, event, clock))


def _time(plan: Plan, event: Event, clock: Clock) -> Time:
    answered = next((each for each in plan.clocks if each.clock is clock and each.answer is event), None)
    if answered is None or answered.due is None:
        return Time.UNCLOCKED
    if answered.exempt:
        return Time.EXEMPT
    return Time.IN_TIME if event.on <= answered.due else Time.LATE


def _waits(plan: Plan, found: Stage) -> tuple[Waited, str]:
    """Whom the case waits for, and the day from which it is the council's turn."""
    if found in NOTHING_WAITS:
        return Waited.NOBODY, NEVER
    if found in THE_COUNCILS:
        return Waited.COUNCIL, NEVER
    if found in THEIRS:
        return _family_or_council(plan, THEIRS[found])
    return next(_givers(plan), None) or _signer(plan), NEVER


def _givers(plan: Plan) -> Iterator[Waited]:
    """Who gives the advice that was asked for and has not come, whose was asked for first."""
    waiting = sorted(outstanding(plan.case).values(), key=lambda each: each.on)
    return (WHO_ADVISES.get(each.words["advice"], Waited.OTHERS) for each in waiting)


def _signer(plan: Plan) -> Waited:
    """Who is asked for a signature; the council goes on where nobody is."""
    waited = waited_for(plan)
    if waited is None or waited.kind is not TaskKind.SIGN:
        return Waited.COUNCIL
    return next((WHO_SIGNS[role] for role in sorted(waited.roles) if role in WHO_SIGNS), Waited.COUNCIL)


def _family_or_council(plan: Plan, clock: Clock) -> tuple[Waited, str]:
    """The family's turn until it answers or its days are over, then the council's."""
    if plan.state is PlanState.FINALISING or (clock is Clock.COMMENT_ON_DRAFT and plan.answered):
        return Waited.COUNCIL, NEVER
    theirs = [each.due for each in plan.clocks if each.clock is clock and each.due and not each.ended]
    if not theirs:
        return Waited.COUNCIL, NEVER
    return Waited.FAMILY, (max(theirs) + timedelta(days=1)).isoformat()


def months_back(today: date, count: int) -> tuple[str, ...]:
    """The months up to this one, the oldest first."""
    latest = today.year * 12 + today.month - 1
    return tuple(f"{each // 12}-{each % 12 + 1:02d}" for each in range(latest - count + 1, latest + 1))
