"""Files in section A, laid out as GridFS does: those in a plan, and those that wait and are forgotten by themselves."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, BYTES, WHEN = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "binData"}, {"bsonType": "date"}
PLACE = {"_id": STRING, "authority": STRING, "plan": STRING}
FILE = {**PLACE, "length": NUMBER, "chunkSize": NUMBER, "uploadDate": WHEN}
CHUNK = {**PLACE, "files_id": STRING, "n": NUMBER, "data": BYTES}
SCHEMAS: dict[str, dict[str, Any]] = {
    "media.files": FILE,
    "media.chunks": CHUNK,
    "uploads.files": {
        **FILE,
        "person": STRING,
        "shows": STRING,
        "state": {"enum": ["waiting", "ready", "refused"]},
        "reason": STRING,
        "gone": WHEN,
    },
    "uploads.chunks": {**CHUNK, "gone": WHEN},
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    for name in ("uploads.files", "uploads.chunks"):
        db[name].create_index([("gone", 1)], expireAfterSeconds=0)
    mine = [("authority", 1), ("plan", 1), ("person", 1), ("uploadDate", 1)]
    db["uploads.files"].create_index(mine)
