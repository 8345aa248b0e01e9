"""The database's own users: what is history the server itself refuses to change, whatever the application asks."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database as Mongo
from pymongo.errors import ConnectionFailure, OperationFailure

from demo import mongod_problems
from demo.mongod import EmbeddedMongod
from demo.place import free_port
from portal.app import create_app
from portal.config import Settings, read_settings
from portal.domain.state import VersionKind
from portal.store import users
from portal.store.database import Database, NoReplicaSet
from tests.conftest import app, db, settings
from tests.world import MASTER_KEY, PASSWORDS, World, environment

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

HISTORY = [
    "section_revisions",
    "chain",
    "statements",
    "versions",
    "documents",
    "media.files",
    "media.chunks",
    "letters",
]
NOT_YET = {"documents", "media.files", "media.chunks", "letters"}  # nobody has made or sent one
UNAUTHORIZED, BAD_PASSWORD = 13, 18
Raw = Mongo[dict[str, Any]]

# What would change, hide or lose history, each as a command over one collection.
CHANGES: dict[str, Callable[[str], dict[str, Any]]] = {
    "update one": lambda name: {"update": name, "updates": [{"q": {}, "u": {"$set": {"hash": b""}}}]},
    "update all": lambda name: {"update": name, "updates": [{"q": {}, "u": {"$unset": {"hash": ""}}, "multi": True}]},
    "replace": lambda name: {"update": name, "updates": [{"q": {}, "u": {"authority": "nmr"}}]},
    "insert or update": lambda name: {
        "update": name,
        "updates": [{"q": {"_id": 1}, "u": {"$set": {}}, "upsert": True}],
    },
    "find and change": lambda name: {"findAndModify": name, "query": {}, "update": {"$set": {"hash": b""}}},
    "find and remove": lambda name: {"findAndModify": name, "query": {}, "remove": True},
    "delete one": lambda name: {"delete": name, "deletes": [{"q": {}, "limit": 1}]},
    "delete all": lambda name: {"delete": name, "deletes": [{"q": {}, "limit": 0}]},
    "write over by aggregation": lambda name: {"aggregate": "plans", "pipeline": [{"$out": name}], "cursor": {}},
    "merge by aggregation": lambda name: {"aggregate": "plans", "pipeline": [{"$merge": name}], "cursor": {}},
    "drop": lambda name: {"drop": name},
    "change the validator": lambda name: {"collMod": name, "validator": {}},
    "forget after a time": lambda name: {"collMod": name, "expireAfterSeconds": 1},
    "make an index that forgets": lambda name: {
        "createIndexes": name,
        "indexes": [{"key": {"at": 1}, "name": "at", "expireAfterSeconds": 1}],
    },
    "drop the indexes": lambda name: {"dropIndexes": name, "index": "*"},
    "make it small": lambda name: {"convertToCapped": name, "size": 4096},
}


@pytest.fixture(scope="module")
def as_user(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Callable[[str], Raw]]:
    """The module's database as one of its users, by the driver alone."""
    clients: list[MongoClient[dict[str, Any]]] = []

    def connect(user: str) -> Raw:
        address = f"127.0.0.1:{mongod.port}/?replicaSet=rs0&authSource={settings.database}"
        client: MongoClient[dict[str, Any]] = MongoClient(f"mongodb://{user}:{PASSWORDS[user]}@{address}")
        clients.append(client)
        return client[settings.database]

    yield connect
    for client in clients:
        client.close()


def refused(db: Raw, command: dict[str, Any]) -> bool:
    """Whether the server refuses a command for want of the right to it."""
    try:
        db.command(command)
    except OperationFailure as error:
        return error.code == UNAUTHORIZED
    return False


def lived(world: World) -> World:
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    return world


@pytest.mark.parametrize("collection", [*HISTORY, "twins", "twin_checks", "twin_checkers"])
def test_the_server_refuses_the_application_every_change_of_history(
    as_user: Callable[[str], Raw], collection: str
) -> None:
    app = as_user("app")
    done = [what for what, command in CHANGES.items() if not refused(app, command(collection))]
    assert done == []
    whole = f"{app.name}.{collection}"
    with pytest.raises(OperationFailure) as error:
        app.client.admin.command("renameCollection", whole, to=f"{whole}_old")
    assert error.value.code == UNAUTHORIZED


def test_what_was_lived_through_is_still_there_after_the_application_tried_to_change_it(
    world: World, as_user: Callable[[str], Raw]
) -> None:
    lived(world)
    app = as_user("app")
    before = {name: list(app[name].find({"plan": world.plan_id}).sort("_id", 1)) for name in HISTORY}
    for command in CHANGES.values():
        for name in HISTORY:
            refused(app, command(name))
    assert {name: list(app[name].find({"plan": world.plan_id}).sort("_id", 1)) for name in HISTORY} == before
    assert all(before[name] for name in set(HISTORY) - NOT_YET)


