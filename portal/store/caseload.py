"""Worklist rows: one small row for each reader of each plan, kept in the transaction that changes what it says."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pymongo import UpdateOne

from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.awaited import tasks_of, unheard, whole_situation
from portal.domain.error import NotFound
from portal.domain.identifier import authority_of
from portal.domain.permission import Permission, allows
from portal.domain.permission_law import may_lapse
from portal.domain.plan import Plan
from portal.domain.state import PlanState
from portal.domain.turn import Task, TaskKind, Waited
from portal.store import plans, reading_marks
from portal.store.caseload_row import SHARED_BY, all_tasks, roles_in, said_of, tasks_for, unpacked, waited_in
from portal.store.database import Database, Document, Session
from portal.store.plans import of_plan

PAGE, MOST = 50, 500
WOKEN_AT_ONCE = 1000  # what is left of a heap wakes a little later, and no job waits long for it
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
Question = list[Document]  # the stages that read rows of one authority


@dataclass(frozen=True)
class Asked:
    """How a page of a list was asked for, and for whom: `standing` names a person with what they hold."""

    standing: Hashable
    questions: list[Question]


@dataclass(frozen=True)
class Row:
    """A plan in somebody's list: who the child is and what the plan waits for from them."""

    plan: str
    name: str
    called: str
    state: PlanState
    tasks: tuple[Task, ...]
    place: Place = START
    waited: Waited | None = None  # for whom it waits, where it asks nothing of the reader


def reader_of(grant: Grant) -> str:
    """Whose list a grant fills: the person's own, or the list shared by a role over the whole caseload."""
    return reader_of_role(grant.role) if grant.scope == WHOLE_CASELOAD else grant.person


def reader_of_role(role: Role) -> str:
    return f"{SHARED_BY}{role.value}"


def begin(db: Database, plan: Plan, session: Session) -> None:
    """Put a new plan on the lists that roles over the whole caseload share."""
    for role in SHARED:
        add_reader(db, plan, reader_of_role(role), role, session)


def add_reader(db: Database, plan: Plan, reader: str, role: Role, session: Session) -> None:
    """Put the plan on a reader's list, or widen the roles by which it stands there."""
    place = {"authority": plan.authority, "_id": f"{plan.id}:{reader}"}
    found = db["caseload"].find_one(place, session=session)
    roles = sorted({role.value, *(roles_in(found) if found else ())})
    child = db.seal({"name": plan.child.name, "called": plan.child.called})
    row = {"plan": plan.id, "reader": reader, "child": child, **said_of(plan, reader, roles, date.min)}
    db["caseload"].update_one(place, {"$set": row}, upsert=True, session=session)


def refresh(db: Database, before: Plan, after: Plan, today: date, session: Session) -> None:
    """Bring every row of the plan up to date; most saves leave nothing for them to say anew, and read none of them."""
    if whole_situation(before) == whole_situation(after):
        return
    changes = []
    for row in db["caseload"].find(of_plan(after.id), session=session):
        said = said_of(after, row["reader"], roles_in(row), today)
        if any(row.get(key) != value for key, value in said.items()):
            changes.append(UpdateOne({"authority": after.authority, "_id": row["_id"]}, {"$set": said}))
    if changes:
        db["caseload"].bulk_write(changes, session=session)


def rows_for(db: Database, actor: Actor, limit: int = MOST, after: Place = START) -> list[Row]:
    """A page of the actor's list, what has the nearest date first; only what live grants cover.

    `after` is the place of the row before the first one wanted.
    """
    found = documents_for(db, questions(actor, limit, after), limit)
    return [row_of(db, actor, each) for each in found if is_open(db, actor, each)]


def documents_for(db: Database, asked: list[Question], limit: int) -> list[Document]:
    """The rows of a page as they are kept, for whoever remembers what was made of the same rows before."""
    return _page([row for each in asked for row in db["caseload"].aggregate(each)], limit)


def stages(asked: list[Question]) -> list[Document]:
    """The stages by which a question about a session brings the rows with it, as `rows`."""
    joins = ({"from": "caseload", "pipeline": each, "as": f"rows.{at}"} for at, each in enumerate(asked))
    return [{"$lookup": each} for each in joins]


def brought(rows: Mapping[str, list[Document]], limit: int) -> list[Document]:
    """The rows that came with a session, as `documents_for` finds them."""
    return _page([row for each in rows.values() for row in each], limit)


def _page(rows: list[Document], limit: int) -> list[Document]:
    return sorted(rows, key=lambda row: (row["due"], row["plan"]))[:limit]


def speaks_for_itself(actor: Actor, document: Document) -> bool:
    """Whether a row was written for the roles that are live now, so that what it says need not be asked of the plan.

    What waits for a parent hangs on the child's age and on what is recorded too, and is always asked.
    """
    written_for: list[str] = unpacked(document["said"])["roles"]
    plan, authority = document["plan"], authority_of(document["plan"])
    if written_for != sorted(actor.roles_on(plan, authority)):
        return False
    return not any(may_lapse(each) for each in actor.grants_on(plan, authority))


