"""A plan says who was asked for advice and what was made of it; what they gave lies sealed beside it."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, LIST = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "array"}
BYTES, WHEN = {"bsonType": "binData"}, {"bsonType": "date"}
MARK = {"bsonType": "object", "required": ["person", "name", "agency", "at"]}
PLACE = {"_id": STRING, "authority": STRING, "plan": STRING, "request": NUMBER, "number": NUMBER}
SCHEMAS: dict[str, dict[str, Any]] = {
    "advice": {**PLACE, "by": MARK, "salt": BYTES, "hash": BYTES, "content": BYTES},
    "advice_read": {**PLACE, "side": {"enum": ["council", "family"]}, "at": WHEN},
}
TO = {"bsonType": "object", "required": ["person", "name", "agency", "agency_name", "role"]}
REQUEST: dict[str, Any] = {
    "number": NUMBER,
    "ref": STRING,
    "kind": {"enum": list("abcdefgh")},
    "to": TO,
    "by": MARK,
    "state": {"enum": ["waited", "declined", "not_known", "given"]},
    "chased": LIST,
    "reuses": STRING,
    "agreed": LIST,
    "given": LIST,
}
TAKEN: dict[str, Any] = {"item": STRING, "section": STRING, "request": NUMBER, "given": NUMBER, "row": STRING}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
        by_request = [("authority", 1), ("plan", 1), ("request", 1), ("number", 1)]
        db[name].create_index(by_request, name="authority_plan_request_number")
    _shape(db)
    # What is asked of somebody, over all children; and of an agency, for its lead to hand on.
    db["plans"].create_index([("authority", 1), ("advice.to.person", 1)], name="authority_advice_person")
    db["plans"].create_index([("authority", 1), ("advice.to.agency", 1)], name="authority_advice_agency")


def _shape(db: Database[dict[str, Any]]) -> None:
    """A plan may remember advice, in one shape; a destroyed plan does not."""
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    told = {"advice": _many(REQUEST), "taken": _many(TAKEN)}
    kept = {**kept, "properties": {**kept["properties"], **told}}
    none = [{"required": [name]} for name in told]
    gone = [each for each in destroyed["not"]["anyOf"] if each not in none]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, *none]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})


def _many(fields: dict[str, Any]) -> dict[str, Any]:
    one = {"bsonType": "object", "required": list(fields), "properties": fields, "additionalProperties": False}
    return {"bsonType": "array", "items": one}
