"""Reminders of legal dates: set by an SEN manager, made once a day, told to those on their rung."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.contact import Contact
from portal.domain.event import EventKind
from portal.domain.moment import Moment
from portal.domain.notice import NoticeKind
from portal.domain.reminders import AS_IT_COMES, Rung, Whom
from portal.operations import case, notices, reminders
from portal.operations.waking import wake
from portal.store import contacts
from portal.store import notices as kept
from portal.store import reminders as store
from tests.at_once import at_once
from tests.blueprints.page import Page
from tests.conftest import app, db, settings
from tests.world import World, now

__all__ = ["app", "db", "settings"]  # a portal of its own: a ladder is a whole council's
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def climbs(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Collection[dict[str, Any]]]:
    """No ladder is set, and no day was climbed: as the database's owner, since the portal may only add."""
    with MongoClient[dict[str, Any]](mongod.uri("root")) as owner:
        for each in ("ladders", "climbs", "caseload"):
            owner[settings.database][each].delete_many({})
        yield owner[settings.database]["climbs"]


def form(version: int, *rungs: tuple[str, str, str]) -> dict[str, str]:
    rows = {f"{name}_{at}": said for at, row in enumerate(rungs) for name, said in zip(NAMES, row, strict=True)}
    return {"council": "nmr", "version": str(version), **rows}


NAMES = ("days", "when", "whom")
TWO = (("3", "after", "manager"), ("10", "before", "waited_for"))


def requested(world: World) -> date:
    """The request counts as received today; answers the day by which the council must decide."""
    told = case.Told(EventKind.REQUEST_RECEIVED, now().today, {})
    case.record(world.db, world.actor("caseworker"), world.plan_id, told, now())
    while notices.spread(world.db, "nmr", now()):
        pass
    return now().today + timedelta(weeks=6)


def on(day: date) -> Moment:
    real = now()
    return Moment(real.product + (day - real.today), real.wall)


def told(world: World, moment: Moment) -> dict[str, NoticeKind]:
    """Who is told, and what, of the reminders that a day brings."""
    for key in ("parent", "caseworker", "manager"):
        contacts.keep(world.db, world.people[key], Contact(f"{key}@example.org"))
    before = {each.id for each in kept.of_a_plan(world.db, world.plan_id)}
    wake(world.db, moment)
    while notices.spread(world.db, "nmr", moment):
        pass
    names = {person: key for key, person in world.people.items()}
    after = [each for each in kept.of_a_plan(world.db, world.plan_id) if each.id not in before]
    return {names[each.person]: each.kind for each in after if each.kind in (NoticeKind.REMINDER, NoticeKind.LATE)}


def test_a_manager_sets_when_whom_is_reminded(world: World) -> None:
    browser = world.client("manager")
    assert "nobody has changed it yet" in browser.get("/reminders").text
    assert browser.post("/reminders", form(0, *TWO)).status_code == 303
    assert browser.get("/reminders", **JSON).get_json() == {
        "version": 1,
        "reminders": [[-10, "waited_for"], [3, "manager"]],
    }
    assert "Maria Silva" in Page(browser.get("/reminders")).words


def test_a_row_without_a_number_is_no_reminder(world: World) -> None:
    world.client("manager").post("/reminders", form(0, ("", "after", "manager"), ("3", "after", "manager")))
    assert store.newest(world.db, "nmr").rungs == (Rung(3, Whom.MANAGER),)


@pytest.mark.parametrize("days", ["-1", "soon", "999", "1.5", "99"])
def test_what_is_no_number_of_days_is_told_and_what_was_typed_stays(world: World, days: str) -> None:
    answer = world.client("manager").post("/reminders", form(0, (days, "before", "manager")))
    assert answer.status_code == 422
    assert f'value="{days}"' in answer.text
    assert store.newest(world.db, "nmr").rungs == AS_IT_COMES


def test_of_two_managers_who_save_at_once_the_second_is_told(world: World) -> None:
    browser = world.client("manager")
    assert browser.post("/reminders", form(0, *TWO)).status_code == 303
    answer = browser.post("/reminders", form(0, ("1", "after", "manager")))
    assert answer.status_code == 409
    assert "Somebody else changed the reminders" in answer.text
    save = partial(reminders.save, world.db, world.actor("manager"), "nmr", 1)
    both = at_once(*[partial(save, [Rung(each, Whom.MANAGER)], now()) for each in (1, 2)])
    assert len(both) == 1
    assert store.newest(world.db, "nmr").number == 2


def test_the_same_form_sent_twice_is_one_version(world: World) -> None:
    for _ in range(2):
        assert world.client("manager").post("/reminders", form(0, *TWO)).status_code == 303
    assert store.newest(world.db, "nmr").number == 1


@pytest.mark.parametrize("key", ["parent", "caseworker", "dco", "auditor", "stranger"])
def test_nobody_else_sets_or_sees_them(world: World, key: str) -> None:
    browser = world.client(key)
    assert browser.get("/reminders").status_code == 403
    assert browser.post("/reminders", form(0, *TWO)).status_code == 403


def test_another_councils_ladder_is_nowhere(world: World) -> None:
    browser = world.client("manager")
    assert browser.get("/reminders?council=grd").status_code == 404
    assert browser.post("/reminders", {**form(0, *TWO), "council": "grd"}).status_code == 404


def test_a_week_before_a_date_those_are_reminded_who_have_something_to_do_by_it(world: World) -> None:
    due = requested(world)
    assert told(world, on(due - timedelta(days=7))) == {
        "caseworker": NoticeKind.REMINDER,
        "manager": NoticeKind.REMINDER,
    }


def test_once_it_has_passed_the_caseworker_is_told_and_days_later_the_managers(world: World) -> None:
    due = requested(world)
    assert told(world, on(due + timedelta(days=1))) == {"caseworker": NoticeKind.LATE}
    assert told(world, on(due + timedelta(days=5))) == {"manager": NoticeKind.LATE}


def test_a_day_is_climbed_once_however_often_the_worker_looks(world: World, climbs: Collection[dict[str, Any]]) -> None:
    due = requested(world)
    day = on(due + timedelta(days=1))
    assert told(world, day) == {"caseworker": NoticeKind.LATE}
    assert told(world, day) == {}
    climbs.delete_many({})  # killed before it could say that it was done
    assert told(world, day) == {}


def test_days_that_nobody_looked_are_caught_up_with(world: World) -> None:
    due = requested(world)
    reminders.climb(world.db, "nmr", on(due))
    assert told(world, on(due + timedelta(days=6))) == {"caseworker": NoticeKind.LATE, "manager": NoticeKind.LATE}


def test_what_was_done_in_time_reminds_nobody(world: World) -> None:
    due = requested(world)
    agreed = case.Told(EventKind.ASSESSMENT_AGREED, now().today, {})
    case.record(world.db, world.actor("caseworker"), world.plan_id, agreed, now())
    assert told(world, on(due - timedelta(days=7))) == {}
    assert told(world, on(due + timedelta(days=5))) == {}
