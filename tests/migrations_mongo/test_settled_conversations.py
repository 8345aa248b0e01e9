"""The migration for settled conversations: a plan says which were settled, by whom opened, and never a word of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.domain.conversation import Awaited, ConversationKind, OpenConversation
from portal.domain.identifier import random_id
from portal.store.codec import conversation_in, conversation_out
from portal.store.database import Database
from tests.factories import mark
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of

COMMENT = ConversationKind.COMMENT
SETTLED = OpenConversation(7, COMMENT, "F", "F/x/what", mark(), mark("other"), Awaited("p", "Nadia", "parent"), "senco")


def insert(db: Database, document: dict[str, Any]) -> int:
    return code_of(db, {"insert": "plans", "documents": [{"authority": "nmr", **document, "_id": random_id(8)}]})


def test_a_settled_conversation_comes_back_as_it_was_and_one_of_before_says_no_role() -> None:
    said = conversation_out(SETTLED)
    assert conversation_in(said) == SETTLED
    before = {**said, "by": {name: each for name, each in said["by"].items() if name != "role"}}
    assert conversation_in({**before, "waits_for": {"person": "p", "name": "Nadia"}}).role == ""


def test_a_plan_says_which_were_settled_or_nothing(db: Database) -> None:
    assert insert(db, GOOD["plans"]) == 0
    assert insert(db, {**GOOD["plans"], "settled": [], "conversations": [conversation_out(SETTLED)]}) == 0
    assert insert(db, {**GOOD["plans"], "settled": [conversation_out(SETTLED)]}) == 0


@pytest.mark.parametrize("wrong", [{"words": "At school too?"}, {"number": "7"}, {"by": {"role": "senco"}}])
def test_what_says_more_or_otherwise_is_not_taken(db: Database, wrong: dict[str, Any]) -> None:
    said = {**conversation_out(SETTLED), **wrong}
    assert insert(db, {**GOOD["plans"], "settled": [said]}) == REFUSED_BY_THE_VALIDATOR


def test_a_destroyed_plan_says_nothing_of_them(db: Database) -> None:
    stone = {"authority": "nmr", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    assert insert(db, {**stone, "settled": []}) == REFUSED_BY_THE_VALIDATOR
