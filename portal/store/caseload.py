"""Worklist rows: one small row for each reader of each plan, kept in the transaction that changes what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pymongo import UpdateOne

from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.plan import Plan
from portal.domain.state import PlanState
from portal.domain.turn import Task, TaskKind, tasks_for
from portal.store.database import Database, Document, Session
from portal.store.plans import of_plan

NO_DATE = "9999-12-31"  # sorts after every date


@dataclass(frozen=True)
class Row:
    """A plan in somebody's list: who the child is and what the plan waits for from them."""

    plan: str
    name: str
    called: str
    state: PlanState
    tasks: tuple[Task, ...]


def reader_of(grant: Grant) -> str:
    """Whose list a grant fills: the person's own, or the list shared by a role over the whole caseload."""
    return f"role:{grant.role.value}" if grant.scope == WHOLE_CASELOAD else grant.person


def add_reader(db: Database, plan: Plan, reader: str, roles: Iterable[Role], session: Session) -> None:
    """Put the plan on a reader's list, or widen the roles by which it stands there."""
    names = sorted(role.value for role in roles)
    place = {"authority": plan.authority, "_id": f"{plan.id}:{reader}"}
    child = db.seal({"name": plan.child.name, "called": plan.child.called})
    fixed = {"plan": plan.id, "reader": reader, "child": child, **_said(plan, names)}
    change = {"$set": fixed, "$addToSet": {"roles": {"$each": names}}}
    db["caseload"].update_one(place, change, upsert=True, session=session)


def refresh(db: Database, plan: Plan, session: Session) -> None:
    """Bring every row of the plan up to date, writing only those that say something else now."""
    changes = []
    for row in db["caseload"].find(of_plan(plan.id), session=session):
        said = _said(plan, row["roles"])
        if any(row.get(key) != value for key, value in said.items()):
            changes.append(UpdateOne({"authority": plan.authority, "_id": row["_id"]}, {"$set": said}))
    if changes:
        db["caseload"].bulk_write(changes, session=session)


def rows_for(db: Database, actor: Actor, limit: int = 500) -> list[Row]:
    """The actor's list, what has the nearest date first; only what live grants cover."""
    readers = sorted({reader_of(grant) for grant in actor.grants})
    query = {"authority": {"$in": list(actor.authorities)}, "reader": {"$in": readers}}
    found = db["caseload"].find(query).sort([("due", 1), ("_id", 1)]).limit(limit)
    rows: dict[str, Row] = {}
    for each in found:
        if any(grant.covers(each["plan"], each["authority"]) for grant in actor.grants):
            rows.setdefault(each["plan"], _in(db, each))
    return list(rows.values())


def _said(plan: Plan, roles: list[str]) -> Document:
    tasks = tasks_for(plan, {Role(role) for role in roles})
    dates = [day for each in tasks if (day := each.due or each.opens)]
    return {
        "state": plan.state.value,
        "tasks": [_task_out(each) for each in tasks],
        "due": min(dates).isoformat() if dates else NO_DATE,
    }


def _task_out(task: Task) -> Document:
    return {
        "kind": task.kind.value,
        "letters": list(task.letters),
        "due": task.due.isoformat() if task.due else "",
        "opens": task.opens.isoformat() if task.opens else "",
    }


def _task_in(document: dict[str, Any]) -> Task:
    return Task(TaskKind(document["kind"]), tuple(document["letters"]), _day(document["due"]), _day(document["opens"]))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _in(db: Database, document: Document) -> Row:
    child = db.unseal(document["child"])
    tasks = tuple(_task_in(each) for each in document["tasks"])
    return Row(document["plan"], child["name"], child["called"], PlanState(document["state"]), tasks)
