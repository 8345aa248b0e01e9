"""The migration for destroyed plans: both shapes are taken, a mixture of the two is not, and it can be run again."""

from datetime import UTC, datetime
from typing import Any

import pytest

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.identifier import random_id
from portal.store import migrations
from portal.store.database import Database
from tests.conftest import uri_of
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of
from tests.world import MASTER_KEY

WHEN = datetime(2057, 3, 14, tzinfo=UTC)
STONES: dict[str, dict[str, Any]] = {
    "plans": {"sequence": 7, "head": b"", "destroyed": WHEN},
    "section_revisions": {"plan": "p", "section": "A", "number": 1, "hash": b"", "destroyed": WHEN},
    "versions": {"plan": "p", "number": 1, "kind": "draft", "hash": b"", "head": b"", "destroyed": WHEN},
}
WORDS: dict[str, dict[str, Any]] = {
    "plans": {"child": b"", "sections": {}},
    "section_revisions": {"content": {}, "by": {}},
    "versions": {"cover": b"", "sections": []},
}


def insert(db: Database, name: str, document: dict[str, Any]) -> int:
    return code_of(db, {"insert": name, "documents": [{"_id": random_id(8), "authority": "nmr", **document}]})


@pytest.mark.parametrize("name", STONES)
def test_a_gravestone_is_taken_whole_and_with_nothing_of_what_was_written(db: Database, name: str) -> None:
    assert insert(db, name, STONES[name]) == 0
    for each in STONES[name]:
        less = {key: value for key, value in STONES[name].items() if key != each}
        assert insert(db, name, less) == REFUSED_BY_THE_VALIDATOR, f"without {each}"
    for field, value in WORDS[name].items():
        assert insert(db, name, {**STONES[name], field: value}) == REFUSED_BY_THE_VALIDATOR, f"with {field}"
    assert insert(db, name, GOOD[name]) == 0


@pytest.mark.parametrize("name", ["chain", "statements", "documents"])
def test_the_chain_has_no_other_shape(db: Database, name: str) -> None:
    less = {key: value for key, value in GOOD[name].items() if key not in ("hash", "salt", "content")}
    assert insert(db, name, {**less, "destroyed": WHEN}) == REFUSED_BY_THE_VALIDATOR


def test_run_again_it_leaves_the_same_shapes(settings: Settings, mongod: EmbeddedMongod) -> None:
    migrator = Database(uri_of(mongod, settings.database, "migrator"), settings.database, MASTER_KEY)
    raw = migrator.client[settings.database]
    names = [each.stem.partition("_")[2] for each in migrations.files()]
    before = {each["name"]: each["options"] for each in raw.list_collections()}
    for path in migrations.files()[names.index("retention") :]:  # later ones build on its shapes
        module = migrations.module_of(path)
        module.migrate(raw)
    assert {each["name"]: each["options"] for each in raw.list_collections()} == before
    assert len(before["plans"]["validator"]["$jsonSchema"]["anyOf"]) == 2
    migrator.close()
