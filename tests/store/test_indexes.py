"""What the operations ask of the database: always within one authority, by an index, no more than is wanted."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from demo.mongod import EmbeddedMongod
from portal.app import create_app
from portal.config import Settings
from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.operations import plans, sections, sign_off
from portal.operations.sections import Submission
from portal.store import caseload, chain, drafts, openings, outbox
from portal.store import database as database_module
from portal.store import people as people_store
from portal.store.database import Database
from portal.store.drafts import Draft
from portal.store.requests import Request
from tests.world import World, build_world, now

Command = dict[str, Any]
# Collections that hang on no authority, or (jobs) serve the whole portal as one short queue.
EXCUSED = {"people", "sessions", "sign_ins", "agencies", "jobs", "key_vault", "_migrations"}
ASKED = {"find", "aggregate", "update", "delete", "findAndModify"}
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


@dataclass
class Recorder(CommandListener):
    """Every command of one client, as it went over the wire."""

    commands: list[Command] = field(default_factory=list)

    def started(self, event: CommandStartedEvent) -> None:
        if event.command:  # what signs a client on is kept from listeners
            self.commands.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing to note."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing to note."""

    def asked(self, *names: str) -> list[Command]:
        return [each for each in self.commands if next(iter(each)) in names]


@pytest.fixture(scope="module")
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture(scope="module")
def app(settings: Settings, recorder: Recorder) -> Iterator[Flask]:
    """The portal over a client that writes down all it sends."""
    with pytest.MonkeyPatch.context() as patch:
        listening = functools.partial(MongoClient, event_listeners=[recorder])
        patch.setattr(database_module, "MongoClient", listening)
        made = create_app(settings)
    yield made
    made.extensions["database"].close()


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
    for key in ("parent", "manager"):
        browser = world.client(key)
        for path in (
            "",
            "/unread",
            "/history",
            "/people",
            "/sections/A",
            "/sections/B",
            "/sections/B/history",
            "/sections/B/authors",
            "/versions",
            "/versions/2",
            "/versions/2.pdf",
        ):
            browser.get(f"{browser.base}{path}")
        browser.get("/worklist")
        browser.post("/sign-out")
    return world


def question_of(command: Command) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(verb, collection, filter) of everything a command asks: an update may hold several."""
    verb = next(iter(command))
    collection = str(command[verb])
    if verb == "find":
        yield verb, collection, command.get("filter", {})
    elif verb == "aggregate":
        yield verb, collection, command["pipeline"][0].get("$match", {})
    elif verb == "findAndModify":
        yield verb, collection, command.get("query", {})
    elif verb in ("update", "delete"):
        for each in command[f"{verb}s"]:
            yield verb, collection, each["q"]


def names_its_authority(question: Mapping[str, Any]) -> bool:
    authority = question.get("authority")
    several = isinstance(authority, Mapping) and list(authority) == ["$in"]
    return several or (isinstance(authority, str) and bool(authority))


def test_everything_there_is_to_ask_was_asked(lived: World, recorder: Recorder) -> None:
    asked = {(verb, name) for each in recorder.asked(*ASKED) for verb, name, _ in question_of(each)}
    plan = {"plans", "section_revisions", "chain", "statements", "versions", "documents", "grants", "caseload"}
    found = {name for verb, name in asked if verb == "find"}
    assert found >= plan | {"drafts", "reading_marks", "requests", "key_vault"}
    assert asked >= {("aggregate", name) for name in ("openings", "people", "sessions")}
    assert {name for verb, name in asked if verb == "update"} >= {"plans", "caseload", "openings", "grants", "drafts"}
    assert ("delete", "drafts") in asked
    assert ("findAndModify", "jobs") in asked


def test_every_question_about_a_plan_names_the_authority_that_holds_it(lived: World, recorder: Recorder) -> None:
    unnamed = {
        (verb, collection, *question)
        for each in recorder.asked(*ASKED)
        for verb, collection, question in question_of(each)
        if collection not in EXCUSED and not names_its_authority(question)
    }
    assert unnamed == set()


def test_everything_that_is_added_to_a_plan_carries_the_authority_that_holds_it(
    lived: World, recorder: Recorder
) -> None:
    added = [(each["insert"], document) for each in recorder.asked("insert") for document in each["documents"]]
    assert {name for name, _ in added} >= {"plans", "section_revisions", "chain", "versions", "outbox", "jobs"}
    assert [name for name, document in added if document.get("authority") != "nmr"] == []


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


def shape(value: object) -> object:
    """A question without its values, so that each kind is explained once."""
    if isinstance(value, Mapping):
        return tuple((name, shape(each)) for name, each in value.items())
    return type(value).__name__ if not isinstance(value, list) else "list"


def single(command: Command) -> Iterator[Command]:
    """The command without its envelope; one that asks for several changes as one command for each."""
    bare = {name: value for name, value in command.items() if name not in ENVELOPE and not name.startswith("$")}
    verb = next(iter(bare))
    if verb in ("update", "delete"):
        yield from ({**bare, f"{verb}s": [each]} for each in bare[f"{verb}s"])
    else:
        yield bare


@pytest.fixture(scope="module")
def explained(mongod: EmbeddedMongod, lived: World, recorder: Recorder) -> list[tuple[Command, Command]]:
    """Each kind of command that was sent, with what the server says of how it answers it."""
    kinds: dict[object, Command] = {}
    for each in recorder.asked(*ASKED):
        for one in single(each):
            ((verb, name, question),) = question_of(one)
            kinds[verb, name, shape(question), str(one.get("sort"))] = one
    with MongoClient[Command](mongod.uri("root")) as client:
        db = client[lived.db.name]
        return [(each, db.command("explain", each, verbosity="executionStats")) for each in kinds.values()]


def test_every_question_is_answered_by_an_index(explained: list[tuple[Command, Command]]) -> None:
    assert len(explained) > 30
    scans = [command for command, plan in explained if {"COLLSCAN"} & set(stages(plan))]
    assert [each for each in scans if "_migrations" not in each.values()] == []


def test_the_same_look_finds_a_question_that_has_no_index(mongod: EmbeddedMongod, lived: World) -> None:
    with MongoClient[Command](mongod.uri("root")) as client:
        plan = client[lived.db.name].command("explain", {"find": "plans", "filter": {"state": "final"}})
    assert "COLLSCAN" in set(stages(plan))


def test_no_answer_is_sorted_in_memory(explained: list[tuple[Command, Command]]) -> None:
    assert [command for command, plan in explained if {"SORT"} & set(stages(plan))] == []


def test_no_plan_is_read_that_was_not_asked_for(explained: list[tuple[Command, Command]]) -> None:
    wasteful = []
    for command, plan in explained:
        ran = plan.get("executionStats", {})
        if command.get("find", "agencies") not in EXCUSED and ran["totalDocsExamined"] > ran["nReturned"]:
            wasteful.append((command, ran["totalDocsExamined"], ran["nReturned"]))
    assert wasteful == []


def test_every_write_is_promised_by_a_majority_and_on_disk(lived: World, recorder: Recorder) -> None:
    alone = [each for each in recorder.asked("insert", "update", "delete", "findAndModify") if "autocommit" not in each]
    together = recorder.asked("commitTransaction")
    assert alone
    assert together
    for each in [*alone, *together]:
        promise = each["writeConcern"]
        assert (promise["w"], promise["j"]) == ("majority", True), each
    for each in recorder.commands:
        if each.get("startTransaction"):
            assert each["readConcern"]["level"] == "snapshot"
