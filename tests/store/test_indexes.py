"""What pages and saves ask of the database: always by an index, never sorted in memory, no more than is wanted."""

from collections.abc import Iterator, Mapping

import pytest
from bson.codec_options import CodecOptions, DatetimeConversion
from flask import Flask
from pymongo import MongoClient
from pymongo.database import Database as MongoDatabase

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.operations import plans, sections, sign_off
from portal.operations.sections import Submission
from portal.store import caseload, chain, drafts, openings, outbox
from portal.store import people as people_store
from portal.store.database import Database
from portal.store.drafts import Draft
from portal.store.requests import Request
from tests.asked import ASKED, CHANGES, WHOLE, WRITES, Command, Recorder, questions, unnamed, verb_of
from tests.conftest import settings
from tests.every_notice import be_told
from tests.every_part import give_lend_and_end
from tests.every_reading import read_for_a_reason
from tests.every_request import AFTER_IT, HEADERS, Rounds
from tests.every_upload import send_look_and_place
from tests.listened import app, db, recorder
from tests.operations.test_checkpoints import make
from tests.world import World, build_world, now

__all__ = ["app", "db", "recorder", "settings"]  # of a portal of this module's own

# What belongs to the conversation with the server and not to the question.
ENVELOPE = {
    "lsid",
    "txnNumber",
    "autocommit",
    "startTransaction",
    "readConcern",
    "writeConcern",
    "maxTimeMS",
    "ordered",
}
# Read from end to end, and so short that nothing else would be quicker.
READ_WHOLE = {"_migrations"}
# A plan's sign-offs are sought among its own links, of which there are some dozens: an index would cost every save.
# What one person or agency was given and what of it has ended are a few rows side by side, told apart once read.
SOUGHT = {
    ("find", "chain", ("authority", "plan", "sequence", "kind")),
    ("find", "grants", ("authority", "agency", "$or")),
    ("find", "grants", ("authority", "agency", "person", "$or")),
    ("find", "grants", ("authority", "agency", "person", "$or", "unsaid")),
    ("find", "grants", ("authority", "agency", "person", "unsaid", "scope")),
    ("find", "grants", ("authority", "_id", "$or")),
    ("find", "grants", ("authority", "_id", "until")),
    ("find", "grants", ("authority", "_id", "unsaid")),
    ("find", "grant_requests", ("authority", "agency", "state")),
    ("find", "grant_requests", ("authority", "_id", "state")),
}


@pytest.fixture(scope="module")
def lived(app: Flask, db: Database, settings: Settings, recorder: Recorder) -> World:
    """Two plans beside the one on which everything is done that the operations can do."""
    for _ in range(2):
        build_world(app, db, settings)
    world = build_world(app, db, settings)
    ids = world.write_a_little()
    parent, manager = world.actor("parent"), world.actor("manager")
    world.client("manager").get(f"/plans/{world.plan_id}")  # from here on there is something new to them
    kept = Draft(world.plan_id, "A", "people", "people", {"words": ["Mine"]}, 0, now().wall)
    drafts.keep(db, parent.person, kept)
    drafts.find(db, parent.person, world.plan_id, "A", "people", "people")
    drafts.of_person(db, parent.person, world.plan_id)
    sent = Submission("A", "people", "people", {"words": "Mine"}, 0)
    request = Request(new_request_id(), "digest", parent.person, now().wall)
    for _ in range(2):
        sections.edit(db, parent, world.plan_id, sent, now(), request)
    world.edit("other_parent", "A", "people", {"words": "Theirs"}, "people")
    sections.edit(db, parent, world.plan_id, sent, now(), request)  # stale by now, and answered all the same
    sign_off.hand_over(db, world.actor("caseworker"), world.plan_id, "B", now())
    sign_off.send_back(db, manager, world.plan_id, "B", "Say more.", now())
    world.sign("manager", "B")
    sign_off.withdraw(db, manager, world.plan_id, "B", "Not yet.", now())
    world.edit("caseworker", "B", "needs", {"effect": "New."}, ids["need"])
    stale = Submission("B", "needs", ids["need"], {"need": "Being heard"}, 1)
    sections.edit(db, world.actor("other_caseworker"), world.plan_id, stale, now())
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    for key in ("parent", "senco", "manager"):
        reading = plans.open_plan(db, world.actor(key), world.plan_id, now())
        plans.open_version(db, world.actor(key), world.plan_id, 2, now())
        sections.revisions_of(db, reading, "A")
        caseload.rows_for(db, world.actor(key))
    sections.compare_revisions(db, plans.open_plan(db, manager, world.plan_id, now()), "B", 1, 2)
    chain.entries(db, world.plan_id)
    chain.entries(db, world.plan_id, before=9)
    openings.last_by_person(db, world.plan_id)
    people_store.grants_on(db, world.plan_id, now().wall)
    while job := outbox.lease(db, now().wall):
        outbox.keep_document(db, job["plan"], job["number"], b"%PDF", "digest")
        outbox.finish(db, job)
    make(db)
    rounds = Rounds(world, HEADERS["page"], ids, ("parent", "manager"))
    rounds.read()
    read_for_a_reason(rounds)
    send_look_and_place(rounds)
    give_lend_and_end(rounds)
    be_told(rounds)
    rounds.write(AFTER_IT)
    return world


