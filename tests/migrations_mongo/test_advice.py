"""The migration for advice: a plan remembers it in one shape, a destroyed plan not at all."""

from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database as MongoDatabase

from portal.domain.identifier import random_id
from portal.store import migrations
from portal.store.database import Database
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of
from tests.operations.test_advice import ask, give
from tests.world import World

Raw = MongoDatabase[dict[str, Any]]
TAKEN = {"item": "x1y2x1y2x1", "section": "F", "request": 4, "given": 1, "row": "provision/1"}


def test_the_migration_is_run_again_over_advice_that_is_there(world: World, raw: Raw) -> None:
    give(world, ask(world))
    before = raw["plans"].find_one({"_id": world.plan_id})
    for _ in range(2):
        migrations.named("advice").migrate(raw)
    assert raw["plans"].find_one({"_id": world.plan_id}) == before


def test_a_plan_remembers_advice_in_one_shape_and_a_destroyed_plan_none(db: Database) -> None:
    def insert(document: dict[str, Any]) -> int:
        return code_of(db, {"insert": "plans", "documents": [{"authority": "sfl", **document, "_id": random_id(8)}]})

    assert insert({**GOOD["plans"], "taken": [TAKEN]}) == 0
    assert insert({**GOOD["plans"], "taken": [{**TAKEN, "words": "of a child"}]}) == REFUSED_BY_THE_VALIDATOR
    for name in TAKEN:
        less = {key: value for key, value in TAKEN.items() if key != name}
        assert insert({**GOOD["plans"], "taken": [less]}) == REFUSED_BY_THE_VALIDATOR
    assert insert({**GOOD["plans"], "advice": [{"number": 1}]}) == REFUSED_BY_THE_VALIDATOR
    stone = {"authority": "sfl", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    for name in ("taken", "advice"):
        assert insert({**stone, name: []}) == REFUSED_BY_THE_VALIDATOR
