"""The migration for who may read and decide: a plan may say it in one shape, a destroyed plan not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.domain.identifier import random_id
from portal.domain.rights import Capacity, Consent, Limit, Matter, Rights
from portal.store.codec import rights_in, rights_out
from portal.store.database import Database
from tests.factories import at, mark
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of

RIGHTS = Rights(
    (Consent("p", ("A", "B"), mark(), at().today, True),),
    (Capacity(Matter.DRAFT, "p", mark(), "Assessed."),),
    (Limit("q", ("I",), mark(), "An order."),),
    b"salt",
)


def insert(db: Database, document: dict[str, Any]) -> int:
    return code_of(db, {"insert": "plans", "documents": [{"authority": "nmr", **document, "_id": random_id(8)}]})


def test_what_is_recorded_comes_back_as_it_was_and_nothing_where_nothing_was() -> None:
    assert rights_in(rights_out(RIGHTS)) == RIGHTS
    assert rights_in(None) == Rights()


def test_a_plan_says_who_may_read_and_decide_in_one_shape_or_not_at_all(db: Database) -> None:
    assert insert(db, GOOD["plans"]) == 0
    assert insert(db, {**GOOD["plans"], "rights": rights_out(RIGHTS)}) == 0


@pytest.mark.parametrize("name", ["consents", "capacity", "limits"])
def test_a_record_that_names_nobody_or_says_more_is_not_taken(db: Database, name: str) -> None:
    said = rights_out(RIGHTS)
    (row,) = said[name]
    nobody = {key: value for key, value in row.items() if key != "person"}
    assert insert(db, {**GOOD["plans"], "rights": {**said, name: [nobody]}}) == REFUSED_BY_THE_VALIDATOR
    assert insert(db, {**GOOD["plans"], "rights": {**said, "more": []}}) == REFUSED_BY_THE_VALIDATOR


def test_a_destroyed_plan_says_nothing_of_it(db: Database) -> None:
    stone = {"authority": "nmr", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    assert insert(db, stone) == 0
    assert insert(db, {**stone, "rights": rights_out(RIGHTS)}) == REFUSED_BY_THE_VALIDATOR
