"""Checkpoints and their tiles: written once, read by number, by authority and by the first plan of a tile."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, BYTES, WHEN = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "binData"}, {"bsonType": "date"}
ZSTD = {"wiredTiger": {"configString": "block_compressor=zstd"}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "checkpoints": {
        "_id": NUMBER,
        "at": WHEN,
        "plans": NUMBER,
        "root": BYTES,
        "previous": STRING,
        "public_key": BYTES,
        "signature": BYTES,
        "parts": {"bsonType": "array"},
        "run": STRING,
    },
    "checkpoint_tiles": {"_id": STRING, "authority": STRING, "run": STRING},
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name, storageEngine=ZSTD)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    db["checkpoints"].create_index([("at", -1)], name="at")
    db["checkpoint_tiles"].create_index([("authority", 1), ("run", 1), ("first", 1)], name="first")
