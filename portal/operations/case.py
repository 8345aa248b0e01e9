"""Put on record what happened in a child's case, take a mistake back, and tell what is likely."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain import case as rules
from portal.domain.actor import Actor
from portal.domain.case_steps import outstanding
from portal.domain.clocks.projection import Projection, project, usual
from portal.domain.decision import Decision
from portal.domain.elsewhere import began_with
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.step_up import proven
from portal.operations.act import act
from portal.store import said, turnarounds
from portal.store.database import Database
from portal.store.requests import Request


@dataclass(frozen=True)
class Told:
    """What somebody puts on record: what happened, on which day, its words of the outside contract, and theirs."""

    kind: EventKind
    on: date
    facts: Mapping[str, Value]
    words: str = ""


def record(
    db: Database, actor: Actor, plan_id: str, told: Told, moment: Moment, request: Request | None = None
) -> Plan:
    """Raises StepUpNeeded where the plan is to cease and the actor has not proved a moment ago who they are."""

    def decide(plan: Plan) -> Decision:
        return rules.record(plan, actor, told.kind, told.on, told.facts, told.words, moment)

    return act(db, actor, plan_id, proven(actor, moment, decide), request)


def correct(
    db: Database,
    actor: Actor,
    plan_id: str,
    sequence: int,
    reason: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.correct(plan, actor, sequence, reason, moment), request)


def came_from(db: Database, reading: PlanReading) -> str:
    """The name of the council whose plan a child moved in with, as the reader may be told it; empty without one."""
    move = began_with(reading.plan)
    entries = said.of_kinds(db, reading.plan, EventKind.MOVED_IN) if move else {}
    return reading.says(entries[move.sequence].beside.get("council", "")) if move else ""


def projected(db: Database, plan: Plan, moment: Moment, later: Mapping[str, int]) -> Projection:
    """What is likely if all who are waited for take what is usual in this council, and `later` days more by ref."""
    kinds = sorted({each.words["advice"] for each in outstanding(plan.case).values()})
    given = (each for kind in kinds for each in turnarounds.newest(db, plan.authority, kind))
    return project(plan.case, moment.today, usual(given), later)
