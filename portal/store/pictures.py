"""What pictures of a caseload are counted from: a row for each case and each decision, kept as its plan is saved.

A row names nobody: it holds opaque ids, dates and the words of a closed list, and every picture is counted from one
index of them alone (docs/scale.md). Whose case it is and at which school follow from who has a part in the plan.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.domain.actor import WHOLE_CASELOAD, Role
from portal.domain.clocks.stage import Stage
from portal.domain.picture import (
    Decided,
    Made,
    Standing,
    Stands,
    Time,
    Waited,
    What,
    decisions_of,
    need_of,
    standing_of,
)
from portal.domain.plan import Plan
from portal.domain.turn import situation
from portal.store import plans
from portal.store.database import Database, Document, Session
from portal.store.plans import keyed

# Whose part says what of a case, and by which of its facts.
FROM_PARTS = {Role.SEN_CASEWORKER: ("worker", "person"), Role.SENCO: ("school", "agency")}
FROM_PARTS_NAMED = tuple(sorted(name for name, _ in FROM_PARTS.values()))


@dataclass(frozen=True)
class Wanted:
    """Of which cases a picture is: of one school (an agency), one caseworker (a person), one area of need, or all."""

    school: str = ""
    worker: str = ""
    need: str = ""

    @property
    def match(self) -> Document:
        return {name: value for name, value in vars(self).items() if value}


def begin(db: Database, plan: Plan, session: Session | None) -> None:
    """Count a new plan, in which nobody has a part yet."""
    write(db, plan, dict.fromkeys(FROM_PARTS_NAMED, ""), session)


def write(db: Database, plan: Plan, parts: Mapping[str, str], session: Session | None) -> None:
    """The rows of a plan that has none yet; `parts` says whose case it is and at which school."""
    standing = standing_of(plan)
    row = {**keyed(plan.id, ":case"), **_standing_out(standing), **parts}
    db["case_rows"].insert_one(row, session=session)
    _add(db, plan, decisions_of(plan), {**parts, "need": standing.need}, session)


def refresh(db: Database, before: Plan, after: Plan, session: Session) -> None:
    """Bring a plan's rows up to date; most saves leave nothing for them to say anew, and touch none of them."""
    if situation(before) == situation(after) and need_of(before) == need_of(after):
        return
    said, was = standing_of(after), standing_of(before)
    known, found = set(decisions_of(before)), set(decisions_of(after))
    if (said, known) == (was, found):
        return
    # The row is written whatever changed, so that of a save and a part given at once the second sees the first.
    place, change = keyed(after.id, ":case"), {"$set": _standing_out(said)}
    row = db["case_rows"].find_one_and_update(place, change, session=session)
    if row is None:  # older than the pictures: counted whole by `portal count-cases`
        return
    if said.need != was.need:
        db["decision_rows"].update_many(_decisions_of(after.id), {"$set": {"need": said.need}}, session=session)
    if gone := [f"{after.id}:{each.number}" for each in known - found]:
        db["decision_rows"].delete_many({"authority": after.authority, "_id": {"$in": gone}}, session=session)
    _add(db, after, found - known, {**{name: row[name] for name in FROM_PARTS_NAMED}, "need": said.need}, session)


def part_changed(db: Database, authority: str, scope: str, role: Role, at: datetime, session: Session) -> None:
    """Say anew whose case it is, or at which school, once a part of this role was given or ended in its plan."""
    if scope == WHOLE_CASELOAD or role not in FROM_PARTS:
        return
    name, _ = FROM_PARTS[role]
    change = {"$set": {name: _from_parts(db, authority, scope, at, session)[name]}}
    db["case_rows"].update_one(keyed(scope, ":case"), change, session=session)
    db["decision_rows"].update_many(_decisions_of(scope), change, session=session)


def count(db: Database, plan_id: str, at: datetime) -> None:
    """Count a plan anew from itself and from who has a part in it; NotFound where there is none."""

    def body(session: Session) -> None:
        plans.touch(db, plan_id, session)  # so that a save at the same moment is made after this
        plan = plans.load(db, plan_id, session)
        db["case_rows"].delete_one(keyed(plan_id, ":case"), session=session)
        db["decision_rows"].delete_many(_decisions_of(plan_id), session=session)
        write(db, plan, _from_parts(db, plan.authority, plan_id, at, session), session)

    db.transaction(body)


