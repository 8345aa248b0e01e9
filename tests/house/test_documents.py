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
ASVS = (ROOT / "docs" / "asvs.md").read_text()
# A row of docs/asvs.md: number, level, what, status, how.
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| [^|]+ \| ([a-z ]+) \| ([^|]+) \|$", re.MULTILINE)
STATUSES = {"met", "by design", "document", "deployment", "not applicable", "open"}
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


def test_every_asvs_requirement_of_levels_1_and_2_stands_in_its_document_exactly_once() -> None:
    asked = (Path(__file__).parent / "asvs_requirements.txt").read_text().split("\n")
    assert len(asked) > 250
    assert [f"{number} {level}" for number, level, *_ in ROW.findall(ASVS)] == list(filter(None, asked))
    assert ASVS.count("\n| V") == len(ROW.findall(ASVS))


def test_every_asvs_row_has_a_status_and_what_is_met_names_the_test_that_shows_it() -> None:
    rows = ROW.findall(ASVS)
    assert {status for _, _, status, _ in rows} <= STATUSES
    assert [number for number, _, status, how in rows if status == "met" and not NAMED.search(how)] == []
    assert [number for number, level, status, _ in rows if status == "open" and level == "1"] == []
    assert sum(bool(NAMED.search(how)) for *_, how in rows) >= 120


def test_there_are_twenty_five_abuse_cases_and_twenty_hazards_each_with_its_tests() -> None:
    for document, opening, least in (("security.md", r"\| (\d+) \|", 25), ("hazards.md", r"\| H(\d+) \|", 20)):
        lines = (ROOT / "docs" / document).read_text().splitlines()
        rows = [each for each in lines if re.match(opening, each)]
        assert [int(re.findall(opening, each)[0]) for each in rows] == list(range(1, least + 1))
        assert [each[:40] for each in rows if not NAMED.search(each)] == []
