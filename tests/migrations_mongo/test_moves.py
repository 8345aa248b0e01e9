"""The migration for moves: a plan says in one shape when its family was told, and a destroyed plan says nothing."""

from datetime import UTC, datetime

from portal.store.database import Database
from tests.migrations_mongo.test_reviews import insert
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR


def test_a_plan_says_when_the_family_was_told_of_its_move_in_one_shape(db: Database) -> None:
    for said in ("", "2026-03-02"):
        assert insert(db, "plans", {**GOOD["plans"], "move_told": said}) == 0
    for wrong in ("soon", "2 March 2026", None, 3):
        assert insert(db, "plans", {**GOOD["plans"], "move_told": wrong}) == REFUSED_BY_THE_VALIDATOR


def test_a_destroyed_plan_says_nothing_of_it(db: Database) -> None:
    stone = {"authority": "sfl", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    assert insert(db, "plans", stone) == 0
    assert insert(db, "plans", {**stone, "move_told": ""}) == REFUSED_BY_THE_VALIDATOR
