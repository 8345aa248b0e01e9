"""Whoever changes an agency's settings finds its people by an index: they stand anew."""

from typing import Any

from pymongo.database import Database


def migrate(db: Database[dict[str, Any]]) -> None:
    db["grants"].create_index([("authority", 1), ("agency", 1), ("person", 1)], name="authority_agency_person")
    for name in ("people", "sessions"):
        db[name].update_many({"standing": {"$exists": False}}, {"$set": {"standing": ""}})
