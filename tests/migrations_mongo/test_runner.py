"""Migrations: each runs once and in order, what ran is never edited, and one that was cut short can be run again."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from demo.mongod import EmbeddedMongod
from portal.domain.identifier import random_id
from portal.store import migrations, users
from portal.store.database import Database
from portal.store.migrations import BadMigrations
from tests.world import MASTER_KEY, PASSWORDS

REFUSED_BY_THE_VALIDATOR, UNAUTHORIZED = 121, 13
REAL = ["0001_people_and_agencies.py", "0002_plans.py"]
NOTE = '"""A migration of the tests."""\n\n\ndef migrate(db):\n    db["ran"].insert_one({"name": __name__})\n'
CUT_SHORT = NOTE + '    raise RuntimeError("killed")\n'


@pytest.fixture
def name(mongod: EmbeddedMongod) -> str:
    """A database with its users and nothing in it; it goes with the server at the end."""
    made = f"test_{random_id(8)}"
    users.create_users(mongod.uri("root"), made, PASSWORDS)
    return made


def connect(mongod: EmbeddedMongod, name: str, user: str) -> Database:
    where = f"127.0.0.1:{mongod.port}/?replicaSet=rs0&authSource={name}"
    return Database(f"mongodb://{user}:{PASSWORDS[user]}@{where}", name, MASTER_KEY)


@pytest.fixture
def migrator(mongod: EmbeddedMongod, name: str) -> Iterator[Database]:
    db = connect(mongod, name, "migrator")
    yield db
    db.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, in place of the real ones."""
    copy = tmp_path / "migrations_mongo"
    shutil.copytree(migrations.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "FOLDER", copy)
    return copy


def empty(folder: Path) -> None:
    for path in folder.glob("[0-9]*.py"):
        path.unlink()


def recorded(db: Database) -> list[str]:
    return [each["_id"] for each in db["_migrations"].find().sort("_id", 1)]


def shape(db: Database) -> dict[str, Any]:
    """Every collection with its validator and its indexes."""
    raw = db.client[db.name]
    found = {}
    for each in raw.list_collections():
        indexes = raw[each["name"]].index_information()
        found[each["name"]] = (each["options"], {name: sorted(index.items()) for name, index in indexes.items()})
    return found


# Once and in order


def test_the_migrations_of_the_product_run_in_order_and_are_recorded(migrator: Database) -> None:
    assert migrations.run(migrator)[:2] == REAL
    for each in migrator["_migrations"].find():
        kept = hashlib.sha256((migrations.FOLDER / each["_id"]).read_bytes()).hexdigest()
        assert each["checksum"] == kept
        assert abs((datetime.now(UTC) - each["at"]).total_seconds()) < 60
    assert recorded(migrator) == [path.name for path in migrations.files()]


def test_a_second_run_does_nothing(migrator: Database) -> None:
    migrations.run(migrator)
    before, keys = shape(migrator), list(migrator["key_vault"].find())
    assert migrations.run(migrator) == []
    assert migrations.pending(migrator) == []
    assert shape(migrator) == before
    assert list(migrator["key_vault"].find()) == keys
    assert len(keys) == 2  # of the facts that identify, and of the tokens by which they are found


def test_only_what_is_new_runs_and_in_the_order_of_its_numbers(migrator: Database, folder: Path) -> None:
    migrations.run(migrator)
    done = len(migrations.files())
    names = [f"{done + number:04d}_{what}.py" for number, what in ((1, "zebra"), (2, "apple"), (3, "mole"))]
    for each in reversed(names):
        (folder / each).write_text(NOTE)
    assert [each.name for each in migrations.pending(migrator)] == names
    assert migrations.run(migrator) == names
    assert [each["name"] for each in migrator["ran"].find().sort("_id", 1)] == [each[:-3] for each in names]
    assert migrations.run(migrator) == []


# What is refused


def test_a_file_that_was_edited_after_it_ran_is_refused(migrator: Database, folder: Path) -> None:
    migrations.run(migrator)
    with (folder / REAL[1]).open("a") as file:
        file.write("\n")
    (folder / f"{len(migrations.files()) + 1:04d}_new.py").write_text(NOTE)
    with pytest.raises(BadMigrations, match=r"0002_plans\.py was edited"):
        migrations.run(migrator)
    assert migrator["ran"].count_documents({}) == 0


def test_a_file_that_ran_and_is_gone_is_refused(migrator: Database, folder: Path) -> None:
    empty(folder)
    for number in (1, 2):
        (folder / f"000{number}_note.py").write_text(NOTE)
    migrations.run(migrator)
    (folder / "0002_note.py").unlink()
    with pytest.raises(BadMigrations, match="does not have"):
        migrations.run(migrator)


BAD_NUMBERS = [
    ["0001_a.py", "0003_c.py"],
    ["0001_a.py", "0002_b.py", "0002_c.py"],
    ["0002_b.py"],
    ["0000_z.py", "0001_a.py"],
]


