"""What is kept of checkpoints: the application adds them and the server refuses it every change."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pymongo import MongoClient
from pymongo.errors import OperationFailure, WriteError
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.operations import checkpoints
from portal.store import checkpoints as store
from portal.store import evidence
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.world import World, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own


@pytest.fixture
def migrator(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Any]:
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        yield client[settings.database]


@pytest.mark.parametrize("name", ["checkpoints", "checkpoint_tiles"])
def test_the_application_may_not_change_a_checkpoint_nor_take_one_away(world: World, name: str) -> None:
    made = checkpoints.make(world.db, Ed25519PrivateKey.generate(), lambda: now().wall)
    with pytest.raises(OperationFailure, match="not authorized"):
        world.db[name].update_many({}, {"$set": {"root": b""}})
    with pytest.raises(OperationFailure, match="not authorized"):
        world.db[name].delete_many({})
    assert store.find(world.db, made.number).root == made.root


def test_a_checkpoint_without_its_signature_is_refused_by_the_server(migrator: Any) -> None:
    with pytest.raises(WriteError):
        migrator["checkpoints"].insert_one({"_id": 7})
    with pytest.raises(WriteError):
        migrator["checkpoint_tiles"].insert_one({"_id": "nmr:x:0"})


def test_a_proof_reads_one_tile_and_not_the_whole_authority(world: World, migrator: Any) -> None:
    made = checkpoints.make(world.db, Ed25519PrivateKey.generate(), lambda: now().wall)
    query = {"authority": "nmr", "run": made.run, "first": {"$lte": world.plan_id}}
    plan = migrator["checkpoint_tiles"].find(query).sort("first", -1).limit(1).explain()["executionStats"]
    assert (plan["totalKeysExamined"], plan["totalDocsExamined"]) == (1, 1)


def test_all_that_proves_a_plan_is_found_by_an_index(world: World, migrator: Any, mongod: EmbeddedMongod) -> None:
    """Whatever is read for a receipt or a check reads this plan's documents, and no other's."""
    fresh(world)
    asked: list[dict[str, Any]] = []

    class Listening(CommandListener):
        def started(self, event: CommandStartedEvent) -> None:
            asked.append(dict(event.command))

        def succeeded(self, event: CommandSucceededEvent) -> None: ...

        def failed(self, event: CommandFailedEvent) -> None: ...

    with MongoClient[dict[str, Any]](mongod.uri("root"), event_listeners=[Listening()]) as client:
        db = copy.copy(world.db)
        db._db = client[world.db.name]
        for read in (evidence.links, evidence.revisions, evidence.versions, evidence.documents):
            list(read(db, world.plan_id))
    for each in [command for command in asked if "find" in command]:
        assert next(iter(each["filter"])) == "authority"
        command = {name: each[name] for name in ("find", "filter", "sort") if name in each}
        ran = migrator.command("explain", command, verbosity="executionStats")["executionStats"]
        assert ran["totalDocsExamined"] == ran["nReturned"], each["find"]
    assert len([each for each in asked if "find" in each]) >= 5
