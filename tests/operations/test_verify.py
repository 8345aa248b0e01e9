"""Checking the whole database: what was lived through holds, and whatever was changed as root is found."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from bson.binary import Binary
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from pymongo import MongoClient
from pymongo.database import Database as Mongo

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain import hashing
from portal.domain.content import content_hash
from portal.domain.moment import Moment
from portal.domain.state import VersionKind
from portal.operations import checkpoints, retention, sign_off, verify, verify_checkpoints
from portal.store import checkpoints as store
from portal.store import evidence, outbox
from portal.store.codec import content_in
from portal.store.database import Database
from tests.blueprints.warm import remembering_nothing
from tests.conftest import app, db, settings, uri_of
from tests.fresh import fresh
from tests.world import MASTER_KEY, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

Raw = Mongo[dict[str, Any]]
Change = Callable[[Raw, str], None]
Stored = dict[str, list[dict[str, Any]]]
KEY = Ed25519PrivateKey.generate()
# The child of the tests' world was born on 14 March 2017.
DUE = Moment(datetime(2048, 3, 14, 9, tzinfo=UTC), now().wall)


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture(scope="module")
def root(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Raw]:
    """The database as nobody has it but who runs the server."""
    with MongoClient[dict[str, Any]](mongod.uri("root"), tz_aware=True) as client:
        yield client[settings.database]


@pytest.fixture(scope="module")
def lived(cast: World) -> World:
    """A plan issued as a final with its PDF, and a checkpoint over it.

    On its way a sign-off was withdrawn, a section handed over and another sent back, and a hold came and went.
    """
    world = fresh(cast, *cast.people)
    world.write_a_little()
    live_on(world)
    world.to_finalising()
    world.edit("caseworker", "E", "outcomes", {"what": "She tells two friends a story"})
    world.sign("manager", "E")
    world.issue("manager", VersionKind.FINAL)
    paper = b"%PDF, as the worker would keep it"
    outbox.keep_document(world.db, world.plan_id, 2, paper, hashlib.sha256(paper).hexdigest())
    checkpoints.make(world.db, KEY, lambda: now().wall)
    return world


@pytest.fixture(scope="module")
def as_it_was(lived: World, root: Raw) -> Stored:
    return stored_in(root)


@pytest.fixture
def world(lived: World, as_it_was: Stored, root: Raw) -> Iterator[World]:
    """That plan, with all put back that an earlier test tampered with or added, for a process that has just begun."""
    for name, documents in stored_in(root).items():
        before = as_it_was.get(name, [])
        if documents != before:
            root[name].delete_many({})
            if before:
                root[name].insert_many(before)
    with remembering_nothing(lived):
        yield lived


def stored_in(root: Raw) -> Stored:
    return {name: list(root[name].find()) for name in root.list_collection_names()}


def live_on(world: World) -> None:
    db, plan = world.db, world.plan_id
    sign_off.hand_over(db, world.actor("social_worker"), plan, "D", now())
    sign_off.send_back(db, world.actor("manager"), plan, "B", "The second need is not finished.", now())
    world.sign("dco", "C")
    sign_off.withdraw(db, world.actor("dco"), plan, "C", "Signed too soon.", now())
    retention.hold(db, world.actor("manager"), plan, "A claim is open.", now())
    retention.release(db, world.actor("auditor"), plan, "The claim is over.", now())


def problems(world: World) -> list[str]:
    """What is wrong with the world's plan and with what checkpoints say of it."""
    return [each for found in verify.everything(world.db, "nmr", world.plan_id) for each in found.problems]


def mine(plan_id: str) -> dict[str, str]:
    return {"authority": "nmr", "plan": plan_id}


def test_a_plan_that_was_lived_through_holds(world: World) -> None:
    assert problems(world) == []
    (found,) = verify.plans(world.db, "nmr", world.plan_id)
    assert found.counted["entries"] == world.plan().sequence
    assert found.counted["versions"] == 2
    assert found.counted[verify.DESTROYED] == 0


def test_the_whole_database_is_gone_over_by_plan_and_by_checkpoint(world: World) -> None:
    other = fresh(world)
    names = [each.what for each in verify.everything(world.db)]
    assert len(names) == verify.size(world.db)
    assert {f"plan {world.plan_id}", f"plan {other.plan_id}", "checkpoint 1"} <= set(names)
    assert verify.size(world.db, "nmr", world.plan_id) < len(names)


