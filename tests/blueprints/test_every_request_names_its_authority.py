"""Every route there is, asked as a page, a fragment and data, never asks beyond one authority."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from demo.identity_provider import RunningProviders
from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.actor import Grant
from portal.store import outbox
from portal.store.database import Database
from tests.asked import (
    ASKED,
    WHOLE,
    WRITES,
    Command,
    Recorder,
    added,
    authorities,
    questions,
    transactions,
    unnamed,
    verb_of,
)
from tests.auth.browser import Browser as SignOn
from tests.blueprints.conftest import plan_of
from tests.conftest import uri_of
from tests.every_document import hand_on_send_and_agree
from tests.every_notice import be_told
from tests.every_part import give_lend_and_end
from tests.every_reading import read_for_a_reason
from tests.every_redress import disagree
from tests.every_request import AFTER_IT, BEFORE_DRAFT, FEW, HEADERS, TO_THE_FINAL, Rounds, routes
from tests.every_upload import look_at_issued, send_look_and_place
from tests.listened import app, recorder
from tests.operations.test_checkpoints import make
from tests.world import CAST, MASTER_KEY, World, now

__all__ = ["app", "recorder"]  # of a portal that is listened to
# What a request writes in one transaction with a plan although it stays on one machine.
BESIDE_A_PLAN = {
    "jobs": "an issued version's PDF is asked for with the version, or not at all",
    "people": "whoever is given a part, or loses one, stands anew",
    "sessions": "and their sessions with them",
}
OVER_31 = date(1990, 3, 14)


@pytest.fixture(scope="module")
def db(mongod: EmbeddedMongod, settings: Settings) -> Iterator[Database]:
    """The same database, for what the tests prepare: nothing of that is written down."""
    made = Database(uri_of(mongod, settings.database, "app"), settings.database, MASTER_KEY)
    yield made
    made.close()


@pytest.fixture(scope="module")
def sent(cast: World, parts: list[Grant], recorder: Recorder, providers: RunningProviders) -> list[Rounds]:
    """One plan's whole life for each kind of answer, so old that it may be destroyed."""
    child = replace(cast.plan().child, born=OVER_31)
    keys = {"page": tuple(CAST)}
    few = (*FEW, "therapist")  # whose advice is asked for
    made = [_lived(plan_of(cast, parts, child), name, keys.get(name, few)) for name in HEADERS]
    for each in made:
        give_lend_and_end(each)
        be_told(each)
        disagree(each)
        hand_on_send_and_agree(each)
        read_for_a_reason(each)
        each.answered["GET", "sign_in.callback"].add(SignOn(cast.app).sign_on("families").status_code)
        each.answered["POST", "sign_in.ended_there"] = {signed_out(cast, providers)}
    return made


def signed_out(world: World, providers: RunningProviders) -> int:
    """The families' provider says that somebody has signed out there; answers the portal's status."""
    sent = {"logout_token": providers.logout_token("families", "nadia-rahman")}
    return world.app.test_client().post("/sign-in/families/backchannel-logout", data=sent).status_code


def _lived(world: World, kind: str, keys: tuple[str, ...]) -> Rounds:
    world.decides("parent")  # the child is of age, and this parent does what a parent does in every other plan
    items = world.write_a_little()
    items["other"] = world.add("caseworker", "B", "needs", need="Sleep", effect="She wakes at night.")
    make(world.db)
    rounds = Rounds(world, HEADERS[kind], items, keys)
    picture = send_look_and_place(rounds)
    rounds.write(BEFORE_DRAFT)
    rounds.look_at("advice_drafting.show")
    rounds.write(TO_THE_FINAL)
    look_at_issued(rounds, picture)
    while job := outbox.lease(world.db, now().wall):
        outbox.keep_document(world.db, job["plan"], job["number"], b"%PDF", "digest")
        outbox.finish(world.db, job)
    rounds.read()
    leaving = [each[0] for each in AFTER_IT].index("sessions.stay")
    rounds.write(AFTER_IT[:leaving])
    rounds.look_at("review.one", "intake.show")
    rounds.write(AFTER_IT[leaving:])
    return rounds


@pytest.fixture(scope="module")
def commands(sent: list[Rounds], recorder: Recorder) -> list[Command]:
    return list(recorder.commands)


def test_every_route_was_asked_in_every_way_and_answered_to_somebody(sent: list[Rounds]) -> None:
    for rounds in sent:
        assert set(rounds.answered) == routes(rounds.world)
        unanswered = {route for route, statuses in rounds.answered.items() if min(statuses) >= 400}
        assert sorted(unanswered) == []
        assert max(status for statuses in rounds.answered.values() for status in statuses) < 500


