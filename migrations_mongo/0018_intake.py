"""Requests for an assessment wait for a council, and how long advice took is counted without reading any plan."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, WHEN = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "date"}
PLACE = {"_id": STRING, "authority": STRING}
SCHEMAS: dict[str, dict[str, Any]] = {
    "turnarounds": {**PLACE, "plan": STRING, "advice": STRING, "on": STRING, "days": NUMBER},
    "assessment_requests": {
        **PLACE,
        "person": STRING,
        "name": STRING,
        "at": WHEN,
        "relation": STRING,
        "state": {"enum": ["waiting", "taken", "answered"]},
        "plan": STRING,
    },
}
INDEXES: dict[str, list[list[tuple[str, int]]]] = {
    "turnarounds": [[("authority", 1), ("advice", 1), ("on", -1), ("days", 1)]],
    "assessment_requests": [
        [("authority", 1), ("state", 1), ("at", 1)],
        [("authority", 1), ("person", 1)],
        [("authority", 1), ("plan", 1)],
    ],
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
        for keys in INDEXES[name]:
            db[name].create_index(keys, name="_".join(key for key, _ in keys))
    # What was answered as a mistake is forgotten by itself.
    db["assessment_requests"].create_index([("gone", 1)], name="gone", expireAfterSeconds=0)