def change_text(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:1"}
    assert (
        root["section_revisions"]
        .update_one(place, {"$set": {"content.items.0.slots.what.v": "Speech therapy, if there is time"}})
        .modified_count
    )


def change_text_and_its_hash(root: Raw, plan: str) -> None:
    change_text(root, plan)
    kept = root["section_revisions"].find_one({**mine(plan), "_id": f"{plan}:F:1"})
    assert kept
    again = content_hash("F", content_in(kept["content"]))
    root["section_revisions"].update_one({**mine(plan), "_id": kept["_id"]}, {"$set": {"hash": again}})


def change_the_plan_itself(root: Raw, plan: str) -> None:
    place = {"authority": "nmr", "_id": plan}
    change = {"$set": {"sections.F.content.items.0.slots.what.v": "Less of it"}}
    assert root["plans"].update_one(place, change).modified_count


def drop_a_link(root: Raw, plan: str) -> None:
    assert root["chain"].delete_one({**mine(plan), "sequence": 5}).deleted_count


def cut_the_chain(root: Raw, plan: str) -> None:
    assert root["chain"].delete_many({**mine(plan), "sequence": {"$gt": 12}}).deleted_count


def recompute_the_whole_chain(root: Raw, plan: str) -> None:
    """Everything over the entry made good, the plan's own head too: only the signed checkpoint still knows."""
    previous = b""
    for link in list(root["chain"].find(mine(plan)).sort("sequence", 1)):
        facts = {**link["facts"], **({"agency_name": "Somebody else"} if link["sequence"] == 1 else {})}
        now_hash = hashing.entry(previous, facts)
        change = {"facts": facts, "previous": previous, "hash": now_hash}
        root["chain"].update_one({"authority": "nmr", "_id": link["_id"]}, {"$set": change})
        root["versions"].update_many({**mine(plan), "head": link["hash"]}, {"$set": {"head": now_hash}})
        previous = now_hash
    root["plans"].update_one({"authority": "nmr", "_id": plan}, {"$set": {"head": previous}})


def drop_a_revision(root: Raw, plan: str) -> None:
    assert root["section_revisions"].delete_one({**mine(plan), "_id": f"{plan}:B:1"}).deleted_count


def past_the_schema(root: Raw, name: str, query: dict[str, Any], change: Any) -> None:
    """A change that the server's own schema would refuse, as the retention user's are let past it."""
    updates = [{"q": query, "u": change, "multi": isinstance(change, list)}]
    root.command({"update": name, "updates": updates, "bypassDocumentValidation": True})


def empty_a_revision(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:B:1"}
    past_the_schema(root, "section_revisions", place, {"$unset": {"content": ""}})


def add_a_sign_off(root: Raw, plan: str) -> None:
    kept = root["plans"].find_one({"authority": "nmr", "_id": plan})
    assert kept
    (signed,) = kept["sections"]["B"]["sign_offs"]
    forged = {**signed, "by": {**signed["by"], "person": "somebodyelse0000"}}
    change = {"$push": {"sections.B.sign_offs": forged}}
    root["plans"].update_one({"authority": "nmr", "_id": plan}, change)


def change_an_answer(root: Raw, plan: str) -> None:
    query = {**mine(plan), "beside.words": {"$exists": True}}
    assert root["statements"].update_one(query, {"$set": {"beside.words": "We agree with all of it."}}).modified_count


def change_a_version(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v2"}
    assert root["versions"].update_one(place, {"$set": {"sections.0.agreed": False}}).modified_count


def drop_a_version(root: Raw, plan: str) -> None:
    assert root["versions"].delete_one({**mine(plan), "_id": f"{plan}:v1"}).deleted_count


def point_a_link_at_other_words(root: Raw, plan: str) -> None:
    place = {**mine(plan), "sequence": {"$gte": 5}, "revisions.B": {"$gte": 1}}
    assert root["chain"].update_one(place, {"$set": {"revisions.B": 0}}).modified_count


def change_a_digest(root: Raw, plan: str) -> None:
    assert root["documents"].update_one(mine(plan), {"$set": {"digest": "0" * 64}}).modified_count


def break_a_revision(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:D:0"}
    assert root["section_revisions"].update_one(place, {"$set": {"content": {"items": 7}}}).modified_count


def break_a_cover(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v1"}
    kept = root["versions"].find_one(place)
    assert kept
    broken = Binary(kept["cover"][:-1] + bytes([kept["cover"][-1] ^ 1]), kept["cover"].subtype)
    assert root["versions"].update_one(place, {"$set": {"cover": broken}}).modified_count


def change_the_plan(root: Raw, plan: str, change: dict[str, Any]) -> None:
    past_the_schema(root, "plans", {"authority": "nmr", "_id": plan}, change)


def bring_back_a_withdrawn_sign_off(root: Raw, plan: str) -> None:
    given = root["chain"].find_one(
        {**mine(plan), "kind": "section_signed", "facts.section": "C"}, sort=[("sequence", 1)]
    )
    kept = root["plans"].find_one({"authority": "nmr", "_id": plan})
    assert given
    assert kept
    (signed,) = kept["sections"]["C"]["sign_offs"]
    back = {**signed, "by": {**signed["by"], "at": given["at"]}}
    change_the_plan(root, plan, {"$set": {"sections.C.sign_offs": [back]}})


def take_a_sign_off_away(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"sections.G.sign_offs": []}})


def take_a_section_away(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$unset": {"sections.F": ""}})


def change_the_stage(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"state": "drafting"}})


def invent_two_confirmations(root: Raw, plan: str) -> None:
    at = datetime.now(UTC)
    two = [{"person": each, "name": "", "agency": "northmere-council", "at": at} for each in ("first", "second")]
    change_the_plan(root, plan, {"$set": {"keeping": {"hold": None, "confirmed": two}}})


def invent_a_hold(root: Raw, plan: str) -> None:
    by = {"person": "first", "name": "", "agency": "northmere-council", "at": datetime.now(UTC)}
    hold = {"by": by, "words": "Never let it go.", "revision": 0}
    change_the_plan(root, plan, {"$set": {"keeping": {"hold": hold, "confirmed": []}}})


def change_the_last_writer(root: Raw, plan: str) -> None:
    """Who issues a final may not have changed B, F or I last: this is what is asked."""
    change_the_plan(root, plan, {"$set": {"sections.B.changed.person": "somebodyelse0000"}})


def change_what_was_sent_back(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"sections.D.handed_over": None}})


