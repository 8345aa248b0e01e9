"""One world for the tests of a module that change nothing in it."""

import pytest
from flask import Flask

from portal.config import Settings
from portal.store.database import Database
from tests.world import World, build_world


@pytest.fixture(scope="module")
def shared(app: Flask, db: Database, settings: Settings) -> World:
    """A plan with one thread from hope to provision, made once for a module: for reading, and for what is refused."""
    made = build_world(app, db, settings)
    made.write_a_little()
    return made
