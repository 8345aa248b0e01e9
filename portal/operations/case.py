"""Put on record what happened in a child's case, take a mistake back, and tell what is likely."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain import case as rules
from portal.domain.actor import Actor
from portal.domain.case_steps import outstanding
from portal.domain.clocks.projection import Projection, project, usual
from portal.domain.decision import Decision
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.operations.act import act
from portal.store import turnarounds
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
    def decide(plan: Plan) -> Decision:
        return rules.record(plan, actor, told.kind, told.on, told.facts, told.words, moment)

    return act(db, actor, plan_id, decide, request)


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


def projected(db: Database, plan: Plan, moment: Moment, later: Mapping[str, int]) -> Projection:
    """What is likely if all who are waited for take what is usual in this council, and `later` days more by ref."""
    kinds = sorted({each.words["advice"] for each in outstanding(plan.case).values()})
    given = (each for kind in kinds for each in turnarounds.newest(db, plan.authority, kind))
    return project(plan.case, moment.today, usual(given), later)
