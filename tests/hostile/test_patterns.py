"""No text that somebody sends takes long to look at: patterns never go back and forth, and comparing has an end."""

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]  # how Python itself reads a pattern
from typing import Any

import pytest
from marshmallow import validate

import blueprints
import portal
from portal.domain import compare, restricted
from portal.domain.sentence import sentences
from portal.web.forms import Form

ROOT = Path(__file__).resolve().parents[2]
REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
MANY = 1000
# Read by whoever runs the portal, never by a request.
OF_THE_MACHINE = {"portal.store.migrations"}


def forms(kind: type[Form] = Form) -> Iterator[type[Form]]:
    for each in kind.__subclasses__():
        yield each
        yield from forms(each)


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern that a module keeps or a form asks, by where it stands."""
    for package in (portal, blueprints):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(each.name)
    found: dict[str, re.Pattern[str]] = {}
    for name, module in sorted(sys.modules.items()):
        if name.split(".")[0] in ("portal", "blueprints") and name not in OF_THE_MACHINE:
            kept = ((key, value) for key, value in vars(module).items() if isinstance(value, re.Pattern))
            found |= {f"{name}.{key}": value for key, value in kept}
    for form in forms():
        for key, field in form().fields.items():
            asked = (each for each in field.validators if isinstance(each, validate.Regexp))
            found |= {f"{form.__name__}.{key}": re.compile(str(each.regex.pattern), each.regex.flags) for each in asked}
    return found


def unbounded(parsed: Any) -> bool:
    return parsed[0] in REPEATS and parsed[1][1] is not None and int(parsed[1][1]) > MANY


def inside(parsed: Any) -> Iterator[Any]:
    """Every part of a pattern, at any depth."""
    for part in parsed:
        yield part
        children = part[1] if isinstance(part[1], tuple | list) else ()
        for child in children:
            if isinstance(child, _parser.SubPattern):
                yield from inside(child)
            elif isinstance(child, list):
                for branch in child:
                    if isinstance(branch, _parser.SubPattern):
                        yield from inside(branch)


def nested(pattern: re.Pattern[str]) -> bool:
    """Whether something is repeated without end inside something that is."""
    parsed = inside(_parser.parse(pattern.pattern, pattern.flags))
    return any(unbounded(part) and any(map(unbounded, inside(part[1][2]))) for part in parsed)


def test_no_pattern_of_the_product_goes_back_and_forth() -> None:
    found = patterns()
    assert len(found) > 25
    assert [where for where, each in found.items() if nested(each)] == []


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(?:a*b?)*c", r"((\w+)\s*)*x", r"(x|(y+))+z"])
def test_the_same_look_finds_one_that_does(pattern: str) -> None:
    assert nested(re.compile(pattern))


def test_no_pattern_is_made_of_what_people_type() -> None:
    """Every pattern is written in the code; where one is made of words that stand elsewhere, each is escaped."""
    made = set()
    for path in [*(ROOT / "portal").rglob("*.py"), *(ROOT / "blueprints").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re":
                assert isinstance(node, ast.Call)
                if called.attr != "escape" and not isinstance(node.args[0], ast.Constant | ast.JoinedStr):
                    made.add(path)
    assert "restricted.py" in {each.name for each in made}
    assert [each.name for each in made if "re.escape" not in each.read_text()] == []
    for typed in ("(a+)+$ .* Road", "[A-Z]* \\w+ House", "12 (?i)Larch|Street"):
        phrase = re.compile(restricted._phrase(typed))
        assert phrase.search(f"at {typed} now")
        assert not phrase.search("aaaaaaaaaa bb Road and 12 Larch or Oak Street and A House")


def test_two_texts_that_say_one_word_over_and_over_are_compared_with_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in lines of the comparison that are run, not in seconds."""
    old = "".join(f"a {number:02x} " for number in range(120))
    new = "".join(f"a {number + 200:02x} " for number in range(120))

    def work() -> int:
        steps = 0

        def step(frame: Any, event: str, _: Any) -> Any:
            nonlocal steps
            if frame.f_code is not SequenceMatcher.find_longest_match.__code__:
                return None
            steps += event == "line"
            return step

        before = sys.gettrace()
        sys.settrace(step)
        try:
            pieces = compare.words(old, new)
        finally:
            sys.settrace(before)
        assert "".join(each.text for each in pieces if each.mark is not compare.Mark.ADDED) == old
        assert "".join(each.text for each in pieces if each.mark is not compare.Mark.REMOVED) == new
        return steps

    without = work()
    monkeypatch.setattr(compare, "MOST_PAIRS", 20_000)
    assert work() < 20 * 20_000 < without


@pytest.mark.parametrize("text", ["." * 1_000_000, '."' * 500_000, ("." * 60 + "x") * 16_000, "?!" * 500_000 + "x"])
def test_a_megabyte_of_end_marks_is_one_sentence_and_looked_at_once(text: str) -> None:
    assert sentences(text) == (text,)
