"""The same form sent twice is one save with one answer; the same id with other words is judged on its own."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.error import Invalid, StaleRevision
from portal.domain.identifier import new_request_id
from portal.domain.plan import Plan
from portal.domain.state import VersionKind
from portal.operations import plans, sections
from portal.operations.sections import Submission
from portal.store import revisions
from portal.store.database import Database
from portal.store.requests import Request
from tests.fresh import fresh
from tests.world import World, build_world, now


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, with both parents."""
    return fresh(cast, "parent", "other_parent")


def request(world: World, key: str, request_id: str, digest: str = "one digest") -> Request:
    return Request(request_id, digest, world.people[key], now().wall)


def send(world: World, key: str, words: str, sent: Request, revision: int = 0) -> Plan:
    """What is most important to the child, written against a revision of section A."""
    submission = Submission("A", "most-important", "most-important", {"words": words}, revision)
    return sections.edit(world.db, world.actor(key), world.plan_id, submission, now(), sent)


def words(world: World) -> str:
    item = world.plan().sections["A"].content.item("most-important")
    assert item is not None
    return item.text("words")


def kept(world: World) -> int:
    return world.db["requests"].count_documents({"authority": "nmr", "plan": world.plan_id})


def test_the_same_form_sent_again_is_answered_with_the_plan_as_it_stands_and_saved_once(world: World) -> None:
    sent = request(world, "parent", new_request_id())
    first = send(world, "parent", "Biscuit, my cat", sent)
    for _ in range(3):
        assert send(world, "parent", "Biscuit, my cat", sent) == first
    assert [each.number for each in revisions.of_section(world.db, world.plan_id, "A")] == [1]


def test_a_form_sent_again_after_others_wrote_overwrites_nothing(world: World) -> None:
    sent = request(world, "parent", new_request_id())
    send(world, "parent", "Biscuit, my cat", sent)
    world.edit("other_parent", "A", "most-important", {"words": "Swings"}, "most-important")
    later = send(world, "parent", "Biscuit, my cat", sent)
    assert words(world) == "Swings"
    assert later == world.plan()


def test_the_same_id_with_other_words_is_judged_as_a_new_save(world: World) -> None:
    request_id = new_request_id()
    send(world, "parent", "Biscuit, my cat", request(world, "parent", request_id))
    with pytest.raises(StaleRevision):  # written against what was there before the first
        send(world, "parent", "My brother", request(world, "parent", request_id, "another digest"))
    assert words(world) == "Biscuit, my cat"
    plan = send(world, "parent", "My brother", request(world, "parent", request_id, "another digest"), revision=1)
    assert words(world) == "My brother"
    assert plan.sections["A"].revision == 2


def test_one_persons_id_is_nothing_to_another_person(world: World) -> None:
    request_id = new_request_id()
    send(world, "parent", "Biscuit, my cat", request(world, "parent", request_id))
    send(world, "other_parent", "Swings", request(world, "other_parent", request_id), revision=1)
    assert words(world) == "Swings"


def test_one_plans_id_is_nothing_to_another_plan(world: World, cast: World) -> None:
    other = fresh(cast, "parent")
    request_id = new_request_id()
    send(world, "parent", "Biscuit, my cat", request(world, "parent", request_id))
    send(other, "parent", "Swings", request(other, "parent", request_id))
    assert (words(world), words(other)) == ("Biscuit, my cat", "Swings")


def test_a_refused_form_is_not_remembered_so_that_it_can_be_sent_again(world: World) -> None:
    sent = request(world, "parent", new_request_id())
    with pytest.raises(Invalid):
        send(world, "parent", "Biscuit, my cat", sent, revision=99)
    assert kept(world) == 0
    send(world, "parent", "Biscuit, my cat", sent)
    assert words(world) == "Biscuit, my cat"


def test_a_form_that_changes_nothing_is_saved_nowhere(world: World) -> None:
    before = world.plan()
    assert send(world, "parent", "", request(world, "parent", new_request_id())) == before
    assert kept(world) == 0


def test_an_answer_to_the_draft_sent_twice_is_one_answer(world: World) -> None:
    plan = world.issue("manager", VersionKind.DRAFT, A="The date is here.")
    sent = request(world, "parent", new_request_id())
    for _ in range(2):
        plan = plans.answer(world.db, world.actor("parent"), world.plan_id, "We agree.", now(), sent)
    assert len(plan.answers) == 1


def test_a_submission_is_forgotten_after_thirty_days_by_the_time_on_the_wall(
    world: World, mongod: EmbeddedMongod
) -> None:
    sent = request(world, "parent", new_request_id())
    send(world, "parent", "Biscuit, my cat", sent)
    found = world.db["requests"].find_one({"authority": "nmr", "plan": world.plan_id})
    assert found is not None
    assert found["at"] == sent.at
    assert "Biscuit" not in repr(found)
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        index = client[world.db.name]["requests"].index_information()["at_1"]
    assert timedelta(seconds=index["expireAfterSeconds"]) == timedelta(days=30)
