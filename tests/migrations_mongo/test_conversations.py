"""The migration for conversations: a plan says who waits for whom in one shape, and never a word of what was said."""

from datetime import UTC, datetime
from typing import Any

import pytest

from portal.domain.conversation import Awaited, ConversationKind, OpenConversation
from portal.domain.identifier import random_id
from portal.store.codec import conversation_in, conversation_out
from portal.store.database import Database
from tests.factories import mark
from tests.migrations_mongo.test_runner import GOOD, REFUSED_BY_THE_VALIDATOR, code_of

OPEN = OpenConversation(7, ConversationKind.MESSAGE, "F", "", mark(), mark("other"), Awaited("p", "Nadia Rahman"))


def insert(db: Database, document: dict[str, Any]) -> int:
    return code_of(db, {"insert": "plans", "documents": [{"authority": "nmr", **document, "_id": random_id(8)}]})


def test_an_open_conversation_comes_back_as_it_was() -> None:
    assert conversation_in(conversation_out(OPEN)) == OPEN


def test_a_plan_says_who_waits_for_whom_or_nothing(db: Database) -> None:
    assert insert(db, GOOD["plans"]) == 0
    assert insert(db, {**GOOD["plans"], "conversations": []}) == 0
    assert insert(db, {**GOOD["plans"], "conversations": [conversation_out(OPEN)]}) == 0


@pytest.mark.parametrize("wrong", [{"words": "At school too?"}, {"kind": "rumour"}, {"number": "7"}, {"by": {}}])
def test_a_conversation_that_says_more_or_otherwise_is_not_taken(db: Database, wrong: dict[str, Any]) -> None:
    said = {**conversation_out(OPEN), **wrong}
    assert insert(db, {**GOOD["plans"], "conversations": [said]}) == REFUSED_BY_THE_VALIDATOR


def test_a_destroyed_plan_says_nothing_of_it(db: Database) -> None:
    stone = {"authority": "nmr", "sequence": 7, "head": b"", "destroyed": datetime(2057, 3, 14, tzinfo=UTC)}
    assert insert(db, {**stone, "conversations": []}) == REFUSED_BY_THE_VALIDATOR
