"""Keeping a plan and letting it go: what is due, who confirms, and a hold that is never overrun."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.content import Mark
from portal.domain.error import NotAllowed, NotFound, NotReady
from portal.domain.identifier import new_request_id
from portal.domain.moment import Moment
from portal.domain.plan import Child
from portal.operations import plans, retention
from portal.operations.retention import Due
from portal.store import chain
from portal.store.database import Database
from portal.store.requests import Request
from tests.at_once import at_once
from tests.conftest import app, db, settings, uri_of
from tests.fresh import fresh
from tests.world import MASTER_KEY, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

DUE = Moment(datetime(2048, 3, 14, 9, tzinfo=UTC), now().wall)
KEPT = Moment(datetime(2048, 3, 13, 9, tzinfo=UTC), now().wall)


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    return fresh(cast, "parent", "caseworker")


@pytest.fixture(scope="module")
def eraser(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database]:
    made = Database(uri_of(mongod, settings.database, "retention"), settings.database, MASTER_KEY)
    yield made
    made.close()


def confirm(world: World, *keys: str) -> None:
    for key in keys:
        retention.confirm(world.db, world.actor(key), world.plan_id, DUE)


def listed(world: World, on: date) -> Due | None:
    return next((each for each in retention.due(world.db, on) if each.plan == world.plan_id), None)


def kinds(world: World) -> list[str]:
    return [each.kind for each in chain.entries(world.db, world.plan_id)[::-1]]


def is_there(world: World) -> bool:
    try:
        world.plan()
    except NotFound:
        return False
    return True


def test_a_plan_is_listed_from_its_day_with_its_policy_and_what_it_waits_for(world: World) -> None:
    assert listed(world, KEPT.today) is None
    found = listed(world, DUE.today)
    assert found is not None
    assert (found.since, found.policy.years, found.held, found.confirmed) == (date(2048, 3, 14), 31, False, 0)
    confirm(world, "manager")
    assert listed(world, date(2050, 1, 1)) == replace(found, confirmed=1)
    retention.hold(world.db, world.actor("auditor"), world.plan_id, "A claim is open.", DUE)
    assert listed(world, DUE.today) == replace(found, held=True)


def test_a_plan_of_a_looked_after_child_is_listed_44_years_later(world: World) -> None:
    child = replace(world.plan().child, looked_after=True)
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product)
    kept = replace(world, plan_id=plans.start(world.db, "nmr", "Northmere Council", child, by, "SEN team").id)
    assert kept.plan().child.looked_after
    assert listed(kept, date(2092, 3, 13)) is None
    found = listed(kept, date(2092, 3, 14))
    assert found is not None
    assert found.policy.years == 75


def test_a_child_that_was_kept_before_anybody_asked_is_read_as_not_looked_after(world: World) -> None:
    facts = {"name": "Sam Adeyemi", "called": "Sam", "subject": "he", "born": "2009-05-01", "nhs_number": "", "upn": ""}
    sealed = world.db.seal({**facts, "address": "", "hidden_address": False, "school": ""})
    place = {"authority": "nmr", "_id": world.plan_id}
    world.db["plans"].update_one(place, {"$set": {"child": sealed}, "$unset": {"keeping": ""}})
    assert world.plan().child == Child("Sam Adeyemi", "Sam", "he", date(2009, 5, 1))
    assert listed(world, date(2040, 5, 1)) is not None


def test_two_people_confirm_and_the_plan_is_gone(world: World, eraser: Database) -> None:
    confirm(world, "manager")
    assert list(retention.destroy(world.db, eraser, DUE)) == []
    with pytest.raises(NotReady):
        confirm(world, "manager")
    confirm(world, "auditor")
    assert kinds(world)[1:] == ["destruction_confirmed", "destruction_ordered"]
    assert list(retention.destroy(world.db, eraser, DUE)) == [world.plan_id]
    assert not is_there(world)
    assert listed(world, DUE.today) is None
    assert kinds(world)[1:] == ["destruction_confirmed", "destruction_ordered"]


def test_one_form_sent_twice_is_one_confirmation(world: World) -> None:
    actor = world.actor("manager")
    request = Request(new_request_id(), "digest", actor.person, now().wall)
    for _ in range(2):
        retention.confirm(world.db, actor, world.plan_id, DUE, request)
    assert len(world.plan().keeping.confirmed) == 1


def test_a_hold_between_the_two_confirmations_stops_it(world: World, eraser: Database) -> None:
    confirm(world, "manager")
    retention.hold(world.db, world.actor("auditor"), world.plan_id, "A claim is open.", DUE)
    with pytest.raises(NotReady):
        confirm(world, "other_manager")
    retention.release(world.db, world.actor("auditor"), world.plan_id, "Settled.", DUE)
    confirm(world, "other_manager")
    assert list(retention.destroy(world.db, eraser, DUE)) == []
    assert is_there(world)
    assert kinds(world)[1:] == ["destruction_confirmed", "hold_placed", "hold_released", "destruction_confirmed"]


def test_a_hold_after_both_confirmations_stops_it_also_once_released(world: World, eraser: Database) -> None:
    confirm(world, "manager", "auditor")
    retention.hold(world.db, world.actor("other_manager"), world.plan_id, "A claim is open.", DUE)
    assert list(retention.destroy(world.db, eraser, DUE)) == []
    retention.release(world.db, world.actor("other_manager"), world.plan_id, "Settled.", DUE)
    assert list(retention.destroy(world.db, eraser, DUE)) == []
    assert is_there(world)


def test_a_plan_that_is_not_due_is_not_confirmed_nor_destroyed(world: World, eraser: Database) -> None:
    with pytest.raises(NotReady):
        retention.confirm(world.db, world.actor("manager"), world.plan_id, KEPT)
    confirm(world, "manager", "auditor")
    assert list(retention.destroy(world.db, eraser, KEPT)) == []
    assert list(retention.destroy(world.db, eraser, DUE)) == [world.plan_id]


def test_a_stranger_is_told_that_there_is_nothing_and_a_reader_that_it_is_not_theirs(world: World) -> None:
    for key, refusal in (("stranger", NotFound), ("parent", NotAllowed), ("caseworker", NotAllowed)):
        actor = world.actor(key)
        with pytest.raises(refusal):
            retention.confirm(world.db, actor, world.plan_id, DUE)
        for act in (retention.hold, retention.release):
            with pytest.raises(refusal):
                act(world.db, actor, world.plan_id, "Why.", DUE)


def test_the_reason_of_a_hold_stands_beside_the_chain(world: World) -> None:
    retention.hold(world.db, world.actor("manager"), world.plan_id, "A claim is open.", now())
    newest = chain.entries(world.db, world.plan_id)[0]
    assert (newest.kind, newest.words) == ("hold_placed", "A claim is open.")
    assert "claim" not in str(newest.facts)


# At once


def test_two_who_confirm_at_once_are_first_and_second(world: World) -> None:
    raised = at_once(lambda: confirm(world, "manager"), lambda: confirm(world, "auditor"))
    assert raised == []
    assert kinds(world)[1:] == ["destruction_confirmed", "destruction_ordered"]


def test_one_person_who_confirms_twice_at_once_is_one(world: World) -> None:
    (refused,) = at_once(lambda: confirm(world, "manager"), lambda: confirm(world, "manager"))
    assert isinstance(refused, NotReady)
    assert len(world.plan().keeping.confirmed) == 1


def test_a_hold_placed_while_plans_are_destroyed_either_stands_or_is_refused(cast: World, eraser: Database) -> None:
    for _ in range(8):
        world = fresh(cast)
        confirm(world, "manager", "auditor")
        manager = world.actor("other_manager")
        raised = at_once(
            lambda world=world, manager=manager: retention.hold(  # type: ignore[misc]  # bound to this round
                world.db, manager, world.plan_id, "A claim came in.", DUE
            ),
            lambda world=world: list(retention.destroy(world.db, eraser, DUE)),  # type: ignore[misc]
        )
        if is_there(world):
            assert raised == []
            assert world.plan().keeping.hold is not None
            assert kinds(world)[-1] == "hold_placed"
        else:
            assert [type(each) for each in raised] == [NotFound]
            assert kinds(world)[-1] == "destruction_ordered"


def test_two_runs_at_once_destroy_a_plan_once(world: World, eraser: Database) -> None:
    confirm(world, "manager", "auditor")
    raised = at_once(*[lambda: list(retention.destroy(world.db, eraser, DUE))] * 2)
    assert raised == []
    assert not is_there(world)
    assert list(retention.destroy(world.db, eraser, DUE)) == []
