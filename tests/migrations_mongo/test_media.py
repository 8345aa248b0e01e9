"""The migration for files: they are kept in a shape of their own, and what waits is forgotten by the server itself."""

from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.store.database import Database


@pytest.mark.parametrize("missing", ["authority", "plan", "files_id", "n", "data"])
def test_a_piece_of_a_file_that_belongs_nowhere_is_refused_by_the_server(db: Database, missing: str) -> None:
    piece: dict[str, Any] = {"_id": "nmr-x:a:0", "authority": "nmr", "plan": "nmr-x", "files_id": "nmr-x:a", "n": 0}
    piece["data"] = b"sealed"
    del piece[missing]
    with pytest.raises(PyMongoError):
        db["media.chunks"].insert_one(piece)


def test_what_waits_is_forgotten_and_what_stands_in_a_plan_is_not(mongod: EmbeddedMongod, db: Database) -> None:
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        there = client[db.name]
        names = ("uploads.files", "uploads.chunks", "media.files", "media.chunks")
        timed = [
            name for name in names for each in there[name].list_indexes() if each.get("expireAfterSeconds") is not None
        ]
    assert timed == ["uploads.files", "uploads.chunks"]


def test_what_somebody_sent_for_a_plan_is_found_by_an_index(mongod: EmbeddedMongod, settings: Settings) -> None:
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        files = client[settings.database]["uploads.files"]
        asked = files.find({"authority": "nmr", "plan": "nmr-x", "person": "somebody"}).sort("uploadDate", 1)
        plan = str(asked.explain()["queryPlanner"]["winningPlan"])
    assert "'IXSCAN'" in plan
    assert "'SORT'" not in plan
