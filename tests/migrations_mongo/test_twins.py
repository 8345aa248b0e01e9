"""Twins, their checks and their checkers have a shape that the server holds them to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.errors import PyMongoError

from portal.store.database import Database

BY = {"person": "p", "name": "Chris Doyle", "agency": "council", "at": datetime(2026, 3, 1, tzinfo=UTC)}
PLACE = {"authority": "nmr", "plan": "nmr-0", "section": "F", "tag": "ur", "by": BY}
PART = {"item": "x", "words": "Words", "made_from": ["hash"], "revision": 1, "writer": "p"}
WHOLE: dict[str, dict[str, Any]] = {
    "twins": {"number": 1, "parts": [PART], "revision": 1, "salt": b"salt", "hash": b"hash", "agency_name": "Council"},
    "twin_checks": {"number": 1, "hash": b"hash", "statement": "I have read both.", "agency_name": "Council"},
    "twin_checkers": {"person": "q"},
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_document_without_any_one_part_of_its_shape_is_refused_by_the_server(db: Database, name: str) -> None:
    whole = {**PLACE, **WHOLE[name]}
    db[name].insert_one({"_id": f"{name}:whole", **whole})
    for part in set(whole) - {"agency_name"}:
        with pytest.raises(PyMongoError):
            db[name].insert_one(
                {"_id": f"{name}:without-{part}", **{each: whole[each] for each in whole if each != part}}
            )
    assert db[name].find_one({"authority": "nmr", "_id": f"{name}:without-by"}) is None
