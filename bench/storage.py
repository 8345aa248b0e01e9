"""What keeping history costs: bytes on disk beside whole snapshots, bytes of journal beside saves of a whole plan."""

from collections.abc import Iterable
from typing import Any

from pymongo import ASCENDING, MongoClient

from portal.domain.plan import Plan

Document = dict[str, Any]
ZSTD = {"wiredTiger": {"configString": "block_compressor=zstd"}}
HISTORY = ("section_revisions", "chain", "statements", "versions")


class Snapshots:
    """Every revision of a plan kept whole, as the plan's own document, compressed as the product's history is."""

    def __init__(self, client: MongoClient[Document], of: str) -> None:
        self._plans = client[of]["plans"]
        self.db = client["snapshots"]
        self.db.create_collection("snapshots", storageEngine=ZSTD)
        keys = [("authority", ASCENDING), ("plan", ASCENDING), ("sequence", ASCENDING)]
        self.db["snapshots"].create_index(keys)

    def take(self, plans: Iterable[Plan]) -> None:
        """Keep each of the plans as it stands now."""
        documents = (self._plans.find_one({"authority": each.authority, "_id": each.id}) for each in plans)
        self.db["snapshots"].insert_many([_snapshot(each) for each in documents if each])


def _snapshot(document: Document) -> Document:
    plan, sequence = document["_id"], document["sequence"]
    place = {"authority": document["authority"], "plan": plan, "sequence": sequence}
    return {"_id": f"{plan}:{sequence}", **place, "whole": document}


def size_of(client: MongoClient[Document], database: str, collections: Iterable[str]) -> int:
    """Bytes on disk of collections with their indexes, after a checkpoint."""
    client.admin.command("fsync")
    stats = [client[database].command("collStats", each) for each in collections]
    return sum(int(each["storageSize"]) + int(each["totalIndexSize"]) for each in stats)


def journal_bytes(client: MongoClient[Document]) -> int:
    """Bytes written to the journal since the server started."""
    return int(client.admin.command("serverStatus")["wiredTiger"]["log"]["log bytes written"])
