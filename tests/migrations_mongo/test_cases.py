"""The migration for the statutory process: plans of before tell their case from their chain, a destroyed plan none."""

from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database as MongoDatabase

from portal.domain.identifier import random_id
from portal.domain.state import VersionKind
from portal.operations import verify
from portal.store import migrations, plans
from portal.store.database import Database
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of
from tests.world import World

Raw = MongoDatabase[dict[str, Any]]
HAPPENED = {"number": 1, "kind": "request_received", "on": "2026-03-02"}


def test_a_plan_of_before_tells_from_its_chain_what_was_issued_and_is_as_the_chain_says(world: World, raw: Raw) -> None:
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    told = plans.load(world.db, world.plan_id).happened
    assert [each.event.kind for each in told] == ["draft_served", "final_issued"]
    raw["plans"].update_one({"_id": world.plan_id}, {"$unset": {"case": ""}})
    for _ in range(2):
        migrations.named("cases").migrate(raw)
    world.db.plans.forget(world.plan_id)
    assert plans.load(world.db, world.plan_id).happened == told
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]


def test_a_plan_has_a_case_of_one_shape_and_a_destroyed_plan_none(db: Database) -> None:
    def insert(document: dict[str, Any]) -> int:
        return code_of(db, {"insert": "plans", "documents": [{"authority": "sfl", **document, "_id": random_id(8)}]})

    assert insert({**GOOD["plans"], "case": [HAPPENED]}) == 0
    for name in HAPPENED:
        less = {key: value for key, value in HAPPENED.items() if key != name}
        assert insert({**GOOD["plans"], "case": [less]}) == REFUSED_BY_THE_VALIDATOR
    stone = {"authority": "sfl", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    assert insert(stone) == 0
    assert insert({**stone, "case": [HAPPENED]}) == REFUSED_BY_THE_VALIDATOR
