"""A plan says who may read and decide beside the table of roles; a destroyed plan says nothing of it any more."""

from typing import Any

from pymongo.database import Database

STRING, BYTES, LIST = {"bsonType": "string"}, {"bsonType": "binData"}, {"bsonType": "array"}
LETTERS = {"bsonType": "array", "items": STRING}
BY = {"bsonType": "object", "required": ["person", "name", "agency", "at"]}


def _rows(**fields: dict[str, Any]) -> dict[str, Any]:
    said = {"person": STRING, "by": BY, **fields}
    return {**LIST, "items": {"bsonType": "object", "required": list(said), "properties": said}}


RIGHTS = {
    "consents": _rows(letters=LETTERS, until=STRING, writes={"bsonType": "bool"}),
    "capacity": _rows(matter={"enum": ["views", "draft", "sharing"]}, words=STRING),
    "limits": _rows(letters=LETTERS, words=STRING),
    "salt": BYTES,
}


def migrate(db: Database[dict[str, Any]]) -> None:
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    rights = {"bsonType": "object", "required": list(RIGHTS), "properties": RIGHTS, "additionalProperties": False}
    kept = {**kept, "properties": {**kept["properties"], "rights": rights}}
    gone = [each for each in destroyed["not"]["anyOf"] if each != {"required": ["rights"]}]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, {"required": ["rights"]}]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})
