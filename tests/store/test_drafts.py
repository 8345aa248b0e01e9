"""Words that could not be saved: kept for whoever wrote them, given back to nobody else, gone once they are saved."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.error import StaleRevision
from portal.store import drafts
from portal.store.database import Database
from portal.store.drafts import Draft
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world, now

WORDS = "She sleeps badly since the move, and nobody has asked her why."


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, with both parents."""
    return fresh(cast, "parent", "other_parent")


def draft(world: World, item: str = "people", **fields: list[str]) -> Draft:
    return Draft(world.plan_id, "A", "people", item, fields or {"words": [WORDS]}, 0, now().wall)


def found(world: World, key: str, item: str = "people") -> Draft | None:
    return drafts.find(world.db, world.people[key], world.plan_id, "A", "people", item)


def test_what_was_kept_is_given_back_to_its_author_word_for_word(world: World) -> None:
    kept = draft(world, words=[WORDS, "a second value"], told=[""])
    drafts.keep(world.db, world.people["parent"], kept)
    assert found(world, "parent") == kept
    assert drafts.of_person(world.db, world.people["parent"], world.plan_id) == [kept]


def test_what_was_kept_is_given_back_to_nobody_else(world: World) -> None:
    drafts.keep(world.db, world.people["parent"], draft(world))
    for key in set(world.people) - {"parent"}:
        assert found(world, key) is None
        assert drafts.of_person(world.db, world.people[key], world.plan_id) == []
    assert drafts.find(world.db, "", world.plan_id, "A", "people", "people") is None


def test_two_people_keep_their_words_for_one_item_side_by_side(world: World) -> None:
    for key in ("parent", "other_parent"):
        drafts.keep(world.db, world.people[key], draft(world, words=[key]))
    for key in ("parent", "other_parent"):
        kept = found(world, key)
        assert kept is not None
        assert kept.fields == {"words": [key]}


def test_the_newest_words_take_the_place_of_the_older(world: World) -> None:
    for text in ("first", "second"):
        drafts.keep(world.db, world.people["parent"], draft(world, words=[text]))
    (kept,) = drafts.of_person(world.db, world.people["parent"], world.plan_id)
    assert kept.fields == {"words": ["second"]}


def test_a_form_part_of_any_name_is_kept_as_it_was_sent(world: World) -> None:
    for name in ("amount.minutes", "$where", "a[$ne]", "", "é.\U0001f98a", "_id"):
        kept = replace(draft(world), fields={name: ["30"]})
        drafts.keep(world.db, world.people["parent"], kept)
        assert found(world, "parent") == kept


def test_saved_words_are_no_longer_kept_as_unsaved(world: World) -> None:
    for key in ("parent", "other_parent"):
        drafts.keep(world.db, world.people[key], draft(world))
    drafts.keep(world.db, world.people["parent"], draft(world, item=""))
    world.edit("parent", "A", "people", {"words": WORDS}, "people")
    assert found(world, "parent") is None
    assert found(world, "parent", item="") is not None
    assert found(world, "other_parent") is not None


def test_words_that_were_there_already_are_no_longer_kept_either(world: World) -> None:
    world.edit("parent", "A", "people", {"words": WORDS}, "people")
    drafts.keep(world.db, world.people["parent"], draft(world))
    world.edit("parent", "A", "people", {"words": WORDS}, "people")
    assert found(world, "parent") is None


def test_words_whose_save_was_refused_stay_kept(world: World) -> None:
    world.edit("other_parent", "A", "people", {"words": "His words."}, "people")
    drafts.keep(world.db, world.people["parent"], draft(world))
    with pytest.raises(StaleRevision):
        world.edit("parent", "A", "people", {"words": WORDS}, "people", revision=0)
    assert found(world, "parent") is not None


def test_one_child_s_words_never_show_in_another_childs_plan(world: World) -> None:
    drafts.keep(world.db, world.people["parent"], draft(world))
    assert drafts.of_person(world.db, world.people["parent"], "nmr-0000000000000000") == []
    assert drafts.find(world.db, world.people["parent"], "nmr-0000000000000000", "A", "people", "people") is None


def test_words_nobody_came_back_for_are_forgotten_thirty_days_after_they_were_last_kept(
    world: World, mongod: EmbeddedMongod
) -> None:
    first = draft(world)
    for kept in (first, replace(first, at=first.at + timedelta(days=3))):
        drafts.keep(world.db, world.people["parent"], kept)
    document = world.db["drafts"].find_one({"authority": "nmr", "plan": world.plan_id})
    assert document is not None
    assert document["gone"] == first.at + timedelta(days=33)
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        assert client[world.db.name]["drafts"].index_information()["gone_1"]["expireAfterSeconds"] == 0


def test_a_form_sent_from_two_tabs_at_once_is_kept_without_an_error(world: World) -> None:
    raised = []
    for at in range(20):
        kept = draft(world, item=f"item-{at}")
        raised += at_once(*[lambda kept=kept: drafts.keep(world.db, world.people["parent"], kept)] * 8)
    assert raised == []
    assert len(drafts.of_person(world.db, world.people["parent"], world.plan_id)) == 20
