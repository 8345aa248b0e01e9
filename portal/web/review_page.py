"""The page of a review: its steps with their days, whose turn it is, and who is invited."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from portal.domain.actor import Grant
from portal.domain.awaited import tasks_of
from portal.domain.event import EventKind
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.review import PARTS, Review, Said, under_way
from portal.domain.review_dates import Timetable
from portal.domain.turn import TaskKind
from portal.web.case_words import LIMITS
from portal.web.filters import day, local
from portal.web.review_words import BY_LAW, story_of
from portal.web.turn_words import Turn, turn_of

LAW = "SEND Regulations 2014, regulations 20 and 21"
OF_A_REVIEW = (
    TaskKind.PLAN_REVIEW,
    TaskKind.INVITE_TO_REVIEW,
    TaskKind.ADVISE_REVIEW,
    TaskKind.HOLD_REVIEW,
    TaskKind.REPORT_REVIEW,
)


@dataclass(frozen=True)
class Step:
    """One row of "what by when": its last day and by what rule, and the day on which it was done."""

    says: str
    by: date
    why: str = ""
    done: date | None = None
    on_that_day: bool = False
    late: bool = False


def turn_in_review(reading: PlanReading) -> Turn:
    """What the review waits for from the reader; else for whom it waits."""
    plan = reading.plan
    for task in tasks_of(plan, reading.actor):
        if task.kind in OF_A_REVIEW or task.clock in BY_LAW or (task.kind is TaskKind.ANSWER and task.clock):
            return turn_of(task, plan.id, plan.child.called)
    what, why = story_of(plan)
    return Turn(what, why, yours=False)


def steps_of(plan: Plan, review: Review, days: Timetable | None, today: date) -> tuple[Step, ...]:
    """Every step of the review under way with its latest day; nothing where no review is due."""
    if days is None:
        return ()
    limit = Step(LIMITS[days.limit.clock], days.last, f"{days.limit.source}.")
    found = (_planning(review, days), *_before(plan, review, days), *_after(review, days), limit)
    return tuple(replace(each, late=each.done is None and each.by < today) for each in found)


def _planning(review: Review, days: Timetable) -> Step:
    planned = next((each for each in review.entries if each.kind is EventKind.REVIEW_MEETING_PLANNED), None)
    if planned is None:
        return Step("Find a day for the meeting", days.notice, "So that everybody can have two weeks’ notice.")
    return Step("A day for the meeting was found", days.notice, "", min(planned.on, local(planned.by.at)))


def _before(plan: Plan, review: Review, days: Timetable) -> Iterator[Step]:
    weeks = "Two weeks before the meeting"
    yield Step("Invite everybody", days.notice, f"{weeks} ({LAW}).", under_way(plan).noticed)
    yield Step("Everybody reads the advice", days.notice, f"{weeks} ({LAW}).", _day_of(review.circulated))
    yield Step("Hold the meeting", days.meeting, "" if review.day else _leaves(days), review.held, bool(review.day))


def _after(review: Review, days: Timetable) -> Iterator[Step]:
    yield Step("Send the report", days.report, f"Two weeks after the meeting ({LAW}).", _day_of(review.reported))
    why = "Four weeks after the meeting (SEND Regulations 2014, regulation 20(10))."
    yield Step("The council decides, and tells the family", days.decision, why)


def _leaves(days: Timetable) -> str:
    weeks = (days.last - days.meeting).days // 7
    return f"So that {weeks} weeks are left until the law’s last day, {day(days.last)}."


def _day_of(said: Said | None) -> date | None:
    return said.on if said else None


def invited_by(sent: Mapping[str, Any], here: Iterable[tuple[str, Grant]]) -> list[dict[str, str]]:
    """Whom a form invites: people with a part in the plan, and others by the name that was typed."""
    chosen = set(sent["people"])
    rows = [{"part": part, "name": each.name, "person": each.person} for part, each in here if each.person in chosen]
    others = ((part, sent.get(f"other_{part}", "")) for part in PARTS)
    return [*rows, *({"part": part, "name": name, "person": ""} for part, name in others if name)]


def review_json(review: Review) -> dict[str, Any]:
    """A review as data, with what its reader may read of it."""
    decided = review.decided
    return {
        "review": review.number,
        "planned": review.planned.isoformat() if review.planned else None,
        "held": review.held.isoformat() if review.held else None,
        "decided": decided.on.isoformat() if decided else None,
        "outcome": decided.facts.get("outcome") if decided else None,
        "progress": [vars(each) for each in review.progress],
        "entries": [{"entry": each.number, "kind": each.kind, "on": each.on.isoformat()} for each in review.entries],
    }