def test_all_that_hangs_on_a_plan_was_asked_for(commands: list[Command]) -> None:
    asked = {(each.verb, each.collection) for command in commands for each in questions(command)}
    written = {name for name, _ in added(commands)}
    found = {collection for _, collection in asked} | written
    assert found >= {"plans", "section_revisions", "chain", "statements", "versions", "documents", "outbox"}
    assert found >= {"requests", "openings", "drafts", "grants", "caseload", "reading_marks", "checkpoint_tiles"}
    assert asked >= {("$lookup", "grants"), ("$lookup", "drafts"), ("$lookup", "reading_marks"), ("delete", "drafts")}


def test_every_question_of_every_request_names_one_authority_first(commands: list[Command]) -> None:
    assert unnamed(commands) == set()


def test_everything_that_a_request_adds_carries_its_authority_and_an_id_that_begins_with_it(
    commands: list[Command],
) -> None:
    """Each machine sees to its own ids alone, so that two of them must never be able to give the same."""
    documents = [each for name, each in added(commands) if name not in WHOLE]
    assert len(documents) > 100
    assert [each["_id"] for each in documents if not each["_id"].startswith(f"{each.get('authority')}")] == []


def test_whatever_changes_one_document_names_the_whole_key_that_shards(commands: list[Command]) -> None:
    """A spread collection takes an update or a deletion of one document by its key only."""
    asked = {each for each in _changes(commands) if each[1] not in WHOLE}
    assert {name for _, name, _ in asked} >= {"plans", "caseload", "openings", "drafts", "reading_marks"}
    assert {each for each in asked if each[2][:2] != ("authority", "_id")} == set()


def _changes(commands: list[Command]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for command in commands:
        if verb_of(command) in ("update", "delete", "findAndModify"):
            yield from (each.shape for each in questions(command))


def test_a_save_is_made_within_one_authority(commands: list[Command]) -> None:
    made = transactions(commands)
    assert len(made) > 60
    assert [each for each in made if len(authorities(each)) != 1] == []
    beside = {
        str(each[verb_of(each)])
        for transaction in made
        for each in transaction
        if verb_of(each) in WRITES and each[verb_of(each)] in WHOLE
    }
    assert beside == set(BESIDE_A_PLAN)
    assert {verb_of(each) for one in made for each in one} <= {"find", *WRITES}  # a join has no place in a transaction


def _without_authority(db: Database, plan_id: str) -> Iterator[Callable[[], object]]:
    join = {"from": "chain", "localField": "_id", "foreignField": "plan", "as": "chain"}
    late = {"from": "drafts", "pipeline": [{"$match": {"plan": plan_id}}], "as": "drafts"}
    keyed = {"authority": "nmr", "_id": plan_id}
    inner = {"pipeline": late["pipeline"]}
    yield lambda: db["plans"].find_one({"_id": plan_id})
    yield lambda: db["plans"].find_one({"_id": plan_id, "authority": "nmr"})
    yield lambda: db["plans"].find_one({"authority": {"$gt": ""}, "_id": plan_id})
    yield lambda: db["plans"].find_one({"authority": "", "_id": plan_id})
    yield lambda: db["plans"].distinct("state")
    yield lambda: db["caseload"].count_documents({"plan": plan_id})
    yield lambda: db["plans"].update_one({"_id": plan_id}, {"$inc": {"parts": 1}})
    yield lambda: db["drafts"].delete_many({"plan": plan_id})
    yield lambda: db["jobs"].find_one_and_update({"done": None}, {"$set": {"done": None}}) or db["outbox"].find_one({})
    yield lambda: list(db["plans"].aggregate([{"$match": keyed}, {"$lookup": join}]))
    yield lambda: list(db["plans"].aggregate([{"$match": keyed}, {"$lookup": late}]))
    yield lambda: list(db["people"].aggregate([{"$match": {"_id": ""}}, {"$lookup": join}]))
    yield lambda: list(db["plans"].aggregate([{"$match": keyed}, {"$unionWith": "chain"}]))
    yield lambda: list(db["sessions"].aggregate([{"$match": {"_id": ""}}, {"$unionWith": {"coll": "drafts", **inner}}]))


def test_the_same_look_finds_a_question_without_its_authority(
    app: Flask, sent: list[Rounds], recorder: Recorder
) -> None:
    listened: Database = app.extensions["database"]
    for ask in _without_authority(listened, sent[0].world.plan_id):
        before = len(recorder.commands)
        ask()
        assert len(unnamed(recorder.commands[before:])) == 1


def test_a_command_that_nobody_has_said_how_to_read_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        list(questions({"bulkWrite": 1, "ops": []}))
    assert not {"bulkWrite", "mapReduce"} & set(ASKED)
