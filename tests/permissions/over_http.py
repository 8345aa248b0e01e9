"""The table over HTTP: every route about a plan, asked by everybody as a page, a fragment, data and a form."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from werkzeug.routing import Rule

from portal.domain.actor import Role
from portal.domain.identifier import new_request_id
from portal.web.security import UNSAFE
from tests.permissions.test_matrix import expected, expected_case
from tests.world import CAST, Browser, World

KINDS: dict[str, dict[str, str]] = {
    "page": {},
    "fragment": {"HX_Request": "true"},
    "json": {"Accept": "application/json"},
    "post": {},
}
IN, REFUSED, ABSENT = "in", "refused", "absent"
# A form as its page sends it, so far as it must be whole before anybody is told that there is nothing.
TYPED = {"revision": "0", "text_hash": "0" * 64, "reason": "Because.", "words": "Words.", "person": "nobody"}
VERB_OF = {
    "section:edit": "edit",
    "section:comment": "comment",
    "section:suggest": "suggest",
    "section:sign": "sign",
    "section:withdraw": "withdraw",
    "section:twin": "twin",
}


@dataclass(frozen=True)
class HttpCell:
    """One request: who asked what of which route, what is written by hand and what was answered."""

    endpoint: str
    kind: str
    who: str
    letter: str
    expected: str
    status: int

    @property
    def agrees(self) -> bool:
        """Whoever may is neither refused nor told that there is nothing; what they typed may still not fit."""
        if self.status >= 500:
            return False
        return {403: REFUSED, 404: ABSENT}.get(self.status, IN) == self.expected


@dataclass(frozen=True)
class Route:
    """What was written by hand of one route: what it needs, whom else it turns away, and the form it takes."""

    endpoint: str
    needs: str
    only: frozenset[str]
    form: tuple[str, ...]
    query: str
    hides: bool  # whoever does not read what it shows is told that there is nothing, instead of being refused
    nothing: str  # "always" or "before" the first draft: when there is nothing behind it, for anybody


@cache
def routes() -> dict[str, Route]:
    with (Path(__file__).parent / "expected_routes.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {
        row["endpoint"]: Route(
            row["endpoint"],
            row["needs"],
            frozenset(row["only"].split()),
            tuple(row["form"].split()),
            row["query"],
            row["hides"] == "yes",
            row["nothing"],
        )
        for row in rows
    }


def on_plans(world: World) -> list[Rule]:
    return [each for each in world.app.url_map.iter_rules() if "plan_id" in each.arguments]


def expectation(route: Route, role: Role, letter: str, drafted: bool) -> str:
    """What is to be answered to somebody in a role on the plan, by the two tables written by hand."""
    if expected_case()[role.value, "plan:view"] == "no":
        return ABSENT
    reads = "section" not in route.needs or _may("section:view", role, letter, drafted)
    if route.hides and not reads:
        return ABSENT
    if not _may(route.needs, role, letter, drafted):
        return REFUSED
    if route.only and role.value not in route.only:
        return ABSENT if route.hides else REFUSED
    return ABSENT if route.nothing == "always" or (route.nothing and not drafted) else IN


def _may(needs: str, role: Role, letter: str, drafted: bool) -> bool:
    if needs.startswith("plan:"):
        return expected_case()[role.value, needs] != "no"
    verb = VERB_OF.get(needs) or ("view_after_draft" if drafted else "view_before_draft")
    return expected()[role.value, letter, verb] != "no"


def walk(
    world: World, keys: Sequence[str], letters: Sequence[str], kinds: Sequence[str] = tuple(KINDS), there: bool = True
) -> Iterator[HttpCell]:
    """Every route about the plan, asked by each of these people; `there` is false where none has a part in it."""
    drafted = world.plan().draft_was_issued
    browsers = {key: world.client(key) for key in keys}
    for rule in on_plans(world):
        if rule.endpoint not in routes():
            continue  # test_over_http.py says so by name
        route = routes()[rule.endpoint]
        for letter in letters if "letter" in rule.arguments else letters[:1]:
            path = _path(world, rule, letter)
            for key, browser in browsers.items():
                role = CAST[key][1]
                wanted = expectation(route, role, letter, drafted) if there and key != "stranger" else ABSENT
                if "item" in rule.arguments and expected()[role.value, letter, "edit"] in ("own", "child"):
                    continue  # it hangs on the item: test_matrix.py tries each
                for kind in kinds:
                    if path and _is(kind, rule):
                        status = ask(browser, kind, path, route)
                        yield HttpCell(rule.endpoint, kind, key, letter, wanted, status)


def ask(browser: Browser, kind: str, path: str, route: Route) -> int:
    if kind == "post":
        typed = {name: TYPED[name] for name in route.form}
        return browser.post(path, {"request_id": new_request_id(), **typed}).status_code
    return browser.get(f"{path}?{route.query}" if route.query else path, **KINDS[kind]).status_code


def _is(kind: str, rule: Rule) -> bool:
    return (kind == "post") is bool(rule.methods and not rule.methods.isdisjoint(UNSAFE))


def _path(world: World, rule: Rule, letter: str) -> str:
    """The route's address for this plan; empty where the section has no item to name."""
    standard, head = world.plan().section(letter)
    items = [each for each in head.content.items if standard.group(each.group).repeats]  # the others stay for good
    if "item" in rule.arguments and not items:
        return ""
    parts = {"plan_id": world.plan_id, "letter": letter, "number": 1, "tag": "easy-read"}
    if "item" in rule.arguments:
        parts |= {"group": items[0].group, "item": items[0].id}
    adapter = world.app.url_map.bind("localhost")
    method = "POST" if rule.methods and not rule.methods.isdisjoint(UNSAFE) else "GET"
    return adapter.build(rule.endpoint, {name: parts[name] for name in rule.arguments}, method=method)
