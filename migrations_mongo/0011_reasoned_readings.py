"""Reasoned readings with their alerts, the family's choice about each other's openings, and openings by time."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, WHEN = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "date"}
YES = {"bsonType": "bool"}
PLACE = {"_id": STRING, "authority": STRING, "plan": STRING}
SCHEMAS: dict[str, dict[str, Any]] = {
    "reasoned_readings": {
        **PLACE,
        "number": NUMBER,
        "kind": {"enum": ["audit", "emergency"]},
        "person": STRING,
        "reason": {"bsonType": "string", "minLength": 10},
        "since": WHEN,
        "until": WHEN,
        "waits": YES,
        "was_delayed": YES,
    },
    "opening_choices": {**PLACE, "person": STRING, "shown": YES},
}
BY_PLAN = [("authority", 1), ("plan", 1)]
INDEXES: dict[str, list[list[tuple[str, int]]]] = {
    "reasoned_readings": [
        [*BY_PLAN, ("number", -1)],
        [*BY_PLAN, ("since", -1), ("number", -1)],
        [*BY_PLAN, ("was_delayed", 1)],
        # Those of one person, for what they hold now (portal/store/people.py).
        [("authority", 1), ("person", 1), ("until", 1)],
        [("authority", 1), ("kind", 1), ("waits", 1), ("since", -1)],
    ],
    "opening_choices": [[*BY_PLAN, ("shown", 1)]],
    # Whose openings a reader is not told of is seen from the index alone.
    "openings": [[*BY_PLAN, ("how", 1), ("at", -1), ("_id", -1), ("person", 1)]],
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    db["openings"].update_many({"how": {"$exists": False}}, {"$set": {"how": "", "what": ""}})  # of their daily work
    for name, indexes in INDEXES.items():
        for keys in indexes:
            db[name].create_index(keys)
