"""What a destruction leaves in the database: a chain that verifies, numbers and hashes, and no word of the child."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain import hashing
from portal.domain import retention as rules
from portal.domain.actor import Role
from portal.domain.advice_asked import requests as requests_of
from portal.domain.advice_form import Advice, Table
from portal.domain.clocks.event import Kind
from portal.domain.error import NotFound
from portal.domain.identifier import new_request_id
from portal.domain.moment import Moment
from portal.domain.reading_mark import ReadingMark
from portal.domain.reasoned_reading import Asked
from portal.domain.state import VersionKind
from portal.domain.twin_write import Sent
from portal.operations import (
    advice,
    advice_given,
    case,
    invitations,
    notices,
    people,
    plans,
    readings,
    sections,
    twins,
    verify,
)
from portal.operations import retention as operations
from portal.operations.advice import Ask
from portal.operations.sections import Submission
from portal.store import caseload, drafts, ledger, openings, outbox, reading_marks, retention
from portal.store import plans as plans_store
from portal.store import twins as twins_store
from portal.store.database import Database
from portal.store.drafts import Draft
from portal.store.requests import Request
from tests import every_letter
from tests.conftest import app, db, settings, uri_of
from tests.migrations_mongo.test_runner import Dying, Killed
from tests.uploads.placed import placed_picture, sent_picture
from tests.world import MASTER_KEY, World, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

# The child of the tests' world was born on 14 March 2017.
DUE = Moment(datetime(2048, 3, 14, 9, tzinfo=UTC), now().wall)
PDF = b"%PDF of Amira Rahman"
HOLDS_NO_WORD = {"chain", "plans", "section_revisions", "versions"}
Left = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def eraser(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database]:
    """The database as the retention user."""
    made = Database(uri_of(mongod, settings.database, "retention"), settings.database, MASTER_KEY)
    yield made
    made.close()


@pytest.fixture
def hanging_on(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Callable[[str], Left]]:
    """Every document of every collection that mentions a plan, read by somebody who may read all."""
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        raw = client[settings.database]

        def found(plan_id: str) -> Left:
            names = sorted(set(raw.list_collection_names()) - {"key_vault"})
            mentions = {name: [each for each in raw[name].find() if plan_id in repr(each)] for name in names}
            return {name: each for name, each in mentions.items() if each}

        yield found


def live(world: World) -> World:
    """A plan on which everything happened that leaves a trace anywhere, and that two people confirmed."""
    db, parent = world.db, world.actor("parent")
    world.write_a_little()
    sent = Submission("A", "people", "people", {"words": "My brother Idris"}, 1)
    request = Request(new_request_id(), "digest", parent.person, now().wall)
    sections.edit(db, parent, world.plan_id, sent, now(), request)
    kept = Draft(world.plan_id, "A", "people", "people", {"words": ["Mine"]}, 0, now().wall)
    drafts.keep(db, parent.person, kept)
    advised(world)
    placed_picture(world, alt="Idris on the wall of Elm Road.")
    sent_picture(world)
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    every_letter.sent(world)
    assert notices.spread(db, "nmr", now())  # the family is served the final, however they are told
    plans.open_plan(db, parent, world.plan_id, now())
    outside = tuple(replace(each, scope="nmr-0000000000000000") for each in world.actor("dco").grants[:1])
    asked = Asked("medical", "A nurse has to know which medicine.")
    readings.emergency(db, replace(world.actor("dco"), grants=outside), world.plan_id, asked, now())
    openings.choose(db, world.plan_id, parent.person, True)
    invited = invitations.Asked(Role.PARENT, "family", world.plan_id, "mother")
    invitations.invite(db, world.actor("caseworker"), invited, now())
    written = Sent({"people": "I have a brother."}, frozenset(), world.plan().sections["A"].revision, 0)
    twins.write(db, parent, world.plan_id, "A", "easy-read", written, now())
    named, made = world.people["senco"], twins_store.find(db, world.plan_id, "A", "easy-read", 1)
    twins.name_checker(db, world.actor("caseworker"), world.plan_id, "A", "easy-read", named, now())
    seen = (made.number, made.hash.hex())
    twins.check(db, world.actor("other_parent"), world.plan_id, "A", "easy-read", seen, now())
    reading_marks.advance(db, world.plan_id, parent.person, {"B": ReadingMark(1, now().wall, 0, now().wall)})
    while job := outbox.lease(db, now().wall):
        outbox.keep_document(db, job["plan"], job["number"], PDF, hashlib.sha256(PDF).hexdigest())
        outbox.finish(db, job)
    confirm(world)
    return world


def advised(world: World) -> None:
    """A request, an assessment, and advice: put on record by hand, and asked for, given and read here."""
    told: dict[Kind, dict[str, str]] = {
        Kind.REQUEST_RECEIVED: {},
        Kind.ASSESSMENT_AGREED: {},
        Kind.ADVICE_REQUESTED: {"advice": "d"},
        Kind.ADVICE_RECEIVED: {"ref": "d1"},
    }
    for kind, facts in told.items():
        happened = case.Told(kind, now().today, facts)
        case.record(world.db, world.actor("caseworker"), world.plan_id, happened, now())
    caseworker, therapist = world.actor("caseworker"), world.people["therapist"]
    wanted = Ask("c", "northmere-community-health", therapist, "How does Idris hear?")
    number = requests_of(advice.ask(world.db, caseworker, world.plan_id, wanted, now()))[-1].number
    given = Advice("c", "Health professional", {"school": "Idris hears well."}, dict.fromkeys(Table, ()))
    advice_given.give(world.db, world.actor("therapist"), world.plan_id, number, 0, given, now())
    reading = plans.open_plan(world.db, caseworker, world.plan_id, now())
    advice_given.open_given(world.db, reading, number, 1, now())


def confirm(world: World) -> None:
    for key in ("manager", "auditor"):
        operations.confirm(world.db, world.actor(key), world.plan_id, DUE)


def read(world: World) -> retention.Kept:
    return next(each for each in retention.kept(world.db) if each.plan == world.plan_id)


def test_after_a_destruction_nothing_is_left_but_numbers_hashes_and_the_chain(
    world: World, eraser: Database, hanging_on: Callable[[str], Left]
) -> None:
    live(world)
    before = hanging_on(world.plan_id)
    assert set(before) >= {*HOLDS_NO_WORD, *retention.GOES, "caseload", "grants"}
    assert list(operations.destroy(world.db, eraser, DUE)) == [world.plan_id]
    left = hanging_on(world.plan_id)
    assert set(left) == HOLDS_NO_WORD
    assert left["chain"] == before["chain"]
    when, place = DUE.wall, {"authority", "plan", "_id", "number", "hash", "destroyed"}
    assert left["plans"] == [
        {
            "_id": world.plan_id,
            "authority": "nmr",
            "sequence": before["plans"][0]["sequence"],
            "head": before["plans"][0]["head"],
            "destroyed": when.replace(tzinfo=None),
            "emptied": True,
        }
    ]
    for name, more in (("section_revisions", {"section"}), ("versions", {"kind", "head"})):
        assert [set(each) for each in left[name]] == [place | more] * len(before[name])
        kept = sorted(place - {"destroyed"} | more)
        assert [[each[key] for key in kept] for each in left[name]] == [
            [each[key] for key in kept] for each in before[name]
        ]


def test_no_name_and_no_word_of_anybody_is_left(
    world: World, eraser: Database, hanging_on: Callable[[str], Left]
) -> None:
    live(world)
    words = ("Rahman", "Nadia", "Idris", "Maria Silva", "short walk", "We agree", "Elm Road")
    before = repr(hanging_on(world.plan_id))
    assert [each for each in words if each not in before] == []
    list(operations.destroy(world.db, eraser, DUE))
    left = repr(hanging_on(world.plan_id))
    assert [each for each in words if each in left] == []


def test_the_chain_still_verifies_from_its_first_entry_to_the_head_on_the_gravestone(
    world: World, eraser: Database
) -> None:
    live(world)
    list(operations.destroy(world.db, eraser, DUE))
    db, head = world.db, b""
    here = {"authority": "nmr", "plan": world.plan_id}
    links = list(db["chain"].find(here).sort("sequence", 1))
    for number, link in enumerate(links, 1):
        assert (link["sequence"], bytes(link["previous"])) == (number, head)
        head = hashing.entry(head, link["facts"])
        assert bytes(link["hash"]) == head
    stone = db["plans"].find_one({"authority": "nmr", "_id": world.plan_id})
    assert stone is not None
    assert (stone["sequence"], bytes(stone["head"])) == (len(links), head)
    on_chain = {link["facts"]["hash"] for link in links}
    for name in ("section_revisions", "versions"):
        numbered = [each for each in db[name].find(here) if each["number"]]
        assert numbered
        assert {bytes(each["hash"]).hex() for each in numbered} <= on_chain
    (found,) = verify.plans(db, "nmr", world.plan_id)
    assert found.problems == []
    assert found.counted[verify.DESTROYED] == sum(db[name].count_documents(here) for name in retention.STAYS)


def test_a_destroyed_plan_is_there_for_nobody_and_on_nobodys_list(world: World, eraser: Database) -> None:
    live(world)
    whole = world.actor("manager").grants[0]
    list(operations.destroy(world.db, eraser, DUE))
    for key in world.people:
        with pytest.raises(NotFound):
            plans.open_plan(world.db, world.actor(key), world.plan_id, now())
        assert world.plan_id not in {each.plan for each in caseload.rows_for(world.db, world.actor(key))}
    with pytest.raises(NotFound):
        people.give(world.db, replace(whole, scope=world.plan_id))


def test_another_plan_of_the_same_people_is_not_touched(
    world: World, settings: Settings, eraser: Database, hanging_on: Callable[[str], Left]
) -> None:
    live(world)
    child, by = world.plan().child, rules.standing(world.plan().child, world.plan().keeping, DUE.today)[0]
    other = plans.start(world.db, "nmr", "Northmere Council", child, by, "Northmere Council SEN team")
    people.give(world.db, replace(world.actor("parent").grants[0], scope=other.id))
    before = hanging_on(other.id)
    list(operations.destroy(world.db, eraser, DUE))
    assert hanging_on(other.id) == before


# Killed


def test_killed_at_any_point_the_plan_is_whole_or_nobodys_and_the_next_run_ends_it(
    world: World, eraser: Database, hanging_on: Callable[[str], Left]
) -> None:
    live(world)
    whole, killed, closing, emptying = (
        set(hanging_on(world.plan_id)),
        0,
        6,
        len([*retention.STAYS, *retention.GOES]) + 1,
    )
    for calls in (*range(closing), *range(40)):
        dying: Any = Dying(eraser, [calls])
        try:
            ended = list(operations.destroy(world.db, dying, DUE))
        except Killed:
            killed += 1
        else:
            break
        stone = world.db["plans"].find_one({"authority": "nmr", "_id": world.plan_id})
        assert stone is not None
        if "destroyed" in stone:
            assert "child" not in stone
            assert not {"caseload", "grants"} & set(hanging_on(world.plan_id))
        else:
            assert set(hanging_on(world.plan_id)) == whole
    assert ended == [world.plan_id]
    assert killed == closing + emptying  # each of the eraser's writes was once the first that did not happen
    assert set(hanging_on(world.plan_id)) == HOLDS_NO_WORD
    assert list(operations.destroy(world.db, eraser, DUE)) == []


# Two people at once


def test_a_plan_that_was_held_since_it_was_read_is_not_closed(world: World, eraser: Database) -> None:
    confirm(world)
    seen = read(world)
    operations.hold(world.db, world.actor("other_manager"), world.plan_id, "A claim came in.", DUE)
    assert not retention.close(eraser, seen, DUE.wall)
    assert world.plan().keeping.hold is not None
    # Even a reader who knew the newest sequence would not get past the hold itself.
    assert not retention.close(eraser, replace(seen, sequence=world.plan().sequence), DUE.wall)


def test_a_plan_with_one_confirmation_is_not_closed(world: World, eraser: Database) -> None:
    operations.confirm(world.db, world.actor("manager"), world.plan_id, DUE)
    assert not retention.close(eraser, read(world), DUE.wall)


def test_a_save_that_was_decided_before_the_plan_was_closed_changes_nothing(world: World, eraser: Database) -> None:
    confirm(world)
    before = world.plan()
    decision = rules.hold(before, world.actor("manager"), "A claim came in.", DUE)
    assert retention.close(eraser, read(world), DUE.wall)
    with pytest.raises(plans_store.MovedOn):
        ledger.save(world.db, before, decision, None)
    stone = world.db["plans"].find_one({"authority": "nmr", "_id": world.plan_id})
    assert stone is not None
    assert set(stone) == {"_id", "authority", "sequence", "head", "destroyed"}
    assert list(operations.destroy(world.db, eraser, DUE)) == [world.plan_id]


def test_a_plan_whose_pdf_is_still_to_be_made_waits(world: World, eraser: Database) -> None:
    world.write_a_little()
    world.issue("manager", VersionKind.DRAFT, A="Not asked yet.")
    confirm(world)
    assert retention.is_being_printed(world.db, world.plan_id)
    assert world.plan_id not in list(operations.destroy(world.db, eraser, DUE))
    while job := outbox.lease(world.db, now().wall):
        outbox.finish(world.db, job)
    assert list(operations.destroy(world.db, eraser, DUE)) == [world.plan_id]
