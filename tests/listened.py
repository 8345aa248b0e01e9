"""A portal whose every command is written down: modules take these fixtures in place of those of tests/conftest.py."""

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import BytecodeCache

from portal.config import Settings
from portal.store.database import Database
from tests.asked import Recorder

__all__ = ["app", "db", "recorder"]


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def app(settings: Settings, recorder: Recorder, compiled: BytecodeCache) -> Iterator[Flask]:
    with recorder.portal(settings) as made:
        made.jinja_env.bytecode_cache = compiled
        yield made


@pytest.fixture(scope="module")
def db(app: Flask) -> Database:
    found: Database = app.extensions["database"]
    return found
