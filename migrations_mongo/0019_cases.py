"""A plan tells the statutory process of its child's case; those of before tell it from their chain."""

from typing import Any
from zoneinfo import ZoneInfo

from pymongo.database import Database

STRING, NUMBER = {"bsonType": "string"}, {"bsonType": "int"}
HAPPENED = {"number": NUMBER, "kind": STRING, "on": STRING}
CASE = {
    "bsonType": "array",
    "items": {"bsonType": "object", "required": list(HAPPENED), "properties": HAPPENED},
}
# Until now nothing else of the process was put on record, and these are of the day on which they were issued.
BEFORE = ["draft_served", "final_issued"]
ENGLAND = ZoneInfo("Europe/London")


def migrate(db: Database[dict[str, Any]]) -> None:
    _shape(db)
    for authority in db["plans"].distinct("authority"):
        untold = {"authority": authority, "case": {"$exists": False}, "destroyed": {"$exists": False}}
        for plan in db["plans"].find(untold, {"_id": 1}):
            _replay(db, {"authority": authority, "_id": plan["_id"]})


def _shape(db: Database[dict[str, Any]]) -> None:
    """A plan may have a case, of one shape; a destroyed plan has none."""
    (found,) = db.list_collections(filter={"name": "plans"})
    kept, destroyed = found["options"]["validator"]["$jsonSchema"]["anyOf"]
    kept = {**kept, "properties": {**kept["properties"], "case": CASE}}
    gone = [each for each in destroyed["not"]["anyOf"] if each != {"required": ["case"]}]
    destroyed = {**destroyed, "not": {"anyOf": [*gone, {"required": ["case"]}]}}
    db.command("collMod", "plans", validator={"$jsonSchema": {"anyOf": [kept, destroyed]}})


def _replay(db: Database[dict[str, Any]], place: dict[str, Any]) -> None:
    """Tell a plan's case from its chain; one that is saved meanwhile is told again."""
    while plan := db["plans"].find_one({**place, "case": {"$exists": False}}, {"sequence": 1}):
        said = {"authority": place["authority"], "plan": place["_id"], "kind": {"$in": BEFORE}}
        rows = [
            {
                "number": each["sequence"],
                "kind": each["kind"],
                "on": each["at"].astimezone(ENGLAND).date().isoformat(),
            }
            for each in db["chain"].find(said).sort("sequence", 1)
        ]
        guard = {**place, "sequence": plan["sequence"], "case": {"$exists": False}}
        db["plans"].update_one(guard, {"$set": {"case": rows}})
