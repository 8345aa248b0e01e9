"""The family's points about a draft: make one, write one down, answer it, and read what one may of them."""

from dataclasses import dataclass

from portal.domain import represent as rules
from portal.domain.actor import FAMILY_ROLES, Actor
from portal.domain.content import Mark
from portal.domain.decision import Decision
from portal.domain.error import Invalid
from portal.domain.event import EventKind
from portal.domain.moment import Moment, local_day
from portal.domain.permission import Permission
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.represent import Point
from portal.operations.act import act
from portal.store import contacts, people, said
from portal.store.database import Database
from portal.store.requests import Request
from portal.store.said import Said


@dataclass(frozen=True)
class Answered:
    """What the council answered: whether something was changed, and what, or why not."""

    accepted: bool
    words: str
    by: Mark


@dataclass(frozen=True)
class Told:
    """One point with its words: whose it is, whether the council wrote it down for them, and how it was answered."""

    number: int
    about: str
    words: str
    school: str
    by: Mark
    person: str
    name: str
    written_down: bool
    late: bool
    answer: Answered | None


def make(
    db: Database, actor: Actor, plan_id: str, point: Point, moment: Moment, request: Request | None = None
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.make(plan, actor, point, moment), request)


def write_down(
    db: Database,
    actor: Actor,
    plan_id: str,
    point: Point,
    person: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Write down for somebody of the family what reached the council another way. Invalid for anybody else."""
    known = dict(family(db, plan_id, moment))

    def decide(plan: Plan) -> Decision:
        decision = rules.write_down(plan, actor, point, person, moment)
        if person not in known:
            raise Invalid({"person": "Choose who of the family said it."})
        return decision

    return act(db, actor, plan_id, decide, request)


def answer(
    db: Database,
    actor: Actor,
    plan_id: str,
    number: int,
    accepted: bool,
    words: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    return act(db, actor, plan_id, lambda plan: rules.answer(plan, actor, number, accepted, words, moment), request)


def family(db: Database, plan_id: str, moment: Moment) -> tuple[tuple[str, str], ...]:
    """(id, name) of everybody of the family who has a part in the plan."""
    found = (each for each in people.grants_on(db, plan_id, moment.wall) if each.role in FAMILY_ROLES)
    return tuple({each.person: each.name for each in found}.items())


def of_plan(db: Database, reading: PlanReading) -> tuple[Told, ...]:
    """Every point that the reader may read, oldest first: all for the council, one's own for whoever made it.

    What one parent says is nobody's business but theirs and the council's.
    """
    council, me = reading.may(Permission.PLAN_PROCESS), reading.actor.person
    shown = [each for each in reading.plan.representations if council or each.person == me]
    if not shown:
        return ()
    entries = said.of_kinds(db, reading.plan, EventKind.REPRESENTATION_MADE, EventKind.REPRESENTATION_ANSWERED)
    names = contacts.names(db, {each.person for each in shown})
    found = []
    for each in shown:
        entry = entries[each.number]
        found.append(
            Told(
                each.number,
                each.about,
                reading.says(entry.beside.get("words", ""), entry.by.person),
                reading.says(entry.beside.get("school", ""), entry.by.person),
                entry.by,
                each.person,
                names.get(each.person, said.GONE),
                bool(entry.facts.get("written_down")),
                rules.is_late(reading.plan, each, local_day(entry.by.at)),
                _answer(reading, entries.get(each.answer)),
            )
        )
    return tuple(found)


def _answer(reading: PlanReading, entry: Said | None) -> Answered | None:
    if entry is None:
        return None
    words = reading.says(entry.beside.get("words", ""), entry.by.person)
    return Answered(bool(entry.facts["accepted"]), words, entry.by)
