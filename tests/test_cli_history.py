"""`portal checkpoint` and `portal verify`: what goes to whom, and what is said when something does not hold."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from demo.mongod import EmbeddedMongod
from portal import cli
from portal.config import Settings
from portal.receipt.ed25519 import signed
from portal.receipt.hashes import STATEMENT, canonical
from portal.store import checkpoints as store
from tests.world import World, environment

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def deployment(settings: Settings, provider_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The settings of a deployment over this module's database, with a key of its own."""
    for name in [each for each in os.environ if each.startswith(("PORTAL_", "MONGODB_"))]:
        monkeypatch.delenv(name)
    for name, value in environment(settings.mongodb_uri, settings.database, provider_file, settings.public_url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORTAL_CHECKPOINT_KEY", str(tmp_path / "key.pem"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; answers its exit code and what it wrote to standard output and standard error."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        written = capsys.readouterr()
        return code, written.out, written.err

    return command


def test_a_checkpoint_is_one_line_of_json_that_anybody_can_check(run: Run, world: World, tmp_path: Path) -> None:
    code, out, _ = run("checkpoint", "--new-key", str(tmp_path / "key.pem"))
    assert code == 0
    named = out.split()[-1]
    code, out, err = run("checkpoint", "--out", str(tmp_path / "held.json"))
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert (tmp_path / "held.json").read_text() == out
    held = json.loads(out)
    message = STATEMENT + canonical(held["statement"])
    assert signed(bytes.fromhex(held["public_key"]), message, bytes.fromhex(held["signature"]))
    assert held["statement"]["key"] == named
    made = store.latest(world.db)
    assert made is not None
    assert made.facts == held
    assert world.plan_id not in out


def test_without_a_key_nothing_is_made_and_it_says_how_to_make_one(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = store.count(world.db)
    code, out, err = run("checkpoint")
    assert (code, out) == (1, "")
    assert "PORTAL_CHECKPOINT_KEY can't be read" in err
    monkeypatch.delenv("PORTAL_CHECKPOINT_KEY")
    assert "--new-key" in run("checkpoint")[2]
    (tmp_path / "key.pem").write_text("words")
    assert "can't be written" in run("checkpoint", "--new-key", str(tmp_path / "key.pem"))[2]
    assert store.count(world.db) == before


def test_verify_counts_what_holds_and_shows_how_far_it_is(run: Run, world: World) -> None:
    world.write_a_little()
    code, out, err = run("verify")
    assert code == 0
    assert "Everything holds." in out
    assert "Checking" in err
    code, out, _ = run("verify", "--plan", world.plan_id)
    assert (code, f"entries {world.plan().sequence}," in out, "plans 1," in out) == (0, True, True)


def test_verify_of_one_authority_leaves_the_others_alone(run: Run, world: World) -> None:
    assert "plans" in run("verify", "--authority", "nmr")[1]
    code, out, _ = run("verify", "--authority", "sfl")
    assert (code, "There is no such plan." in out) == (1, True)
    assert world.plan_id not in out


def test_verify_of_a_plan_that_is_not_there_does_not_say_that_all_is_well(run: Run, world: World) -> None:
    code, out, _ = run("verify", "--plan", "nmr-0000000000000000")
    assert (code, "There is no such plan." in out, "holds" in out) == (1, True, False)


def test_verify_names_the_plan_and_the_entry_and_nobody(
    run: Run, world: World, mongod: EmbeddedMongod, settings: Settings
) -> None:
    world.write_a_little()
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        place = {"authority": "nmr", "plan": world.plan_id, "sequence": 3}
        client[settings.database]["chain"].update_one(place, {"$set": {"facts.who": "somebodyelse0000"}})
    code, out, _ = run("verify", "--plan", world.plan_id)
    assert code == 1
    assert f"plan {world.plan_id}: entry 3: it is not what was linked" in out
    assert "Amira" not in out
