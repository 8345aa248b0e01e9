"""Worklist rows: one small row for each reader of each plan, kept in the transaction that changes what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pymongo import UpdateOne

from portal.domain.actor import CASELOAD_ROLES, WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.permission import Permission
from portal.domain.permission_table import CASE
from portal.domain.plan import Plan
from portal.domain.state import PlanState
from portal.domain.turn import Task, TaskKind, tasks_for
from portal.store import plans
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


def begin(db: Database, plan: Plan, session: Session) -> None:
    """Put a new plan on the lists that roles over the whole caseload share."""
    for role in sorted(CASELOAD_ROLES & CASE[Permission.PLAN_VIEW]):
        add_reader(db, plan, f"role:{role.value}", role, session)


def add_reader(db: Database, plan: Plan, reader: str, role: Role, session: Session) -> None:
    """Put the plan on a reader's list, or widen the roles by which it stands there."""
    place = {"authority": plan.authority, "_id": f"{plan.id}:{reader}"}
    found = db["caseload"].find_one(place, session=session)
    roles = sorted({role.value, *(found["roles"] if found else ())})
    child = db.seal({"name": plan.child.name, "called": plan.child.called})
    row = {"plan": plan.id, "reader": reader, "roles": roles, "child": child, **_said(plan, roles)}
    db["caseload"].update_one(place, {"$set": row}, upsert=True, session=session)


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
    found = [each for authority in actor.authorities for each in _found(db, actor, authority, limit)]
    by_plan: dict[str, list[Document]] = {}
    for each in sorted(found, key=lambda row: (row["due"], row["_id"])):
        by_plan.setdefault(each["plan"], []).append(each)
    rows = [_row(db, actor, documents) for documents in by_plan.values()]
    return sorted(rows, key=lambda row: (_due(row.tasks), row.plan))[:limit]


def _found(db: Database, actor: Actor, authority: str, limit: int) -> Iterator[Document]:
    """Rows of one authority: of the plans where the actor has a part of their own, and of lists they share by role."""
    grants = [each for each in actor.grants if each.authority == authority]
    own = sorted(each.scope for each in grants if each.scope != WHOLE_CASELOAD)
    shared = sorted({reader_of(each) for each in grants if each.scope == WHOLE_CASELOAD})
    for query in (
        {"authority": authority, "reader": actor.person, "plan": {"$in": own}},
        {"authority": authority, "reader": {"$in": shared}},
    ):
        yield from db["caseload"].find(query).sort([("due", 1), ("_id", 1)]).limit(limit)


def _row(db: Database, actor: Actor, documents: list[Document]) -> Row:
    """One plan's row. Where the roles it was written for are not the live ones, the plan itself is asked."""
    first = documents[0]
    live = {grant.role.value for grant in actor.grants_on(first["plan"], first["authority"])}
    if len(documents) == 1 and set(first["roles"]) == live:
        tasks = tuple(_task_in(each) for each in first["tasks"])
    else:
        tasks = tasks_for(plans.load(db, first["plan"]), {Role(role) for role in live})
    child = db.unseal(first["child"])
    return Row(first["plan"], child["name"], child["called"], PlanState(first["state"]), tasks)


def _said(plan: Plan, roles: list[str]) -> Document:
    tasks = tasks_for(plan, {Role(role) for role in roles})
    return {"state": plan.state.value, "tasks": [_task_out(each) for each in tasks], "due": _due(tasks)}


def _due(tasks: tuple[Task, ...]) -> str:
    dates = [day for each in tasks if (day := each.due or each.opens)]
    return min(dates).isoformat() if dates else NO_DATE


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
