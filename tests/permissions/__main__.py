"""Prints what the table comes to, over HTTP and with each check taken away, as JSON: `python -m tests.permissions`.

With words of modules' names after it (`media twins`), it takes away the checks of those alone, asks the tests of files
so named, and prints {"mutants": N, "survivors": […]}: quick, and no more than a hint of what another test may miss.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from demo.mongod import EmbeddedMongod
from demo.place import free_port
from portal.app import create_app
from portal.auth.gate import FROM_PROVIDERS, PUBLIC
from portal.config import read_settings
from portal.domain.actor import CASELOAD_ROLES
from portal.domain.content import Mark
from portal.domain.state import VersionKind
from portal.operations import people, plans
from portal.store import migrations, users
from portal.store.database import Database
from tests.faults.ground import PROVIDERS, URL
from tests.permissions.checks import ROOT
from tests.permissions.over_http import HttpCell, on_plans, routes, walk
from tests.permissions.survivors import survivors
from tests.permissions.test_cells import open_cells, uncaught
from tests.permissions.test_law import SITUATIONS, expected, got, wanted
from tests.permissions.test_matrix import LETTERS, OF_AGE, cells, disagreements
from tests.quick_folder import quick_folder
from tests.world import CAST, MASTER_KEY, PASSWORDS, World, build_world, environment, now

EVERYBODY = tuple(CAST)
# Sections that are signed by themselves; I, J and K are settled in the act of issuing, or not at all.
SIGNED = ("A", "B", "C", "D", "E", "F", "G", "H1", "H2")
RESULTS = ROOT / "var" / "permissions"  # what was found of each check, line by line, until the next run


def main(parts: Sequence[str]) -> int:
    """0 when nothing disagrees, every route is declared and no mutant survives; standard error says what did not."""
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir(parents=True)
    figures, wrong = part_of_it(parts) if parts else all_of_it()
    for found in wrong:
        tell(str(found))
    print(json.dumps(figures))
    return 1 if wrong else 0


def part_of_it(parts: Sequence[str]) -> tuple[dict[str, Any], list[object]]:
    """(the figures, whatever is wrong) of the checks of some modules, as their own tests tell."""
    with standing() as world:
        closed = closed_routes(world)
    taken, lived = survivors(closed, RESULTS, parts)
    return {"mutants": taken, "survivors": lived}, list(lived)


def all_of_it() -> tuple[dict[str, Any], list[object]]:
    """(the figures, whatever is wrong) of every route, every cell and every check."""
    with standing() as world:
        tell("Every route, asked by everybody")
        over_http = list(everything(world))
        rules, closed = list(world.app.url_map.iter_rules()), closed_routes(world)
        unwritten = {each.endpoint for each in on_plans(world)} - set(routes())
        undeclared = sorted(unwritten | {each for each in closed if not _is_declared(world, each)})
    tell("Every cell of the table, asked of the rules")
    law = [(each, letter) for each in SITUATIONS for letter in LETTERS]
    against_law = [each for each in law if got(*each) != wanted(expected()[each[0]][each[1]])]
    against = [*disagreements(), *(each for each in over_http if not each.agrees), *against_law]
    tell("Every check, taken away in turn")
    taken, lived = survivors(closed, RESULTS)
    lived += [str(each) for each in uncaught()]
    figures = {
        "cells": len(cells()) + len(over_http) + len(law),
        "disagreements": len(against),
        "routes": len(rules),
        "undeclared_routes": len(undeclared),
        "mutants": taken + len(open_cells()),
        "survivors": lived,
    }
    return figures, [*against, *undeclared, *lived]


def closed_routes(world: World) -> set[str]:
    return {each.endpoint for each in world.app.url_map.iter_rules()} - PUBLIC - FROM_PROVIDERS


def tell(words: str) -> None:
    """How far it has come, beside the one answer on standard output."""
    print(words, file=sys.stderr, flush=True)


def everything(world: World) -> Iterator[HttpCell]:
    """Every route, in every stage and every relation."""
    world.write_a_little()
    world.add("social_worker", "D", "needs", need="Going out with the family")
    for letter in ("H1", "H2"):
        world.add("social_worker", letter, "provision", what="A short break", needs=[])
    world.consent("parent", "advocate")
    yield from walk(world, EVERYBODY, SIGNED)
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    yield from walk(world, EVERYBODY, SIGNED)
    case_by_case = [key for key in CAST if CAST[key][1] not in CASELOAD_ROLES]
    yield from walk(another(world, "nmr"), case_by_case, ("B",), there=False)
    yield from walk(another(world, "sfl"), [key for key in CAST if key != "stranger"], ("B",), there=False)
    yield from after_transition(world)
    world.end_grants({"authority": "nmr", "person": {"$in": list(world.people.values())}})
    yield from walk(world, EVERYBODY, ("B",), there=False)


def after_transition(world: World) -> Iterator[HttpCell]:
    """A young person's plan: their parents have nothing, everybody else what they had."""
    grown = another(world, "nmr", of_age=True)
    for key in CAST:
        for each in world.actor(key).grants:
            if each.scope == world.plan_id:
                people.give(world.db, replace(each, scope=grown.plan_id))
    grown.consent("young_person", "advocate")
    grown.add("young_person", "A", "aspirations", hope="To live with friends", whose="child")
    grown.edit("caseworker", "B", "needs", {"need": "Waiting", "area": "communication"})
    yield from walk(grown, ("parent", "other_parent"), ("A", "B"), there=False)
    yield from walk(grown, [key for key in CAST if "parent" not in key], ("A", "B"))


def another(world: World, authority: str, of_age: bool = False) -> World:
    """A plan of another child, in which nobody has a part yet."""
    child = replace(world.plan().child, born=OF_AGE) if of_age else world.plan().child
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product - timedelta(days=30))
    plan = plans.start(world.db, authority, "A council", child, by, "A council’s SEN team")
    return replace(world, plan_id=plan.id)


def _is_declared(world: World, endpoint: str) -> bool:
    return bool(getattr(world.app.view_functions[endpoint], "needs", ""))


@contextmanager
def standing() -> Iterator[World]:
    """A portal over a real database, with its cast; everything that was started is stopped again."""
    folder = quick_folder()
    (folder / "providers.toml").write_text(PROVIDERS)
    mongod = EmbeddedMongod(folder, free_port(), cache_gb=0.5)
    mongod.start()
    try:
        users.create_users(mongod.uri("root"), "permissions", PASSWORDS)
        migrator = Database(_uri(mongod, "migrator"), "permissions", MASTER_KEY)
        migrations.run(migrator)
        migrator.close()
        settings = read_settings(environment(_uri(mongod, "app"), "permissions", folder / "providers.toml", URL))
        app = create_app(settings)
        yield build_world(app, app.extensions["database"], settings)
        app.extensions["database"].close()
    finally:
        mongod.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _uri(mongod: EmbeddedMongod, user: str) -> str:
    return f"mongodb://{user}:{PASSWORDS[user]}@127.0.0.1:{mongod.port}/?replicaSet=rs0&authSource=permissions"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
