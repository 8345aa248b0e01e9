"""The whole demonstration running for real: production server, worker, providers, children, and Debian's Chromium."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page
from pymongo import MongoClient

from demo import seed
from demo.browser import CHROMIUM
from demo.identity_provider import RunningProviders, read_people, start
from demo.mongod import EmbeddedMongod
from demo.place import free_port
from demo.processes import answers
from portal.config import read_settings
from portal.store.database import Database
from portal.store.outbox import PDF
from portal.worker import work_once
from tests.conftest import uri_of
from tests.journeys.live import Live
from tests.world import environment, now

ROOT = Path(__file__).resolve().parents[2]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": [*QUIET, "--disable-sync", "--no-first-run", "--disable-quic"]}


@dataclass(frozen=True)
class Town:
    """What the modules' portals have in common: their port, the providers, and a database of children to begin from."""

    port: int
    providers: RunningProviders
    provider_file: Path
    database: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="session")
def town(
    mongod: EmbeddedMongod, make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The demonstration's children, lived through once; of their plans' PDFs one is made: that takes longest."""
    port, folder = free_port(), tmp_path_factory.mktemp("town")
    with start(read_people(seed.CAST), [f"http://127.0.0.1:{port}"], folder / "providers") as providers:
        (folder / "providers.toml").write_text(providers.config_text())
        made = Town(port, providers, folder / "providers.toml", make_database())
        settings = read_settings(environment_of(made, mongod, made.database))
        db = Database(settings.mongodb_uri, made.database, settings.master_key)
        seed.seed(db, settings.providers)
        one = db["jobs"].find_one({"kind": PDF}) or {}
        db["jobs"].update_many({"kind": PDF, "_id": {"$ne": one["_id"]}}, {"$set": {"done": True}})
        while work_once(db, now().wall):
            pass
        db.close()
        yield made


def environment_of(town: Town, mongod: EmbeddedMongod, database: str) -> dict[str, str]:
    return environment(uri_of(mongod, database, "app"), database, town.provider_file, town.url)


@pytest.fixture(scope="module")
def live(
    town: Town, mongod: EmbeddedMongod, make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """The portal, with the demonstration's children in a database of its own, for one module."""
    name = make_database()
    copy_database(mongod.uri("root"), town.database, name)
    env = environment_of(town, mongod, name)
    settings = read_settings(env)
    db = Database(settings.mongodb_uri, name, settings.master_key)
    serving = {"PORTAL_BIND": f"127.0.0.1:{town.port}", "PORTAL_WORKERS": "1"}
    with Running("serve", {**env, **serving}, tmp_path_factory.mktemp("live")) as server:
        server.wait_until_it_answers(f"{town.url}/health")
        yield Live(town.url, db, town.providers, settings, env)
    db.close()


@pytest.fixture(scope="module")
def worker(live: Live, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The worker beside the portal, for stories in which something is made of what people save."""
    with Running("work", live.env, tmp_path_factory.mktemp("worker")):
        yield


def copy_database(uri: str, source: str, target: str) -> None:
    """Fill a migrated database with everything that another one holds, the keys of its sealed fields included."""
    exactly = CodecOptions(document_class=RawBSONDocument)
    with MongoClient[RawBSONDocument](uri) as client:
        there, here = (client.get_database(each, exactly) for each in (source, target))
        for name in there.list_collection_names():
            here[name].delete_many({})
            if documents := list(there[name].find()):
                here[name].insert_many(documents)


class Running:
    """One of the portal's processes, from the command line, as in production."""

    def __init__(self, command: str, env: dict[str, str], folder: Path) -> None:
        self._log = folder / f"{command}.log"
        with self._log.open("wb") as log:
            full = [sys.executable, "-m", "portal.cli", command]
            self._process = subprocess.Popen(full, cwd=ROOT, env={**os.environ, **env}, stdout=log, stderr=log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)

    def wait_until_it_answers(self, url: str) -> None:
        limit = time.monotonic() + 120
        while not answers(url):
            if time.monotonic() > limit or self._process.poll() is not None:
                raise TimeoutError(self._log.read_text()[-2000:])
            time.sleep(0.05)


@pytest.fixture
def desk(live: Live, browser: Chromium) -> Iterator[Callable[..., Page]]:
    """Opens a browser of its own for somebody, signed on through their provider."""
    contexts: list[BrowserContext] = []

    def open_as(name: str, slug: str, **options: Any) -> Page:
        context = browser.new_context(viewport=options.pop("viewport", {"width": 1280, "height": 900}), **options)
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live.url}/sign-in/{slug}")
        page.get_by_role("button", name=re.compile(f"^{name}")).click()
        page.wait_for_url(f"{live.url}/**")
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def seats(browser: Chromium) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each kind of screen, that keeps its styles, scripts and letters from one person to the next."""
    kept: dict[str, BrowserContext] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def seat(live: Live, browser: Chromium, seats: dict[str, BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Opens a page for somebody who signed on without a browser: for looking at pages, not at how people sign on."""
    opened: list[Page] = []

    def open_as(name: str, slug: str, **options: Any) -> Page:
        context = seats.get(str(options)) or browser.new_context(**options)
        seats[str(options)] = context
        context.clear_cookies()
        key = next(each["key"] for each in read_people(seed.CAST) if each["name"] == name)
        cookies = live.http(key, slug).session.cookies
        context.add_cookies([{"name": each.name, "value": each.value or "", "url": live.url} for each in cookies])
        context.set_default_timeout(8000)
        opened.append(context.new_page())
        return opened[-1]

    yield open_as
    for page in opened:
        page.close()
