"""Making checkpoints: every plan is in one, each follows the one before, and half of one never counts."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from portal.config import Settings
from portal.domain.checkpoint import Checkpoint
from portal.operations import checkpoints
from portal.operations.checkpoints import NoKey, is_signed
from portal.store import checkpoints as store
from portal.store.checkpoints import MadeMeanwhile
from portal.store.database import Database
from tests.at_once import at_once
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

KEY = Ed25519PrivateKey.generate()


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


def make(db: Database) -> Checkpoint:
    return checkpoints.make(db, KEY, lambda: now().wall)


def test_every_plan_is_in_a_checkpoint_with_its_head_of_then(cast: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "TILE", 4)  # so that a few plans are several tiles
    worlds = [cast, *(fresh(cast) for _ in range(9))]
    heads = {each.plan_id: (each.plan().sequence, each.plan().head) for each in worlds}
    made = make(cast.db)
    assert made.plans >= len(worlds)
    for plan_id, (sequence, head) in heads.items():
        proof = store.inclusion(cast.db, made, plan_id)
        assert proof is not None
        assert (proof.head.sequence, proof.head.head) == (sequence, head)
        assert proof.holds


def test_a_plan_that_was_started_later_is_in_the_next_one(cast: World) -> None:
    before = make(cast.db)
    later = fresh(cast)
    assert store.inclusion(cast.db, before, later.plan_id) is None
    after = make(cast.db)
    proof = store.inclusion(cast.db, after, later.plan_id)
    assert proof is not None
    assert proof.holds


def test_each_is_signed_and_names_the_one_before_it(cast: World) -> None:
    first, second = make(cast.db), make(cast.db)
    assert (second.number, second.previous) == (first.number + 1, first.hash)
    assert is_signed(first)
    assert is_signed(store.find(cast.db, second.number))
    assert store.latest(cast.db) == store.find(cast.db, second.number)
    assert not is_signed(Checkpoint(1, first.at, 0, first.root, "", first.public_key, first.signature))


def test_of_two_at_once_each_number_is_given_once(cast: World) -> None:
    before = make(cast.db).number
    troubles = at_once(lambda: make(cast.db), lambda: make(cast.db))
    assert all(isinstance(each, MadeMeanwhile) for each in troubles)
    numbers = [each.number for each in store.all_of(cast.db)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == before + 2 - len(troubles)


def test_a_run_that_was_killed_before_it_signed_leaves_nothing_that_counts(
    cast: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.latest(cast.db)

    def killed(_: Database, __: Checkpoint) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(store, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            make(cast.db)
    assert store.latest(cast.db) == before
    after = make(cast.db)
    assert after.number == (before.number if before else 0) + 1
    proof = store.inclusion(cast.db, after, cast.plan_id)
    assert proof is not None
    assert proof.holds


def test_what_a_paper_carries_is_the_latest_one_made_before_it(cast: World) -> None:
    first = make(cast.db)
    assert store.latest(cast.db, before=first.at + timedelta(milliseconds=1)) == store.find(cast.db, first.number)
    earlier = store.latest(cast.db, before=first.at)
    assert earlier is None or earlier.number < first.number


def test_a_new_key_is_for_its_owner_alone_and_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    named = checkpoints.new_key(path)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    key = checkpoints.read_key(path)
    with pytest.raises(NoKey, match=r"key\.pem can't be written"):
        checkpoints.new_key(path)
    assert len(named) == 64
    assert checkpoints.read_key(path).private_bytes_raw() == key.private_bytes_raw()


def test_what_is_no_ed25519_key_is_refused_in_a_sentence(tmp_path: Path) -> None:
    other = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "key.pem"
    for content, words in ((b"words", "a PEM file"), (other, "an Ed25519 key")):
        path.write_bytes(content)
        with pytest.raises(NoKey, match=words):
            checkpoints.read_key(path)
    with pytest.raises(NoKey, match="can't be read"):
        checkpoints.read_key(tmp_path / "none.pem")
