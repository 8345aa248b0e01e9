"""Letters and a council's words for them have one shape, and a notice may tell of a letter beside what it told."""

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

AT = datetime(2026, 3, 3, 12, tzinfo=UTC)
NOTICE: dict[str, Any] = {
    "authority": "nmr",
    "plan": "p",
    "person": "nadia",
    "at": AT,
    "due": "",
    "state": "waiting",
    "next": None,
    "given_up": [],
    "message": "",
    "tries": 0,
    "sent": None,
    "attempts": [],
}


@pytest.fixture
def migrated(mongod: EmbeddedMongod) -> Iterator[Database[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        name = f"test_{random_id(8)}"
        migrations.named("notices").migrate(client[name])
        migrations.named("letters").migrate(client[name])
        yield client[name]
        client.drop_database(name)


def test_a_notice_tells_of_a_letter_and_of_all_that_it_told_before(migrated: Database[dict[str, Any]]) -> None:
    for kind in ("waits", "draft", "final", "alert", "untold", "letter"):
        migrated["notices"].insert_one({"_id": f"p:{kind}", "kind": kind, **NOTICE})
    with pytest.raises(WriteError):
        migrated["notices"].insert_one({"_id": "p:other", "kind": "other", **NOTICE})


def test_run_again_it_changes_nothing(migrated: Database[dict[str, Any]]) -> None:
    before = list(migrated.list_collections())
    migrations.named("letters").migrate(migrated)
    assert list(migrated.list_collections()) == before


def test_words_that_nobody_wrote_are_refused_by_the_database(migrated: Database[dict[str, Any]]) -> None:
    words = {"authority": "nmr", "name": "final", "number": 1, "parts": {"opening": "Dear family,"}}
    by = {"person": "m", "name": "Maria Silva", "agency": "northmere-council", "at": AT}
    migrated["letter_templates"].insert_one({"_id": "nmr:final:1", "by": by, **words})
    with pytest.raises(WriteError):
        migrated["letter_templates"].insert_one({"_id": "nmr:final:2", **words})
