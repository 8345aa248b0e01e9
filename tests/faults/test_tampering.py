"""Every way to alter a receipt is found by the file that comes with it, and what was altered is named."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from portal.config import Settings
from portal.receipt.check import FAILS, HOLDS
from portal.receipt.program import program
from portal.store.database import Database
from tests.faults.tampering import (
    FLIPS,
    Altered,
    Lines,
    Material,
    apart,
    appended,
    examined,
    looked_at,
    material_of,
    missed_flips,
    missed_of,
    run,
)
from tests.world import World, build_world


@pytest.fixture(scope="module")
def material(app: Flask, db: Database, settings: Settings) -> Material:
    """A manager's receipt of a plan that was issued as a draft and as final, and changed since the checkpoint."""
    return material_of(build_world(app, db, settings))


@pytest.fixture(scope="module")
def found(material: Material) -> list[tuple[Altered, Lines]]:
    """Every alteration, each looked at once."""
    return looked_at(material)


def told(folder: Path, data: bytes, *arguments: str) -> tuple[int, str]:
    """(exit code, what was said) of the check of a ZIP, in a process of its own."""
    (folder / "receipt.zip").write_bytes(data)
    (folder / "check.py").write_bytes(program())
    command = [sys.executable, "-I", "check.py", "receipt.zip", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_an_unaltered_receipt_holds_and_can_be_packed_again_byte_for_byte(material: Material) -> None:
    assert [what for word, what in examined(material.data, material.key) if word == FAILS] == []
    assert apart(material.data).packed() == material.data


def test_every_rewriting_is_found_and_named_or_is_too_new_to_be_vouched_for(
    found: list[tuple[Altered, Lines]],
) -> None:
    assert missed_of(found) == []
    assert len(found) > 400
    assert len([each for each, _ in found if each.newer]) > 20


def test_a_thousand_bit_flips_are_found_and_named(material: Material) -> None:
    assert missed_flips(material, FLIPS) == []


def test_without_a_trusted_key_only_what_was_signed_anew_or_is_newer_can_pass(
    found: list[tuple[Altered, Lines]],
) -> None:
    passed = [each for each, lines in found if not any(word == FAILS for word, _ in lines[:-1])]
    assert passed
    unsigned = [each.how for each in passed if "signed anew" not in each.how and "checkpoint taken" not in each.how]
    assert unsigned == [each.how for each in passed if each.newer]


def test_what_a_forger_adds_after_a_genuine_checkpoint_is_not_vouched_for(material: Material, tmp_path: Path) -> None:
    for at, data in enumerate((material.data, material.older)):
        (tmp_path / str(at)).mkdir()
        forged = appended(apart(data), "appended").packed()
        code, said = told(tmp_path / str(at), forged, "--key", material.key)
        assert (code, "DOES NOT HOLD" in said) == (4, False), said
        assert said.startswith("Nothing FAILED. What the checkpoint covers HOLDS.")
        assert "Not vouched for yet: section F: Signed by Dr A (NHS)" in said
        assert not any("Dr A" in line for line in said.splitlines() if line.startswith("Holds"))


def test_without_a_checkpoint_nothing_is_vouched_for(material: Material, tmp_path: Path) -> None:
    whole = apart(material.data)
    whole.checkpoint = None
    code, said = told(tmp_path, whole.packed())
    assert (code, "DOES NOT HOLD" in said) == (4, False), said
    assert "nothing in it is vouched for yet" in said.splitlines()[1]
    assert [each for each in said.splitlines() if each.startswith(HOLDS) and "the files" not in each] == []


def test_what_is_not_sealed_is_named(material: Material, tmp_path: Path) -> None:
    """Whoever packs a receipt chooses these, and no check can know; so it says which they are."""
    whole = apart(material.data)
    whole.plan["state"] = "Final plan, in force for ever"
    whole.plan["people"] = dict.fromkeys(whole.plan["people"], "Dr A")
    whole.plan["versions"][0]["words"] = "Final plan"
    code, said = told(tmp_path, whole.packed(), "--key", material.key)
    assert (code, "version 1 (Draft plan" in said, "version 1 (Final plan" in said) == (4, True, False), said
    named = next(each for each in said.splitlines() if "they are not sealed" in each)
    assert [
        each for each in ("names", "titles", "labels", "choices", "state", "yours to read") if each not in named
    ] == []


def test_the_figures_count_what_was_tried_and_missed(world: World) -> None:
    figures = run(world, flips=3)
    assert figures["tampering_missed"] == 0
    assert figures["tampering_tried"] > 400


def test_a_history_rewritten_before_an_entry_that_is_kept_back_is_said_to_be_untied(
    material: Material, tmp_path: Path
) -> None:
    """One entry as a hash alone: nothing in this receipt can tie what stands before it to what stands after it."""
    whole = apart(material.data)
    kept_back = whole.entries[9]["hash"]
    whole.entries[2]["facts"]["at"] = "2020-01-01T00:00:00.000Z"
    rewritten = Altered(whole.plan, whole.entries[:9], None).relink()
    whole.plan |= {"sequence": len(whole.entries), "head": whole.entries[-1]["hash"]}
    whole.entries[:10] = [*rewritten.entries, {"hash": kept_back}]
    code, said = told(tmp_path, whole.packed())
    assert code == 3
    assert "entry 10 is kept back: what came before it is not tied to what came after it" in said
