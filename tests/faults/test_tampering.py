"""Every way to alter a receipt is found by the file that comes with it, and what was altered is named."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from portal.config import Settings
from portal.receipt import command
from portal.receipt.program import program
from portal.store.database import Database
from tests.faults.tampering import FLIPS, Altered, altered, apart, receipt_of, run, tried_and_missed
from tests.world import World, build_world


@pytest.fixture(scope="module")
def receipt(app: Flask, db: Database, settings: Settings) -> tuple[bytes, str]:
    """A manager's receipt of a plan that was issued as a draft and answered, and the key of its checkpoint."""
    return receipt_of(build_world(app, db, settings))


def test_an_unaltered_receipt_holds_and_can_be_packed_again_byte_for_byte(receipt: tuple[bytes, str]) -> None:
    data, key = receipt
    assert [what for holds, what in command.examine(data, key) if holds is False] == []
    assert apart(data).packed() == data


def test_a_thousand_bit_flips_and_every_rewriting_of_the_chain_are_found_and_named(receipt: tuple[bytes, str]) -> None:
    tried, missed = tried_and_missed(*receipt, FLIPS)
    assert missed == []
    assert tried > FLIPS + 300


def test_without_a_trusted_key_only_what_was_signed_anew_can_pass(receipt: tuple[bytes, str]) -> None:
    data, _ = receipt
    passed = []
    for each in altered(apart(data)):
        if not any(holds is False for holds, _ in command.examine(each.packed())):
            passed.append(each.how)
    assert passed
    assert [each for each in passed if "signed anew" not in each and "checkpoint taken out" not in each] == []


def test_the_figures_count_what_was_tried_and_missed(world: World) -> None:
    figures = run(world, flips=3)
    assert figures["tampering_missed"] == 0
    assert figures["tampering_tried"] > 300


def test_a_history_rewritten_before_an_entry_that_is_kept_back_is_said_to_be_untied(
    receipt: tuple[bytes, str], tmp_path: Path
) -> None:
    """One entry as a hash alone: nothing in this receipt can tie what stands before it to what stands after it."""
    whole = apart(receipt[0])
    kept_back = whole.entries[9]["hash"]
    whole.entries[2]["facts"]["at"] = "2020-01-01T00:00:00.000Z"
    rewritten = Altered(whole.plan, whole.entries[:9], None).relink()
    whole.plan |= {"sequence": len(whole.entries), "head": whole.entries[-1]["hash"]}
    whole.entries[:10] = [*rewritten.entries, {"hash": kept_back}]
    (tmp_path / "receipt.zip").write_bytes(whole.packed())
    (tmp_path / "check.py").write_bytes(program())
    told = subprocess.run(
        [sys.executable, "-I", "check.py", "receipt.zip"], cwd=tmp_path, capture_output=True, text=True
    )
    assert told.returncode == 3
    assert "entry 10 is kept back: what came before it is not tied to what came after it" in told.stdout
