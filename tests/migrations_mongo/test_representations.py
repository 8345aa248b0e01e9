"""The migration for representations, consultations and orders: one shape for each, and none in a destroyed plan."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.domain.identifier import random_id
from portal.store.database import Database
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of

TOLD: dict[str, dict[str, Any]] = {
    "representations": {"number": 4, "about": "F", "person": "p", "version": 1, "answer": 0},
    "consulted": {
        "number": 5,
        "ref": "s1",
        "on": "2026-03-02",
        "person": "p",
        "agency": "oak-lane",
        "pack": [],
        "reply": 0,
        "replied": "",
    },
    "ordered": {"number": 6, "order": 3, "place": "F/x1y2/what", "salt": b"", "hash": b""},
}


@pytest.mark.parametrize("name", TOLD)
def test_what_was_said_has_one_shape_without_a_word_of_it_and_a_destroyed_plan_has_none(
    db: Database, name: str
) -> None:
    def insert(document: dict[str, Any]) -> int:
        return code_of(db, {"insert": "plans", "documents": [{"authority": "sfl", **document, "_id": random_id(8)}]})

    whole = TOLD[name]
    assert insert({**GOOD["plans"], name: [whole]}) == 0
    assert insert({**GOOD["plans"], name: [{**whole, "words": "Every week."}]}) == REFUSED_BY_THE_VALIDATOR
    for each in whole:
        less = {key: value for key, value in whole.items() if key != each}
        assert insert({**GOOD["plans"], name: [less]}) == REFUSED_BY_THE_VALIDATOR
    stone = {"authority": "sfl", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    assert insert({**stone, name: [whole]}) == REFUSED_BY_THE_VALIDATOR
