"""Takes one permission check away at a time, and says whether a test then fails: what survives is a missing test."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Where a check may stand: the rules, the verbs and the routes refuse; the store asks for what is somebody's own.
REFUSING, ASKING = ("portal/domain", "portal/operations", "blueprints"), ("portal/store",)
REFUSALS = {"NotAllowed", "NotFound"}
OWN = {"person", "reader", "scope", "owner"}
QUESTIONS = {"find", "find_one", "aggregate", "update_one", "update_many", "delete_one", "delete_many"}


@dataclass(frozen=True)
class Site:
    """One check in the product's source: a refusal, a call that refuses, or a filter by whose a thing is."""

    path: str
    function: str
    line: int
    key: str = ""

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.function}:{self.key}"


def named(text: str) -> Site:
    """The site that prints as this."""
    path, line, function, key = text.split(":")
    return Site(path, function, int(line), key)


def sites() -> list[Site]:
    """Every check that the syntax tree shows, in the order of the files."""
    found = [each for room in REFUSING for path in _files(room) for each in _refusals(path)]
    return found + [each for room in ASKING for path in _files(room) for each in _filters(path)]


def _files(room: str) -> list[str]:
    return sorted(str(each.relative_to(ROOT)) for each in (ROOT / room).glob("*.py"))


def _functions(path: str) -> Iterator[ast.FunctionDef]:
    tree = ast.parse((ROOT / path).read_text())
    yield from (each for each in tree.body if isinstance(each, ast.FunctionDef))


def _refusals(path: str) -> Iterator[Site]:
    for function in _functions(path):
        for node in ast.walk(function):
            if _refuses(node) or _must(node):
                yield Site(path, function.name, node.lineno)  # type: ignore[attr-defined]  # both are statements


def _refuses(node: ast.AST) -> bool:
    """`if …: raise NotAllowed(…)`."""
    if not (isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Raise)):
        return False
    raised = node.body[0].exc
    name = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(name, ast.Name) and name.id in REFUSALS


def _must(node: ast.AST) -> bool:
    """`_must_view(…)`, a statement of its own, that says who may."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return False
    called = ast.unparse(node.value.func).rpartition(".")[2]
    return called in {"_must", "_must_view", "_must_write", "_must_see_working", "must_read_history"}


def _filters(path: str) -> Iterator[Site]:
    for function in _functions(path):
        if _methods(function) & QUESTIONS:
            for node in ast.walk(function):
                if isinstance(node, ast.Dict):
                    keys = [each.value for each in node.keys if isinstance(each, ast.Constant)]
                    yield from (Site(path, function.name, node.lineno, each) for each in keys if each in OWN)


def _methods(function: ast.FunctionDef) -> set[str]:
    """The names of the methods that a function calls."""
    called = (each.func for each in ast.walk(function) if isinstance(each, ast.Call))
    return {each.attr for each in called if isinstance(each, ast.Attribute)}


class Without(ast.NodeTransformer):
    """The function without the check of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def visit_If(self, node: ast.If) -> ast.AST:
        if node.lineno == self.site.line and _refuses(node):
            node.test = ast.copy_location(ast.Constant(False), node.test)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if node.lineno == self.site.line and _must(node) else node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        if node.lineno == self.site.line and self.site.key:
            pairs = zip(node.keys, node.values, strict=True)
            kept = [pair for pair in pairs if getattr(pair[0], "value", None) != self.site.key]
            node.keys, node.values = [key for key, _ in kept], [value for _, value in kept]
        return self.generic_visit(node)


@contextmanager
def neutralised(site: Site) -> Iterator[None]:
    """The product without one check, for everybody who holds the function, however they imported it."""
    module = importlib.import_module(site.module)
    function = getattr(module, site.function)
    whole = function.__code__
    function.__code__ = _code(site, module)
    try:
        yield
    finally:
        function.__code__ = whole


def _code(site: Site, module: ModuleType) -> CodeType:
    function = next(each for each in _functions(site.path) if each.name == site.function)
    function.decorator_list = []
    changed = Without(site).visit(function)
    made = ast.fix_missing_locations(ast.Module([changed], []))
    scope = dict(vars(module))
    exec(compile(made, site.path, "exec"), scope)
    code: CodeType = scope[site.function].__code__
    return code


def tests_of(site: Site) -> list[str]:
    """The tests that stand nearest to a check: those of its own module, then those of what people see of it."""
    name = Path(site.path).stem
    rooms = {"blueprints": ["blueprints"], "portal/domain": ["domain"], "portal/operations": ["operations"]}
    near = rooms.get(str(Path(site.path).parent), ["store"])
    found = [f"tests/{room}/test_{name}.py" for room in (*near, "blueprints", "operations", "auth")]
    found += ["tests/permissions/test_over_http.py", "tests/house/test_routes.py", "tests/blueprints/test_story.py"]
    return [each for each in dict.fromkeys(found) if (ROOT / each).exists()]


def survives(site: Site) -> bool:
    """Whether every test near it still passes with the check taken away."""
    plugin = ("-p", "tests.permissions.mutated", "--mutant", str(site))
    return all(_passes(each, *plugin) for each in tests_of(site) if _is_green(each))


@cache
def _is_green(path: str) -> bool:
    """Whether a test passes with every check in place; one that fails anyway would catch nothing."""
    if not _passes(path):
        raise RuntimeError(f"{path} fails without any mutant: see to it first.")
    return True


def _passes(path: str, *plugin: str) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *plugin, path]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=900, check=False)
    if run.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"{path} could not be run: {run.stdout[-2000:].decode()}")
    return run.returncode == pytest.ExitCode.OK
