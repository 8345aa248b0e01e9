"""Plans, their history and the lists made from them: each index begins with the authority, the key that shards."""

from typing import Any

from pymongo.database import Database

# History is written once and read whole: the stronger compressor costs nothing that is felt.
ZSTD = {"wiredTiger": {"configString": "block_compressor=zstd"}}
STRING, NUMBER, BYTES, WHEN = {"bsonType": "string"}, {"bsonType": "int"}, {"bsonType": "binData"}, {"bsonType": "date"}
PLACE = {"_id": STRING, "authority": STRING, "plan": STRING}

SCHEMAS: dict[str, dict[str, Any]] = {
    "plans": {
        "_id": STRING,
        "authority": STRING,
        "standard": STRING,
        "state": {"enum": ["drafting", "draft_issued", "finalising", "final", "amending", "ceased"]},
        "sequence": NUMBER,
        "head": BYTES,
        "child": BYTES,
        "sections": {"bsonType": "object"},
    },
    "section_revisions": {
        **PLACE,
        "section": STRING,
        "number": NUMBER,
        "hash": BYTES,
        "content": {"bsonType": "object"},
    },
    "chain": {**PLACE, "sequence": NUMBER, "kind": STRING, "at": WHEN, "previous": BYTES, "hash": BYTES},
    "statements": {**PLACE, "sequence": NUMBER, "beside": {"bsonType": "object"}, "salt": BYTES},
    "versions": {**PLACE, "number": NUMBER, "kind": STRING, "hash": BYTES, "head": BYTES, "cover": BYTES},
    "documents": {**PLACE, "content": BYTES, "digest": STRING},
}
BY_PLAN = [("authority", 1), ("plan", 1)]
INDEXES: dict[str, list[list[tuple[str, int]]]] = {
    "plans": [[("authority", 1), ("_id", 1)]],
    "section_revisions": [[*BY_PLAN, ("section", 1), ("number", -1)]],
    "chain": [[*BY_PLAN, ("sequence", -1)]],
    "statements": [[*BY_PLAN, ("sequence", -1)]],
    "versions": [[*BY_PLAN, ("number", -1)]],
    "documents": [BY_PLAN],
    "outbox": [[("authority", 1), ("delivered", 1), ("at", 1)]],
    "openings": [[*BY_PLAN, ("person", 1), ("at", -1)]],
    "drafts": [[*BY_PLAN, ("person", 1)]],
    "grants": [[("authority", 1), ("person", 1)], [("authority", 1), ("scope", 1), ("from", 1)]],
    "caseload": [[("authority", 1), ("reader", 1), ("due", 1), ("_id", 1)], BY_PLAN],
}
# Forgotten by themselves: (collection, field, seconds after it).
FORGOTTEN = [("requests", "at", 30 * 86_400), ("drafts", "gone", 0)]


def migrate(db: Database[dict[str, Any]]) -> None:
    there = set(db.list_collection_names())
    for name, fields in SCHEMAS.items():
        if name not in there:
            db.create_collection(name, storageEngine=ZSTD)
        schema = {"bsonType": "object", "required": list(fields), "properties": fields}
        db.command("collMod", name, validator={"$jsonSchema": schema})
    for name in ("outbox", "openings", "drafts", "grants", "caseload", "requests", "jobs"):
        if name not in there:
            db.create_collection(name)
    for name, indexes in INDEXES.items():
        for keys in indexes:
            db[name].create_index(keys)
    for name, field, seconds in FORGOTTEN:
        db[name].create_index([(field, 1)], expireAfterSeconds=seconds)
    # The worker's queue is one short list for the whole portal: it is the one query across authorities.
    db["jobs"].create_index([("done", 1), ("attempts", 1), ("_id", 1)])
