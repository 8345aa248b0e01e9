"""A plan remembers what the family said of drafts, which schools were consulted and what the tribunal ordered."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER = {"bsonType": "string"}, {"bsonType": "int"}
BYTES, LIST = {"bsonType": "binData"}, {"bsonType": "array"}
REPRESENTATION: dict[str, Any] = {
    "number": NUMBER,
    "about": STRING,
    "person": STRING,
    "version": NUMBER,
    "answer": NUMBER,
}
CONSULTED: dict[str, Any] = {
    "number": NUMBER,
    "ref": STRING,
    "on": STRING,
    "person": STRING,
    "agency": STRING,
    "pack": LIST,
    "reply": NUMBER,
    "replied": STRING,
}
ORDERED: dict[str, Any] = {"number": NUMBER, "order": NUMBER, "place": STRING, "salt": BYTES, "hash": BYTES}
TOLD = {"representations": REPRESENTATION, "consulted": CONSULTED, "ordered": ORDERED}


def migrate(db: Database[dict[str, Any]]) -> None:
    _shape(db)
    _notices(db)


def _shape(db: Database[dict[str, Any]]) -> None:
    """A plan may have them, each in one shape and without a word of what was said; a destroyed plan has none."""
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    kept = {**kept, "properties": {**kept["properties"], **{name: _many(fields) for name, fields in TOLD.items()}}}
    none = [{"required": [name]} for name in TOLD]
    gone = [each for each in destroyed["not"]["anyOf"] if each not in none]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, *none]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})


def _notices(db: Database[dict[str, Any]]) -> None:
    """One kind more: that the council has answered what somebody said."""
    (found,) = db.list_collections(filter={"name": "notices"})
    schema = found["options"]["validator"]["$jsonSchema"]
    known = schema["properties"]["kind"]["enum"]
    kinds = {"enum": [*known, *(each for each in ("answered",) if each not in known)]}
    schema = {**schema, "properties": {**schema["properties"], "kind": kinds}}
    db.command("collMod", "notices", validator={"$jsonSchema": schema})


def _many(fields: dict[str, Any]) -> dict[str, Any]:
    one = {"bsonType": "object", "required": list(fields), "properties": fields, "additionalProperties": False}
    return {"bsonType": "array", "items": one}
