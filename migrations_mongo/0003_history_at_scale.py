"""Revisions in the order of their ids, links that say which revisions stood, worklists read from an index alone."""

import json
from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

Row = dict[str, Any]
ZSTD = {"wiredTiger": {"configString": "block_compressor=zstd"}}
BATCH = 1000
BY_PLAN = [("authority", 1), ("plan", 1)]
# A clustered collection scans itself for a list of ids; this index finds each, and is the key that shards.
BY_ID = [("authority", 1), ("_id", 1)]
# Everything a worklist shows stands in its index, so that no document is fetched (docs/scale.md).
LIST = [("authority", 1), ("reader", 1), ("due", 1), ("_id", 1), ("plan", 1), ("said", 1), ("child", 1)]
PRESSING = ("answer", "sign", "sign_again", "issue_final", "issue_draft")
OVERDUE = [("reader", 1), ("due", 1), ("authority", 1)]


def migrate(db: Database[Row]) -> None:
    _cluster_revisions(db)
    db["section_revisions"].create_index(BY_ID)
    _drop_index(db, "section_revisions", "authority_1_plan_1_section_1_number_-1")
    _say_which_revisions_stood(db)
    _pack_worklists(db)
    _drop_index(db, "caseload", "authority_1_reader_1_due_1__id_1")


def _cluster_revisions(db: Database[Row]) -> None:
    """Clustered on `plan:section:n`: neighbours share most of their words, and the compressor finds them."""
    (found,) = db.list_collections(filter={"name": "section_revisions"})
    if "clusteredIndex" in found["options"]:
        return
    db.drop_collection("section_revisions_new")
    clustered = {"key": {"_id": 1}, "unique": True}
    checked = {"validator": found["options"]["validator"], "validationLevel": "strict", "validationAction": "error"}
    db.create_collection("section_revisions_new", clusteredIndex=clustered, storageEngine=ZSTD, **checked)
    list(db["section_revisions"].aggregate([{"$merge": {"into": "section_revisions_new"}}]))
    db["section_revisions_new"].rename("section_revisions", dropTarget=True)


def _drop_index(db: Database[Row], collection: str, name: str) -> None:
    if name in db[collection].index_information():
        db[collection].drop_index(name)


def _say_which_revisions_stood(db: Database[Row]) -> None:
    """Each link gets the number of every section's revision once it was on the chain: not hashed, derived."""
    standing: dict[str, dict[str, int]] = {}
    changes: list[UpdateOne] = []
    fields = {"authority": 1, "plan": 1, "facts": 1}
    for link in db["chain"].find({}, fields).sort([*BY_PLAN, ("sequence", 1)]).allow_disk_use(True):
        facts, plan = link["facts"], link["plan"]
        standing = {plan: standing.get(plan, {})}
        if facts["kind"] == "section_edited":
            standing[plan] = {**standing[plan], facts["section"]: facts["revision"]}
        place = {"authority": link["authority"], "_id": link["_id"]}
        changes.append(UpdateOne(place, {"$set": {"revisions": standing[plan]}}))
        if len(changes) == BATCH:
            db["chain"].bulk_write(changes)
            changes.clear()
    if changes:
        db["chain"].bulk_write(changes)


def _pack_worklists(db: Database[Row]) -> None:
    """State, roles and tasks as one text: an index holds no lists beside other keys without one entry for each."""
    db["caseload"].create_index(LIST)
    db["caseload"].create_index(OVERDUE)
    changes = [
        UpdateOne(
            {"authority": row["authority"], "_id": row["_id"]},
            {"$set": {"said": _said(row), "due": _due(row)}, "$unset": {"state": "", "tasks": "", "roles": ""}},
        )
        for row in db["caseload"].find({"tasks": {"$exists": True}})
    ]
    if changes:
        db["caseload"].bulk_write(changes)


def _said(row: Row) -> str:
    tasks = [[each["kind"], each["letters"], each["due"], each["opens"]] for each in row["tasks"]]
    return json.dumps({"state": row["state"], "roles": row["roles"], "tasks": tasks}, separators=(",", ":"))


def _due(row: Row) -> str:
    """After every date: what is pressing without one, what waits without one, what waits for nothing."""
    if not row["tasks"] or row["due"] != "9999-12-31":
        return str(row["due"])
    return "9999-12-29" if any(each["kind"] in PRESSING for each in row["tasks"]) else "9999-12-30"