def may_be_remembered(actor: Actor, document: Document) -> bool:
    """Whether a row says the same for as long as it is the same."""
    return speaks_for_itself(actor, document) and not _hangs_on_marks(tasks_for(actor, document))


def is_open(db: Database, actor: Actor, document: Document) -> bool:
    """Whether the law leaves the reader a way into the plan: only where it may not must the plan be asked."""
    plan, authority = document["plan"], authority_of(document["plan"])
    if not all(may_lapse(each) for each in actor.grants_on(plan, authority)):
        return True
    return allows(actor, Permission.PLAN_VIEW, plans.load(db, plan))


def questions(actor: Actor, limit: int, after: Place) -> list[Question]:
    """What asks for a page of the actor's list: one question, or two beyond a place, to each of their authorities."""
    return [each for authority in actor.authorities for each in _questions(actor, authority, limit, after)]


def _questions(actor: Actor, authority: str, limit: int, after: Place) -> Iterator[Question]:
    """Rows of one authority, read from an index alone: the list a role shares holds every plan, one's own some."""
    grants = [each for each in actor.grants if each.authority == authority]
    whole = {each.role for each in grants if each.scope == WHOLE_CASELOAD}
    shared = next((reader_of_role(each) for each in SHARED if each in whole), "")
    query: Document = {"authority": authority, "reader": shared or actor.person}
    if not shared:
        query["plan"] = {"$in": sorted({each.scope for each in grants})}
    shown = {"due": 1, "plan": 1, "said": 1, "child": 1}
    for beyond in _beyond(after):
        yield [{"$match": {**query, **beyond}}, {"$sort": {"due": 1, "_id": 1}}, {"$limit": limit}, {"$project": shown}]


def _beyond(after: Place) -> tuple[Document, ...]:
    """The rows after a place: first those of its date, then later ones. One question with an "or" would fetch each."""
    if after == START:
        return ({},)
    return {"due": after.due, "_id": {"$gt": f"{after.plan};"}}, {"due": {"$gt": after.due}}


def row_of(db: Database, actor: Actor, document: Document) -> Row:
    """One plan's row. Where the roles it was written for are not the live ones, the plan itself is asked."""
    if speaks_for_itself(actor, document):
        tasks = tasks_for(actor, document)
    else:
        tasks = tasks_of(plans.load(db, document["plan"]), actor)
    if _hangs_on_marks(tasks):
        tasks = unheard(tasks, reading_marks.of_person(db, document["plan"], actor.person))
    child = db.unseal(document["child"])
    names = (child["name"], child["called"], PlanState(unpacked(document["said"])["state"]))
    return Row(document["plan"], *names, tasks, place_of(document), waited_in(document))


def _hangs_on_marks(tasks: tuple[Task, ...]) -> bool:
    """Whether some of these are over as soon as their person has read what came."""
    return any(each.kind is TaskKind.HEAR for each in tasks)


def place_of(document: Document) -> Place:
    return Place(document["due"], document["plan"])


def overdue(db: Database, today: date) -> dict[str, int]:
    """How many plans of each authority have a date that has passed: a national report, across authorities."""
    match = {"reader": reader_of_role(Role.SEN_MANAGER), "due": {"$lt": today.isoformat()}}
    group = {"_id": "$authority", "plans": {"$sum": 1}}
    found = db["caseload"].aggregate([{"$match": match}, {"$group": group}])
    return {each["_id"]: each["plans"] for each in sorted(found, key=lambda each: str(each["_id"]))}


def wake(db: Database, authority: str, today: date) -> set[str]:
    """Write the rows anew for which something is somebody's turn from today on; answers their plans.

    So are rows of before that say of no day. One that a save wrote meanwhile is left as it is.
    """
    woken = set()
    for due in ({"$gt": "", "$lte": today.isoformat()}, None):
        for row in db["caseload"].find({"authority": authority, "wakes": due}).limit(WOKEN_AT_ONCE):
            if _is_woken(db, row, today) and due:
                woken.add(row["plan"])
    return woken


def _is_woken(db: Database, row: Document, today: date) -> bool:
    try:
        plan = plans.load(db, row["plan"])
    except NotFound:  # destroyed a moment ago, and its rows with it
        return False
    guard = {"authority": plan.authority, "_id": row["_id"], "said": row["said"]}
    said = said_of(plan, row["reader"], roles_in(row), today)
    return bool(db["caseload"].update_one(guard, {"$set": said}).modified_count)


def known(db: Database, authority: str, plan_ids: Sequence[str]) -> set[str]:
    """Those of these plans that an authority's SEN managers have on their list."""
    asked = {
        "authority": authority,
        "_id": {"$in": [f"{each}:{reader_of_role(Role.SEN_MANAGER)}" for each in plan_ids]},
    }
    return {str(row["plan"]) for row in db["caseload"].find(asked, {"plan": 1})}


def dated(db: Database, authority: str, upto: date) -> Iterator[tuple[str, tuple[Task, ...]]]:
    """The plans of an authority that wait for somebody by a day up to this one, with what each reader's row asks."""
    asked = {"authority": authority, "due": {"$lte": upto.isoformat()}}
    for row in db["caseload"].find(asked, {"plan": 1, "said": 1}):
        yield row["plan"], all_tasks(row)
