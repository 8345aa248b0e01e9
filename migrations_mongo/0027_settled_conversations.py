"""A plan remembers for a while which conversations were settled; requests that people wrote about are found by that."""

from typing import Any

from pymongo.database import Database

STRING = {"bsonType": "string"}
TALKED_OF = {"state": "taken", "said": {"$gt": 0}}


def migrate(db: Database[dict[str, Any]]) -> None:
    _plans(db)
    order = [("authority", 1), ("at", -1)]
    db["assessment_requests"].create_index(order, name="talked_of", partialFilterExpression=TALKED_OF)


def _plans(db: Database[dict[str, Any]]) -> None:
    """Conversations of before say no role, and none was settled."""
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    fields = kept["properties"]
    one = fields["conversations"]["items"]
    by, waits_for = ({**one["properties"][name]} for name in ("by", "waits_for"))
    roles = {
        "by": {**by, "properties": {**by.get("properties", {}), "role": STRING}},
        "waits_for": {**waits_for, "properties": {**waits_for.get("properties", {}), "role": STRING}},
    }
    rows = {"bsonType": "array", "items": {**one, "properties": {**one["properties"], **roles}}}
    kept = {**kept, "properties": {**fields, "conversations": rows, "settled": rows}}
    gone = [each for each in destroyed["not"]["anyOf"] if each != {"required": ["settled"]}]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, {"required": ["settled"]}]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})
