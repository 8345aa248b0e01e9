"""A plan remembers who gave advice for a review, a row of a list when it wakes, a notice may tell of amendments."""

from typing import Any

from pymongo.database import Database

ADVISED: dict[str, Any] = {"sequence": {"bsonType": "int"}, "part": {"bsonType": "string"}}


def migrate(db: Database[dict[str, Any]]) -> None:
    _shape(db)
    _tell_of_amendments(db)
    # The rows in which something becomes somebody's turn on a day; those of before say of none (caseload.wake).
    db["caseload"].create_index([("authority", 1), ("wakes", 1)], name="authority_wakes")


def _shape(db: Database[dict[str, Any]]) -> None:
    """A plan may remember it, in one shape; a destroyed plan does not."""
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    one = {"bsonType": "object", "required": list(ADVISED), "properties": ADVISED, "additionalProperties": False}
    kept = {**kept, "properties": {**kept["properties"], "advised": {"bsonType": "array", "items": one}}}
    gone = [each for each in destroyed["not"]["anyOf"] if each != {"required": ["advised"]}]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, {"required": ["advised"]}]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})


def _tell_of_amendments(db: Database[dict[str, Any]]) -> None:
    (found,) = db.list_collections(filter={"name": "notices"})
    schema = found["options"]["validator"]["$jsonSchema"]
    kinds = schema["properties"]["kind"]["enum"]
    if "amendment" not in kinds:
        schema["properties"]["kind"] = {"enum": [*kinds, "amendment"]}
        db.command("collMod", "notices", validator={"$jsonSchema": schema})
