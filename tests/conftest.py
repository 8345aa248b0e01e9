"""What tests stand on: a real mongod, real identity providers, and a database of its own for each that asks."""

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from demo.identity_provider import RunningProviders, read_people, start
from demo.mongod import EmbeddedMongod
from demo.place import free_port
from demo.seed import CAST
from portal.app import create_app
from portal.config import Settings, read_settings
from portal.domain.identifier import random_id
from portal.domain.moment import Moment
from portal.store import migrations, users
from portal.store.database import Database
from tests.quick_folder import quick_folder
from tests.world import MASTER_KEY, PASSWORDS, World, build_world, environment

PORTAL_URL = "http://127.0.0.1:8999"

# Begun first, in this order, so that nothing long is left for one process at the end: they wait more than they work.
LONGEST = ("tests/journeys", "tests/faults", "tests/uploads", "tests/blueprints/test_every_request")

# A busy machine is no fault of the product.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

# What is imported stays to the end: to look through it for what could be thrown away is a quarter of collecting tests.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((number for number, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST))

    items.sort(key=place)


@pytest.fixture(scope="session")
def mongod() -> Iterator[EmbeddedMongod]:
    """One server for each test process: up in half a second, gone with its folder at the end."""
    folder = quick_folder()
    server = EmbeddedMongod(folder, free_port(), cache_gb=0.5)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProviders]:
    """The demonstration's four identity providers, real OpenID Connect servers on loopback."""
    with start(read_people(CAST), [PORTAL_URL, "http://localhost"], tmp_path_factory.mktemp("providers")) as running:
        yield running


@pytest.fixture(scope="session")
def provider_file(providers: RunningProviders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "providers.toml"
    path.write_text(providers.config_text())
    return path


@pytest.fixture(scope="session")
def make_database(mongod: EmbeddedMongod) -> Callable[[], str]:
    """Makes a migrated database with its own users, gone with its server; answers its name."""

    def make() -> str:
        name = f"test_{random_id(8)}"
        users.create_users(mongod.uri("root"), name, PASSWORDS)
        migrator = Database(uri_of(mongod, name, "migrator"), name, MASTER_KEY)
        migrations.run(migrator)
        migrator.close()
        return name

    return make


def uri_of(mongod: EmbeddedMongod, name: str, user: str) -> str:
    return f"mongodb://{user}:{PASSWORDS[user]}@127.0.0.1:{mongod.port}/?replicaSet=rs0&authSource={name}"


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """The templates, compiled once for all the portals of a run: else each module's portal compiles them again."""
    folder = tmp_path_factory.getbasetemp().parent / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def portal_over(settings: Settings, compiled: BytecodeCache) -> Iterator[Flask]:
    """The portal for as long as a fixture stands, as the app's narrow database user."""
    made = create_app(settings)
    made.jinja_env.bytecode_cache = compiled
    yield made
    made.extensions["database"].close()


@pytest.fixture(scope="module")
def settings(mongod: EmbeddedMongod, make_database: Callable[[], str], provider_file: Path) -> Settings:
    name = make_database()
    return read_settings(environment(uri_of(mongod, name, "app"), name, provider_file, PORTAL_URL))


@pytest.fixture(scope="module")
def app(settings: Settings, compiled: BytecodeCache) -> Iterator[Flask]:
    """The portal over a database of this module's own."""
    yield from portal_over(settings, compiled)


@pytest.fixture(scope="module")
def db(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def moment() -> Moment:
    now = datetime.now(UTC)
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    return Moment(now, now)


@pytest.fixture
def world(app: Flask, db: Database, settings: Settings) -> World:
    """A small plan with its cast, made anew for each test; see tests/world.py."""
    return build_world(app, db, settings)
