"""Pieces of files that no plan names: left by a placement that was killed or lost, and swept up after a day."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.moment import Moment
from portal.operations import stray_files, verify
from portal.store import media as store
from portal.store import stray_files as strays
from portal.store.database import Database, DatabaseError
from tests.conftest import app, db, settings, uri_of
from tests.uploads.placed import placed_picture, sent_picture
from tests.world import MASTER_KEY, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture(scope="module")
def eraser(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database]:
    database = Database(uri_of(mongod, settings.database, "retention"), settings.database, MASTER_KEY)
    yield database
    database.close()


def days_on(days: float) -> Moment:
    moment = now()
    return Moment(moment.product, moment.wall + timedelta(days=days))


def pieces(world: World, item: str) -> int:
    return world.db["media.chunks"].count_documents({"authority": "nmr", "files_id": f"{world.plan_id}:{item}"})


def killed_between_copying_and_saving(world: World, item: str = "0stray0one") -> str:
    """The item that nothing will ever name."""
    store.copy(world.db, sent_picture(world), item, now().wall)
    assert pieces(world, item)
    return item


def test_what_no_plan_names_is_gone_a_day_later_and_what_one_names_stays(world: World, eraser: Database) -> None:
    placed_picture(world)
    kept = world.plan().sections["A"].content.in_group("pictures")[-1].id
    stray = killed_between_copying_and_saving(world)
    assert sum(stray_files.sweep(world.db, eraser, days_on(0.9))) == 0
    assert pieces(world, stray) == 1
    assert sum(stray_files.sweep(world.db, eraser, days_on(1.1))) >= 1
    assert (pieces(world, stray), pieces(world, kept)) == (0, 1)
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]
    assert sum(stray_files.sweep(world.db, eraser, days_on(1.1))) == 0


def test_pieces_that_say_no_time_are_of_before_and_go_too(world: World, eraser: Database) -> None:
    killed_between_copying_and_saving(world, "0stray0two")
    piece = world.db["media.chunks"].find_one({"authority": "nmr", "files_id": f"{world.plan_id}:0stray0two"})
    assert piece is not None
    untimed = {name: value for name, value in piece.items() if name != "at"}
    renamed = {"_id": f"{world.plan_id}:0stray0old:0000", "files_id": f"{world.plan_id}:0stray0old"}
    world.db["media.chunks"].insert_one({**untimed, **renamed})
    assert sum(stray_files.sweep(world.db, eraser, days_on(0))) == 1
    assert (pieces(world, "0stray0old"), pieces(world, "0stray0two")) == (0, 1)


def test_the_portal_itself_may_take_no_piece_of_a_file_away(world: World) -> None:
    name = f"{world.plan_id}:{killed_between_copying_and_saving(world, '0stray0app')}"
    with pytest.raises(DatabaseError, match="not authorized"):
        strays.remove(world.db, name, days_on(2).wall)
