"""What every answer says of itself, and what whoever asks can't make it say."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request

from portal.app import create_app
from portal.config import Settings
from portal.store.sessions import new_session_id
from tests.hostile.addresses import addresses
from tests.world import Browser, World

ROOT = Path(__file__).resolve().parents[2]
LETTERS = {"text/html", "text/plain", "text/css", "text/javascript", "text/x-python"}
SHEETS = ("csv", "spreadsheet", "excel", "tab-separated")


@pytest.fixture
def over_https(settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, public_url="https://plans.northmere.example"))
    yield made
    made.extensions["database"].close()


def test_over_https_the_cookie_is_the_hosts_own_and_plain_http_is_never_tried_again(over_https: Flask) -> None:
    answer = over_https.test_client().get("/sign-in/families", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {each.strip() for each in cookie.split(";")}
    assert "Domain" not in cookie
    for path in ("/", "/help", "/nothing", "/static/favicon.svg", "/plans/nmr-0000000000000000"):
        found = over_https.test_client().get(path).headers
        assert found["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", path


def test_every_answer_names_its_kind_and_its_letters(one: World) -> None:
    browser, seen = one.client("manager"), set()
    for _, _, path in addresses(one):
        answer = browser.get(path)
        if answer.data and answer.status_code != 303:
            seen.add(answer.mimetype)
            assert answer.mimetype, path
            assert answer.mimetype not in LETTERS or answer.mimetype_params.get("charset") == "utf-8", path
            assert answer.data.startswith(b"<!doctype html>") is (answer.mimetype == "text/html"), path
    assert {"text/html", "application/zip", "image/svg+xml"} <= seen


def test_no_answer_lets_another_site_read_it(one: World) -> None:
    browser, tried = one.client("manager"), 0
    for _, method, path in addresses(one):
        answer = browser.http.open(path, method=method, headers={"Origin": "https://evil.example"})
        assert [name for name, _ in answer.headers if name.startswith("Access-Control-")] == [], path
        tried += 1
    assert tried > 90
    ahead = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Origin" not in browser.http.options(f"{browser.base}/answer", headers=ahead).headers


def test_nothing_is_given_out_that_a_spreadsheet_would_open(one: World) -> None:
    browser, opened = one.client("manager"), 0
    for _, _, path in addresses(one):
        for asked in ({}, {"Accept": "text/csv"}, {"Accept": "application/json"}):
            answer = browser.get(path, **asked)
            opened += answer.status_code == 200
            assert not any(each in (answer.mimetype or "") for each in SHEETS), path
    assert opened > 40


def test_methods_that_no_page_has_are_refused(one: World) -> None:
    browser = one.client("manager")
    for method in ("TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "DELETE", "PUT"):
        for path in ("/", "/worklist", browser.base, f"{browser.base}/sections/B"):
            assert browser.http.open(path, method=method).status_code == 405, (method, path)


def test_no_folder_is_listed_and_no_file_outside_it_is_given(one: World) -> None:
    browser = one.client("manager")
    outside = ("../app.py", "%2e%2e/app.py", "..%2fapp.py", "....//app.py", "/etc/passwd", "%2fetc%2fpasswd", "%00")
    paths = ["/static/", "/static/vendor", "/static/vendor/", "/.git/config", "/.env", "/wsgi.py", "/portal/app.py"]
    for path in (*paths, *(f"/static/{each}" for each in outside)):
        answer = browser.get(path)
        assert answer.status_code in (308, 404), path
        assert "create_app" not in answer.text
        assert "root:" not in answer.text


def test_what_a_stranger_says_of_their_own_address_is_not_believed(app: Flask) -> None:
    forged = {"X-Forwarded-For": "10.0.0.1", "X-Real-IP": "10.0.0.1", "Forwarded": "for=10.0.0.1"}
    seen = []
    with app.test_request_context("/help", headers=forged, environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        seen.append(request.remote_addr)
        seen.append(request.host)
    with app.test_request_context("/help", headers={"X-Forwarded-Host": "evil.example", "X-User-ID": "x"}):
        seen.append(request.host)
    assert seen == ["192.0.2.7", "localhost", "localhost"]


def test_every_page_for_somebody_signed_on_has_the_button_to_sign_out(one: World) -> None:
    browser, opened = one.client("manager"), 0
    for _, _, path in addresses(one):
        answer = browser.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            opened += 1
            assert 'action="/sign-out"' in answer.text, path
    assert opened > 25


def test_the_portal_never_runs_in_debug(app: Flask, over_https: Flask) -> None:
    assert [(each.debug, each.testing, each.config["PROPAGATE_EXCEPTIONS"]) for each in (app, over_https)] == [
        (False, False, None)
    ] * 2
    for each in [*(ROOT / "portal").rglob("*.py"), *(ROOT / "blueprints").glob("*.py"), ROOT / "wsgi.py"]:
        names = {node.arg for node in ast.walk(ast.parse(each.read_text())) if isinstance(node, ast.keyword)}
        assert not names & {"debug", "use_debugger", "use_evalex", "use_reloader"}, each


def test_a_session_id_has_more_than_128_random_bits(one: World) -> None:
    made = {new_session_id() for _ in range(1000)}
    assert len(made) == 1000
    assert min(len(each) for each in made) * 5 > 128
    assert len({each[:8] for each in made}) == 1000
    assert len({Browser(one, "parent").session_id for _ in range(3)}) == 3
