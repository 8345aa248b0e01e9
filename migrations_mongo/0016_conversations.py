"""A plan says in which conversations somebody waits for somebody, in one shape; a destroyed plan no more."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER = {"bsonType": "string"}, {"bsonType": "int"}
BY = {"bsonType": "object", "required": ["person", "name", "agency", "at"]}
WAITED = {"bsonType": "object", "required": ["person", "name"], "properties": {"person": STRING, "name": STRING}}
CONVERSATION: dict[str, Any] = {
    "number": NUMBER,
    "kind": {"enum": ["comment", "suggestion", "message"]},
    "section": STRING,
    "place": STRING,
    "by": BY,
    "last": BY,
    "waits_for": WAITED,
}
# What is said stands beside the chain, and never here.
ONE = {
    "bsonType": "object",
    "required": list(CONVERSATION),
    "properties": CONVERSATION,
    "additionalProperties": False,
}


def migrate(db: Database[dict[str, Any]]) -> None:
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    kept = {**kept, "properties": {**kept["properties"], "conversations": {"bsonType": "array", "items": ONE}}}
    said = {"required": ["conversations"]}
    gone = [each for each in destroyed["not"]["anyOf"] if each != said]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, said]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})
