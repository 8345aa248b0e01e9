"""The file that goes out: one file, the standard library alone, and a syntax that old computers know."""

import ast
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import hashing
from portal.domain.event import EventKind
from portal.domain.moment import ENGLAND, stamp
from portal.domain.plan import FINAL_KINDS
from portal.domain.state import VERSION_WORDS, VersionKind
from portal.receipt.hashes import canonical
from portal.receipt.program import fingerprint, program
from portal.receipt.said import DONE, FINALS, ISSUED, when

FROM_1997, UNTIL_2090 = 852_076_800, 3_786_912_000  # seconds of the clock: England's rule is as old as that
VALUES: st.SearchStrategy[hashing.Value] = st.recursive(
    st.text(st.characters(codec="utf-8")) | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc_xyzAZ09", max_size=6), inner),
)


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(program())
    named = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    named |= {name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names}
    assert {str(each).partition(".")[0] for each in named} <= sys.stdlib_module_names
    assert b"socket" not in program()
    assert b"urllib" not in program()


def test_it_is_written_in_the_python_of_2019() -> None:
    ast.parse(program(), feature_version=(3, 8))


def test_it_defines_each_thing_once() -> None:
    tree = ast.parse(program())
    names = [each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    targets = (target for each in tree.body if isinstance(each, ast.Assign) for target in each.targets)
    names += [target.id for target in targets if isinstance(target, ast.Name)]
    assert len(names) == len(set(names))


def test_it_runs_alone_and_says_how_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "check.py").write_bytes(program())
    told = subprocess.run(
        [sys.executable, "-I", "check.py", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "--earlier" in told.stdout
    nothing = subprocess.run([sys.executable, "-I", "check.py"], cwd=tmp_path, capture_output=True, text=True)
    assert (nothing.returncode, nothing.stderr) == (2, "")
    assert "plan.json is missing" in nothing.stdout


def test_its_fingerprint_is_its_sha_256() -> None:
    assert len(fingerprint()) == 64


@given(VALUES)
def test_its_canonical_json_is_that_of_the_portal(value: hashing.Value) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.integers(FROM_1997, UNTIL_2090))
def test_its_days_and_hours_are_englands(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    there = at.astimezone(ENGLAND)
    assert when(stamp(at), True) == f"{there.day} {there:%B} {there.year} at {there:%H:%M}"


def test_the_clocks_change_in_it_when_they_change_in_england() -> None:
    for year in range(2014, 2040):
        for month in (3, 10):
            for hours in range(24 * 31):
                at = datetime(year, month, 1, 0, 30, tzinfo=UTC) + timedelta(hours=hours)
                there = at.astimezone(ENGLAND)
                assert when(stamp(at), True).endswith(f"at {there:%H:%M}"), at


def test_it_has_words_for_everything_that_can_happen() -> None:
    assert set(DONE) >= {each.value for each in EventKind}


def test_it_calls_each_kind_of_version_what_the_portal_calls_it() -> None:
    assert {VersionKind(kind): words for kind, words in ISSUED.items()} == VERSION_WORDS
    assert {VersionKind(kind) for kind in FINALS} == set(FINAL_KINDS)
