"""A plan that a process remembers is never older than the database, and a glance holds exactly its reader's own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.content import Mark
from portal.domain.error import NotFound
from portal.domain.hashing import Value
from portal.domain.moment import Moment
from portal.domain.reading_mark import ReadingMark
from portal.domain.state import VersionKind
from portal.memory import Memory
from portal.operations import people, plans, retention, sections, sign_off
from portal.operations.sections import Submission
from portal.store import drafts, reading_marks
from portal.store import people as people_store
from portal.store import plans as store
from portal.store.database import Database
from portal.store.drafts import Draft
from portal.store.glance import DRAFTS, WHOLE, glance
from tests.conftest import uri_of
from tests.fresh import fresh
from tests.world import MASTER_KEY, World, build_world, now


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    return fresh(cast, "parent", "other_parent", "senco", "therapist", "dco", "social_worker", "caseworker")


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[Database]:
    """The database as another process of the portal has it, with a memory of its own."""
    other = Database(settings.mongodb_uri, settings.database, settings.master_key)
    yield other
    other.close()


def says(world: World, db: Database, words: str) -> None:
    submission = Submission("A", "people", "people", {"words": words}, world.plan().sections["A"].revision)
    sections.edit(db, world.actor("parent"), world.plan_id, submission, now())


def test_a_save_by_another_process_is_seen_at_once_by_whoever_remembers_the_plan(
    world: World, elsewhere: Database
) -> None:
    for number in range(4):
        store.load(elsewhere, world.plan_id)
        store.load(world.db, world.plan_id)
        says(world, elsewhere if number % 2 else world.db, f"Words {number}")
        for db in (elsewhere, world.db):
            for found in (store.load(db, world.plan_id), glance(db, world.plan_id, "anybody").plan):
                item = found.sections["A"].content.item("people")
                assert item is not None
                assert item.text("words") == f"Words {number}"


def test_a_plan_that_has_not_changed_is_not_read_again(world: World) -> None:
    says(world, world.db, "My brother")
    assert store.load(world.db, world.plan_id) is store.load(world.db, world.plan_id)
    assert glance(world.db, world.plan_id, "anybody").plan is store.load(world.db, world.plan_id)


def test_what_is_remembered_after_each_act_is_what_the_database_holds(world: World, elsewhere: Database) -> None:
    def must_be_the_same() -> None:
        elsewhere.plans = Memory(9)
        assert store.load(world.db, world.plan_id) == store.load(elsewhere, world.plan_id)

    ids = world.write_a_little()
    must_be_the_same()
    amount: Value = {"minutes": 45, "how_often": "weekly"}
    world.edit("caseworker", "F", "provision", {"amount": amount}, ids["provision"])
    must_be_the_same()
    sign_off.hand_over(world.db, world.actor("caseworker"), world.plan_id, "B", now())
    must_be_the_same()
    sign_off.send_back(world.db, world.actor("manager"), world.plan_id, "B", "Say more.", now())
    must_be_the_same()
    world.sign("manager", "B")
    sign_off.withdraw(world.db, world.actor("manager"), world.plan_id, "B", "Not yet.", now())
    must_be_the_same()
    world.sign_all()
    must_be_the_same()
    world.issue("manager", VersionKind.DRAFT)
    must_be_the_same()
    plans.answer(world.db, world.actor("parent"), world.plan_id, "We agree.", now())
    must_be_the_same()
    plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, now())
    retention.hold(world.db, world.actor("manager"), world.plan_id, "A claim is open.", now())
    must_be_the_same()


def test_a_save_that_fails_leaves_nothing_of_itself_in_memory(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    says(world, world.db, "My brother")
    before = world.plan()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("portal.store.outbox.add", fail)
    with pytest.raises(RuntimeError):
        says(world, world.db, "Never saved")
    assert world.plan() == before


def test_a_plan_in_a_transaction_is_read_from_the_database_itself(world: World) -> None:
    known = world.plan()
    found = world.db.transaction(lambda session: store.load(world.db, world.plan_id, session))
    assert found == known
    assert found is not known


def test_a_plan_that_was_destroyed_is_no_longer_there_although_it_is_remembered(
    cast: World, settings: Settings, mongod: EmbeddedMongod
) -> None:
    old = replace(cast.plan().child, born=cast.plan().child.born.replace(year=now().today.year - 40))
    by = Mark(cast.people["manager"], "Maria Silva", "northmere-council", now().product)
    world = replace(cast, plan_id=plans.start(cast.db, "nmr", "Northmere Council", old, by, "SEN team").id)
    for key in ("manager", "auditor"):
        retention.confirm(world.db, world.actor(key), world.plan_id, now())
    assert world.db.plans.recall(world.plan_id) is not None
    eraser = Database(uri_of(mongod, settings.database, "retention"), settings.database, MASTER_KEY)
    assert world.plan_id in list(retention.destroy(world.db, eraser, now()))
    eraser.close()
    for look in (lambda: store.load(world.db, world.plan_id), lambda: glance(world.db, world.plan_id, "anybody")):
        with pytest.raises(NotFound):
            look()
    assert world.db.plans.recall(world.plan_id) is None


@pytest.mark.parametrize("plan_id", ["", "nmr-", "nmr-0000000000000000", "$ne", "nmr-ilou000000000000"])
def test_a_glance_at_a_plan_that_is_none_finds_none(world: World, plan_id: str) -> None:
    with pytest.raises(NotFound):
        glance(world.db, plan_id, world.people["parent"], WHOLE)


# What is the reader's own


def draft(world: World, item: str, words: str, at: datetime) -> Draft:
    return Draft(world.plan_id, "A", "people", item, {"words": [words]}, 0, at)


def test_a_glance_holds_the_unsent_words_of_its_reader_in_this_plan_and_nobody_elses(world: World, cast: World) -> None:
    at, parent, other = now().wall, world.people["parent"], world.people["other_parent"]
    mine, theirs = draft(world, "people", "Mine", at), draft(world, "people", "Theirs", at)
    drafts.keep(world.db, parent, mine)
    drafts.keep(world.db, other, theirs)
    drafts.keep(world.db, parent, draft(cast, "people", "Of another child", at))
    assert glance(world.db, world.plan_id, parent, DRAFTS).drafts == (mine,)
    assert glance(world.db, world.plan_id, other, DRAFTS).drafts == (theirs,)
    assert glance(world.db, world.plan_id, world.people["senco"], DRAFTS).drafts == ()
    drafts.drop(world.db, parent, world.plan_id, "A", "people", "people")
    assert glance(world.db, world.plan_id, parent, DRAFTS).drafts == ()


def test_a_glance_holds_the_reading_marks_of_its_reader_in_this_plan_and_nobody_elses(
    world: World, cast: World
) -> None:
    at, parent = now().product, world.people["parent"]
    mark, other = ReadingMark(3, at, 1, at - timedelta(days=1)), ReadingMark(9, at, 9, at)
    assert glance(world.db, world.plan_id, parent, WHOLE).marks is None
    reading_marks.advance(world.db, world.plan_id, world.people["other_parent"], {"A": other})
    reading_marks.advance(world.db, cast.plan_id, parent, {"A": other})
    assert glance(world.db, world.plan_id, parent, WHOLE).marks is None
    reading_marks.advance(world.db, world.plan_id, parent, {"A": mark})
    assert glance(world.db, world.plan_id, parent, WHOLE).marks == {"A": mark}


def test_a_glance_holds_everybody_who_was_given_a_part_in_this_plan_and_nobody_of_another(world: World) -> None:
    def people_here() -> set[tuple[str, str]]:
        found = glance(world.db, world.plan_id, world.people["parent"], WHOLE).parts
        assert [each.since for each in found] == sorted(each.since for each in found)
        live = [each for each in found if each.live_at(now().wall)]
        asked = people_store.grants_on(world.db, world.plan_id, now().wall)
        assert sorted(live, key=repr) == sorted(asked, key=repr)
        return {(each.person, each.role.value) for each in live}

    first = people_here()
    given = replace(world.actor("parent").grants[0], person=world.people["advocate"], scope=world.plan_id)
    people.give(world.db, given)
    assert people_here() == first | {(world.people["advocate"], "parent")}
    place = {"authority": "nmr", "person": world.people["advocate"], "scope": world.plan_id}
    world.end_grants(place)
    assert people_here() == first


def test_a_grant_that_runs_out_is_in_a_glance_with_the_moment_when_it_ends(world: World) -> None:
    ends = Moment(now().product, now().wall + timedelta(minutes=5))
    place = {"authority": "nmr", "person": world.people["therapist"], "scope": world.plan_id}
    world.end_grants(place, ends.wall)
    parts = glance(world.db, world.plan_id, world.people["parent"], WHOLE).parts
    (found,) = (each for each in parts if each.person == world.people["therapist"])
    assert found.live_at(ends.wall - timedelta(seconds=1))
    assert not found.live_at(ends.wall)
