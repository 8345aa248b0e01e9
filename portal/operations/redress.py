"""Disagreement, mediation and appeal: pin what the tribunal ordered, let it go, and end a plan that has ceased."""

from dataclasses import dataclass
from datetime import date

from portal.domain import ceasing, ordered
from portal.domain.actor import Actor
from portal.domain.compare import Piece, words
from portal.domain.decision import Decision
from portal.domain.event import EventKind
from portal.domain.moment import Moment
from portal.domain.permission import Permission
from portal.domain.pinned import Pinned
from portal.domain.plan import Plan
from portal.domain.reading import PlanReading
from portal.domain.state import VersionKind
from portal.domain.step_up import proven
from portal.operations.act import act
from portal.store import plans, said
from portal.store.database import Database
from portal.store.requests import Request


@dataclass(frozen=True)
class Ordered:
    """Words that the tribunal ordered, beside what the plan says there now; `pieces` is what differs."""

    pinned: Pinned
    on: date
    label: str
    words: str
    now: str
    pieces: tuple[Piece, ...]
    binds: bool

    @property
    def stands(self) -> bool:
        return self.words == self.now


def pin(
    db: Database,
    actor: Actor,
    plan_id: str,
    order: int,
    place: str,
    text: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    return act(db, actor, plan_id, lambda plan: ordered.pin(plan, actor, order, place, text, moment), request)


def set_aside(
    db: Database,
    actor: Actor,
    plan_id: str,
    number: int,
    order: int,
    reason: str,
    moment: Moment,
    request: Request | None = None,
) -> Plan:
    """Let pinned words go, by a later order."""

    def decide(plan: Plan) -> Decision:
        return ordered.set_aside(plan, actor, number, order, reason, moment)

    return act(db, actor, plan_id, decide, request)


def cease(db: Database, actor: Actor, plan_id: str, moment: Moment, request: Request | None = None) -> Plan:
    """Raises StepUpNeeded for somebody who has not proved a moment ago who they are."""
    return act(db, actor, plan_id, proven(actor, moment, lambda plan: ceasing.cease(plan, actor, moment)), request)


def of_plan(db: Database, reading: PlanReading) -> tuple[Ordered, ...]:
    """What the tribunal ordered, of the fields that the reader may read as they are written."""
    shown = [each for each in reading.plan.ordered if _is_theirs(reading, each)]
    if not shown:
        return ()
    entries = said.of_kinds(db, reading.plan, EventKind.ORDERED_WORDS_PINNED)
    plan = plans.load(db, reading.plan.id)
    bind = {each.number for each in ordered.binding(plan)}
    found = []
    for each in shown:
        on, text = ordered.day_of(plan, each), reading.says(entries[each.number].beside.get("words", ""))
        if on and text:
            now = ordered.text_at(plan, each.place)
            found.append(
                Ordered(each, on, label_of(reading, each.place), text, now, words(text, now), each.number in bind)
            )
    return tuple(found)


def departures(db: Database, reading: PlanReading, kind: VersionKind) -> tuple[Ordered, ...]:
    """What the tribunal ordered that a version of this kind would print otherwise."""
    plan = plans.load(db, reading.plan.id)
    numbers = {each.number for each in ordered.departures(plan, kind)}
    return tuple(each for each in of_plan(db, reading) if each.pinned.number in numbers) if numbers else ()


def _is_theirs(reading: PlanReading, pinned: Pinned) -> bool:
    return reading.may(Permission.SECTION_VIEW, pinned.letter) and reading.sees_place(pinned.place)


def label_of(reading: PlanReading, address: str) -> str:
    """ "F2 Speech therapy every week …: How much"."""
    letter, item, field = address.split("/")
    for group in reading.plan.standard.section(letter).groups:
        if any(each.name == field for each in group.fields):
            return f"{reading.names.get(item, group.title)}: {group.field(field).label}"
    return address
