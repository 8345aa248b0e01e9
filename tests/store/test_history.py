"""The record of a plan that was lived through: every link, revision and version can be computed again."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain import hashing
from portal.domain.content import content_hash
from portal.domain.error import NotFound, StaleRevision
from portal.domain.hashing import Value
from portal.domain.issue import manifest
from portal.domain.moment import stamp
from portal.domain.plan import Plan
from portal.domain.state import VersionKind
from portal.operations import plans, sections, sign_off
from portal.operations.sections import Submission
from portal.store import chain, revisions, versions
from portal.store.database import Database
from tests.conftest import app, db, settings
from tests.world import PASSWORDS, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

Document = dict[str, Any]
SECRET_WORDS = ("The dose has changed.", "Say how often she needs it.", "We agree with the draft.", "A dispute.")


@pytest.fixture(scope="module")
def world(app: Flask, db: Database, settings: Settings) -> World:
    """One plan in which everything happened that can happen, some of it refused."""
    world = build_world(app, db, settings)
    ids = world.write_a_little()
    for letter, key in {"B": "caseworker", "C": "therapist", "D": "social_worker"}.items():
        sign_off.hand_over(db, world.actor(key), world.plan_id, letter, now())
    world.add(
        "caseworker", "B", "needs", area="semh", need="Überraschungen \U0001f98a", effect="“Nein”, sagt sie.\n\nOft."
    )
    gone = Submission("B", "needs", ids["need"], {"effect": "Stale."}, 1)
    world.edit("caseworker", "B", "needs", {"effect": "Newer words."}, ids["need"])
    with pytest.raises(StaleRevision):
        sections.edit(db, world.actor("other_caseworker"), world.plan_id, gone, now())
    world.edit("caseworker", "F", "provision", {"amount": {"minutes": 30, "how_often": "weekly"}}, ids["provision"])
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")  # changes nothing
    world.sign("dco", "G")
    sign_off.withdraw(db, world.actor("dco"), world.plan_id, "G", SECRET_WORDS[0], now())
    sign_off.send_back(db, world.actor("dco"), world.plan_id, "G", SECRET_WORDS[1], now())
    world.to_finalising()
    world.edit("caseworker", "E", "outcomes", {"now": "One word at a time."}, ids["outcome"])
    world.issue("manager", VersionKind.FINAL, E=SECRET_WORDS[3])
    world.edit("parent", "A", "aspirations", {"hope": "To sing"}, ids["hope"])
    return world


def raw(world: World, collection: str, order: str) -> list[Document]:
    return list(world.db[collection].find({"authority": "nmr", "plan": world.plan_id}).sort(order, 1))


def first_broken(links: list[Document], plan: Plan) -> int:
    """The place of the first link that does not follow from the one before it; 0 when the chain holds to its head."""
    previous = b""
    for at, link in enumerate(links, 1):
        facts: dict[str, Value] = link["facts"]
        follows = bytes(link["previous"]) == previous and bytes(link["hash"]) == hashing.entry(previous, facts)
        numbered = link["sequence"] == facts["sequence"] == at and facts["plan"] == plan.id
        if not (follows and numbered):
            return at
        previous = bytes(link["hash"])
    return 0 if previous == plan.head and len(links) == plan.sequence else len(links) + 1


# The chain


def test_every_link_follows_from_the_one_before_it_and_from_what_happened(world: World) -> None:
    links = raw(world, "chain", "sequence")
    assert len(links) > 30
    assert len({each["kind"] for each in links}) >= 9
    assert first_broken(links, world.plan()) == 0


def test_a_link_is_the_hash_that_the_format_says_computed_here_without_our_code(world: World) -> None:
    for link in raw(world, "chain", "sequence"):
        text = json.dumps(link["facts"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(b"\x02" + link["previous"] + text.encode()).digest() == link["hash"]


def test_what_a_link_says_outside_its_facts_is_what_the_facts_say(world: World) -> None:
    for link in raw(world, "chain", "sequence"):
        facts = link["facts"]
        assert link["_id"] == f"{world.plan_id}:{facts['sequence']}"
        assert (link["kind"], stamp(link["at"]), link["plan"]) == (facts["kind"], facts["at"], facts["plan"])
        assert facts["format"] == "v1"
        assert link["authority"] == "nmr"


TAMPERED: dict[str, Callable[[list[Document]], object]] = {
    "a time moved": lambda links: links[6]["facts"].update(at="2026-01-01T00:00:00.000Z"),
    "another person": lambda links: links[6]["facts"].update(who="0" * 16),
    "another revision": lambda links: links[6]["facts"].update(revision=99),
    "a fact added": lambda links: links[6]["facts"].update(note="x"),
    "a fact gone": lambda links: links[6]["facts"].pop("agency"),
    "a link gone": lambda links: links.pop(6),
    "the first gone": lambda links: links.pop(0),
    "the last gone": lambda links: links.pop(),
    "two changed places": lambda links: links.insert(6, links.pop(7)),
    "one told twice": lambda links: links.insert(6, dict(links[6])),
    "a hash changed": lambda links: links[6].update(hash=bytes(32)),
    "made again from the middle": lambda links: remade(links, 6),
}


def remade(links: list[Document], at: int) -> None:
    """One fact changed and every later link computed again, as an administrator could."""
    links[at]["facts"]["who"] = "0" * 16
    previous = bytes(links[at]["previous"])
    for link in links[at:]:
        link["previous"], link["hash"] = previous, hashing.entry(previous, link["facts"])
        previous = link["hash"]


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_record_that_was_altered_no_longer_fits(world: World, tamper: Callable[[list[Document]], object]) -> None:
    links = raw(world, "chain", "sequence")
    tamper(links)
    assert first_broken(links, world.plan()) > 0


def test_the_chain_names_nobody_and_holds_no_free_text(world: World) -> None:
    text = repr(raw(world, "chain", "sequence"))
    people = [each["name"] for each in world.db["people"].find({})]
    for words in (*SECRET_WORDS, "Amira", "brother", "sling", *people):
        assert words not in text


def test_what_stands_beside_a_link_is_bound_to_it_by_a_salted_hash(world: World) -> None:
    kept = {each["sequence"]: each for each in raw(world, "statements", "sequence")}
    links = raw(world, "chain", "sequence")
    assert {each["sequence"] for each in links if each["facts"]["beside"]} == set(kept)
    for link in links:
        if link["facts"]["beside"]:
            beside, at = kept[link["sequence"]], link["sequence"]
            leaf = hashing.leaf(f"beside/{at}", beside["beside"], (), bytes(beside["salt"]))
            assert leaf.hex() == link["facts"]["beside"]
    said = [each["beside"]["words"] for each in kept.values() if "words" in each["beside"]]
    assert said == [*SECRET_WORDS[:3]]
    salts = [bytes(each["salt"]) for each in kept.values()]
    assert len(set(salts)) == len(salts)


def test_the_history_page_reads_the_whole_chain_newest_first_page_by_page(world: World) -> None:
    whole = chain.entries(world.db, world.plan_id, limit=1000)
    assert [each.sequence for each in whole] == list(range(world.plan().sequence, 0, -1))
    pages, before = [], 0
    while page := chain.entries(world.db, world.plan_id, before, limit=7):
        pages.extend(page)
        before = page[-1].sequence
        if before == 1:
            break
    assert pages == whole
    words = {each.kind: each.words for each in whole if each.words}
    assert words["section_sent_back"] == SECRET_WORDS[1]
    assert words["representations_received"] == SECRET_WORDS[2]
    assert {each.name for each in whole if each.kind == "final_issued"} == {"Maria Silva"}


def test_another_plans_links_never_stand_in_a_plans_history(world: World) -> None:
    other = build_world(world.app, world.db, world.settings)
    assert [each.facts["plan"] for each in chain.entries(world.db, other.plan_id)] == [other.plan_id]
    assert chain.entries(world.db, "nmr-0000000000000000") == []


# Revisions


def test_the_revisions_of_every_section_are_numbered_without_gaps(world: World) -> None:
    plan = world.plan()
    for letter, head in plan.sections.items():
        query = {"authority": "nmr", "plan": world.plan_id, "section": letter}
        numbers = [each["number"] for each in world.db["section_revisions"].find(query).sort("number", 1)]
        assert numbers == list(range(head.revision + 1))
        newest_first = [each.number for each in revisions.of_section(world.db, world.plan_id, letter)]
        assert newest_first == numbers[:0:-1]
    assert plan.sections["B"].revision == 3
    assert plan.sections["J"].revision == 0


def test_every_revisions_hash_is_that_of_its_words(world: World) -> None:
    for document in raw(world, "section_revisions", "number"):
        letter, number = document["section"], document["number"]
        kept = revisions.find(world.db, world.plan_id, letter, number)
        assert kept.hash == document["hash"] == content_hash(letter, kept.content)
    for letter, head in world.plan().sections.items():
        assert revisions.find(world.db, world.plan_id, letter, head.revision).content == head.content


def test_a_revisions_hash_is_the_root_that_the_format_says_computed_here_without_our_code(world: World) -> None:
    document = world.db["section_revisions"].find_one({"authority": "nmr", "_id": f"{world.plan_id}:B:3"})
    assert document is not None
    leaves: dict[str, bytes] = {}

    def add(address: str, value: object, salt: bytes) -> None:
        slot = {"address": address, "audience": [], "value": value}
        text = json.dumps(slot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        leaves[address] = hashlib.sha256(b"\x00" + salt + text.encode()).digest()

    for position, item in enumerate(document["content"]["items"]):
        address = f"B/{item['id']}"
        add(address, {**{key: item[key] for key in ("group", "number", "owner")}, "position": position}, item["salt"])
        for name, slot in item["slots"].items():
            add(f"{address}/{name}", slot["v"], slot["s"])
    layer = [leaves[address] for address in sorted(leaves)]
    while len(layer) > 1:  # pairs from the left; the odd one goes up as it is, which is RFC 9162's tree
        pairs = [layer[at : at + 2] for at in range(0, len(layer), 2)]
        layer = [hashlib.sha256(b"\x01" + b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    assert layer == [document["hash"]]


def test_every_edit_on_the_chain_points_to_the_revision_it_made_and_each_revision_has_its_edit(world: World) -> None:
    edits = [each["facts"] for each in raw(world, "chain", "sequence") if each["kind"] == "section_edited"]
    made = {(each["section"], each["number"]): each for each in raw(world, "section_revisions", "number")}
    for facts in edits:
        revision = made[facts["section"], facts["revision"]]
        assert revision["hash"].hex() == facts["hash"]
        assert (revision["by"]["person"], revision["agency_name"]) == (facts["who"], facts["agency_name"])
    assert len({(each["section"], each["revision"]) for each in edits}) == len(edits)
    assert {key for key in made if key[1] > 0} == {(each["section"], each["revision"]) for each in edits}


def test_a_revision_or_version_that_was_never_saved_is_not_found(world: World) -> None:
    for letter, number in (("B", 99), ("B", -1), ("Z", 1)):
        with pytest.raises(NotFound):
            revisions.find(world.db, world.plan_id, letter, number)
    for number in (0, 3, -1):
        with pytest.raises(NotFound):
            versions.find(world.db, world.plan_id, number)


# Versions


def test_every_versions_hash_is_that_of_its_manifest_and_stands_on_the_chain(world: World) -> None:
    links = {each["facts"]["hash"]: each for each in raw(world, "chain", "sequence")}
    for line in world.plan().versions:
        version = versions.find(world.db, world.plan_id, line.number)
        assert version.hash == line.hash == hashing.version(manifest(world.plan_id, version))
        link = links[version.hash.hex()]
        assert link["hash"] == version.head
        assert link["facts"]["facts"]["version"] == version.number
        for section in version.sections:
            kept = revisions.find(world.db, world.plan_id, section.letter, section.revision)
            assert kept.hash == section.hash


def test_a_manifest_holds_no_name_and_no_reason_only_their_salted_hashes(world: World) -> None:
    version = versions.find(world.db, world.plan_id, 2)
    text = repr(manifest(world.plan_id, version))
    for words in ("Amira", "9990000018", "14 Larch Street", SECRET_WORDS[3], "Maria"):
        assert words not in text
    cover = hashing.leaf(
        "cover",
        {
            "name": "Amira Rahman",
            "born": "2017-03-14",
            "nhs_number": "9990000018",
            "upn": "H801200001001",
            "address": "14 Larch Street",
            "school": "",
        },
        (),
        version.cover_salt,
    )
    assert cover.hex() in text


def test_a_versions_contents_are_those_of_the_revisions_it_names(world: World) -> None:
    final = versions.find(world.db, world.plan_id, 2)
    contents = revisions.contents(world.db, world.plan_id, final.revisions)
    assert set(contents) == {each.letter for each in final.sections}
    (hope,) = contents["A"].in_group("aspirations")
    assert hope.text("hope") == "That friends understand her"  # not what was written after the final


# Content that retention removed, which the law may ask


@dataclass(frozen=True)
class Retention:
    """What the separate user for retention does, by the driver alone."""

    uri: str
    database: str

    def remove(self, collection: str, document: str) -> None:
        with MongoClient[Document](self.uri) as client:
            assert client[self.database][collection].delete_one({"_id": document}).deleted_count == 1


@pytest.fixture
def retention(mongod: EmbeddedMongod, settings: Settings) -> Retention:
    who = f"retention:{PASSWORDS['retention']}@127.0.0.1:{mongod.port}"
    return Retention(f"mongodb://{who}/?replicaSet=rs0&authSource={settings.database}", settings.database)


def test_when_words_are_removed_by_law_the_chain_still_holds_and_the_gap_is_visible(
    app: Flask, db: Database, settings: Settings, retention: Retention
) -> None:
    world = build_world(app, db, settings)
    world.write_a_little()
    sign_off.send_back(db, world.actor("dco"), world.plan_id, "G", "Another child's name stood here.", now())
    at = world.plan().sequence
    world.sign("manager", "B")
    retention.remove("statements", f"{world.plan_id}:{at}")
    retention.remove("section_revisions", f"{world.plan_id}:F:1")
    assert first_broken(raw(world, "chain", "sequence"), world.plan()) == 0
    entry = next(each for each in chain.entries(db, world.plan_id) if each.sequence == at)
    assert entry.words == ""
    assert entry.facts["beside"] != ""
    with pytest.raises(NotFound):
        revisions.find(db, world.plan_id, "F", 1)
    assert plans.open_plan(db, world.actor("parent"), world.plan_id, now()).plan.sequence == at + 1
