"""`portal deliver`: says what is missing, tells people what waits, goes on when a round fails, ends when told."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from demo import inbox
from portal import cli
from portal.clock import Clock
from portal.commands.deliver import Rounds
from portal.config import Settings
from portal.domain.contact import Contact
from portal.notify.settings import read_channels
from portal.operations.delivery import Delivery
from portal.stopping import Stop
from portal.store import contacts
from portal.store.database import Database
from tests.world import World, environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def deployment(settings: Settings, provider_file: Path) -> dict[str, str]:
    """The settings of a deployment over this module's database, without any way for notices to leave."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "MONGODB_"))}
    return {**kept, **environment(settings.mongodb_uri, settings.database, provider_file, settings.public_url)}


def test_without_a_way_out_it_says_so_and_does_nothing(
    deployment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [each for each in os.environ if each.startswith(("PORTAL_", "MONGODB_"))]:
        monkeypatch.delenv(name)
    for name, value in deployment.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["deliver"]) == 1
    assert "Neither PORTAL_SMTP_URL nor PORTAL_NOTIFY_KEY is set" in capsys.readouterr().err


def test_the_process_itself_tells_somebody_what_waits_and_ends_when_it_is_told_to(
    world: World, deployment: dict[str, str], tmp_path: Path
) -> None:
    contacts.keep(world.db, world.people["parent"], Contact("nadia@example.org"))
    log = tmp_path / "log"
    with inbox.start() as running, log.open("wb") as written:
        command = [sys.executable, "-m", "portal.cli", "deliver"]
        env = {**deployment, **running.settings}
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=written, stderr=written)
        try:
            limit = time.monotonic() + 120
            while not running.mailbox.newest_first() and time.monotonic() < limit:
                time.sleep(0.2)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(30)
        found = running.mailbox.newest_first()
    assert [each.to for each in found] == ["nadia@example.org"], log.read_text()
    assert code == 0
    assert "nadia" not in log.read_text()
    assert "Amira" not in log.read_text()


def test_a_round_that_fails_does_not_end_the_process(
    db: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, tried = Stop(), []

    def fail(*_: object) -> bool:
        tried.append(True)
        if len(tried) == 2:
            stop.set()
        raise RuntimeError("Amira Rahman")

    monkeypatch.setattr("portal.commands.deliver.IDLE_S", 0.01)
    with inbox.start() as running:
        rounds = Rounds(Delivery(db, read_channels(running.settings), "https://portal.example"))
        monkeypatch.setattr(rounds, "once", fail)
        rounds.run(stop, Clock())
    assert len(tried) == 2
    assert "RuntimeError" in caplog.text
    assert "Amira" not in caplog.text


def test_which_authorities_there_are_is_asked_once_a_minute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def authorities(_: Database) -> list[str]:
        asked.append(1)
        return ["nmr"]

    monkeypatch.setattr("portal.operations.notices.authorities", authorities)
    with inbox.start() as running:
        rounds = Rounds(Delivery(world.db, read_channels(running.settings), "https://portal.example"))
        for _ in range(3):
            rounds.once(Clock().now())
    assert asked == [1]
