"""A council's own words for its letters, and the letters sent: each added and never changed; a notice tells of one."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER = {"bsonType": "string"}, {"bsonType": "int"}
BYTES, MARK = {"bsonType": "binData"}, {"bsonType": "object", "required": ["person", "name", "agency", "at"]}
SCHEMAS: dict[str, dict[str, Any]] = {
    "letters": {
        "_id": STRING,
        "authority": STRING,
        "plan": STRING,
        "number": NUMBER,
        "kind": STRING,
        "on": STRING,
        "about": NUMBER,
        "made_from": {"bsonType": "array"},
        "by": MARK,
        "agency_name": STRING,
        "authority_name": STRING,
        "said": BYTES,
        "salt": BYTES,
    },
    "letter_templates": {
        "_id": STRING,
        "authority": STRING,
        "name": STRING,
        "number": NUMBER,
        "parts": {"bsonType": "object"},
        "by": MARK,
    },
}
INDEXES: dict[str, list[tuple[str, int]]] = {
    "letters": [("authority", 1), ("plan", 1), ("number", -1)],
    "letter_templates": [("authority", 1), ("name", 1), ("number", -1)],
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
        db[name].create_index(INDEXES[name], name="_".join(key for key, _ in INDEXES[name]))
    _tell_of_letters(db)


def _tell_of_letters(db: Database[dict[str, Any]]) -> None:
    """A notice may be of a letter too, beside the kinds that there are."""
    (found,) = db.list_collections(filter={"name": "notices"})
    schema = found["options"]["validator"]["$jsonSchema"]
    kinds = schema["properties"]["kind"]["enum"]
    if "letter" not in kinds:
        schema["properties"]["kind"] = {"enum": [*kinds, "letter"]}
        db.command("collMod", "notices", validator={"$jsonSchema": schema})
