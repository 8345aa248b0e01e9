"""The ground that faults are tried on: three mongods, two portal workers, and as many plans as are asked for."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from demo.place import HOST
from portal.app import create_app
from portal.config import read_settings
from portal.store import migrations, users
from portal.store.database import Database
from tests.faults.portal_workers import PortalWorker
from tests.faults.replica_set import Client, ReplicaSet
from tests.world import MASTER_KEY, PASSWORDS, World, build_world, environment

DATABASE = "faults"
URL = "http://127.0.0.1:8999"  # nobody listens here: forms carry no origin
PROVIDERS = """[[provider]]
slug = "council"
name = "Northmere Council"
agency_kind = "council"
issuer = "http://127.0.0.1:8998"
client_id = "portal"
client_secret = "never asked for"
"""


@dataclass(frozen=True)
class Ground:
    """What a fault is tried on. `root` reads everything that is kept, as a majority has it."""

    folder: Path
    mongods: ReplicaSet
    workers: tuple[PortalWorker, ...]
    root: Client
    app: Flask  # the portal in this process, in which worlds are made

    @property
    def ports(self) -> list[int]:
        return [each.port for each in self.workers]

    def world(self) -> World:
        """A new plan with a cast of its own."""
        return build_world(self.app, self.app.extensions["database"], self.app.extensions["settings"])

    def environment(self, port: int = 0) -> dict[str, str]:
        """A worker's settings: for the whole set, or for whoever listens on one port alone."""
        return _environment(self.folder, self.mongods, port)

    def worker(self, name: str, env: dict[str, str], application: str = "") -> PortalWorker:
        return PortalWorker(env, self.folder / f"{name}.log", application)


def _environment(folder: Path, mongods: ReplicaSet, port: int = 0) -> dict[str, str]:
    uri = mongods.uri("app", PASSWORDS["app"], DATABASE)
    if port:
        uri = f"mongodb://app:{PASSWORDS['app']}@{HOST}:{port}/?directConnection=true&authSource={DATABASE}"
    return environment(uri, DATABASE, folder / "providers.toml", URL)


@contextlib.contextmanager
def standing() -> Iterator[Ground]:
    """The ground, up and answering; everything that was started is stopped again and its folder removed."""
    folder = Path(tempfile.mkdtemp(prefix="golden-thread-faults-"))
    (folder / "providers.toml").write_text(PROVIDERS)
    try:
        with ReplicaSet(folder) as mongods, mongods.root() as root, contextlib.ExitStack() as running:
            _prepare(mongods)
            env = _environment(folder, mongods)
            workers = tuple(PortalWorker(env, folder / f"portal-{number}.log") for number in (1, 2))
            for each in workers:
                running.callback(each.stop)
                each.start()
            app = create_app(read_settings(env))
            running.callback(app.extensions["database"].close)
            for each in workers:
                each.wait()
            yield Ground(folder, mongods, workers, root, app)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(mongods: ReplicaSet) -> None:
    """The database as production makes it: its own users, its shape, its key."""
    users.create_users(mongods.root_uri, DATABASE, PASSWORDS)
    migrator = Database(mongods.uri("migrator", PASSWORDS["migrator"], DATABASE), DATABASE, MASTER_KEY)
    migrations.run(migrator)
    migrator.close()