def test_everything_there_is_to_ask_was_asked(lived: World, recorder: Recorder) -> None:
    asked = {(each.verb, each.collection) for command in recorder.commands for each in questions(command)}
    plan = {"plans", "section_revisions", "chain", "statements", "versions", "documents", "grants", "caseload"}
    found = {name for verb, name in asked if verb == "find"}
    assert found >= plan | {"drafts", "reading_marks", "requests", "checkpoints", "checkpoint_tiles", "key_vault"}
    assert asked >= {("aggregate", name) for name in ("openings", "people", "sessions")}
    assert asked >= {("$lookup", name) for name in ("grants", "agencies", "drafts", "reading_marks")}
    assert {name for verb, name in asked if verb == "update"} >= {"plans", "caseload", "openings", "grants", "drafts"}
    assert ("delete", "drafts") in asked
    assert ("findAndModify", "jobs") in asked


def test_every_question_about_a_plan_names_the_authority_that_holds_it(lived: World, recorder: Recorder) -> None:
    """Those that the operations ask and no route does yet; all routes: test_every_request_names_its_authority.py."""
    assert unnamed(recorder.commands) <= {("distinct", "plans", ())}


def stages(plan: object) -> Iterator[str]:
    """The names of all stages of a query plan, however deep."""
    if isinstance(plan, Mapping):
        if isinstance(plan.get("stage"), str):
            yield plan["stage"]
        for name, each in plan.items():
            if name != "rejectedPlans":
                yield from stages(each)
    elif isinstance(plan, list):
        for each in plan:
            yield from stages(each)


def scans(plan: object) -> bool:
    """Whether a collection is read from end to end, for the question itself or for a join in it."""
    if isinstance(plan, Mapping):
        joined = int(plan.get("collectionScans", 0)) > 0
        return joined or plan.get("stage") == "COLLSCAN" or any(scans(each) for each in plan.values())
    return isinstance(plan, list) and any(scans(each) for each in plan)


def shape(value: object) -> object:
    """A question without its values, so that each kind is explained once."""
    if isinstance(value, Mapping):
        return tuple((name, shape(each)) for name, each in value.items())
    return type(value).__name__ if not isinstance(value, list) else "list"


def single(command: Command) -> Iterator[Command]:
    """The command without its envelope; one that asks for several changes as one command for each."""
    bare = {name: value for name, value in command.items() if name not in ENVELOPE and not name.startswith("$")}
    verb = verb_of(bare)
    if verb in CHANGES:
        yield from ({**bare, f"{verb}s": [each]} for each in bare[f"{verb}s"])
    else:
        yield bare
        yield from sorted_joins(bare.get("pipeline", []))


