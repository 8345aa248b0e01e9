"""How far each person has read each plan: one document for a person and a plan, under the authority that shards."""

from typing import Any

from pymongo.database import Database

STRING = {"bsonType": "string"}
FIELDS = {"_id": STRING, "authority": STRING, "plan": STRING, "person": STRING, "marks": {"bsonType": "object"}}


def migrate(db: Database[dict[str, Any]]) -> None:
    if "reading_marks" not in db.list_collection_names():
        db.create_collection("reading_marks")
    schema = {"bsonType": "object", "required": list(FIELDS), "properties": FIELDS}
    db.command("collMod", "reading_marks", validator={"$jsonSchema": schema})
    db["reading_marks"].create_index([("authority", 1), ("plan", 1), ("person", 1)])
