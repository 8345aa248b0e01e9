"""A kept file is read from any place, one piece in memory at a time, and never another than the plan names."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.media import MediaFile
from portal.store import media as store
from portal.store.database import Database
from portal.store.media import CHUNK, READY, Upload
from portal.store.media_bytes import Altered, KeptBytes
from tests.factories import modest
from tests.world import World, build_world, now

PIECES = 12
FILM = b"".join(hashlib.sha256(str(at).encode()).digest() for at in range((PIECES * CHUNK - CHUNK // 3) // 32))
FILE = MediaFile("video/mp4", len(FILM), hashlib.sha256(FILM).hexdigest())


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture(scope="module")
def film(world: World) -> str:
    """The id under which a film of several pieces is kept."""
    return kept(world, "0film00one")


def kept(world: World, item: str) -> str:
    upload = Upload(world.plan_id, f"{item[:9]}u", world.people["parent"], "me", now().wall, READY, FILE)
    store.send(world.db, upload, FILM)
    store.accept(world.db, world.plan_id, upload.id, FILE, FILM)
    store.copy(world.db, upload, item, now().wall)
    return item


def opened(world: World, item: str) -> KeptBytes:
    return store.opened(world.db, world.plan_id, item, FILE)


@pytest.fixture
def root(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Any]:
    with MongoClient[dict[str, Any]](mongod.uri("root"), tz_aware=True) as client:
        yield client[settings.database]["media.chunks"]


def test_the_whole_of_it_is_what_was_kept(world: World, film: str) -> None:
    assert opened(world, film).read() == FILM


def test_any_part_of_it_is_that_part(world: World, film: str) -> None:
    found = opened(world, film)

    @modest
    @given(st.integers(0, len(FILM) + 5), st.integers(0, 3 * CHUNK))
    def parts(start: int, size: int) -> None:
        assert found.seek(start) == start == found.tell()
        some = b""
        while len(some) < size and (more := found.read(size - len(some))):
            some += more
        assert some == FILM[start : start + size]

    parts()
    assert found.seek(-4, 2) == len(FILM) - 4
    assert found.read() == FILM[-4:]


def test_a_film_is_never_whole_in_memory(world: World) -> None:
    item = kept(world, "0film00two")
    tracemalloc.start()
    found, size = opened(world, item), 0
    while some := found.read(64 * 1024):
        size += len(some)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == len(FILM)
    assert most < len(FILM) - 2 * CHUNK


def test_a_file_that_is_another_is_not_opened(world: World, film: str) -> None:
    for other in (MediaFile("video/mp4", len(FILM), "0" * 64), MediaFile("video/mp4", len(FILM) - 1, FILE.sha256 + "")):
        with pytest.raises(Altered):
            store.check(world.db, world.plan_id, film, other)
    with pytest.raises(Altered):
        store.opened(world.db, world.plan_id, "0not00here", FILE)


def test_a_piece_that_becomes_another_once_it_is_open_is_not_given_out(world: World, root: Any) -> None:
    item = kept(world, "0film0four")
    assert opened(world, item).read(4) == FILM[:4]
    first, second = root.find({"plan": world.plan_id, "files_id": f"{world.plan_id}:{item}", "n": {"$in": [0, 1]}})
    root.update_one({"_id": second["_id"]}, {"$set": {"data": first["data"]}})
    found = opened(world, item)
    assert found.read(4) == FILM[:4]
    found.seek(CHUNK)
    with pytest.raises(Altered):
        found.read(4)
    root.delete_one({"_id": second["_id"]})
    with pytest.raises(Altered):
        found.read(4)