def forget_a_version(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$pop": {"versions": 1}})


def forget_an_answer(root: Raw, plan: str) -> None:
    change_the_plan(root, plan, {"$set": {"answers": []}})


def change_an_author(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:1"}
    assert root["section_revisions"].update_one(place, {"$set": {"by.person": "somebodyelse0000"}}).modified_count


def change_an_authors_agency(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:1"}
    assert root["section_revisions"].update_one(place, {"$set": {"agency_name": "Somebody else"}}).modified_count


def change_when_it_was_written(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:F:0"}
    change = {"$set": {"by.at": datetime(2020, 1, 1, tzinfo=UTC)}}
    assert root["section_revisions"].update_one(place, change).modified_count


def change_a_kind(root: Raw, plan: str) -> None:
    place = {**mine(plan), "sequence": 5}
    assert root["chain"].update_one(place, {"$set": {"kind": "section_signed"}}).modified_count


def change_a_time(root: Raw, plan: str) -> None:
    place = {**mine(plan), "sequence": 5}
    assert root["chain"].update_one(place, {"$set": {"at": datetime(2020, 1, 1, tzinfo=UTC)}}).modified_count


def change_a_printed_sign_off(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v2"}
    change = {"$set": {"sections.1.sign_offs.0.agency_name": "Somebody else"}}
    assert root["versions"].update_one(place, change).modified_count


def change_who_issued(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:v2"}
    assert root["versions"].update_one(place, {"$set": {"agency_name": "Somebody else"}}).modified_count


def put_a_gravestone(root: Raw, plan: str) -> None:
    """As portal/store/retention.py leaves it, though nobody has confirmed anything."""
    at = datetime.now(UTC)
    kept = root["plans"].find_one({"authority": "nmr", "_id": plan})
    assert kept
    stone = {"authority": "nmr", "sequence": kept["sequence"], "head": kept["head"], "destroyed": at}
    change_the_plan(root, plan, stone)
    for name, stays in (("section_revisions", ("section", "number", "hash")), ("versions", ("number", "hash", "head"))):
        left = dict.fromkeys(("authority", "plan", *stays), 1)
        past_the_schema(root, name, mine(plan), [{"$project": left}, {"$set": {"destroyed": at}}])
    root["statements"].delete_many(mine(plan))
    root["documents"].delete_many(mine(plan))


def call_a_revision_destroyed(root: Raw, plan: str) -> None:
    place = {**mine(plan), "_id": f"{plan}:B:1"}
    change = {"$unset": {"content": "", "by": ""}, "$set": {"destroyed": datetime.now(UTC)}}
    past_the_schema(root, "section_revisions", place, change)


def take_the_plan_away(root: Raw, plan: str) -> None:
    assert root["plans"].delete_one({"authority": "nmr", "_id": plan}).deleted_count


def take_the_plan_and_its_words_away(root: Raw, plan: str) -> None:
    take_the_plan_away(root, plan)
    assert root["section_revisions"].delete_many(mine(plan)).deleted_count


def leave_revisions_alone(root: Raw, plan: str) -> None:
    take_the_plan_away(root, plan)
    for name in ("chain", "versions", "statements"):
        assert root[name].delete_many(mine(plan)).deleted_count


ATTACKS: list[tuple[Change, str]] = [
    (change_text, "section F, revision 1: its words are not those that were saved"),
    (change_text_and_its_hash, "section F, revision 1: the chain has it otherwise"),
    (change_the_plan_itself, "section F: its words were changed"),
    (drop_a_link, "entry 5: it is missing or out of order"),
    (cut_the_chain, "the chain: it does not end where the plan does"),
    (recompute_the_whole_chain, "it is not the one that was signed"),
    (drop_a_revision, "section B, revision 1: it is missing"),
    (empty_a_revision, "section B, revision 1: its words are gone"),
    (add_a_sign_off, "section B: a sign-off of revision 1 does not stand on the chain"),
    (bring_back_a_withdrawn_sign_off, "section C: a sign-off of revision 1 does not stand on the chain"),
    (take_a_sign_off_away, "section G: a sign-off of revision 1 was taken from the plan"),
    (take_a_section_away, "section F: the plan has lost it"),
    (change_the_stage, "the plan: its stage is not the one that the chain leads to"),
    (invent_two_confirmations, "the plan: the confirmations that it may be destroyed are not those on the chain"),
    (invent_a_hold, "the plan: its hold is not as the chain says"),
    (change_the_last_writer, "section B: who changed it last is not as the chain says"),
    (change_what_was_sent_back, "section D: whether it was handed over or sent back is not as the chain says"),
    (forget_a_version, "the plan: its versions are not those that the chain names"),
    (forget_an_answer, "the plan: its answers are not those on the chain"),
    (change_an_author, "section F, revision 1: its author is not as the chain says"),
    (change_an_authors_agency, "section F, revision 1: its author is not as the chain says"),
    (change_when_it_was_written, "section F, revision 0: its author is not as the chain says"),
    (change_a_kind, "entry 5: its kind or its time is not that of its facts"),
    (change_a_time, "entry 5: its kind or its time is not that of its facts"),
    (change_a_printed_sign_off, "version 2: it prints a sign-off of section B that is not on the chain"),
    (change_who_issued, "version 2: the agency that issued it is not as the chain says"),
    (put_a_gravestone, "its chain does not end with two people's confirmation and no hold"),
    (call_a_revision_destroyed, "section B, revision 1: its words are gone"),
    (take_the_plan_away, "there is no such plan, though its chain or some of its words are kept"),
    (take_the_plan_and_its_words_away, "it was signed for, and there is no such plan now"),
    (leave_revisions_alone, "there is no such plan, though its chain or some of its words are kept"),
    (change_an_answer, "what stands beside it is not what was said"),
    (change_a_version, "version 2: it is not what was issued"),
    (drop_a_version, "the versions: they are not those that the chain says were issued"),
    (break_a_revision, "something of it can't be read (TypeError)"),
    (break_a_cover, "something of it can't be read (EncryptionError)"),
    (point_a_link_at_other_words, "it names other revisions than those that stood then"),
    (change_a_digest, "the PDF of version 2: it is not the one that was kept"),
]


@pytest.mark.parametrize(("attack", "found"), ATTACKS, ids=[attack.__name__ for attack, _ in ATTACKS])
def test_whatever_is_changed_as_root_is_found_and_named(world: World, root: Raw, attack: Change, found: str) -> None:
    attack(root, world.plan_id)
    said = problems(world)
    assert [each for each in said if found in each], said
    for each in said:
        assert "Amira" not in each
        assert "Rahman" not in each


def test_a_tile_that_was_changed_is_found(world: World, root: Raw) -> None:
    made = store.latest(world.db)
    assert made is not None
    tile = root["checkpoint_tiles"].find_one({"authority": "nmr", "run": made.run, "first": {"$exists": True}})
    assert tile
    heads = [[plan, sequence + 1, head] for plan, sequence, head in tile["heads"]]
    root["checkpoint_tiles"].update_one({"_id": tile["_id"]}, {"$set": {"heads": heads}})
    whole = [each for found in verify_checkpoints.all_checkpoints(world.db, "nmr") for each in found.problems]
    assert "the tiles of nmr: they are not what was signed" in whole
    assert f"plan {world.plan_id}: its head then does not lead to what was signed" in problems(world)
    root["checkpoint_tiles"].replace_one({"_id": tile["_id"]}, tile)
    assert problems(world) == []


def test_a_checkpoint_taken_out_or_signed_by_nobody_is_found(world: World, root: Raw) -> None:
    made = store.latest(world.db)
    kept = root["checkpoints"].find_one({"_id": made.number if made else 0})
    assert kept
    checkpoints.make(world.db, KEY, lambda: now().wall)
    root["checkpoints"].delete_one({"_id": kept["_id"]})
    assert {"one is missing before it", "it does not follow the one before it"} <= set(problems(world))
    root["checkpoints"].insert_one({**kept, "plans": kept["plans"] + 1})
    assert {"it is not signed with its key", "its root is not that of its authorities"} <= set(problems(world))
    root["checkpoints"].replace_one({"_id": kept["_id"]}, kept)
    assert problems(world) == []


def test_what_was_saved_while_a_plan_was_read_is_no_problem(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another save comes between the reading of the plan and of its chain."""
    links = evidence.links

    def late(db: Database, plan_id: str, upto: int = 0) -> Iterator[evidence.KeptLink]:
        monkeypatch.setattr(evidence, "links", links)
        world.edit("parent", "A", "people", {"words": "My brother"}, "people")
        return links(db, plan_id, upto)

    monkeypatch.setattr(evidence, "links", late)
    assert problems(world) == []
    assert world.plan().sections["A"].content.item("people").text("words") == "My brother"  # type: ignore[union-attr]


def test_a_redacted_field_still_verifies(world: World, root: Raw) -> None:
    kept = evidence_of(world, "C")
    item = kept.items[0]
    leaf = hashing.leaf(f"C/{item.id}/effect", item.slots["effect"].value, (), item.slots["effect"].salt)
    change = {"$set": {"content.items.0.slots.effect": {"h": leaf}}}
    root["section_revisions"].update_one({**mine(world.plan_id), "_id": f"{world.plan_id}:C:1"}, change)
    change = {"$set": {"sections.C.content.items.0.slots.effect": {"h": leaf}}}
    root["plans"].update_one({"authority": "nmr", "_id": world.plan_id}, change)
    assert problems(world) == []


def evidence_of(world: World, letter: str) -> Any:
    found = [each for each in evidence.revisions(world.db, world.plan_id) if (each.section, each.number) == (letter, 1)]
    return found[0].content


@pytest.fixture(scope="module")
def eraser(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database]:
    made = Database(uri_of(mongod, settings.database, "retention"), settings.database, MASTER_KEY)
    yield made
    made.close()


def test_a_plan_that_was_lawfully_destroyed_still_verifies_by_its_hashes(world: World, eraser: Database) -> None:
    world.db["jobs"].update_many({}, {"$set": {"done": True}})  # a PDF still to be made would stop it
    for key in ("manager", "auditor"):
        retention.confirm(world.db, world.actor(key), world.plan_id, DUE)
    assert problems(world) == []
    assert world.plan_id in list(retention.destroy(world.db, eraser, DUE))
    (found,) = verify.plans(world.db, "nmr", world.plan_id)
    assert found.problems == []
    assert found.counted[verify.DESTROYED] > 15
    assert problems(world) == []


def test_a_gravestone_in_place_of_a_plan_that_is_held_is_found(world: World, root: Raw) -> None:
    for key in ("manager", "auditor"):
        retention.confirm(world.db, world.actor(key), world.plan_id, DUE)
    retention.hold(world.db, world.actor("manager"), world.plan_id, "A claim came in.", DUE)
    put_a_gravestone(root, world.plan_id)
    assert [each for each in problems(world) if "two people's confirmation and no hold" in each]


def test_whatever_is_left_of_a_plan_is_found_in_the_whole_database_too(world: World, root: Raw) -> None:
    take_the_plan_and_its_words_away(root, world.plan_id)
    said = [(each.what, problem) for each in verify.everything(world.db) for problem in each.problems]
    assert (f"plan {world.plan_id}", "there is no such plan, though its chain or some of its words are kept") in said


def change_the_tile(root: Raw, world: World, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """What is found about the plan once the tile that holds it is another; the tile is put back then."""
    made = store.latest(world.db)
    assert made is not None
    query = {"authority": "nmr", "run": made.run, "heads": {"$elemMatch": {"$elemMatch": {"$eq": world.plan_id}}}}
    tile = root["checkpoint_tiles"].find_one(query)
    assert tile
    changed = {**tile, "heads": list(tile["heads"])}
    change(changed)
    root["checkpoint_tiles"].delete_one({"_id": tile["_id"]})
    if changed["heads"]:
        root["checkpoint_tiles"].insert_one(changed)
    said = problems(world)
    root["checkpoint_tiles"].replace_one({"_id": tile["_id"]}, tile, upsert=True)
    assert problems(world) == []
    return said


@pytest.mark.parametrize("tile_size", [1, 4, 256])
def test_a_plan_that_was_taken_out_of_a_tile_is_found_when_it_is_asked_for_alone(
    world: World, root: Raw, monkeypatch: pytest.MonkeyPatch, tile_size: int
) -> None:
    monkeypatch.setattr(checkpoints, "TILE", tile_size)
    fresh(world), fresh(world)
    checkpoints.make(world.db, KEY, lambda: now().wall)

    def out_of_it(tile: dict[str, Any]) -> None:
        tile["heads"] = [each for each in tile["heads"] if each[0] != world.plan_id]

    def gone(tile: dict[str, Any]) -> None:
        tile["heads"] = []

    def behind(tile: dict[str, Any]) -> None:
        tile["first"] = f"{world.plan_id}0"

    for change in (out_of_it, gone, behind):
        said = change_the_tile(root, world, change)
        assert f"plan {world.plan_id}: the tile that should hold it was changed" in said


def test_a_plan_that_was_hidden_while_a_checkpoint_was_made_is_found(world: World, root: Raw) -> None:
    kept = root["plans"].find_one({"authority": "nmr", "_id": world.plan_id})
    assert kept
    take_the_plan_away(root, world.plan_id)
    made = checkpoints.make(world.db, KEY, lambda: now().wall)
    root["plans"].insert_one(kept)
    said = [each for each in verify_checkpoints.all_checkpoints(world.db, "nmr", world.plan_id) if each.problems]
    assert [each.what for each in said] == [f"checkpoint {made.number}"]
    assert said[0].problems == [f"plan {world.plan_id}: it was there already and is not in it"]


def test_a_plan_that_was_started_after_a_checkpoint_or_while_it_was_made_is_no_problem(world: World) -> None:
    later = fresh(world)
    assert problems(later) == []
    started: list[World] = []

    def clock() -> datetime:
        """Asked once every head has been read."""
        started.append(fresh(world))
        return now().wall

    made = checkpoints.make(world.db, KEY, clock)
    assert store.inclusion(world.db, made, started[0].plan_id) is None
    assert problems(started[0]) == []
    checkpoints.make(world.db, KEY, lambda: now().wall)
    assert problems(started[0]) == []
