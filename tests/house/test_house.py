"""The rules of the house: a sentence at the top of each module, files that fit a screen or two, a map that is whole."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("portal", "blueprints", "migrations_mongo", "demo", "tests", "bench")
TOP = {
    "README.md", "pyproject.toml", "wsgi.py", "Makefile", "LICENSE", "NOTICE", "package.json",
    "portal", "blueprints", "templates", "migrations_mongo", "tests", "requirements", "demo", "bench", "docs",
}  # fmt: skip
MODULES = sorted(each for room in ROOMS for each in (ROOT / room).rglob("*.py"))


def test_every_module_opens_with_a_sentence() -> None:
    without = []
    for each in MODULES:
        first = (ast.get_docstring(ast.parse(each.read_text())) or "").strip().splitlines()
        if not first or not first[0].rstrip().endswith((".", ":", "`", "?")):
            without.append(str(each.relative_to(ROOT)))
    assert without == []


def test_no_file_is_longer_than_four_hundred_lines_and_no_test_file_longer_than_six_hundred_and_fifty() -> None:
    files = [*MODULES, *(ROOT / "templates").rglob("*.html"), *(ROOT / "portal/styles").rglob("*.scss")]
    long = [each for each in files if len(each.read_text().splitlines()) > (650 if "tests" in each.parts else 400)]
    assert [str(each.relative_to(ROOT)) for each in long] == []


def test_no_function_of_the_product_is_longer_than_forty_lines() -> None:
    long = []
    for each in MODULES:
        if each.is_relative_to(ROOT / "tests"):
            continue
        for node in ast.walk(ast.parse(each.read_text())):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno > 40:
                long.append(f"{each.relative_to(ROOT)}: {node.name}")
    assert long == []


def test_the_root_holds_only_what_the_house_has_a_place_for() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in tracked.splitlines()}
    assert {each for each in top if not each.startswith(".")} <= TOP


def test_the_readme_names_every_room_of_the_portal() -> None:
    readme = (ROOT / "README.md").read_text()
    rooms = {each.name for each in (ROOT / "portal").iterdir() if each.is_dir() and not each.name.startswith("_")}
    assert {room for room in rooms if f"{room}/" not in readme} == set()


def test_lock_files_carry_hashes_and_no_address() -> None:
    for each in (ROOT / "requirements").glob("*.txt"):
        text = each.read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")


def test_no_page_has_inline_script_or_inline_style() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|\bhx-on|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    pages = [each for each in (ROOT / "templates").rglob("*.html") if each.name != "print.html"]
    assert [str(each.relative_to(ROOT)) for each in pages if inline.search(each.read_text())] == []
