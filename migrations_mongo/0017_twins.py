"""Twins of a section's words, who checked which of them, and who may: each added under its plan and never changed."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER = {"bsonType": "string"}, {"bsonType": "int"}
BYTES, MARK = {"bsonType": "binData"}, {"bsonType": "object", "required": ["person", "name", "agency", "at"]}
PLACE = {"_id": STRING, "authority": STRING, "plan": STRING, "section": STRING, "tag": STRING, "by": MARK}
SCHEMAS: dict[str, dict[str, Any]] = {
    "twins": {
        **PLACE,
        "number": NUMBER,
        "parts": {"bsonType": "array", "items": {"bsonType": "object", "required": ["item", "words", "made_from"]}},
        "revision": NUMBER,
        "salt": BYTES,
        "hash": BYTES,
    },
    "twin_checks": {**PLACE, "number": NUMBER, "hash": BYTES, "statement": STRING},
    "twin_checkers": {**PLACE, "person": STRING},
}
# The newest of each wording of a section is found without reading those before it.
INDEXES: dict[str, list[tuple[str, int]]] = {
    "twins": [("authority", 1), ("plan", 1), ("section", 1), ("tag", 1), ("number", -1)],
    "twin_checkers": [("authority", 1), ("plan", 1), ("section", 1), ("tag", 1)],
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    for name, keys in INDEXES.items():
        db[name].create_index(keys)