def test_the_application_may_not_drop_any_collection_nor_the_database_nor_make_one(
    as_user: Callable[[str], Raw],
) -> None:
    app = as_user("app")
    for name in [*users.APP, "key_vault", "_migrations"]:
        assert refused(app, {"drop": name}), name
        assert refused(app, {"collMod": name, "validator": {}}), name
    assert refused(app, {"dropDatabase": 1})
    assert refused(app, {"create": "elsewhere"})
    assert refused(app, {"insert": "elsewhere", "documents": [{"_id": 1}]})


def test_the_application_makes_no_users_and_takes_no_more_rights(as_user: Callable[[str], Raw]) -> None:
    app = as_user("app")
    assert refused(app, {"createUser": "friend", "pwd": "a long password", "roles": ["readWrite"]})
    assert refused(app, {"updateUser": "app", "roles": ["readWrite"]})
    assert refused(app, {"grantRolesToUser": "app", "roles": ["readWrite"]})
    assert refused(app, {"updateRole": "portal_app", "privileges": [], "roles": ["readWrite"]})
    assert refused(app, {"createRole": "more", "privileges": [], "roles": ["readWrite"]})


def test_the_application_reads_the_key_vault_and_writes_nothing_to_it(as_user: Callable[[str], Raw]) -> None:
    app = as_user("app")
    assert app["key_vault"].count_documents({}) == 2
    assert refused(app, {"insert": "key_vault", "documents": [{"_id": 1}]})
    assert refused(app, {"delete": "key_vault", "deletes": [{"q": {}, "limit": 0}]})
    assert refused(app, {"update": "key_vault", "updates": [{"q": {}, "u": {"$set": {"status": 0}}}]})


def test_the_application_does_not_change_which_migrations_ran_nor_what_was_answered(
    as_user: Callable[[str], Raw],
) -> None:
    app = as_user("app")
    assert refused(app, {"insert": "_migrations", "documents": [{"_id": "9999_x.py"}]})
    for name in ("_migrations", "requests"):
        assert refused(app, {"delete": name, "deletes": [{"q": {}, "limit": 0}]})
        assert refused(app, {"update": name, "updates": [{"q": {}, "u": {"$set": {"at": 1}}}]})


def test_the_application_never_loses_a_plan_a_person_or_a_grant(as_user: Callable[[str], Raw]) -> None:
    app = as_user("app")
    for name in ("plans", "people", "agencies", "grants", "outbox", "jobs", "openings"):
        assert refused(app, {"delete": name, "deletes": [{"q": {}, "limit": 0}]}), name
        assert refused(app, {"findAndModify": name, "query": {}, "remove": True}), name


def test_the_application_does_not_reach_another_database(as_user: Callable[[str], Raw]) -> None:
    client = as_user("app").client
    for name in ("admin", "local", "config", "another"):
        assert refused(client[name], {"find": "plans", "filter": {}}), name
        assert refused(client[name], {"insert": "plans", "documents": [{"_id": 1}]}), name


def test_retention_may_remove_content_and_the_chain_stays_whole(world: World, as_user: Callable[[str], Raw]) -> None:
    lived(world)
    retention, app = as_user("retention"), as_user("app")
    links = list(app["chain"].find({"plan": world.plan_id}).sort("sequence", 1))
    retention["section_revisions"].update_one(
        {"_id": f"{world.plan_id}:B:1"}, {"$unset": {"content.items.0.slots.effect": ""}}
    )
    retention["section_revisions"].delete_one({"_id": f"{world.plan_id}:F:1"})
    retention["statements"].delete_many({"plan": world.plan_id})
    retention["documents"].delete_many({"plan": world.plan_id})
    assert app["section_revisions"].find_one({"_id": f"{world.plan_id}:F:1"}) is None
    assert list(app["chain"].find({"plan": world.plan_id}).sort("sequence", 1)) == links


RIGHTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "find": lambda name: {"find": name, "filter": {"_id": 0}},
    "insert": lambda name: {"insert": name, "documents": [{"_id": 1}]},
    "update": lambda name: {"update": name, "updates": [{"q": {"_id": 0}, "u": {"$set": {"x": 1}}}]},
    "remove": lambda name: {"delete": name, "deletes": [{"q": {"_id": 0}, "limit": 0}]},
}
# What each step of a destruction needs, and no more: it redacts words, leaves gravestones and clears lists.
OF_RETENTION = {
    "section_revisions": {"find", "update", "remove"},
    "statements": {"find", "update", "remove"},
    "documents": {"find", "update", "remove"},
    "versions": {"update"},
    "plans": {"update"},
    "grants": {"remove"},
    "caseload": {"remove"},
    "media.files": {"remove"},
    "media.chunks": {"remove"},
    "uploads.files": {"remove"},
    "uploads.chunks": {"remove"},
    "outbox": {"remove"},
    "notices": {"remove"},
    "awaited": {"remove"},
    "jobs": {"remove"},
    "openings": {"remove"},
    "requests": {"remove"},
    "letters": {"remove"},
    "drafts": {"remove"},
    "reading_marks": {"remove"},
    "twins": {"remove"},
    "twin_checks": {"remove"},
    "twin_checkers": {"remove"},
    "reasoned_readings": {"remove"},
    "opening_choices": {"remove"},
    "invitations": {"remove"},
    "identities": {"remove"},
    "turnarounds": {"remove"},
    "advice": {"remove"},
    "advice_read": {"remove"},
    "case_rows": {"remove"},
    "decision_rows": {"remove"},
    "assessment_requests": {"remove"},
}


def test_retention_adds_nothing_reads_no_plan_and_touches_neither_the_chain_nor_anything_else(
    as_user: Callable[[str], Raw],
) -> None:
    retention = as_user("retention")
    for name in set(users.APP) | {"key_vault", "_migrations"}:
        may = {right for right, command in RIGHTS.items() if not refused(retention, command(name))}
        assert may == OF_RETENTION.get(name, set()), name
        assert refused(retention, {"drop": name}), name


def test_the_backup_reads_everything_and_writes_nothing(as_user: Callable[[str], Raw]) -> None:
    backup = as_user("backup")
    for name in users.APP:
        assert not refused(backup, {"find": name, "filter": {}, "limit": 1}), name
        assert refused(backup, {"insert": name, "documents": [{"_id": 1}]}), name
        assert refused(backup, {"update": name, "updates": [{"q": {}, "u": {"$set": {"x": 1}}}]}), name
        assert refused(backup, {"delete": name, "deletes": [{"q": {}, "limit": 0}]}), name
        assert refused(backup, {"drop": name}), name


def test_nobody_gets_in_without_a_password(mongod: EmbeddedMongod, settings: Settings) -> None:
    with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{mongod.port}/?replicaSet=rs0") as client:
        assert refused(client[settings.database], {"find": "plans", "filter": {}})


def test_making_the_users_again_renews_their_passwords(mongod: EmbeddedMongod) -> None:
    name = "test_renewed"
    users.create_users(mongod.uri("root"), name, PASSWORDS)
    users.create_users(mongod.uri("root"), name, {**PASSWORDS, "app": "another-password-of-the-tests"})
    address = f"127.0.0.1:{mongod.port}/?replicaSet=rs0&authSource={name}"
    with MongoClient[dict[str, Any]](f"mongodb://app:another-password-of-the-tests@{address}") as client:
        assert client[name]["plans"].find_one({}) is None
    with (
        MongoClient[dict[str, Any]](f"mongodb://app:{PASSWORDS['app']}@{address}") as client,
        pytest.raises(OperationFailure) as refusal,
    ):
        client[name]["plans"].find_one({})
    assert refusal.value.code == BAD_PASSWORD


# A server on which nothing could be saved whole


@pytest.fixture(scope="module")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A mongod without a replica set; its URI."""
    folder, port = tmp_path_factory.mktemp("standalone"), free_port()
    command: list[str | Path] = [mongod_problems.find_binary(), "--dbpath", folder, "--port", str(port)]
    command += ["--bind_ip", "127.0.0.1", "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env={"LC_ALL": "C"}) as process:
        uri = f"mongodb://127.0.0.1:{port}/"
        _wait_for(uri)
        yield uri
        process.terminate()


def _wait_for(uri: str) -> None:
    until = time.monotonic() + 30
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=200) as client:
        while time.monotonic() < until:
            try:
                client.admin.command("ping")
            except ConnectionFailure:
                continue
            return
    raise TimeoutError(uri)


def test_a_server_without_a_replica_set_is_refused(standalone: str, provider_file: Path) -> None:
    db = Database(standalone, "golden_thread", MASTER_KEY)
    with pytest.raises(NoReplicaSet, match="not a replica set"):
        db.must_be_replica_set()
    db.close()
    settings = read_settings(environment(standalone, "golden_thread", provider_file, "http://127.0.0.1:8999"))
    with pytest.raises(NoReplicaSet):
        create_app(settings)


def test_a_replica_set_is_taken(db: Database) -> None:
    db.must_be_replica_set()
