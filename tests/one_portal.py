"""One portal for a whole folder of tests: its conftest takes these in place of those that are made for each module."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import BytecodeCache

from demo.mongod import EmbeddedMongod
from portal.config import Settings, read_settings
from portal.store.database import Database
from tests.conftest import PORTAL_URL, portal_over, uri_of
from tests.world import environment

__all__ = ["app", "db", "settings"]


@pytest.fixture(scope="session")
def settings(mongod: EmbeddedMongod, make_database: Callable[[], str], provider_file: Path) -> Settings:
    name = make_database()
    return read_settings(environment(uri_of(mongod, name, "app"), name, provider_file, PORTAL_URL))


@pytest.fixture(scope="session")
def app(settings: Settings, compiled: BytecodeCache) -> Iterator[Flask]:
    yield from portal_over(settings, compiled)


@pytest.fixture(scope="session")
def db(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found
