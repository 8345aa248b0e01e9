"""Replace the keys that seal what identifies a child, wrap them by another master key, make children found."""

import argparse
import base64
import binascii
import os
import time
from datetime import UTC, datetime

from portal.commands import Add, database
from portal.config import UnsafeSettings, read_settings
from portal.operations.rotate import rotate
from portal.operations.search import make_found
from portal.store.database import Database

NEW = "PORTAL_MASTER_KEY_NEW"


def register(add: Add) -> None:
    add("rotate-key", rotate_key, "seal what identifies children by new keys (as the migrator: MONGODB_MIGRATOR_URI)")
    add("rewrap-key", rewrap_key, f"wrap the keys by another master key, {NEW} (as the migrator)")
    add("index-identities", index_identities, "make children found whose plans are older than the search")


def rotate_key(_: argparse.Namespace) -> int:
    total = 0
    for name, count in rotate(_migrator(), lambda: datetime.now(UTC), time.sleep):
        print(f"{name}: {count:,} sealed anew", flush=True)
        total += count
    print(f"{total:,} documents were sealed anew. The old keys are gone.")
    return 0


def rewrap_key(_: argparse.Namespace) -> int:
    """What the keys seal stays as it is, so that it takes no time; then PORTAL_MASTER_KEY must be the new one."""
    count = _migrator(_new_key()).sealing.wrap_by(_new_key())
    print(f"{count} keys are wrapped by the new master key. Set PORTAL_MASTER_KEY to it everywhere, and start anew.")
    return 0


def index_identities(_: argparse.Namespace) -> int:
    count = make_found(database(read_settings()))
    print(f"{count:,} {'child' if count == 1 else 'children'} can now be found.")
    return 0


def _migrator(also: bytes | None = None) -> Database:
    settings = read_settings()
    uri = os.environ.get("MONGODB_MIGRATOR_URI", settings.mongodb_uri)
    return Database(uri, settings.database, settings.master_key, also)


def _new_key() -> bytes:
    try:
        key = base64.b64decode(os.environ.get(NEW, ""), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 96:
        raise UnsafeSettings([f"{NEW} must be exactly 96 bytes in base64."])
    return key
