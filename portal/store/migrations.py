"""Runs migrations_mongo in order as the migrator, recording each by name and checksum."""

import contextlib
import hashlib
import importlib.util
import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from pymongo.errors import DuplicateKeyError

from portal.store.database import Database

FOLDER = Path(__file__).resolve().parents[2] / "migrations_mongo"
NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.py")


class BadMigrations(Exception):
    """The files do not follow on from what the database has recorded."""


def files() -> list[Path]:
    """The migrations in order; BadMigrations on a gap or a number given twice."""
    found = sorted(each for each in FOLDER.glob("*.py") if NAME.fullmatch(each.name))
    numbers = [int(each.name[:4]) for each in found]
    if numbers != list(range(1, len(found) + 1)):
        raise BadMigrations("Migrations must be numbered 0001, 0002 … without gaps or repeats.")
    return found


def pending(db: Database) -> list[Path]:
    """What has not run yet; BadMigrations when a file that ran has been edited or is gone."""
    done = {each["_id"]: each["checksum"] for each in db["_migrations"].find()}
    names = {each.name for each in files()}
    if not names.issuperset(done):
        raise BadMigrations("The database has run a migration that this code does not have.")
    for path in files():
        if path.name in done and done[path.name] != checksum(path):
            raise BadMigrations(f"{path.name} was edited after it ran: write a new migration instead.")
    return [each for each in files() if each.name not in done]


def run(db: Database) -> list[str]:
    """Run what is pending and make the keys of identifying fields; answers the names that ran."""
    ran = []
    for path in pending(db):
        module_of(path).migrate(db.client[db.name])
        record = {"_id": path.name, "checksum": checksum(path), "at": datetime.now(UTC)}
        with contextlib.suppress(DuplicateKeyError):  # another migrator ran it at the same time: it is safe to repeat
            db["_migrations"].insert_one(record)
        ran.append(path.name)
    db.sealing.make_keys()
    return ran


def module_of(path: Path) -> ModuleType:
    """A migration as a module; its name begins with a number, so that no import finds it. Raises BadMigrations."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise BadMigrations(f"{path.name} can't be loaded.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def named(name: str) -> ModuleType:
    """The migration that is called so, whatever its number. Raises BadMigrations."""
    for path in files():
        if path.stem.partition("_")[2] == name:
            return module_of(path)
    raise BadMigrations(f"There is no migration called {name}.")


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
