"""Worklist rows: one small row for each reader of each plan, kept in the transaction that changes what it says."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from pymongo import UpdateOne

from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.plan import Plan
from portal.domain.state import PlanState
from portal.domain.turn import URGENT, Task, TaskKind, situation, tasks_for
from portal.store import plans
from portal.store.database import Database, Document, Session
from portal.store.plans import of_plan

# After every date: first what is urgent without one, then what waits without one, then what waits for nothing.
URGENT_NO_DATE, NO_DATE, NO_TASK = "9999-12-29", "9999-12-30", "9999-12-31"
PAGE, MOST = 50, 500
# The lists that roles over the whole caseload share. Somebody with several such roles is shown the first: each list
# holds every plan, and the first has the most dates to sort it by.
SHARED = (
    Role.SEN_MANAGER,
    Role.SEN_CASEWORKER,
    Role.DESIGNATED_CLINICAL_OFFICER,
    Role.DESIGNATED_SOCIAL_CARE_OFFICER,
    Role.AUDITOR,
)


@dataclass(frozen=True)
class Place:
    """Where a row stands in a list: by its nearest date, then by its plan."""

    due: str
    plan: str


START = Place("", "")


@dataclass(frozen=True)
class Row:
    """A plan in somebody's list: who the child is and what the plan waits for from them."""

    plan: str
    name: str
    called: str
    state: PlanState
    tasks: tuple[Task, ...]
    place: Place = START


def reader_of(grant: Grant) -> str:
    """Whose list a grant fills: the person's own, or the list shared by a role over the whole caseload."""
    return reader_of_role(grant.role) if grant.scope == WHOLE_CASELOAD else grant.person


def reader_of_role(role: Role) -> str:
    return f"role:{role.value}"


def begin(db: Database, plan: Plan, session: Session) -> None:
    """Put a new plan on the lists that roles over the whole caseload share."""
    for role in SHARED:
        add_reader(db, plan, reader_of_role(role), role, session)


def add_reader(db: Database, plan: Plan, reader: str, role: Role, session: Session) -> None:
    """Put the plan on a reader's list, or widen the roles by which it stands there."""
    place = {"authority": plan.authority, "_id": f"{plan.id}:{reader}"}
    found = db["caseload"].find_one(place, session=session)
    roles = sorted({role.value, *(_roles_in(found) if found else ())})
    child = db.seal({"name": plan.child.name, "called": plan.child.called})
    row = {"plan": plan.id, "reader": reader, "child": child, **_said(plan, roles)}
    db["caseload"].update_one(place, {"$set": row}, upsert=True, session=session)


def refresh(db: Database, before: Plan, after: Plan, session: Session) -> None:
    """Bring every row of the plan up to date; most saves leave nothing for them to say anew, and read none of them."""
    if situation(before) == situation(after):
        return
    changes = []
    for row in db["caseload"].find(of_plan(after.id), session=session):
        said = _said(after, _roles_in(row))
        if any(row.get(key) != value for key, value in said.items()):
            changes.append(UpdateOne({"authority": after.authority, "_id": row["_id"]}, {"$set": said}))
    if changes:
        db["caseload"].bulk_write(changes, session=session)


def rows_for(db: Database, actor: Actor, limit: int = MOST, after: Place = START) -> list[Row]:
    """A page of the actor's list, what has the nearest date first; only what live grants cover.

    `after` is the place of the row before the first one wanted.
    """
    return [row_of(db, actor, each) for each in documents_for(db, actor, limit, after)]


def documents_for(db: Database, actor: Actor, limit: int, after: Place) -> list[Document]:
    """The rows of a page as they are kept, for whoever remembers what was made of the same rows before."""
    lists = (_found(db, actor, authority, limit, after) for authority in actor.authorities)
    found = [each for rows in lists for each in islice(rows, limit)]
    return sorted(found, key=lambda row: (row["due"], row["plan"]))[:limit]


