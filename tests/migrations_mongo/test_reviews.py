"""The migration for reviews: advice for one has one shape, a notice tells of amendments, and old rows are woken."""

from datetime import UTC, datetime
from typing import Any

from portal.domain.identifier import random_id
from portal.domain.state import VersionKind
from portal.operations.waking import wake
from portal.store import caseload
from portal.store.database import Database
from tests.migrations_mongo.test_letters import NOTICE
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of
from tests.world import World, now

ADVISED = {"sequence": 3, "part": "health"}


def insert(db: Database, into: str, document: dict[str, Any]) -> int:
    return code_of(db, {"insert": into, "documents": [{"authority": "sfl", **document, "_id": random_id(8)}]})


def test_a_plan_says_who_advised_in_one_shape_and_a_destroyed_plan_says_nothing(db: Database) -> None:
    assert insert(db, "plans", {**GOOD["plans"], "advised": [ADVISED]}) == 0
    for name in ADVISED:
        less = {key: value for key, value in ADVISED.items() if key != name}
        assert insert(db, "plans", {**GOOD["plans"], "advised": [less]}) == REFUSED_BY_THE_VALIDATOR
    more = {**ADVISED, "words": "It goes well."}
    assert insert(db, "plans", {**GOOD["plans"], "advised": [more]}) == REFUSED_BY_THE_VALIDATOR
    stone = {"authority": "sfl", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    assert insert(db, "plans", {**stone, "advised": [ADVISED]}) == REFUSED_BY_THE_VALIDATOR


def test_a_notice_tells_of_amendments_and_of_all_that_it_told_before(db: Database) -> None:
    for kind in ("waits", "draft", "final", "alert", "untold", "letter", "amendment"):
        assert insert(db, "notices", {**NOTICE, "kind": kind}) == 0
    assert insert(db, "notices", {**NOTICE, "kind": "other"}) == REFUSED_BY_THE_VALIDATOR


def test_a_row_of_before_says_from_which_day_a_review_is_to_be_planned_once_it_is_woken(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    rows = {"authority": "nmr", "plan": world.plan_id, "reader": world.people["senco"]}
    before = world.db["caseload"].find_one(rows)
    assert before is not None
    assert before["wakes"] > now().today.isoformat()
    world.db["caseload"].update_one(rows, {"$unset": {"wakes": ""}})
    wake(world.db, now())
    assert world.db["caseload"].find_one(rows) == before
    assert caseload.wake(world.db, "nmr", now().today) == set()
