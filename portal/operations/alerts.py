"""What the data protection officer sees to: each emergency once, and what is kept from a family for its safety."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.domain import reasoned_reading as rules
from portal.domain.actor import Actor
from portal.domain.error import NotAllowed, NotFound, NotReady
from portal.domain.moment import Moment
from portal.domain.permission import Permission, allows
from portal.domain.plan import Plan
from portal.domain.reasoned_reading import ReadingKind, ReasonedReading
from portal.store import plans, reasoned_readings
from portal.store.database import Database


@dataclass(frozen=True)
class Alert:
    """One emergency and the plan it was about."""

    reading: ReasonedReading
    plan: Plan


def waiting(db: Database, actor: Actor) -> int:
    """How many alerts nobody has acknowledged; nothing is asked for somebody who is told of none."""
    return sum(reasoned_readings.count_alerts(db, each) for each in _authorities(actor))


def listed(db: Database, actor: Actor, seen: bool) -> list[Alert]:
    """The alerts of the officer's authorities, newest first. NotFound for everybody else."""
    if not _authorities(actor):
        raise NotFound("no such page")
    found = [each for authority in _authorities(actor) for each in reasoned_readings.alerts(db, authority, seen)]
    newest = sorted(found, key=lambda each: each.by.at, reverse=True)
    return [Alert(each, plan) for each in newest if (plan := _plan_of(db, each))]


def open_alert(db: Database, actor: Actor, plan_id: str, number: int) -> Alert:
    """One emergency, for the officer. A stranger is NotFound, any other reader NotAllowed, whether there is one or not:
    a family learns by no number of what is kept from it."""
    plan = plans.load(db, plan_id)
    if not allows(actor, Permission.PLAN_VIEW, plan):
        raise NotFound("no such plan")
    if not rules.officer_parts(actor, plan.authority):
        raise NotAllowed("The data protection officer sees to this.")
    reading = reasoned_readings.find(db, plan_id, number)
    if reading.kind is not ReadingKind.EMERGENCY:
        raise NotFound("no such alert")
    return Alert(reading, plan)


def acknowledge(db: Database, actor: Actor, plan_id: str, number: int, note: str, moment: Moment) -> None:
    _act(db, actor, plan_id, number, lambda reading: rules.acknowledge(reading, actor, note, moment))


def delay(db: Database, actor: Actor, plan_id: str, number: int, days: int, words: str, moment: Moment) -> None:
    """Keep an emergency from the family until a day, or renew that."""
    _act(db, actor, plan_id, number, lambda reading: rules.delay(reading, actor, days, words, moment))


def show(db: Database, actor: Actor, plan_id: str, number: int, note: str, moment: Moment) -> None:
    """Show the family now what was kept from them."""
    _act(db, actor, plan_id, number, lambda reading: rules.show(reading, actor, note, moment))


def _act(
    db: Database, actor: Actor, plan_id: str, number: int, decide: Callable[[ReasonedReading], ReasonedReading]
) -> None:
    reading = open_alert(db, actor, plan_id, number).reading
    decided = decide(reading)
    if not db.transaction(lambda session: reasoned_readings.change(db, reading, decided, session)):
        raise NotReady(("Somebody saw to this a moment ago. Look at it again.",))


def _authorities(actor: Actor) -> tuple[str, ...]:
    return tuple(sorted({each.authority for each in rules.officer_parts(actor)}))


def _plan_of(db: Database, reading: ReasonedReading) -> Plan | None:
    """None once the plan was destroyed, and its readings are about to be."""
    try:
        return plans.load(db, reading.plan)
    except NotFound:
        return None
