"""What is left of a plan that was lawfully destroyed has a shape of its own: numbers and hashes, and no word."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, BYTES, WHEN = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "binData"}, {"bsonType": "date"}
PLACE = {"_id": STRING, "authority": STRING, "plan": STRING}
DESTROYED: dict[str, dict[str, Any]] = {
    "plans": {"_id": STRING, "authority": STRING, "sequence": NUMBER, "head": BYTES, "destroyed": WHEN},
    "section_revisions": {**PLACE, "section": STRING, "number": NUMBER, "hash": BYTES, "destroyed": WHEN},
    "versions": {**PLACE, "number": NUMBER, "kind": STRING, "hash": BYTES, "head": BYTES, "destroyed": WHEN},
}
# Nothing that was written may stand beside the gravestone's own fields.
GONE = {"plans": ("child", "sections"), "section_revisions": ("content", "by"), "versions": ("cover", "sections")}


def migrate(db: Database[dict[str, Any]]) -> None:
    for each in list(db.list_collections(filter={"name": {"$in": list(DESTROYED)}})):
        name, shape = each["name"], each["options"]["validator"]["$jsonSchema"]
        before = shape.get("anyOf", [shape])[0]  # also where this ran already
        kept = {**before, "not": {"required": ["destroyed"]}}
        db.command("collMod", name, validator={"$jsonSchema": {"anyOf": [kept, _destroyed(name)]}})


def _destroyed(name: str) -> dict[str, Any]:
    fields = DESTROYED[name]
    gone = [{"required": [field]} for field in GONE[name]]
    return {"bsonType": "object", "required": list(fields), "properties": fields, "not": {"anyOf": gone}}
