"""What a save asks others to do: written with it or not at all, taken by one worker at a time, done once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.error import StaleRevision
from portal.domain.state import VersionKind
from portal.store import outbox
from portal.store.database import Database, Session
from portal.store.plans import load
from tests.at_once import at_once
from tests.fresh import fresh
from tests.world import World, build_world

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
Job = dict[str, Any]


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, in a database without any job that waits."""
    cast.db["jobs"].update_many({}, {"$set": {"done": True}})
    return fresh(cast, "parent", "other_parent", "caseworker")


def add_jobs(world: World, *numbers: int) -> None:
    plan = load(world.db, world.plan_id)

    def add(session: Session) -> None:
        for number in numbers:
            outbox.add_job(world.db, plan.id, outbox.PDF, number, session)

    world.db.transaction(add)


def leased(db: Database, wall: datetime = NOON) -> Job:
    job = outbox.lease(db, wall)
    assert job is not None
    return job


# The outbox


def test_each_event_leaves_one_entry_that_says_what_happened_and_never_to_whom(world: World) -> None:
    world.add("caseworker", "B", "needs", area="semh", need="Worry about noise", effect="She hides.")
    world.sign("manager", "B")
    found = list(world.db["outbox"].find({"authority": "nmr", "plan": world.plan_id}).sort("at", 1))
    assert [(each["kind"], each["section"], each["delivered"]) for each in found] == [
        ("plan_started", "", None),
        ("section_edited", "B", None),
        ("section_signed", "B", None),
    ]
    for words in ("Amira", "Worry", "hides", "Maria"):
        assert words not in repr(found)


def test_a_save_that_is_refused_leaves_no_entry(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    before = world.db["outbox"].count_documents({"authority": "nmr", "plan": world.plan_id})
    with pytest.raises(StaleRevision):
        world.edit("other_parent", "A", "people", {"words": "My sister"}, "people", revision=0)
    assert world.db["outbox"].count_documents({"authority": "nmr", "plan": world.plan_id}) == before


def test_issuing_a_version_asks_for_its_pdf_once(world: World) -> None:
    world.issue("manager", VersionKind.DRAFT, A="The date is here.")
    job = leased(world.db)
    assert (job["plan"], job["kind"], job["number"]) == (world.plan_id, "pdf", 1)
    assert outbox.lease(world.db, NOON) is None


# Jobs


def test_two_workers_never_get_the_same_job(world: World) -> None:
    add_jobs(world, *range(40))
    taken: list[str] = []

    def work() -> None:
        while job := outbox.lease(world.db, NOON):
            taken.append(job["_id"])

    assert at_once(*[work] * 8) == []
    assert len(taken) == 40
    assert len(set(taken)) == 40


def test_a_dead_workers_job_is_free_again_when_its_lease_runs_out(world: World) -> None:
    add_jobs(world, 1)
    first = leased(world.db)
    assert first["leased_until"] == NOON + timedelta(minutes=5)
    for minutes in (0, 4, 5):
        assert outbox.lease(world.db, NOON + timedelta(minutes=minutes)) is None
    again = leased(world.db, NOON + timedelta(minutes=5, milliseconds=1))
    assert again["_id"] == first["_id"]
    assert (first["attempts"], again["attempts"]) == (1, 2)


def test_a_job_that_is_done_is_never_taken_again(world: World) -> None:
    add_jobs(world, 1)
    outbox.finish(world.db, leased(world.db))
    assert outbox.lease(world.db, NOON + timedelta(days=9)) is None


def test_a_job_that_keeps_failing_lets_the_others_go_first(world: World) -> None:
    add_jobs(world, 1)
    failing = leased(world.db)
    add_jobs(world, 2)
    later = NOON + timedelta(hours=1)
    assert leased(world.db, later)["number"] == 2
    assert leased(world.db, later)["_id"] == failing["_id"]


def test_a_worker_that_was_slow_and_one_that_took_over_finish_it_both_without_harm(world: World) -> None:
    add_jobs(world, 1)
    slow, other = leased(world.db), leased(world.db, NOON + timedelta(minutes=6))
    outbox.finish(world.db, other)
    outbox.finish(world.db, slow)
    assert outbox.lease(world.db, NOON + timedelta(days=9)) is None


# Documents


def test_the_first_document_that_was_made_is_the_one_that_is_kept(world: World) -> None:
    assert outbox.document(world.db, world.plan_id, 1) is None
    outbox.keep_document(world.db, world.plan_id, 1, b"%PDF first", "digest of the first")
    outbox.keep_document(world.db, world.plan_id, 1, b"%PDF second", "digest of the second")
    assert outbox.document(world.db, world.plan_id, 1) == b"%PDF first"
    (kept,) = world.db["documents"].find({"authority": "nmr", "plan": world.plan_id})
    assert kept["digest"] == "digest of the first"


def test_ten_workers_that_made_one_document_at_once_keep_one(world: World) -> None:
    def keep(at: int) -> None:
        outbox.keep_document(world.db, world.plan_id, 2, b"%PDF " + bytes([at]), f"digest {at}")

    assert at_once(*[lambda at=at: keep(at) for at in range(10)]) == []
    (kept,) = world.db["documents"].find({"authority": "nmr", "plan": world.plan_id})
    content = outbox.document(world.db, world.plan_id, 2)
    assert content is not None
    assert kept["digest"] == f"digest {content[-1]}"


def test_one_versions_document_is_never_given_for_anothers(world: World) -> None:
    outbox.keep_document(world.db, world.plan_id, 1, b"%PDF first", "digest")
    assert outbox.document(world.db, world.plan_id, 2) is None
    assert outbox.document(world.db, world.plan_id.replace("nmr", "sfl"), 1) is None