def sorted_joins(pipeline: list[Command]) -> Iterator[Command]:
    """Each join that sorts, as a question of its own: the server does not explain what a join sorts."""
    for stage in pipeline:
        if join := stage.get("$lookup") or stage.get("$unionWith"):
            inner = join.get("pipeline", [])
            yield from sorted_joins(inner)
            if any("$sort" in each for each in inner):
                yield {"aggregate": join.get("from") or join["coll"], "pipeline": inner, "cursor": {}}


@pytest.fixture(scope="module")
def explained(mongod: EmbeddedMongod, lived: World, recorder: Recorder) -> list[tuple[Command, Command]]:
    """Each kind of command that was sent, with what the server says of how it answers it."""
    kinds: dict[object, Command] = {}
    for each in recorder.asked(*ASKED):
        for one in single(each):
            kind = tuple((found.verb, found.collection, shape(found.filter)) for found in questions(one))
            kinds[kind, str(one.get("sort"))] = one
    with MongoClient[Command](mongod.uri("root")) as client:
        # "After a moment" is explained as up to the end of time, which Python's dates don't reach.
        options: CodecOptions[Command] = CodecOptions(datetime_conversion=DatetimeConversion.DATETIME_AUTO)
        db = client.get_database(lived.db.name, options)
        return [(each, _explained(db, each)) for each in kinds.values()]


def _explained(db: MongoDatabase[Command], command: Command) -> Command:
    return dict(db.command("explain", command, verbosity="executionStats", codec_options=db.codec_options))


def test_every_question_is_answered_by_an_index(explained: list[tuple[Command, Command]]) -> None:
    assert len(explained) > 40
    wholly_read = {str(command[verb_of(command)]) for command, plan in explained if scans(plan)}
    assert wholly_read <= READ_WHOLE


def test_the_same_look_finds_a_question_that_has_no_index(mongod: EmbeddedMongod, lived: World) -> None:
    keyed = {"$match": {"authority": "nmr", "_id": lived.plan_id}}
    unindexed = {"$lookup": {"from": "chain", "pipeline": [{"$match": {"kind": "plan_started"}}], "as": "found"}}
    within = {"$lookup": {"from": "plans", "pipeline": [keyed, unindexed], "as": "plan"}}
    beside = {"$unionWith": {"coll": "plans", "pipeline": [keyed, unindexed]}}
    with MongoClient[Command](mongod.uri("root")) as client:
        db = client[lived.db.name]
        for question in (
            {"find": "plans", "filter": {"state": "final"}},
            {"aggregate": "plans", "pipeline": [keyed, unindexed], "cursor": {}},
            {"aggregate": "plans", "pipeline": [keyed, within], "cursor": {}},
            {"aggregate": "plans", "pipeline": [keyed, beside], "cursor": {}},
        ):
            assert scans(db.command("explain", question, verbosity="executionStats"))


def test_no_answer_is_sorted_in_memory(explained: list[tuple[Command, Command]]) -> None:
    sorting = [(command, set(stages(plan))) for command, plan in explained]
    assert any(command.get("aggregate") == "grants" for command, _ in sorting)
    assert [command for command, how in sorting if how & {"SORT", "sort"}] == []


def test_no_plan_is_read_that_was_not_asked_for(explained: list[tuple[Command, Command]]) -> None:
    wasteful = []
    for command, plan in explained:
        ran = plan.get("executionStats", {})
        asked = "find" in command and command["find"] not in WHOLE
        sought = {each.shape for each in questions(command)} <= SOUGHT
        if asked and not sought and ran["totalDocsExamined"] > ran["nReturned"]:
            wasteful.append((command, ran["totalDocsExamined"], ran["nReturned"]))
    assert wasteful == []


def test_every_write_is_promised_by_a_majority_and_on_disk(lived: World, recorder: Recorder) -> None:
    alone = [each for each in recorder.asked(*WRITES) if "autocommit" not in each]
    together = recorder.asked("commitTransaction")
    assert alone
    assert together
    for each in [*alone, *together]:
        promise = each["writeConcern"]
        assert (promise["w"], promise["j"]) == ("majority", True), each
    for each in recorder.commands:
        if each.get("startTransaction"):
            assert each["readConcern"]["level"] == "snapshot"
