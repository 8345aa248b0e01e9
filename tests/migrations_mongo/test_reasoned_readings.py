"""The migration for reasoned readings: what a row must hold, and openings of before keep their place in the list."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.identifier import random_id
from portal.store import migrations, openings
from portal.store.database import Database
from tests.conftest import uri_of
from tests.migrations_mongo.test_runner import REFUSED_BY_THE_VALIDATOR, code_of
from tests.world import MASTER_KEY

WHEN = datetime(2026, 3, 3, 12, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "plan": "nmr-0000000000000001",
    "number": 1,
    "kind": "emergency",
    "person": "somebody",
    "reason": "Ten signs.",
    "since": WHEN,
    "until": WHEN,
    "waits": True,
    "was_delayed": False,
}


@pytest.fixture
def migrator(settings: Settings, mongod: EmbeddedMongod) -> Iterator[Database]:
    made = Database(uri_of(mongod, settings.database, "migrator"), settings.database, MASTER_KEY)
    yield made
    made.close()


def insert(db: Database, document: dict[str, Any]) -> int:
    row = {"_id": random_id(8), "authority": "nmr", **document}
    return code_of(db, {"insert": "reasoned_readings", "documents": [row]})


def test_a_row_without_its_reason_its_reader_or_its_end_is_refused_by_the_server(db: Database) -> None:
    assert insert(db, GOOD) == 0
    for each in GOOD:
        assert insert(db, {key: value for key, value in GOOD.items() if key != each}) == REFUSED_BY_THE_VALIDATOR, each
    for wrong in ({"reason": "Too short"}, {"kind": "curiosity"}, {"until": None}):
        assert insert(db, {**GOOD, **wrong}) == REFUSED_BY_THE_VALIDATOR, wrong


def test_openings_of_before_are_listed_and_run_again_it_changes_nothing(db: Database, migrator: Database) -> None:
    old = {"_id": "nmr-0000000000000002:somebody:1", "authority": "nmr", "plan": "nmr-0000000000000002"}
    db["openings"].insert_one({**old, "person": "somebody", "at": WHEN})
    module = migrations.named("reasoned_readings")
    shapes = []
    for _ in range(2):
        module.migrate(migrator.client[migrator.name])
        shapes.append({name: migrator[name].index_information() for name in ("openings", "reasoned_readings")})
    assert shapes[0] == shapes[1]
    (found,) = openings.of_a_plan(db, "nmr-0000000000000002", WHEN, 10)
    assert (found.person, found.role, found.what, found.at) == ("somebody", None, "", WHEN)
