"""A plan remembers when the family was sent the letter about its move here; a destroyed plan says nothing of it."""

from typing import Any

from pymongo.database import Database


def migrate(db: Database[dict[str, Any]]) -> None:
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    day = {"bsonType": "string", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}
    kept = {**kept, "properties": {**kept["properties"], "move_told": day}}
    gone = [each for each in destroyed["not"]["anyOf"] if each != {"required": ["move_told"]}]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, {"required": ["move_told"]}]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})