def speaks_for_itself(actor: Actor, document: Document) -> bool:
    """Whether a row was written for the roles that are live now, so that what it says need not be asked of the plan."""
    written_for: list[str] = _unpacked(document["said"])["roles"]
    return written_for == sorted(actor.roles_on(document["plan"], document["authority"]))


def _found(db: Database, actor: Actor, authority: str, limit: int, after: Place) -> Iterator[Document]:
    """Rows of one authority, read from an index alone: the list a role shares holds every plan, one's own some."""
    grants = [each for each in actor.grants if each.authority == authority]
    whole = {each.role for each in grants if each.scope == WHOLE_CASELOAD}
    shared = next((reader_of_role(each) for each in SHARED if each in whole), "")
    query: Document = {"authority": authority, "reader": shared or actor.person}
    if not shared:
        query["plan"] = {"$in": sorted({each.scope for each in grants})}
    shown = {"authority": 1, "reader": 1, "due": 1, "plan": 1, "said": 1, "child": 1}
    for beyond in _beyond(after):
        yield from db["caseload"].find({**query, **beyond}, shown).sort([("due", 1), ("_id", 1)]).limit(limit)


def _beyond(after: Place) -> tuple[Document, ...]:
    """The rows after a place: first those of its date, then later ones. One question with an "or" would fetch each."""
    if after == START:
        return ({},)
    return {"due": after.due, "_id": {"$gt": f"{after.plan};"}}, {"due": {"$gt": after.due}}


def row_of(db: Database, actor: Actor, document: Document) -> Row:
    """One plan's row. Where the roles it was written for are not the live ones, the plan itself is asked."""
    said = _unpacked(document["said"])
    if speaks_for_itself(actor, document):
        tasks = tuple(_task_in(each) for each in said["tasks"])
    else:
        tasks = tasks_for(plans.load(db, document["plan"]), actor.roles_on(document["plan"], document["authority"]))
    child = db.unseal(document["child"])
    place = Place(document["due"], document["plan"])
    return Row(document["plan"], child["name"], child["called"], PlanState(said["state"]), tasks, place)


@lru_cache(1000)
def _unpacked(said: str) -> dict[str, Any]:
    """What a row says; many rows say the same."""
    unpacked: dict[str, Any] = json.loads(said)
    return unpacked


def overdue(db: Database, today: date) -> dict[str, int]:
    """How many plans of each authority have a date that has passed: a national report, across authorities."""
    match = {"reader": reader_of_role(Role.SEN_MANAGER), "due": {"$lt": today.isoformat()}}
    group = {"_id": "$authority", "plans": {"$sum": 1}}
    found = db["caseload"].aggregate([{"$match": match}, {"$group": group}])
    return {each["_id"]: each["plans"] for each in sorted(found, key=lambda each: str(each["_id"]))}


def _roles_in(row: Document) -> list[str]:
    return [str(each) for each in _unpacked(row["said"])["roles"]]


def _said(plan: Plan, roles: list[str]) -> Document:
    """What a row says, packed into one text, so that a page of a list is read from its index (docs/scale.md)."""
    tasks = tasks_for(plan, {Role(role) for role in roles})
    facts = {"state": plan.state.value, "roles": roles, "tasks": [_task_out(each) for each in tasks]}
    return {"said": json.dumps(facts, separators=(",", ":")), "due": _due(tasks)}


def _due(tasks: tuple[Task, ...]) -> str:
    if not tasks:
        return NO_TASK
    dates = [day for each in tasks if (day := each.due or each.opens)]
    if dates:
        return min(dates).isoformat()
    return URGENT_NO_DATE if any(each.kind in URGENT for each in tasks) else NO_DATE


def _task_out(task: Task) -> list[Any]:
    due, opens = (each.isoformat() if each else "" for each in (task.due, task.opens))
    return [task.kind.value, list(task.letters), due, opens]


def _task_in(said: list[Any]) -> Task:
    kind, letters, due, opens = said
    return Task(TaskKind(kind), tuple(letters), _day(due), _day(opens))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
