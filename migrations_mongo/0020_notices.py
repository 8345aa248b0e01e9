"""Notices and what people were awaited for; entries that nobody delivered yet count as delivered, being long past."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, WHEN, LIST = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "date"}, {"bsonType": "array"}
PLACE = {"_id": STRING, "authority": STRING, "plan": STRING}
MAYBE = {"bsonType": ["date", "null"]}
SCHEMAS: dict[str, dict[str, Any]] = {
    "notices": {
        **PLACE,
        "person": STRING,
        "kind": {"enum": ["waits", "draft", "final", "alert", "untold"]},
        "at": WHEN,
        "due": STRING,
        "state": {"enum": ["waiting", "taken", "sent", "over", "failed"]},
        "next": MAYBE,
        "given_up": LIST,
        "message": STRING,
        "tries": NUMBER,
        "sent": MAYBE,
        "attempts": LIST,
    },
    "awaited": {**PLACE, "times": NUMBER, "people": LIST},
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    if "notices" not in there:
        # Nobody is to be told today of what happened before anybody could be told of it.
        db["outbox"].update_many({"delivered": None}, {"$set": {"delivered": True}})
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    db["notices"].create_index([("authority", 1), ("state", 1), ("next", 1)], name="authority_state_next")
    by_person = [("authority", 1), ("person", 1), ("state", 1), ("next", 1)]
    db["notices"].create_index(by_person, name="authority_person_state_next")
    db["notices"].create_index([("authority", 1), ("plan", 1), ("at", -1)], name="authority_plan")
    db["notices"].create_index([("authority", 1), ("plan", 1), ("person", 1), ("at", -1)], name="authority_plan_person")
    db["people"].create_index([("calendar.token", 1)], sparse=True, name="calendar_token")
    db["people"].create_index([("unconfirmed.next", 1)], sparse=True, name="unconfirmed_next")
