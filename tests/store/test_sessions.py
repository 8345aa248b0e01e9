"""Browser sessions: kept on the server, found only by the cookie's own id, and over when they are over."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.store import sessions
from portal.store.database import Database
from tests.at_once import at_once
from tests.conftest import app, db, settings
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
DAY = timedelta(hours=12)
SIGNED_ON = {"_user_id": "0123456789abcdef", "auth_time": 7}


@pytest.fixture
def session_id(db: Database) -> str:
    made = sessions.new_session_id()
    sessions.keep(db, made, SIGNED_ON, NOON, DAY)
    return made


def found(db: Database, session_id: str) -> dict[str, Any]:
    session = sessions.find(db, session_id)
    assert session is not None
    return session


def test_a_session_is_found_by_its_id_and_by_nothing_else(db: Database, session_id: str) -> None:
    assert found(db, session_id)["data"] == SIGNED_ON
    for other in ("", session_id[:-1], session_id.swapcase(), sessions.key_of(session_id), "x" * 5000):
        assert sessions.find(db, other) is None


def test_the_database_holds_only_a_hash_of_the_cookie(db: Database, session_id: str) -> None:
    text = repr(list(db["sessions"].find({})))
    assert session_id not in text
    assert hashlib.sha256(session_id.encode()).hexdigest() in text
    assert len(session_id) >= 43  # 256 random bits
    assert len({sessions.new_session_id() for _ in range(1000)}) == 1000


def test_an_ended_session_keeps_nothing_of_what_it_held(db: Database, session_id: str) -> None:
    sessions.end(db, session_id, NOON)
    session = found(db, session_id)
    assert (session["data"], session["ended"]) == ({}, NOON)


def test_a_request_that_was_still_under_way_does_not_bring_an_ended_session_back(db: Database, session_id: str) -> None:
    sessions.end(db, session_id, NOON)
    sessions.keep(db, session_id, SIGNED_ON, NOON + timedelta(seconds=1), DAY)
    assert found(db, session_id)["ended"] == NOON


def test_ending_what_never_was_makes_nothing(db: Database) -> None:
    never = sessions.new_session_id()
    sessions.end(db, never, NOON)
    assert sessions.find(db, never) is None


def test_that_a_session_is_alive_is_noted_at_most_once_a_minute(db: Database, session_id: str) -> None:
    for seconds, seen in ((1, 0), (59, 0), (60, 60), (100, 60), (121, 121), (30, 121)):
        sessions.touch(db, found(db, session_id), NOON + timedelta(seconds=seconds))
        assert found(db, session_id)["seen"] == NOON + timedelta(seconds=seen)


def test_writing_to_a_session_does_not_prolong_its_day(db: Database, session_id: str) -> None:
    sessions.keep(db, session_id, {**SIGNED_ON, "more": 1}, NOON + timedelta(hours=11), DAY)
    session = found(db, session_id)
    assert (session["started"], session["seen"]) == (NOON, NOON + timedelta(hours=11))
    assert session["gone"] == NOON + DAY + timedelta(days=7)


def test_sessions_and_half_done_sign_ons_are_forgotten_by_themselves(db: Database, mongod: EmbeddedMongod) -> None:
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        for name in ("sessions", "sign_ins"):
            assert client[db.name][name].index_information()["gone"]["expireAfterSeconds"] == 0


# Half-done sign-ons


def test_a_half_done_sign_on_is_taken_once(db: Database) -> None:
    sessions.keep_sign_in(db, "state-1", "kept", NOON, 600)
    assert sessions.take_sign_in(db, "state-2", NOON) is None
    assert sessions.take_sign_in(db, "state-1", NOON) == "kept"
    assert sessions.take_sign_in(db, "state-1", NOON) is None


def test_of_ten_callbacks_with_one_state_at_once_one_finds_it(db: Database) -> None:
    sessions.keep_sign_in(db, "state-3", "kept", NOON, 600)
    taken: list[str | None] = []
    assert at_once(*[lambda: taken.append(sessions.take_sign_in(db, "state-3", NOON))] * 10) == []
    assert sorted(taken, key=str) == [None] * 9 + ["kept"]


@pytest.mark.parametrize(("seconds", "value"), [(0, "kept"), (599, "kept"), (600, None), (86_400, None)])
def test_a_half_done_sign_on_is_good_for_ten_minutes(db: Database, seconds: int, value: str | None) -> None:
    sessions.keep_sign_in(db, "state-4", "kept", NOON, 600)
    assert sessions.take_sign_in(db, "state-4", NOON + timedelta(seconds=seconds)) == value


# In the browser


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@dataclass(frozen=True)
class Moved:
    """A session whose beginning or last sign of life is moved into the past."""

    started: timedelta = timedelta(0)
    seen: timedelta = timedelta(0)


@pytest.mark.parametrize(
    ("moved", "status"),
    [
        (Moved(), 200),
        (Moved(seen=timedelta(minutes=59)), 200),
        (Moved(seen=timedelta(minutes=60)), 401),
        (Moved(started=timedelta(hours=11, minutes=59)), 200),
        (Moved(started=timedelta(hours=12)), 401),
    ],
    ids=["fresh", "quiet for 59 minutes", "quiet for an hour", "nearly twelve hours old", "twelve hours old"],
)
def test_a_session_is_over_after_an_hour_without_a_sign_of_life_or_twelve_hours_in_all(
    world: World, moved: Moved, status: int
) -> None:
    browser, wall = world.client("parent"), now().wall
    times = {"started": wall - moved.started, "seen": wall - moved.seen}
    world.db["sessions"].update_one({"_id": sessions.key_of(browser.session_id)}, {"$set": times})
    assert browser.get("/worklist", Accept="application/json").status_code == status


def test_a_session_that_ended_is_worth_nothing_though_its_cookie_is_still_there(world: World) -> None:
    browser = world.client("parent")
    sessions.end(world.db, browser.session_id, now().wall)
    assert browser.get("/worklist", Accept="application/json").status_code == 401
