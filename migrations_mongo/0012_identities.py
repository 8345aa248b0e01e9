"""Children are found by tokens, authority first; that somebody searched is kept for a year."""

from typing import Any

from pymongo.database import Database

STRING, WHEN = {"bsonType": "string"}, {"bsonType": "date"}
TOKENS = {"bsonType": "array", "items": {"bsonType": "binData"}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "identities": {"_id": STRING, "authority": STRING, "plan": STRING, "tokens": TOKENS},
    "searches": {"_id": STRING, "authority": STRING, "person": STRING, "kind": STRING, "at": WHEN},
}
YEAR = 366 * 86_400


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    db["identities"].create_index([("authority", 1), ("tokens", 1)], name="authority_tokens")
    db["searches"].create_index([("authority", 1), ("person", 1), ("at", -1)], name="authority_person_at")
    db["searches"].create_index([("at", 1)], name="forgotten", expireAfterSeconds=YEAR)
