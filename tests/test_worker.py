"""The worker: makes what a save asked for, once, whatever happens to it on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from portal import worker
from portal.domain.state import VersionKind
from portal.store import outbox
from tests.world import World


def test_an_issued_version_gets_its_pdf_and_a_second_run_changes_nothing(world: World) -> None:
    world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    wall = datetime.now(UTC)
    while worker.work_once(world.db, wall):
        pass
    made = outbox.document(world.db, world.plan_id, 1)
    assert made is not None
    assert made.startswith(b"%PDF-")
    job = {"authority": "nmr", "plan": world.plan_id}
    world.db["jobs"].update_many(job, {"$set": {"done": False, "leased_until": None}})
    assert worker.work_once(world.db, wall + timedelta(hours=1))
    assert outbox.document(world.db, world.plan_id, 1) == made


def test_a_job_that_fails_waits_for_its_lease_and_says_nothing_about_the_child(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)

    def fail(*_: object) -> None:
        raise RuntimeError("Amira Rahman could not be printed")

    wall = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setitem(worker.JOBS, outbox.PDF, fail)
    assert worker.work_once(world.db, wall)
    assert "RuntimeError" in caplog.text
    assert "Amira" not in caplog.text
    monkeypatch.undo()
    while worker.work_once(world.db, wall + outbox.LEASE + timedelta(seconds=1)):
        pass
    assert outbox.document(world.db, world.plan_id, 1) is not None
