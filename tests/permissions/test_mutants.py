"""A check that is taken away is missed: each route opened to everybody, and each refusal of the rules, in turn."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.auth import gate
from portal.domain import retention, rights_record, sign_off
from portal.domain.actor import Role
from portal.domain.error import NotAllowed, Refusal
from portal.store import plans
from tests.factories import MANAGER, SENCO, at, blank, grant
from tests.permissions.checks import GATE, checks
from tests.permissions.mutants import neutralised, noted
from tests.permissions.survivors import Noticed, Share, nearest
from tests.world import Browser, World

HELD_BY = {"blueprints", "portal/auth", "portal/domain", "portal/operations", "portal/store"}
FILTER = ("portal/store/plans.py", "of_plan", "plan")
ADVOCATE = grant(Role.ADVOCATE, "advocate")
PLAN = blank()
# What a reader tries of each rule that refuses by one line of its own: only that line stands between.
TRIED: dict[str, Callable[[], object]] = {
    "portal.domain.sign_off": lambda: sign_off.sign(PLAN, SENCO, "B", 0, "", at()),
    "portal.domain.retention": lambda: retention.hold(PLAN, SENCO, "Because.", at()),
    "portal.domain.rights_record": lambda: rights_record.give_consent(PLAN, SENCO, ADVOCATE, ("A",), None, at()),
}


def test_the_syntax_tree_shows_checks_in_every_room_that_decides_or_asks() -> None:
    rooms = {each.path.rpartition("/")[0] for each in checks()}
    assert rooms == HELD_BY
    assert len(set(map(str, checks()))) == len(checks()) > 200


@pytest.mark.parametrize("module", TRIED)
def test_a_rule_without_its_check_does_not_refuse_and_with_it_does(module: str) -> None:
    """So a check that is taken away is really gone, and a test that asks for the refusal fails without it."""
    (site,) = [each for each in checks() if each.module == module and each.function == "_grant"]
    with pytest.raises(NotAllowed):
        TRIED[module]()
    with neutralised(site), pytest.raises(IndexError):  # nobody's grant is left to act by
        TRIED[module]()
    with pytest.raises(NotAllowed):
        TRIED[module]()


def test_a_filter_without_its_key_asks_for_what_is_somebody_elses_too() -> None:
    (check,) = [each for each in checks() if (each.path, each.function, each.key) == FILTER]
    with neutralised(check):
        assert list(plans.of_plan(PLAN.id)) == ["authority"]
    assert list(plans.of_plan(PLAN.id)) == ["authority", "plan"]


def test_the_gate_without_its_check_lets_in_whoever_is_not_signed_on(app: Flask) -> None:
    """It stands inside another function, and was made before the check was taken away."""
    inside = [each for each in checks() if each.path == GATE and each.function == "gate"]
    nobody, away = app.test_client(), []
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for check in inside:
        with neutralised(check):
            away.append(nobody.get("/sessions").status_code != 303)
    assert away.count(True) == 1
    assert nobody.get("/sessions").status_code == 303


def test_a_check_is_noted_where_it_refuses_and_not_where_it_lets_through() -> None:
    told: list[str] = []
    with noted(told.append):
        with pytest.raises(NotAllowed):
            sign_off.sign(PLAN, SENCO, "B", 0, "", at())
        refused, told[:] = list(told), []
        with pytest.raises(Refusal):
            sign_off.sign(PLAN, MANAGER, "B", 7, "", at())
    assert [each.split()[1:] for each in refused] == [["_grant", "refuses"]]
    assert told == []


def test_what_was_found_outlives_the_process_that_found_it(tmp_path: Path) -> None:
    """One that dies is begun again at the check that it had not judged, and after it once it has died there twice."""
    first, second, third = ((check, ["a test"]) for check in checks()[:3])
    share = Share(tmp_path, 0, [first, second, third])
    share.verdicts.write_text(json.dumps({"check": str(first[0]), "caught_by": "a test", "tried": 1}) + "\n")
    for left in ([second, third], [second, third], [third]):
        assert share.left() == left
        share.ended(-9)
    judged = [json.loads(line) for line in share.verdicts.read_text().splitlines()]
    assert [(each["check"], each["caught_by"]) for each in judged] == [(str(first[0]), "a test"), (str(second[0]), "")]


def test_the_tests_that_are_named_as_a_checks_module_are_asked_first_and_the_slow_ones_last() -> None:
    check = next(each for each in checks() if each.path == "portal/domain/twin_write.py")
    tests = {"a/test_twins.py::slow": 60.0, "a/test_twins.py::quick": 2.0, "a/test_else.py::quickest": 0.1}
    noticed = Noticed({str(check): list(tests)}, tests)
    assert nearest(check, noticed) == ["a/test_twins.py::quick", "a/test_twins.py::slow", "a/test_else.py::quickest"]


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
