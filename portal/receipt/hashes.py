"""How the words of a receipt become hashes again (docs/hash-format.md)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

LEAF, NODE, ENTRY, VERSION, PLAN, AUTHORITY, STATEMENT = (bytes([kind]) for kind in range(7))


def canonical(value: Any) -> bytes:
    """RFC 8785 JSON, for what the format holds: text, whole numbers, yes and no, lists and objects."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def seal(kind: bytes, *parts: bytes) -> str:
    return hashlib.sha256(kind + b"".join(parts)).hexdigest()


def leaf_of(address: str, value: Any, audience: Any, salt: str) -> str:
    return seal(LEAF, bytes.fromhex(salt), canonical({"address": address, "audience": audience, "value": value}))


def tree_of(tree: Any, shown: list[dict[str, Any]]) -> str:
    """The root of a pruned tree: a hash, a leaf that is shown (added to `shown`), or a pair of trees."""
    if isinstance(tree, str):
        return bytes.fromhex(tree).hex()
    if isinstance(tree, dict):
        shown.append(tree)
        return leaf_of(tree["address"], tree["value"], tree["audience"], tree["salt"])
    left, right = tree
    return seal(NODE, bytes.fromhex(tree_of(left, shown)), bytes.fromhex(tree_of(right, shown)))


def climb(found: str, path: list[list[str]]) -> str:
    """The root that a leaf and its neighbours on the way up lead to."""
    for side, other in path:
        pair = (other, found) if side == "left" else (found, other)
        found = seal(NODE, *(bytes.fromhex(each) for each in pair))
    return found
