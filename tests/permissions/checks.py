"""Finds every permission check in the product's source: refusals, answers, and filters by whose a thing is."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.permissions.filters import filters

ROOT = Path(__file__).resolve().parents[2]
# Where a check may stand: the rules, the verbs, the routes and the gate refuse; the store asks for what is one's own.
REFUSING = ("portal/domain", "portal/operations", "blueprints", "portal/auth", "portal/store")
# The rooms whose answers decide something; in the others they only choose what is shown.
ANSWERING = ("portal/domain", "portal/operations", "portal/store")
# The modules in which a rule says no by answering so, instead of by refusing.
LAW = {f"portal/domain/{name}.py" for name in ("permission", "permission_law", "reading")}
KEPT = "portal/store/codec.py"  # what is kept, and never what is asked
GATE = "portal/auth/gate.py"
ASKS = "asks"
REFUSALS = {"NotAllowed", "NotFound", "StepUpNeeded"}
TURNED_AWAY = {"error_page", "_sign_in_first", "_another_person"}
ANSWERS = {"allows", "sees_version", "sees_item", "in_audience", "may_edit_item", "may_lapse"}
MUST = re.compile(r"_?must(_|$)")


@dataclass(frozen=True)
class Check:
    """One check: where it stands, what kind it is, and of a filter the key that says whose the thing is."""

    path: str
    function: str
    line: int
    column: int
    kind: str
    key: str = ""

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column} {self.function} {self.kind} {self.key}".rstrip()


@cache
def checks() -> tuple[Check, ...]:
    """Every check that the syntax tree shows, in the order of the files."""
    return tuple(check for path in paths() for check, _ in found_in(path, tree_of(path)))


def paths() -> list[str]:
    return sorted(str(each.relative_to(ROOT)) for room in REFUSING for each in (ROOT / room).glob("*.py"))


def tree_of(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def found_in(path: str, tree: ast.Module) -> list[tuple[Check, ast.AST]]:
    """The checks of one module, each with its node of this tree."""
    found = [
        (Check(path, function, node.lineno, node.col_offset, kind), node)  # type: ignore[attr-defined]  # has a place
        for function, node, kind in _refusing(path, tree)
    ]
    if path.startswith("portal/store") and path != KEPT:
        for function, asked, key in filters(tree):
            found.append((Check(path, function, asked.lineno, asked.col_offset, ASKS, key), asked))
    return found


def _refusing(path: str, tree: ast.Module) -> Iterator[tuple[str, ast.AST, str]]:
    for function, node, parent in _nodes(tree):
        if isinstance(node, ast.If) and (_says_no(path, node) or _refuses(node.body)):
            yield function, node, "refuses"
        elif isinstance(node, ast.Raise) and _refuses([node]) and not _is_conditional(node, parent):
            yield function, node, "raises"
        elif isinstance(node, ast.Expr) and MUST.match(_called(node.value)) and _called(node.value) in refusing_names():
            yield function, node, "must"
        elif isinstance(node, ast.Call) and _called(node) in ANSWERS and path.startswith(ANSWERING):
            yield function, node, "answers"


def _nodes(tree: ast.AST, function: str = "", parent: ast.AST | None = None) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    """Every node inside a function or a method, with that function's name and the node it stands in."""
    for node in ast.iter_child_nodes(tree):
        if function:
            yield function, node, tree
        yield from _nodes(node, node.name if isinstance(node, ast.FunctionDef) else function, tree)


def _refuses(body: list[ast.stmt]) -> bool:
    """`raise NotAllowed(…)`, alone."""
    return len(body) == 1 and isinstance(body[0], ast.Raise) and _name(body[0].exc) in REFUSALS


def _is_conditional(node: ast.Raise, parent: ast.AST) -> bool:
    """Whether what decides stands before it: its `if` is the check, and what is not there can't be let through."""
    return isinstance(parent, ast.ExceptHandler) or (isinstance(parent, ast.If) and parent.body == [node])


def _says_no(path: str, node: ast.If) -> bool:
    """`if …: return False` where that is a rule's refusal, `if …: return error_page(403)` in the gate."""
    if len(node.body) != 1 or not isinstance(node.body[0], ast.Return):
        return False
    answer = node.body[0].value
    if path == GATE:
        return _called(answer) in TURNED_AWAY
    return path in LAW and isinstance(answer, ast.Constant) and answer.value in (False, "")


@cache
def refusing_names() -> frozenset[str]:
    """The functions that refuse, by name: to call one is a check as well."""
    names: set[str] = set()
    for path in paths():
        for function, node, _ in _nodes(tree_of(path)):
            if isinstance(node, ast.Raise) and _refuses([node]):
                names.add(function)
    return frozenset(names)


def _called(node: ast.AST | None) -> str:
    return _name(node) if isinstance(node, ast.Call) else ""


def _name(node: ast.AST | None) -> str:
    """The last word of a name or of what is called: `plans.must_view(…)` is must_view."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    return getattr(node, "attr", "") or getattr(node, "id", "")
