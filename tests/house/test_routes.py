"""Every route says what it needs, its address is typed and plain, and it turns a stranger away."""

import re

from flask import Flask

from portal.auth.gate import FROM_PROVIDERS, PUBLIC
from portal.domain.permission import Permission
from tests.world import Browser, World

KNOWN = {
    "plan_id": "string",
    "letter": "string",
    "group": "string",
    "item": "string",
    "slug": "string",
    "token": "string",
    "tag": "string",
    "number": "int",
}
SEGMENT = re.compile(
    r"[a-z0-9]+(-[a-z0-9]+)*|<[a-z_:]+>(\.pdf|\.ics|\.csv)?|calendar\.ics|receipt\.zip|profile\.pdf|check\.py"
)


def test_every_route_declares_its_permission_or_is_on_the_short_public_list(app: Flask) -> None:
    allowed = {*Permission, "signed_on"}
    undeclared = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC | FROM_PROVIDERS
        and getattr(app.view_functions[rule.endpoint], "needs", None) not in allowed
    }
    assert undeclared == set()


def test_the_public_list_names_only_routes_that_exist_and_that_save_nothing(app: Flask) -> None:
    rules = {rule.endpoint: rule.methods or set() for rule in app.url_map.iter_rules()}
    assert set(rules) >= PUBLIC
    assert {name for name in PUBLIC if rules[name] - {"GET", "HEAD", "OPTIONS"}} == set()


def test_what_is_posted_without_a_session_belongs_to_signing_on_and_is_nothing_else(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.endpoint in FROM_PROVIDERS}
    assert set(rules) == FROM_PROVIDERS
    for rule in rules.values():
        assert rule.rule.startswith("/sign-in/<slug>")
        assert (rule.methods or set()) - {"OPTIONS"} == {"POST"}


def test_every_address_is_made_of_plain_words_and_known_parts(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        assert rule.arguments <= set(KNOWN)
        for segment in filter(None, rule.rule.replace("int:", "").split("/")):
            assert SEGMENT.fullmatch(segment), rule.rule


def test_nobody_who_is_not_signed_on_gets_behind_any_closed_route(app: Flask, world: World) -> None:
    nobody = Browser(world, "")
    parts = {
        "plan_id": world.plan_id,
        "letter": "A",
        "group": "people",
        "item": "people",
        "slug": "families",
        "token": "nmr-x",
        "tag": "easy-read",
        "number": 1,
    }
    tried = 0
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if rule.endpoint in PUBLIC | FROM_PROVIDERS:
                continue
            path = adapter.build(rule.endpoint, {name: parts[name] for name in rule.arguments})
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                answer = nobody.http.open(path, method=method)
                assert answer.status_code == 303, (method, path)
                assert answer.headers["Location"].startswith("/sign-in?"), path
                tried += 1
    assert tried > 20


def test_every_route_about_a_plan_tells_a_stranger_that_there_is_nothing(app: Flask, world: World) -> None:
    stranger = world.client("stranger")
    parts = {"plan_id": world.plan_id, "letter": "A", "group": "people", "item": "people", "number": 1}
    parts |= {"tag": "easy-read"}
    fields = {"revision": "0", "text_hash": "0" * 64, "reason": "Because", "words": "Words"}
    form_of: dict[str, tuple[str, ...]] = {
        "sections.save": ("revision",),
        "sections.remove": ("revision",),
        "answers.send": ("words",),
    }
    form_of |= {"sign_off.sign": ("revision", "text_hash")}
    form_of |= {"sign_off.send_back": ("reason",), "sign_off.withdraw": ("reason",)}
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "plan_id" not in rule.arguments:
                continue
            path = adapter.build(rule.endpoint, {name: parts[name] for name in rule.arguments})
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                if method == "GET":
                    answer = stranger.get(path)
                else:
                    answer = stranger.post(path, {name: fields[name] for name in form_of.get(rule.endpoint, ())})
                assert answer.status_code == 404, (method, path, answer.status_code)
