"""What a row of somebody's list says, packed into one text so that a page of a list is read from its index."""

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from portal.domain.actor import Actor, Grant, Role
from portal.domain.awaited import tasks_kept, tasks_shared
from portal.domain.clocks.name import Clock
from portal.domain.plan import Plan
from portal.domain.turn import URGENT, Task, TaskKind, Waited, waited_for
from portal.store.database import Document

# After every date: first what is urgent without one, then what waits without one, then what waits for nothing.
URGENT_NO_DATE, NO_DATE, NO_TASK = "9999-12-29", "9999-12-30", "9999-12-31"
SHARED_BY = "role:"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def said_of(plan: Plan, reader: str, roles: list[str], today: date) -> Document:
    """What a row says, packed into one text, so that a page of a list is read from its index (docs/scale.md).

    What is nobody's turn yet is said with the rest, and not shown; the row is placed for it on the day it `wakes`.
    """
    grants = tuple(_part(plan, reader, Role(each)) for each in roles)
    asked = tasks_shared if reader.startswith(SHARED_BY) else tasks_kept
    tasks = asked(plan, Actor(reader, "", "", "", grants))
    facts: Document = {"state": plan.state.value, "roles": roles, "tasks": [_task_out(each) for each in tasks]}
    if not tasks and (waited := waited_for(plan)):
        facts["waits"] = _waited_out(waited)
    return {"said": json.dumps(facts, separators=(",", ":")), **_placed(tasks, today)}


def _placed(tasks: tuple[Task, ...], today: date) -> Document:
    later = [each.opens.isoformat() for each in tasks if each.opens and not each.is_open(today)]
    return {"due": _due(tuple(each for each in tasks if each.is_open(today))), "wakes": min(later, default="")}


def _part(plan: Plan, reader: str, role: Role) -> Grant:
    """All that a row knows of its reader's part: of no agency, nothing is theirs that hangs on one."""
    return Grant(reader, "", "", "", role, plan.authority, plan.id, LONG_AGO)


@lru_cache(1000)
def unpacked(said: str) -> dict[str, Any]:
    """What a row says; many rows say the same."""
    unpacked: dict[str, Any] = json.loads(said)
    return unpacked


def roles_in(row: Document) -> list[str]:
    return [str(each) for each in unpacked(row["said"])["roles"]]


def all_tasks(row: Document) -> tuple[Task, ...]:
    """Everything that a row asks, of whoever has it on their list."""
    return tuple(_task_in(each) for each in unpacked(row["said"])["tasks"])


def waited_in(row: Document) -> Waited | None:
    """For whom a plan waits, where its row asks nothing."""
    said = unpacked(row["said"])
    return _waited_in(said["waits"]) if "waits" in said else None


def tasks_for(actor: Actor, document: Document) -> tuple[Task, ...]:
    """What a row asks of the actor, and not of somebody else who shares it."""
    return tuple(each for each in all_tasks(document) if each.person in ("", actor.person) and each.is_open(actor.day))


def _due(tasks: tuple[Task, ...]) -> str:
    if not tasks:
        return NO_TASK
    dates = [day for each in tasks if (day := each.due or each.opens)]
    if dates:
        return min(dates).isoformat()
    return URGENT_NO_DATE if any(each.kind in URGENT for each in tasks) else NO_DATE


def _task_out(task: Task) -> list[Any]:
    due, opens = (each.isoformat() if each else "" for each in (task.due, task.opens))
    clock = task.clock.value if task.clock else ""
    more = [clock, task.person, task.conversation] if task.person else [clock] if clock else []
    return [task.kind.value, list(task.letters), due, opens, *more]


def _task_in(said: list[Any]) -> Task:
    kind, letters, due, opens, *more = said
    clock, person, conversation = (*more, "", "", 0)[:3] if len(more) != 1 else (more[0], "", 0)
    when = (_day(due), _day(opens), Clock(clock) if clock else None)
    return Task(TaskKind(kind), tuple(letters), *when, person, conversation)


def _waited_out(waited: Waited) -> list[Any]:
    since = waited.since.isoformat() if waited.since else ""
    return [waited.kind.value, list(waited.letters), sorted(each.value for each in waited.roles), since]


def _waited_in(said: list[Any]) -> Waited:
    kind, letters, roles, since = said
    return Waited(TaskKind(kind), tuple(letters), frozenset(Role(each) for each in roles), _day(since))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
