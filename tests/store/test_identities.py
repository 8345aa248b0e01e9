"""Children are found by number and surname by those who may, and a copy of the database tells none of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from bson.raw_bson import RawBSONDocument
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.content import Mark
from portal.domain.error import Invalid, NotAllowed
from portal.domain.identifier import random_id
from portal.domain.looked_for import looked_for
from portal.domain.plan import Child
from portal.operations import plans, search
from portal.store import identities, rotation
from portal.store.database import Database
from tests.at_once import at_once
from tests.conftest import app, db, settings, uri_of
from tests.world import MASTER_KEY, World, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

CHILD = Child(
    name="Zoë Brontë-Fairweather",
    called="Zoë",
    subject="she",
    born=date(2014, 2, 3),
    nhs_number="9990000034",
    upn="Z999200001001",
)


@pytest.fixture
def found_in(world: World) -> World:
    """A world with one more child, and nobody who has looked for anybody yet."""
    start(world, "nmr", CHILD)
    return world


def start(world: World, authority: str, child: Child) -> str:
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product)
    return plans.start(world.db, authority, "A council", child, by, "A council's SEN team").id


def names(world: World, key: str, words: str) -> list[str]:
    return [each.name for each in search.find(world.db, world.actor(key), words, now())]


@pytest.mark.parametrize(
    "words",
    [
        "999 000 0034",
        "9990000034",
        "z999200001001",
        "Bro",
        "bronte",
        "BRONTË",
        "fairw",
        "Fairweather",
        "brontefairweather",
    ],
)
def test_a_child_is_found_by_either_number_and_by_how_the_surname_begins(found_in: World, words: str) -> None:
    assert CHILD.name in names(found_in, "manager", words)


@pytest.mark.parametrize(
    "words", ["9990000035", "Z999200001002", "Br", "Zoë", "weather", "Brontosaurus", "Fairweathers"]
)
def test_a_child_is_not_found_by_less_or_by_other_words(found_in: World, words: str) -> None:
    assert names(found_in, "manager", words) == []


@pytest.mark.parametrize("words", ["", " ", "12345", "%", "$"])
def test_what_holds_no_letter_and_no_number_is_refused(found_in: World, words: str) -> None:
    with pytest.raises(Invalid):
        names(found_in, "manager", words)


@pytest.mark.parametrize("key", ["parent", "senco", "caseworker", "auditor", "admin", "dco"])
def test_nobody_else_looks_for_a_child(found_in: World, key: str) -> None:
    with pytest.raises(NotAllowed):
        names(found_in, key, "Bro")


def test_a_child_elsewhere_is_not_there(found_in: World) -> None:
    elsewhere = replace(CHILD, name="Ida Quillfeather", nhs_number="9990000042", upn="")
    start(found_in, "sfl", elsewhere)
    assert names(found_in, "manager", "quill") == names(found_in, "manager", "9990000042") == []


def test_that_somebody_looked_is_kept_and_what_they_typed_is_not(found_in: World) -> None:
    names(found_in, "manager", "Bronte")
    query = {"authority": "nmr", "person": found_in.people["manager"]}
    (kept,) = found_in.db["searches"].find(query)
    assert (kept["kind"], set(kept)) == ("surname", {"_id", "authority", "person", "kind", "at"})


def test_the_thirty_first_search_in_a_minute_waits(found_in: World) -> None:
    moment = now()
    for _ in range(search.A_MINUTE):
        search.find(found_in.db, found_in.actor("manager"), "Bro", moment)
    with pytest.raises(search.TooMany):
        search.find(found_in.db, found_in.actor("manager"), "Bro", moment)
    later = replace(moment, wall=moment.wall + timedelta(minutes=1))
    assert search.find(found_in.db, found_in.actor("manager"), "Bro", later)


def test_of_fifty_searches_at_once_only_as_many_are_made_as_a_minute_allows_and_each_is_on_record(
    found_in: World,
) -> None:
    actor, moment, found = found_in.actor("manager"), replace(now(), wall=now().wall + timedelta(hours=1)), []
    raised = at_once(*[lambda: found.append(search.find(found_in.db, actor, "Bro", moment)) for _ in range(50)])
    assert len(found) == search.A_MINUTE
    assert [type(each) for each in raised] == [search.TooMany] * (50 - search.A_MINUTE)
    query = {"authority": "nmr", "person": actor.person, "at": moment.wall}
    assert found_in.db["searches"].count_documents(query) == search.A_MINUTE


def test_one_persons_searches_are_not_counted_against_a_colleagues(found_in: World) -> None:
    moment = replace(now(), wall=now().wall + timedelta(hours=2))
    for _ in range(search.A_MINUTE):
        search.find(found_in.db, found_in.actor("manager"), "Bro", moment)
    assert search.find(found_in.db, found_in.actor("other_manager"), "Bro", moment)


def test_a_search_is_answered_by_an_index_that_begins_with_the_authority(found_in: World) -> None:
    token = found_in.db.sealing.token("surname:bro")
    query = {"authority": "nmr", "tokens": {"$in": [token]}}
    plan = found_in.db["identities"].find(query).explain()["queryPlanner"]["winningPlan"]
    assert "authority_tokens" in repr(plan)


def test_children_of_older_plans_are_found_once_they_are_indexed(found_in: World, eraser: Database) -> None:
    place = {"authority": "nmr", "_id": {"$gte": ""}}
    eraser["identities"].delete_many(place)
    assert names(found_in, "manager", "Bro") == []
    assert search.make_found(found_in.db) >= 2
    assert search.make_found(found_in.db) == 0
    assert CHILD.name in names(found_in, "manager", "Bro")


# New keys


@pytest.fixture
def eraser(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database]:
    made = Database(uri_of(mongod, settings.database, "migrator"), settings.database, MASTER_KEY)
    yield made
    made.close()


@pytest.fixture
def separate(mongod: EmbeddedMongod, app: Flask, settings: Settings) -> Iterator[MongoClient[RawBSONDocument]]:
    with MongoClient(mongod.uri("root"), document_class=RawBSONDocument) as client:
        yield client


def keys(migrator: Database) -> dict[str, bytes]:
    return {each["keyAltNames"][0]: bytes(each["_id"]) for each in migrator["key_vault"].find()}


def everything(client: MongoClient[RawBSONDocument], name: str) -> bytes:
    db = client[name]
    shown = (each for each in db.list_collection_names() if each != "key_vault")
    return b"".join(each.raw for collection in shown for each in db[collection].find({}))


def test_keys_wrapped_by_another_master_key_open_by_that_one_alone(
    found_in: World, mongod: EmbeddedMongod, settings: Settings
) -> None:
    new, uri = bytes(range(1, 97)), uri_of(mongod, settings.database, "migrator")
    rewrapping = Database(uri, settings.database, MASTER_KEY, new)
    assert rewrapping.sealing.wrap_by(new) == 2
    opened = Database(uri, settings.database, new)
    assert identities.find(opened, "nmr", looked_for(CHILD.nhs_number))
    back = Database(uri, settings.database, new, MASTER_KEY)
    assert back.sealing.wrap_by(MASTER_KEY) == 2
    again = Database(settings.mongodb_uri, settings.database, MASTER_KEY)
    assert replace(found_in, db=again).plan().child.name == "Amira Rahman"
    for each in (rewrapping, opened, back, again):
        each.close()


def test_no_two_tokens_tell_that_they_begin_alike(found_in: World) -> None:
    tokens = [bytes(found_in.db.sealing.token(f"surname:{each}")) for each in ("bro", "bron", "bront", random_id(8))]
    assert len({each[17:] for each in tokens}) == len(tokens)
    assert len({each[18:26] for each in tokens}) == len(tokens)


# Last, since this process goes on using the old keys that it remembers.
def test_new_keys_seal_everything_even_when_the_change_was_killed_half_way(
    found_in: World, eraser: Database, separate: MongoClient[RawBSONDocument], settings: Settings
) -> None:
    before = keys(eraser)
    rotation.begin(eraser)
    done = rotation.reseal(eraser)
    next(done)
    done.close()  # killed after one document
    assert set(names(found_in, "manager", "Bro")) == {CHILD.name}, "both keys are asked meanwhile"
    assert not rotation.finish(eraser)
    rotation.begin(eraser)  # begun again: no third key
    assert set(keys(eraser)) == {"identity", "search", "identity.old", "search.old"}
    assert {"plans", "caseload", "identities"} <= set(rotation.reseal(eraser))
    assert list(rotation.reseal(eraser)) == []
    assert rotation.finish(eraser)
    after = keys(eraser)
    assert set(after) == {"identity", "search"}
    assert not set(before.values()) & set(after.values())
    content = everything(separate, settings.database)
    assert not any(each in content for each in before.values())
    assert all(each in content for each in after.values())
    fresh = Database(settings.mongodb_uri, settings.database, MASTER_KEY)
    world = replace(found_in, db=fresh)
    assert set(names(world, "manager", "Bro")) == {CHILD.name}
    assert world.plan().child.name == "Amira Rahman"
    fresh.close()
