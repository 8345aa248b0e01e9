"""Notices begin with what happens from now on: nobody is told of what was over before anybody could be."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import WriteError

from demo.mongod import EmbeddedMongod
from portal.domain.identifier import random_id
from portal.store import migrations

BEFORE = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def empty(mongod: EmbeddedMongod) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        name = f"test_{random_id(8)}"
        yield client[name]
        client.drop_database(name)


def test_what_was_never_delivered_is_let_be_and_what_comes_later_waits(empty: Database[dict[str, Any]]) -> None:
    entry = {"authority": "nmr", "plan": "p", "delivered": None, "at": BEFORE}
    empty["outbox"].insert_one({"_id": "p:1", **entry})
    migrations.named("notices").migrate(empty)
    empty["outbox"].insert_one({"_id": "p:2", **entry})
    migrations.named("notices").migrate(empty)
    assert [each["delivered"] for each in empty["outbox"].find().sort("_id", 1)] == [True, None]


def test_a_notice_of_another_shape_is_refused_by_the_database(empty: Database[dict[str, Any]]) -> None:
    migrations.named("notices").migrate(empty)
    with pytest.raises(WriteError):
        empty["notices"].insert_one({"_id": "p:notice", "authority": "nmr", "plan": "p", "words": "Amira"})
