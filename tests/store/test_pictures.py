"""What pictures are counted from: kept as plans are saved and parts are given, and read from an index alone."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.actor import Grant, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.clocks.stage import Stage
from portal.domain.event import EventKind
from portal.domain.hashing import Value
from portal.domain.picture import NEVER, Made, Stands, Time, Waited, What
from portal.operations import case, people
from portal.operations.case import Told
from portal.store import parts, pictures
from portal.store import people as people_store
from portal.store.database import Database, Document
from portal.store.pictures import Wanted
from portal.store.plans import keyed
from tests.at_once import at_once
from tests.world import World, build_world, now

TODAY = date(2026, 6, 30)
ALL = Wanted()


@pytest.fixture
def world(app: Flask, db: Database, settings: Settings) -> World:
    """A plan in which everybody was given their part as people are."""
    return build_world(app, db, settings, one_by_one=True)


def told(world: World, kind: EventKind, on: str, **facts: Value) -> None:
    at = now()
    case.record(world.db, world.actor("caseworker"), world.plan_id, Told(kind, date.fromisoformat(on), facts), at)


def row(world: World) -> Document:
    found = world.db["case_rows"].find_one(keyed(world.plan_id, ":case"))
    assert found is not None
    return found


def decisions(world: World) -> list[Document]:
    place = {"authority": "nmr", "_id": {"$gt": f"{world.plan_id}:", "$lt": f"{world.plan_id};"}}
    return list(world.db["decision_rows"].find(place).sort("_id", 1))


def part(world: World, key: str, role: Role, agency: str, **said: Any) -> None:
    since = datetime.now(UTC)
    people.give(world.db, Grant(world.people[key], key, agency, agency, role, "nmr", world.plan_id, since, **said))


def test_a_new_plan_is_counted_as_one_that_waits_for_nobody(world: World) -> None:
    said = row(world)
    assert (said["stage"], said["waits"], said["due"], said["need"]) == ("not_begun", "nobody", NEVER, "")
    assert decisions(world) == []


def test_what_happens_in_a_case_moves_its_row_in_the_same_save(world: World) -> None:
    told(world, EventKind.REQUEST_RECEIVED, "2026-03-02")
    assert (row(world)["stage"], row(world)["waits"], row(world)["due"]) == ("requested", "council", "2026-04-13")
    told(world, EventKind.ASSESSMENT_AGREED, "2026-04-20")
    told(world, EventKind.ADVICE_REQUESTED, "2026-04-20", advice="c")
    assert (row(world)["stage"], row(world)["waits"]) == ("assessing", "health")
    (decided,) = decisions(world)
    assert (decided["month"], decided["what"], decided["result"], decided["time"]) == (
        "2026-04",
        "assess",
        "agreed",
        "late",
    )


def test_a_decision_that_was_put_on_record_by_mistake_is_not_counted_any_more(world: World) -> None:
    told(world, EventKind.REQUEST_RECEIVED, "2026-03-02")
    told(world, EventKind.ASSESSMENT_REFUSED, "2026-03-10")
    (mistaken,) = decisions(world)
    number = int(mistaken["_id"].rpartition(":")[2])
    case.correct(world.db, world.actor("manager"), world.plan_id, number, "Another child’s.", now())
    assert decisions(world) == []
    assert row(world)["stage"] == "requested"


def test_the_first_need_of_section_b_says_of_which_need_a_case_and_its_decisions_are(world: World) -> None:
    told(world, EventKind.REQUEST_RECEIVED, "2026-03-02")
    told(world, EventKind.ASSESSMENT_AGREED, "2026-03-20")
    world.add("caseworker", "B", "needs", area="semh", need="Being calm", effect="She runs off.")
    world.add("caseworker", "B", "needs", area="cognition", need="Reading", effect="Slowly.")
    assert row(world)["need"] == "semh"
    assert [each["need"] for each in decisions(world)] == ["semh"]


def leave(world: World, key: str) -> None:
    def end(session: Any) -> None:
        parts.leave(world.db, "nmr", "northmere-council", world.people[key], datetime.now(UTC), session)

    world.db.transaction(end)


def test_a_case_is_of_its_newest_caseworker_and_school_until_their_part_ends(world: World) -> None:
    told(world, EventKind.REQUEST_RECEIVED, "2026-03-02")
    told(world, EventKind.ASSESSMENT_AGREED, "2026-03-20")
    chris = world.people["caseworker"]
    assert row(world)["worker"] in (chris, world.people["other_caseworker"])  # both began at one moment
    leave(world, "other_caseworker")
    assert (row(world)["worker"], row(world)["school"]) == (chris, "elm-road-primary")
    assert decisions(world)[0]["worker"] == chris
    part(world, "manager", Role.SEN_CASEWORKER, "northmere-council", covering="Chris Doyle")
    assert row(world)["worker"] == chris
    part(world, "stranger", Role.SENCO, "hartwell-academy", relation="consulted")
    assert row(world)["school"] == "elm-road-primary"
    part(world, "stranger", Role.SENCO, "fell-view")
    assert row(world)["school"] == "fell-view" == decisions(world)[0]["school"]
    leave(world, "caseworker")
    assert row(world)["worker"] == "" == decisions(world)[0]["worker"]


def test_counting_a_plan_anew_says_what_its_saves_had_said(world: World) -> None:
    told(world, EventKind.REQUEST_RECEIVED, "2026-03-02")
    told(world, EventKind.ASSESSMENT_AGREED, "2026-03-20")
    world.add("caseworker", "B", "needs", area="semh", need="Being calm", effect="She runs off.")
    said, decided = row(world), decisions(world)
    world.db["decision_rows"].delete_many({"authority": "nmr"})
    world.db["case_rows"].delete_one(keyed(world.plan_id, ":case"))
    pictures.count(world.db, world.plan_id, datetime.now(UTC))
    assert (row(world), decisions(world)) == (said, decided)


def test_a_decision_and_a_part_given_at_the_same_moment_know_of_each_other(world: World) -> None:
    told(world, EventKind.REQUEST_RECEIVED, "2026-03-02")
    assert not at_once(
        lambda: told(world, EventKind.ASSESSMENT_AGREED, "2026-03-20"),
        lambda: part(world, "manager", Role.SEN_CASEWORKER, "northmere-council"),
        lambda: part(world, "stranger", Role.SENCO, "fell-view"),
    )
    (decided,) = decisions(world)
    for said in (row(world), decided):
        assert (said["worker"], said["school"]) == (world.people["manager"], "fell-view")
    assert row(world)["stage"] == "assessing"


def _rows(db: Database, count: int) -> None:
    """Cases and decisions of an authority of their own."""
    stages = [each.value for each in Stage]
    about = [{"school": f"school-{at % 4}", "worker": f"worker-{at % 6}", "need": "semh"} for at in range(count)]
    decided = {"authority": "pic", "what": "plan", "result": "issued", "time": "late"}
    cases = [
        {
            "_id": f"pic-{at:016d}:case",
            "authority": "pic",
            "stage": stages[at % len(stages)],
            "waits": "family",
            "turns": (TODAY + timedelta(days=at % 3 - 1)).isoformat(),
            "due": (TODAY + timedelta(days=at % 2 - 1)).isoformat(),
            **about[at],
        }
        for at in range(count)
    ]
    months = [f"2026-0{at % 6 + 1}" for at in range(count)]
    made = [{"_id": f"pic-{at:016d}:2", **decided, "month": months[at], **about[at]} for at in range(count)]
    db["case_rows"].insert_many(cases)
    db["decision_rows"].insert_many(made)


def test_pictures_are_counted_of_those_that_are_wanted(db: Database) -> None:
    _rows(db, 120)
    found = pictures.stands(db, "pic", ALL, TODAY)
    assert sum(found.values()) == 120
    assert Counter({each.waits: 0 for each in found}) == Counter({Waited.COUNCIL: 0, Waited.FAMILY: 0})
    assert sum(n for each, n in found.items() if each.waits is Waited.COUNCIL) == 80
    assert sum(n for each, n in found.items() if each.late) == 60
    some = pictures.stands(db, "pic", Wanted(school="school-1", worker="worker-1"), TODAY)
    assert sum(some.values()) == 10
    assert pictures.made(db, "pic", ALL, "2026-05", "2026-06") == Counter(
        {Made(month, What.PLAN, "issued", Time.LATE): 20 for month in ("2026-05", "2026-06")}
    )
    pictured = Agency("school-2", "Fell View", AgencyKind.EDUCATION, "pic")
    people_store.keep_agency(db, pictured)
    assert pictures.schools(db, "pic") == [("school-2", "Fell View")]
    assert Stands(Stage.REQUESTED, Waited.FAMILY, True) not in pictures.stands(db, "sfl", ALL, TODAY)


def test_every_picture_is_counted_from_an_index_alone(mongod: EmbeddedMongod, db: Database) -> None:
    """However many cases there are elsewhere, and whatever is asked of them, no row itself is fetched."""
    _ask(db)
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        there = client[db.name]
        there.command("profile", 2)
        _ask(db)
        there.command("profile", 0)
        seen = list(there["system.profile"].find({"ns": {"$in": [f"{db.name}.case_rows", f"{db.name}.decision_rows"]}}))
    assert len(seen) == 4
    assert {each["docsExamined"] for each in seen} == {0}
    assert {each["planSummary"].split()[0] for each in seen} <= {"IXSCAN", "DISTINCT_SCAN"}
    assert all(each["keysExamined"] <= 121 for each in seen)


def _ask(db: Database) -> None:
    wanted = Wanted("school-1", "worker-1", "semh")
    assert pictures.stands(db, "pic", wanted, TODAY)
    assert pictures.made(db, "pic", wanted, "2026-01", "2026-06")
    pictures.schools(db, "pic")
    pictures.workers(db, "pic")
