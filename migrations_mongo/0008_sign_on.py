"""A provider ends the sessions it began by their sid; sign-ons are counted, and logout tokens known, for a while."""

from typing import Any

from pymongo.database import Database


def migrate(db: Database[dict[str, Any]]) -> None:
    db["sessions"].create_index([("provider", 1), ("sid", 1)], name="provider_sid")
    for name in ("sign_in_counts", "logout_tokens"):
        db[name].create_index([("gone", 1)], expireAfterSeconds=0, name="gone")
