"""A row for each case and each decision, from whose indexes alone pictures of a caseload are counted."""

from typing import Any

from pymongo.database import Database

STRING = {"bsonType": "string"}
PLACE = {"_id": STRING, "authority": STRING}
ABOUT = {"school": STRING, "worker": STRING, "need": STRING}
SCHEMAS: dict[str, dict[str, Any]] = {
    "case_rows": {**PLACE, "stage": STRING, "waits": STRING, "turns": STRING, "due": STRING, **ABOUT},
    "decision_rows": {**PLACE, "month": STRING, "what": STRING, "result": STRING, "time": STRING, **ABOUT},
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
        keys = [(each, 1) for each in fields if each != "_id"]
        db[name].create_index(keys, name="authority_and_all_that_is_counted")
