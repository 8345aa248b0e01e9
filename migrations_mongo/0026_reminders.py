"""A council's ladder of reminders, the days on which it was climbed, and notices that remind."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER = {"bsonType": "string"}, {"bsonType": "int"}
RUNG = {"bsonType": "object", "required": ["days", "whom"], "properties": {"days": NUMBER, "whom": STRING}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "ladders": {
        "_id": STRING,
        "authority": STRING,
        "number": NUMBER,
        "rungs": {"bsonType": "array", "items": RUNG},
        "by": {"bsonType": "object", "required": ["person", "name", "agency", "at"]},
    },
    "climbs": {"_id": STRING, "authority": STRING},
}
INDEXES = {"ladders": [("authority", 1), ("number", -1)], "climbs": [("authority", 1), ("_id", -1)]}
KINDS = ("reminder", "late")


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
        db[name].create_index(INDEXES[name], name="_".join(key for key, _ in INDEXES[name]))
    # Rows with a date, whoever's list they stand on.
    db["caseload"].create_index([("authority", 1), ("due", 1)], name="authority_due")
    _remind(db)


def _remind(db: Database[dict[str, Any]]) -> None:
    (found,) = db.list_collections(filter={"name": "notices"})
    schema = found["options"]["validator"]["$jsonSchema"]
    kinds = schema["properties"]["kind"]["enum"]
    schema["properties"]["kind"] = {"enum": [*kinds, *(each for each in KINDS if each not in kinds)]}
    db.command("collMod", "notices", validator={"$jsonSchema": schema})
