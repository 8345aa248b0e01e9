"""Invitations, parts that wait for a second person, and the log of parts in whole caseloads; who leads an agency."""

from typing import Any

from pymongo.database import Database

STRING, NUMBER, WHEN = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "date"}
PLACE = {"_id": STRING, "authority": STRING, "agency": STRING, "role": STRING}
SCHEMAS: dict[str, dict[str, Any]] = {
    "invitations": {
        **PLACE,
        "token": STRING,
        "code": STRING,
        "scope": STRING,
        "by": STRING,
        "at": WHEN,
        "until": WHEN,
        "tries": NUMBER,
    },
    "grant_requests": {**PLACE, "person": STRING, "asked_by": STRING, "at": WHEN, "state": STRING},
    "access_log": {**PLACE, "kind": STRING, "person": STRING, "by": STRING, "at": WHEN},
}


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    db["invitations"].create_index([("authority", 1), ("token", 1)], name="authority_token")
    db["invitations"].create_index([("authority", 1), ("scope", 1), ("at", -1)], name="authority_scope")
    db["invitations"].create_index([("authority", 1), ("agency", 1), ("at", -1)], name="authority_agency")
    db["grant_requests"].create_index([("authority", 1), ("agency", 1), ("at", -1)], name="authority_agency")
    db["access_log"].create_index([("authority", 1), ("agency", 1), ("at", -1)], name="authority_agency")
    db["agencies"].create_index([("kind", 1), ("name", 1)], name="kind_name")
    db["people"].create_index([("leads", 1)], sparse=True, name="leads")
