"""Who is at a plan just now: one short-lived document for a person and a plan, forgotten by itself."""

from typing import Any

from pymongo.database import Database

STRING, YES, WHEN = {"bsonType": "string"}, {"bsonType": "bool"}, {"bsonType": "date"}
FIELDS = {
    "_id": STRING,
    "authority": STRING,
    "plan": STRING,
    "person": STRING,
    "name": STRING,
    "section": STRING,
    "group": STRING,
    "item": STRING,
    "field": STRING,
    "family": YES,
    "chose": YES,
    "gone": WHEN,
}


def migrate(db: Database[dict[str, Any]]) -> None:
    if "presence" not in db.list_collection_names():
        db.create_collection("presence")
    schema = {"bsonType": "object", "required": list(FIELDS), "properties": FIELDS}
    db.command("collMod", "presence", validator={"$jsonSchema": schema})
    db["presence"].create_index([("authority", 1), ("plan", 1), ("gone", 1)], name="authority_plan_gone")
    db["presence"].create_index([("gone", 1)], expireAfterSeconds=0, name="gone")
