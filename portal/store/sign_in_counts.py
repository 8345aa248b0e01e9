"""How often one address has begun or ended a sign-on in this minute, counted for all processes alike."""

from datetime import datetime, timedelta

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from portal.store.database import Database

KEPT = timedelta(minutes=2)


def count(db: Database, key: str, now: datetime) -> int:
    """Count one more for this key, which names the address and the minute; answers how many there are."""
    change = {"$inc": {"count": 1}, "$setOnInsert": {"gone": now + KEPT}}
    try:
        found = db["sign_in_counts"].find_one_and_update(
            {"_id": key}, change, upsert=True, return_document=ReturnDocument.AFTER
        )
    except DuplicateKeyError:  # two of one address were the first at once
        found = None
    return int(found["count"]) if found else count(db, key, now)
