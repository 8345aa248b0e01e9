"""A check that is taken away is missed: each route opened to everybody, and each refusal of the rules, in turn."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.auth import gate
from portal.domain import retention, rights_record, sign_off
from portal.domain.actor import Role
from portal.domain.error import NotAllowed
from tests.factories import SENCO, at, blank, grant
from tests.permissions.mutants import neutralised, sites
from tests.world import Browser, World

HELD_BY = {"blueprints", "portal/domain", "portal/operations", "portal/store"}
ADVOCATE = grant(Role.ADVOCATE, "advocate")
PLAN = blank()
# What a reader tries of each rule that refuses by one line of its own: only that line stands between.
TRIED: dict[str, Callable[[], object]] = {
    "portal.domain.sign_off": lambda: sign_off.sign(PLAN, SENCO, "B", 0, "", at()),
    "portal.domain.retention": lambda: retention.hold(PLAN, SENCO, "Because.", at()),
    "portal.domain.rights_record": lambda: rights_record.give_consent(PLAN, SENCO, ADVOCATE, ("A",), None, at()),
}


def test_the_syntax_tree_shows_checks_in_every_room_that_decides_or_asks() -> None:
    rooms = {each.path.rpartition("/")[0] for each in sites()}
    assert rooms == HELD_BY
    assert len(set(map(str, sites()))) == len(sites()) > 80


@pytest.mark.parametrize("module", TRIED)
def test_a_rule_without_its_check_does_not_refuse_and_with_it_does(module: str) -> None:
    """So a check that is taken away is really gone, and a test that asks for the refusal fails without it."""
    (site,) = [each for each in sites() if each.module == module and each.function == "_grant"]
    with pytest.raises(NotAllowed):
        TRIED[module]()
    with neutralised(site), pytest.raises(IndexError):  # nobody's grant is left to act by
        TRIED[module]()
    with pytest.raises(NotAllowed):
        TRIED[module]()


def test_every_route_that_is_opened_to_everybody_is_noticed(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One route at a time on the public list: whoever is not signed on is then no longer sent to sign in."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    nobody, unnoticed, tried = Browser(world, ""), [], 0
    parts = {
        "plan_id": world.plan_id,
        "letter": "A",
        "group": "people",
        "item": "people",
        "slug": "families",
        "number": 1,
    }
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint in gate.PUBLIC | gate.FROM_PROVIDERS:
            continue
        method = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})[0]
        path = adapter.build(rule.endpoint, {name: parts.get(name, "x") for name in rule.arguments}, method=method)
        assert nobody.http.open(path, method=method).status_code == 303, path
        with monkeypatch.context() as patch:
            patch.setattr(gate, "PUBLIC", gate.PUBLIC | {rule.endpoint})
            answer = nobody.http.open(path, method=method)
            if answer.headers.get("Location", "").startswith("/sign-in?"):
                unnoticed.append(rule.endpoint)
        tried += 1
    assert unnoticed == []
    assert tried > 60
