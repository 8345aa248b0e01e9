"""What the documents say is tested, is: every test that they name exists, and none is ever skipped."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
NAMED = re.compile(r"\btest_[a-z0-9_]+\b(?!\.py)")
PATHS = re.compile(r"\btests/[\w/.-]+\.(?:py|csv|toml)\b")
NOT_RUN = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importorskip)|unittest\.skip")


@cache
def named() -> set[str]:
    """The name of every test function of the house."""
    found = set()
    for each in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(each.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(node.name)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: each.name)
def test_every_test_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    files = {each.stem for each in (ROOT / "tests").rglob("test_*.py")}
    assert {each for each in NAMED.findall(text) if each not in files} - named() == set()
    assert {each for each in PATHS.findall(text) if not (ROOT / each).exists()} == set()


def test_no_test_is_ever_skipped() -> None:
    here = Path(__file__)
    skipping = [each for each in (ROOT / "tests").rglob("*.py") if each != here and NOT_RUN.search(each.read_text())]
    assert [str(each.relative_to(ROOT)) for each in skipping] == []