def plans_of(db: Database) -> Iterator[str]:
    """The ids of all plans that are kept, authority by authority."""
    for authority in db["plans"].distinct("authority"):
        there = {"authority": authority, "destroyed": {"$exists": False}}
        yield from (str(each["_id"]) for each in db["plans"].find(there, {"_id": 1}).sort("_id", 1))


def stands(db: Database, authority: str, wanted: Wanted, today: date) -> Counter[Stands]:
    """How many cases stand how on a day, counted from an index alone."""
    day = today.isoformat()
    waits = {"$cond": [{"$lte": ["$turns", day]}, Waited.COUNCIL.value, "$waits"]}
    key = {"stage": "$stage", "waits": waits, "late": {"$lt": ["$due", day]}}
    found = _counted(db, "case_rows", {"authority": authority, **wanted.match}, key)
    return Counter({Stands(Stage(each["stage"]), Waited(each["waits"]), each["late"]): n for each, n in found})


def made(db: Database, authority: str, wanted: Wanted, since: str, until: str) -> Counter[Made]:
    """How many decisions were made how, from one month to another ("2026-03"), counted from an index alone."""
    query: Document = {"authority": authority, "month": {"$gte": since, "$lte": until}, **wanted.match}
    found = _counted(db, "decision_rows", query, {name: f"${name}" for name in ("month", "what", "result", "time")})
    return Counter(
        {Made(each["month"], What(each["what"]), each["result"], Time(each["time"])): n for each, n in found}
    )


def schools(db: Database, authority: str) -> list[tuple[str, str]]:
    """(agency, name) of the schools that cases are at, by name."""
    return _named(db, "agencies", _among(db, authority, "school"))


def workers(db: Database, authority: str) -> list[tuple[str, str]]:
    """(person, name) of the caseworkers whose cases they are, by name."""
    return _named(db, "people", _among(db, authority, "worker"))


def _among(db: Database, authority: str, name: str) -> list[str]:
    return [str(key) for key, _ in _counted(db, "case_rows", {"authority": authority}, f"${name}") if key]


def _named(db: Database, collection: str, keys: list[str]) -> list[tuple[str, str]]:
    found = db[collection].find({"_id": {"$in": keys}}, {"name": 1}) if keys else ()
    return sorted(((str(each["_id"]), str(each["name"])) for each in found), key=lambda each: (each[1], each[0]))


def _counted(db: Database, collection: str, query: Document, key: object) -> list[tuple[Any, int]]:
    stages = [{"$match": query}, {"$group": {"_id": key, "count": {"$sum": 1}}}]
    return [(each["_id"], each["count"]) for each in db[collection].aggregate(stages)]


def _add(
    db: Database, plan: Plan, decided: Iterable[Decided], about: Mapping[str, str], session: Session | None
) -> None:
    rows = [{**keyed(plan.id, f":{each.number}"), **_decided_out(each), **about} for each in decided]
    if rows:
        db["decision_rows"].insert_many(rows, session=session)


def _from_parts(db: Database, authority: str, plan_id: str, at: datetime, session: Session) -> dict[str, str]:
    """Whose case it is and at which school, by the newest part; whoever stands in for a while takes none over."""
    found = list(db["grants"].find({"authority": authority, "scope": plan_id}, session=session))
    newest = sorted((each for each in found if _counts(each, at)), key=lambda each: (each["from"], each["_id"]))
    said = dict.fromkeys(FROM_PARTS_NAMED, "")
    for each in newest:
        name, fact = FROM_PARTS[Role(each["role"])]
        said[name] = str(each[fact])
    return said


def _counts(part: Document, at: datetime) -> bool:
    """Whether it is a live part of one's own; whoever is consulted or only advises has a `relation` that says so."""
    live = part["until"] is None or part["until"] > at
    return live and part["role"] in FROM_PARTS and not (part.get("covering") or part.get("relation"))


def _decisions_of(plan_id: str) -> Document:
    """The filter of a plan's decisions: their ids share a beginning, and ";" follows ":"."""
    return {"authority": keyed(plan_id)["authority"], "_id": {"$gt": f"{plan_id}:", "$lt": f"{plan_id};"}}


def _standing_out(standing: Standing) -> Document:
    return {name: str(value) for name, value in vars(standing).items()}


def _decided_out(decided: Decided) -> Document:
    return {name: str(value) for name, value in vars(decided).items() if name != "number"}
