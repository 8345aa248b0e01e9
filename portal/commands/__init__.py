"""The verbs of the command line, a file for each kind; each file adds its own (`portal --help` lists them)."""

import argparse
from collections.abc import Callable
from typing import Protocol

from portal.config import Settings
from portal.store.database import Database

Run = Callable[[argparse.Namespace], int]


class Add(Protocol):
    """Adds one command: its name, what it runs (the exit code is what that answers) and what it does in a few words."""

    def __call__(self, name: str, run: Run, what: str) -> argparse.ArgumentParser: ...


def database(settings: Settings) -> Database:
    """The database as the portal's own narrow user."""
    return Database(settings.mongodb_uri, settings.database, settings.master_key)