def test_numbers_with_a_gap_or_a_repeat_are_refused(migrator: Database, folder: Path) -> None:
    for names in BAD_NUMBERS:
        empty(folder)
        for each in names:
            (folder / each).write_text(NOTE)
        with pytest.raises(BadMigrations, match="without gaps or repeats"):
            migrations.run(migrator)
    assert recorded(migrator) == []
    assert migrator["ran"].count_documents({}) == 0


# Cut short


def test_a_migration_that_was_cut_short_is_not_recorded_and_runs_again(migrator: Database, folder: Path) -> None:
    migrations.run(migrator)
    done = len(migrations.files())
    first, second = (f"{done + number:04d}_note.py" for number in (1, 2))
    (folder / first).write_text(NOTE)
    (folder / second).write_text(CUT_SHORT)
    with pytest.raises(RuntimeError, match="killed"):
        migrations.run(migrator)
    assert recorded(migrator)[-1] == first
    (folder / second).write_text(NOTE)
    assert migrations.run(migrator) == [second]
    ran = [each["name"] for each in migrator["ran"].find().sort("_id", 1)]
    assert ran == [first[:-3], second[:-3], second[:-3]]


class Killed(Exception):
    """The process ended here."""


class Dying:
    """A database that works for so many calls, and then the process ends."""

    def __init__(self, inner: Any, budget: list[int]) -> None:
        self._inner, self._budget = inner, budget

    def __getitem__(self, name: str) -> "Dying":
        return Dying(self._inner[name], self._budget)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if self._budget[0] == 0:
                raise Killed
            self._budget[0] -= 1
            return getattr(self._inner, name)(*arguments, **options)

        return call


def test_each_migration_of_the_product_killed_at_any_point_can_be_run_again(
    mongod: EmbeddedMongod, migrator: Database, make_database: Callable[[], str]
) -> None:
    for path in migrations.files():
        module = migrations.module_of(path)
        for calls in (0, 1, 2, 3, 5, 8, 13, 21, 34, 1000):
            try:
                module.migrate(Dying(migrator.client[migrator.name], [calls]))
            except Killed:
                continue
            break
        else:
            pytest.fail(f"{path.name} makes more calls than this test allows for")
    assert migrations.run(migrator) == [each.name for each in migrations.files()]
    whole = connect(mongod, make_database(), "migrator")
    assert shape(migrator) == shape(whole)
    whole.close()


# What the validators refuse


GOOD: dict[str, dict[str, Any]] = {
    "plans": {
        "standard": "ehc-plan/2014",
        "state": "drafting",
        "sequence": 1,
        "head": b"",
        "child": b"",
        "sections": {},
    },
    "section_revisions": {"plan": "p", "section": "A", "number": 1, "hash": b"", "content": {}},
    "chain": {
        "plan": "p",
        "sequence": 1,
        "kind": "plan_started",
        "at": datetime(2026, 3, 3, tzinfo=UTC),
        "previous": b"",
        "hash": b"",
    },
    "statements": {"plan": "p", "sequence": 1, "beside": {}, "salt": b""},
    "versions": {"plan": "p", "number": 1, "kind": "draft", "hash": b"", "head": b"", "cover": b""},
    "documents": {"plan": "p", "content": b"", "digest": ""},
}


def code_of(db: Database, command: dict[str, Any]) -> int:
    """The server's answer to a command of the application: 0 when it is taken."""
    try:
        answer = db.client[db.name].command(command)
    except OperationFailure as error:
        return error.code or -1
    errors = answer.get("writeErrors", [])
    return int(errors[0]["code"]) if errors else 0


@pytest.mark.parametrize("collection", GOOD)
def test_a_malformed_document_is_refused_by_the_server(db: Database, collection: str) -> None:
    whole = {"authority": "nmr", **GOOD[collection]}

    def insert(document: dict[str, Any]) -> int:
        return code_of(db, {"insert": collection, "documents": [{"_id": random_id(8), **document}]})

    assert insert(whole) == 0
    for name in whole:
        less = {key: value for key, value in whole.items() if key != name}
        assert insert(less) == REFUSED_BY_THE_VALIDATOR, f"without {name}"
        assert insert({**whole, name: 1.5}) == REFUSED_BY_THE_VALIDATOR, f"with a number for {name}"
        assert insert({**whole, name: None}) == REFUSED_BY_THE_VALIDATOR, f"with nothing for {name}"
    assert insert({**whole, "_id": 7}) == REFUSED_BY_THE_VALIDATOR


def test_a_plan_in_a_state_that_is_none_is_refused_and_the_application_can_not_pass_the_validator_by(
    db: Database,
) -> None:
    plan_id = f"nmr-{random_id(16)}"
    whole = {"_id": plan_id, "authority": "nmr", **GOOD["plans"]}
    assert code_of(db, {"insert": "plans", "documents": [whole]}) == 0
    change = {"q": {"authority": "nmr", "_id": plan_id}, "u": {"$set": {"state": "lost"}}}
    assert code_of(db, {"update": "plans", "updates": [change]}) == REFUSED_BY_THE_VALIDATOR
    without = {"update": "plans", "updates": [change], "bypassDocumentValidation": True}
    assert code_of(db, without) == UNAUTHORIZED
