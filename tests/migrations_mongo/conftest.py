"""The database of a test as the user who changes shapes sees it."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from tests.conftest import uri_of


@pytest.fixture
def raw(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database[dict[str, Any]]]:
    uri = uri_of(mongod, settings.database, "migrator")
    with MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        yield client[settings.database]
