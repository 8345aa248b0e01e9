"""A person's newest unsent words in an authority are found without looking through its plans."""

from typing import Any

from pymongo.database import Database


def migrate(db: Database[dict[str, Any]]) -> None:
    db["drafts"].create_index([("authority", 1), ("person", 1), ("at", -1)], name="authority_person_at")
