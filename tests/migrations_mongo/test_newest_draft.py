"""The migration for the newest unsent words: they are found by an index that names the authority and the person."""

from typing import Any

from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.store.database import Database

NAME = "authority_person_at"


def test_the_newest_unsent_words_of_a_person_are_found_by_an_index(
    mongod: EmbeddedMongod, settings: Settings, db: Database
) -> None:
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        drafts = client[db.name]["drafts"]
        assert drafts.index_information()[NAME]["key"] == [("authority", 1), ("person", 1), ("at", -1)]
        asked = drafts.find({"authority": "nmr", "person": "somebody"}).sort("at", -1).limit(5)
        plan = str(asked.explain()["queryPlanner"]["winningPlan"])
    assert f"'indexName': '{NAME}'" in plan
    assert "'SORT'" not in plan
