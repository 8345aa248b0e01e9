"""Make the database's users, and bring its shape up to date."""

import argparse
import json
import os

from portal.commands import Add
from portal.config import UnsafeSettings, read_settings
from portal.store import migrations, users
from portal.store.database import Database


def register(add: Add) -> None:
    add("create-users", create_users, "make the database's users (MONGODB_ADMIN_URI, PORTAL_DB_PASSWORDS)")
    add("migrate", migrate, "bring the database's shape up to date (as the migrator: MONGODB_MIGRATOR_URI)")


def create_users(_: argparse.Namespace) -> int:
    admin, passwords = os.environ.get("MONGODB_ADMIN_URI", ""), os.environ.get("PORTAL_DB_PASSWORDS", "")
    if not admin or not passwords:
        raise UnsafeSettings(
            ["MONGODB_ADMIN_URI and PORTAL_DB_PASSWORDS (JSON: app, migrator, retention, backup) must be set."]
        )
    users.create_users(admin, os.environ.get("PORTAL_DATABASE", "golden_thread"), _passwords(passwords))
    print("Made the users app, migrator, retention and backup.")
    return 0


def _passwords(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
        return {name: str(found[name]) for name in ("app", "migrator", "retention", "backup")}
    except (ValueError, KeyError, TypeError):
        raise UnsafeSettings(["PORTAL_DB_PASSWORDS must be JSON with app, migrator, retention and backup."]) from None


def migrate(_: argparse.Namespace) -> int:
    settings = read_settings()
    uri = os.environ.get("MONGODB_MIGRATOR_URI", settings.mongodb_uri)
    db = Database(uri, settings.database, settings.master_key)
    db.must_be_replica_set()
    ran = migrations.run(db)
    print("\n".join(f"ran {name}" for name in ran) or "Nothing to migrate.")
    return 0
