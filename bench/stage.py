"""What a run stands on: a mongod of its own in a folder of its own, and databases with the product's narrow users."""

import base64
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from demo.place import free_port
from portal.store import migrations, users
from portal.store.database import Database

ROOT = Path(__file__).resolve().parents[1]
CACHE_GB = 2.0
MASTER_KEY = bytes(range(96))
PASSWORDS = {name: f"{name}-of-the-measurements" for name in ("app", "migrator", "retention", "backup")}
PROVIDER = """[[provider]]
slug = "council"
name = "Council"
agency_kind = "council"
issuer = "http://127.0.0.1:9/council"
client_id = "golden-thread"
client_secret = "never used: sessions are made ready"
"""


class Stage:
    """One run's server and files; `folder` is gone at the end."""

    def __init__(self, folder: Path, mongod: EmbeddedMongod) -> None:
        self.folder = folder
        self.mongod = mongod
        self.client: MongoClient[dict[str, Any]] = MongoClient(mongod.uri("root"), tz_aware=True)
        (folder / "providers.toml").write_text(PROVIDER)

    def database(self, name: str) -> Database:
        """A migrated database, seen as the user `app` who may add to history and never change it."""
        users.create_users(self.mongod.uri("root"), name, PASSWORDS)
        migrator = Database(self.uri(name, "migrator"), name, MASTER_KEY)
        migrations.run(migrator)
        migrator.close()
        return Database(self.uri(name), name, MASTER_KEY)

    def uri(self, name: str, user: str = "app") -> str:
        return f"mongodb://{user}:{PASSWORDS[user]}@127.0.0.1:{self.mongod.port}/?replicaSet=rs0&authSource={name}"

    def environment(self, name: str) -> Mapping[str, str]:
        """The product's settings, as in production from the environment."""
        return {
            "MONGODB_URI": self.uri(name),
            "PORTAL_DATABASE": name,
            "PORTAL_SECRET_KEY": "a secret of the measurements, long enough",
            "PORTAL_MASTER_KEY": base64.b64encode(MASTER_KEY).decode(),
            "PORTAL_PUBLIC_URL": "http://127.0.0.1:8000",
            "PORTAL_IDENTITY_PROVIDERS": str(self.folder / "providers.toml"),
            "PORTAL_ALLOW_HTTP_ISSUERS": "loopback",
            "PORTAL_SAVE_LIMIT": "off",
            "PORTAL_READ_LIMIT": "off",
        }

    def settle(self) -> None:
        """Write a checkpoint now, so that none falls into one side of a comparison."""
        self.client.admin.command("fsync")


@contextmanager
def stage() -> Iterator[Stage]:
    """A running stage, taken down at the end whatever happens."""
    above = ROOT / "var" / "bench"
    above.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=above))
    try:
        with EmbeddedMongod(folder / "mongod", free_port(), cache_gb=CACHE_GB) as mongod:
            made = Stage(folder, mongod)
            yield made
            made.client.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
