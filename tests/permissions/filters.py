"""Finds the keys by which the store asks only for what is somebody's own, or one plan's, or one authority's."""

import ast
from collections.abc import Iterator

OWN = {"authority", "plan", "scope", "person", "reader", "agency", "$expr"}
QUESTIONS = {
    "find",
    "find_one",
    "find_one_and_update",
    "find_one_and_delete",
    "count_documents",
    "update_one",
    "update_many",
    "delete_one",
    "delete_many",
    "UpdateOne",
}
Filter = ast.Dict | ast.Assign


def filters(tree: ast.Module) -> Iterator[tuple[str, Filter, str]]:
    """(function, node, key) of each: a dictionary that is asked with, or `place["scope"] = …`."""
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    helpers = _helpers(functions)
    for function in functions:
        asked = _asked(function, function.name in helpers)
        for node in ast.walk(function):
            if isinstance(node, ast.Dict) and id(node) in asked:
                keys = [each.value for each in node.keys if isinstance(each, ast.Constant)]
                yield from ((function.name, node, each) for each in keys if each in OWN)
            elif isinstance(node, ast.Assign) and (key := _put(node, asked)):
                yield function.name, node, key


def _helpers(functions: list[ast.FunctionDef]) -> set[str]:
    """The functions whose answer is a filter: `keyed(…)` and its kind, which other modules call as well."""
    return {
        each.name
        for each in functions
        if each.returns and ast.unparse(each.returns) in {"Document", "dict[str, Any]"} and not _writes(each)
    }


def _writes(function: ast.FunctionDef) -> bool:
    """Whether what it answers is a document to be kept: those are made by `_out` and its kind."""
    return function.name.endswith(("_out", "_out_shallow")) or function.name in {"facts_of", "find", "_said", "_part"}


def _asked(function: ast.FunctionDef, answers_filter: bool) -> set[int]:
    """The nodes that are filters of this function, by identity: what is asked with, and what that is made of."""
    waiting: list[ast.AST] = [each for node in ast.walk(function) for each in _questions(node)]
    if answers_filter:
        waiting += [each.value for each in ast.walk(function) if isinstance(each, ast.Return) and each.value]
    made, found = _made(function), set[int]()
    while waiting:
        for node in ast.walk(waiting.pop()):
            if id(node) not in found:
                found.add(id(node))
                waiting += made.get(node.id, []) if isinstance(node, ast.Name) else []
    return found | {id(each) for name in _names(function, found) for each in made.get(name, [])}


def _questions(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute | ast.Name):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        return [node.args[0]] if called in QUESTIONS else []
    if isinstance(node, ast.Dict):
        return [v for k, v in zip(node.keys, node.values, strict=True) if getattr(k, "value", "") == "$match"]
    return []


def _made(function: ast.FunctionDef) -> dict[str, list[ast.AST]]:
    """What each local name is made of."""
    made: dict[str, list[ast.AST]] = {}
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            for each in targets:
                if isinstance(each, ast.Name):
                    made.setdefault(each.id, []).append(node.value)
    return made


def _names(function: ast.FunctionDef, found: set[int]) -> set[str]:
    return {each.id for each in ast.walk(function) if isinstance(each, ast.Name) and id(each) in found}


def _put(node: ast.Assign, asked: set[int]) -> str:
    """The key of `place["scope"] = …`, where `place` is asked with."""
    target = node.targets[0]
    if not (isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant)):
        return ""
    return str(target.slice.value) if target.slice.value in OWN else ""
