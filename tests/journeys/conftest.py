"""The whole demonstration running for real: production server, worker, providers, children, and Debian's Chromium."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page

from demo import seed
from demo.identity_provider import read_people, start
from demo.mongod import EmbeddedMongod
from demo.place import free_port
from demo.processes import answers
from portal.config import read_settings
from portal.store.database import Database
from tests.conftest import uri_of
from tests.journeys.live import Live
from tests.world import environment

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": [*QUIET, "--disable-sync", "--no-first-run", "--disable-quic"]}


@pytest.fixture(scope="module")
def live(
    mongod: EmbeddedMongod, make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    """The portal on a port of its own, filled with the demonstration's children, for one module."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("live")
    with start(read_people(seed.CAST), [url], folder / "providers") as providers:
        (folder / "providers.toml").write_text(providers.config_text())
        name = make_database()
        env = environment(uri_of(mongod, name, "app"), name, folder / "providers.toml", url)
        settings = read_settings(env)
        db = Database(settings.mongodb_uri, name, settings.master_key)
        seed.seed(db, settings.providers)
        with Serving(env, port, folder):
            yield Live(url, db, providers, settings)
        db.close()


class Serving:
    """The production server and the worker, from the command line, as in production."""

    def __init__(self, env: dict[str, str], port: int, folder: Path) -> None:
        self._env = {**os.environ, **env, "PORTAL_BIND": f"127.0.0.1:{port}", "PORTAL_WORKERS": "1"}
        self._url, self._folder = f"http://127.0.0.1:{port}/health", folder
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> None:
        for command in ("serve", "work"):
            with (self._folder / f"{command}.log").open("wb") as log:
                full = [sys.executable, "-m", "portal.cli", command]
                self._running.append(subprocess.Popen(full, cwd=ROOT, env=self._env, stdout=log, stderr=log))
        limit = time.monotonic() + 120
        while not answers(self._url):
            if time.monotonic() > limit:
                raise TimeoutError((self._folder / "serve.log").read_text()[-2000:])
            time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        for each in self._running:
            each.terminate()
        for each in self._running:
            each.wait(20)


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
