"""Takes one permission check away from the running product, or writes down where each one refuses."""

import ast
import builtins
import gc
import importlib
from collections.abc import Callable, Container, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from flask import has_request_context, request
from hypothesis import Phase, settings

from portal.auth import gate
from tests.permissions.checks import ASKS, GATE, ROOT, Check, checks, found_in, tree_of

ROUTE = "route"
NOTED = "note_that_a_check_refused"
Remade = Callable[[Check, ast.AST], ast.AST]
# Where a function stands in its file: what it is called and its first line.
Place = tuple[str, int]


def opened_route(endpoint: str) -> Check:
    """The check of one route: with this taken away, it is on the public list."""
    return Check(GATE, "gate", 0, 0, ROUTE, endpoint)


def settle() -> None:
    """Let properties try the same examples each time, and be content with the first that fails."""
    content = (Phase.explicit, Phase.generate)
    settings.register_profile("mutants", deadline=None, derandomize=True, database=None, phases=content)
    settings.load_profile("mutants")


@contextmanager
def neutralised(check: Check) -> Iterator[None]:
    """The product without one check, for everybody who holds the function, however they came by it."""
    if check.kind == ROUTE:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(gate, "PUBLIC", gate.PUBLIC | {check.key})
            yield
        return
    with _remade({check.path}, lambda each, node: without(each, node) if each == check else node):
        yield


@contextmanager
def noted(note: Callable[[str], None]) -> Iterator[None]:
    """The product whole, with `note` called with a check's name whenever it refuses, or a filter is asked with."""
    setattr(builtins, NOTED, _teller(note))
    try:
        with _remade({each.path for each in checks()}, noting):
            yield
    finally:
        delattr(builtins, NOTED)


def without(check: Check, node: ast.AST) -> ast.AST:
    """The node as if the check were not there; its names stay, so that a closure keeps its shape."""
    if isinstance(node, ast.If):
        node.test = ast.BoolOp(ast.And(), [ast.Constant(False), node.test])
        return node
    if isinstance(node, ast.Dict):
        pairs = [
            pair for pair in zip(node.keys, node.values, strict=True) if getattr(pair[0], "value", "") != check.key
        ]
        node.keys, node.values = [key for key, _ in pairs], [value for _, value in pairs]
        return node
    if isinstance(node, ast.expr):
        return ast.BoolOp(ast.Or(), [ast.Constant(True), node])
    assert isinstance(node, ast.stmt)
    return ast.If(ast.Constant(False), [node], [])


def noting(check: Check, node: ast.AST) -> ast.AST:
    """The node as it is, that says so when it refuses; a filter says so whenever it is asked with."""
    if isinstance(node, ast.If):
        node.test = _note(check, node.test)
        return node
    if isinstance(node, ast.expr):
        if check.kind == ASKS:
            return _note(check, node)
        return ast.UnaryOp(ast.Not(), _note(check, ast.UnaryOp(ast.Not(), node)))
    assert isinstance(node, ast.stmt)
    said = ast.Expr(_note(check, ast.Constant(True)))
    if isinstance(node, ast.Expr):
        return ast.Try([node], [ast.ExceptHandler(None, None, [said, ast.Raise()])], [], [])
    return ast.If(ast.Constant(True), [said, node], [])


def _note(check: Check, said: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(NOTED, ast.Load()), [ast.Constant(str(check)), said], [])


def _teller(note: Callable[[str], None]) -> Callable[[str, Any], Any]:
    def tell(name: str, said: Any) -> Any:
        if said:
            note(name)
            if name.startswith(GATE) and has_request_context():
                note(str(opened_route(request.endpoint or "")))
        return said

    return tell


class _Remaking(ast.NodeTransformer):
    """The tree with each of its checks made anew."""

    def __init__(self, path: str, tree: ast.Module, remade: Remade) -> None:
        self.remade = remade
        self.checks: dict[int, list[Check]] = {}
        for check, node in found_in(path, tree):
            self.checks.setdefault(id(node), []).append(check)

    def visit(self, node: ast.AST) -> Any:
        found = self.checks.get(id(node), [])
        made = self.generic_visit(node)
        for check in found:
            made = ast.copy_location(self.remade(check, made), made)
        return made


@contextmanager
def _remade(paths: Set[str], remade: Remade) -> Iterator[None]:
    """Every living function of these modules with the code of the changed source, until the end."""
    fresh = {path: _codes(_compiled(path, remade)) for path in paths}
    before = [(each, each.__code__) for each in _functions({str(ROOT / path) for path in paths})]
    for function, code in before:
        path = str(Path(code.co_filename).relative_to(ROOT))
        function.__code__ = fresh[path].get(_place(code), code)
    try:
        yield
    finally:
        for function, code in before:
            function.__code__ = code


def _compiled(path: str, remade: Remade) -> CodeType:
    importlib.import_module(path.removesuffix(".py").replace("/", "."))
    tree = tree_of(path)
    made = ast.fix_missing_locations(_Remaking(path, tree, remade).visit(tree))
    code: CodeType = compile(made, str(ROOT / path), "exec")
    return code


def _functions(names: Container[str]) -> list[FunctionType]:
    """The functions and methods that were made from these files and still live, closures among them."""
    gc.unfreeze()  # what was imported before the tests began is not shown otherwise
    found = [each for each in gc.get_objects() if type(each) is FunctionType]  # a dead proxy has no class to ask for
    return [each for each in found if each.__code__.co_filename in names and "<" not in each.__code__.co_name]


def _codes(code: CodeType) -> dict[Place, CodeType]:
    """Every function's code within a module's, by its place."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return {key: value for each in inner for key, value in {_place(each): each, **_codes(each)}.items()}


def _place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno
