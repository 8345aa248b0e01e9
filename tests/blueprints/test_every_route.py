"""Walks over every route there is, signed on and not: headers, tokens, origins, and that reading changes nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.auth.gate import FROM_PROVIDERS, PUBLIC
from portal.domain.state import VersionKind
from portal.web.security import UNSAFE
from tests.blueprints.page import Page
from tests.world import Browser, World

HTMX = {"HX_Request": "true"}
JSON = {"Accept": "application/json"}
# A stand-in for the signed token of a form, for looking at it alone.
FORGED = ["", "x", ".", "..", "a.b.c", "é", "x" * 3000, "$ne", '{"$ne": null}', "null"]


@pytest.fixture(scope="module")
def issued(shared: World) -> World:
    """A plan with a version, so that every route has something to show."""
    shared.sign_all()
    shared.issue("manager", VersionKind.DRAFT)
    return shared


def parts(world: World, rule: Rule) -> dict[str, object]:
    """What to put into a route's address; an item that the asking person may edit when they are the caseworker."""
    need = world.plan().sections["B"].content.items[0].id
    known = {
        "plan_id": world.plan_id,
        "letter": "B",
        "group": "needs",
        "item": need,
        "slug": "families",
        "number": 1,
        "token": "nmr-x",
        "tag": "easy-read",
    }
    return {name: known[name] for name in rule.arguments if name != "filename"} | (
        {"filename": "golden-thread.css"} if "filename" in rule.arguments else {}
    )


def addresses(app: Flask, world: World, unsafe: bool) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of every route; reading routes or writing ones."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (method in UNSAFE) is unsafe:
                path = adapter.build(rule.endpoint, parts(world, rule), method=method)
                query = "?from=1&to=1" if "compare" in path else ""
                yield rule.endpoint, method, path + query


def policy(world: World) -> str:
    """The content policy word for word, with the providers that a form may end at."""
    origins = " ".join(sorted({"/".join(each.issuer.split("/")[:3]) for each in world.settings.providers}))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self' {origins}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


@pytest.mark.parametrize("key", ["", "manager", "caseworker", "stranger"])
def test_every_answer_carries_the_same_strict_headers(app: Flask, issued: World, key: str) -> None:
    browser, wanted = Browser(issued, key), policy(issued)
    assert "unsafe" not in wanted
    seen = set()
    for unsafe in (False, True):
        for endpoint, method, path in addresses(app, issued, unsafe):
            answer = browser.http.open(path, method=method)
            seen.add(endpoint)
            assert answer.headers.getlist("Content-Security-Policy") == [wanted], path
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert answer.headers["Referrer-Policy"] == "same-origin", path
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
            if endpoint == "static":
                assert "no-store" not in answer.headers["Cache-Control"]
            else:
                assert answer.headers["Cache-Control"] == "no-store", path
            if endpoint != "sign_in.begin":
                assert "Set-Cookie" not in answer.headers, path
            assert answer.status_code < 500, path
    assert seen == {rule.endpoint for rule in app.url_map.iter_rules()}


def test_an_error_carries_them_too(issued: World) -> None:
    browser, wanted = issued.client("manager"), policy(issued)
    large = browser.post(f"{browser.base}/answer", {"words": "x" * 300_000})
    found = [browser.get("/nothing"), browser.http.delete("/help"), browser.http.put(browser.base), large]
    assert [each.status_code for each in found] == [404, 405, 405, 413]
    for each in found:
        assert each.headers["Content-Security-Policy"] == wanted
        assert each.headers["Cache-Control"] == "no-store"
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in each.headers


def test_every_page_and_every_error_says_what_it_varies_by(app: Flask, issued: World) -> None:
    without = []
    for key in ("caseworker", "stranger"):
        browser = issued.client(key)
        for endpoint, _, path in addresses(app, issued, unsafe=False):
            for headers in ({}, HTMX, JSON):
                answer = browser.get(path, **headers)
                by = set(answer.headers.get("Vary", "").split(", "))
                words = answer.mimetype in ("text/html", "application/json") and answer.status_code not in (303, 204)
                if words and endpoint != "static" and not {"HX-Request", "Accept", "Cookie"} <= by:
                    without.append((key, path))
    assert without == []


def test_where_htmx_and_a_browser_are_sent_differently_the_answer_says_so(app: Flask, issued: World) -> None:
    nobody = Browser(issued, "")
    without = [
        path
        for endpoint, _, path in addresses(app, issued, unsafe=False)
        if endpoint not in PUBLIC and "HX-Request" not in nobody.get(path).headers.get("Vary", "")
    ]
    assert without == []


def test_reading_every_page_changes_nothing_in_the_plan(app: Flask, issued: World) -> None:
    before = issued.plan()
    for key in ("manager", "caseworker"):
        browser = issued.client(key)
        read = 0
        for endpoint, _, path in addresses(app, issued, unsafe=False):
            if not endpoint.startswith("sign_in"):
                read += browser.get(path).status_code == 200
                browser.http.options(path)
        assert read > 12
    after = issued.plan()
    assert (after.sequence, after.head) == (before.sequence, before.head)
    assert after == before


def test_a_question_in_the_address_saves_nothing(issued: World) -> None:
    before = issued.plan().sequence
    browser = issued.client("caseworker")
    need = issued.plan().sections["B"].content.items[0].id
    path = f"{browser.base}/sections/B/items/needs/{need}"
    for query in (f"?csrf_token={browser.token}&revision=0&need=Words", "?_method=POST", "?method=delete"):
        browser.get(path + query, X_HTTP_Method_Override="DELETE")
    assert issued.plan().sequence == before


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["page", "htmx", "json"])
def test_no_route_that_saves_takes_a_form_without_its_token(app: Flask, issued: World, headers: dict[str, str]) -> None:
    before = issued.plan().sequence
    browser, other = issued.client("manager"), issued.client("caseworker")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    tried = 0
    for endpoint, method, path in addresses(app, issued, unsafe=True):
        if endpoint in FROM_PROVIDERS:
            continue
        for token in (*FORGED[:: 3 if headers else 1], other.token, browser.token[:-1], f"{browser.token}x"):
            fields = {"csrf_token": token, "revision": "0"}
            assert browser.http.open(path, method=method, data=fields, headers=sent).status_code == 403, (path, token)
            tried += 1
        assert browser.http.open(path, method=method, headers=sent).status_code == 403
    assert tried > 40
    assert issued.plan().sequence == before
    assert browser.get("/worklist").status_code in (200, 303)
    assert "sign-in" not in browser.get("/worklist").headers.get("Location", "")


def test_a_token_in_the_header_is_as_good_as_in_the_form_and_no_better(issued: World) -> None:
    browser, other = issued.client("parent"), issued.client("other_parent")
    path, sent = f"{browser.base}/sections/A/items/people/people", {"revision": "1", "words": "My brother"}
    for token, status in ((browser.token, 303), (other.token, 403), ("forged", 403)):
        answer = browser.http.post(path, data=sent, headers={"X-CSRF-Token": token})
        assert answer.status_code == status
    answer = browser.http.post(path, data={**sent, "csrf_token": browser.token}, headers={"X-CSRF-Token": other.token})
    assert answer.status_code == 403


def test_a_token_is_not_the_persons_id_and_says_nothing_of_the_child(issued: World) -> None:
    token = issued.client("parent").token
    assert "Amira" not in token
    assert "Rahman" not in token


FOREIGN = ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost:1", "https://localhost"]
FOREIGN += ["file://", "http://127.0.0.1:8999.evil.example", "HTTP://EVIL.EXAMPLE", "x"]


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["page", "htmx", "json"])
def test_no_route_that_saves_takes_a_form_from_another_site(app: Flask, issued: World, headers: dict[str, str]) -> None:
    before = issued.plan().sequence
    browser = issued.client("manager")
    from_elsewhere = [{"Origin": each} for each in (FOREIGN if not headers else FOREIGN[:2])]
    from_elsewhere += [{"Sec_Fetch_Site": each} for each in ("cross-site", "same-site")]
    for endpoint, _, path in addresses(app, issued, unsafe=True):
        for each in from_elsewhere if endpoint not in FROM_PROVIDERS else ():
            answer = browser.post(path, {"revision": "0"}, **each, **headers)
            assert answer.status_code == 403, (path, each)
    assert issued.plan().sequence == before


def test_a_form_of_our_own_site_is_taken_by_either_of_its_names(world: World) -> None:
    browser = world.client("parent")
    path = f"{browser.base}/sections/A/items/people/people"
    for number, origin in enumerate(("http://localhost", world.settings.public_url)):
        sent = {"revision": str(number), "words": f"Words {number}"}
        answer = browser.post(path, sent, Origin=origin, Sec_Fetch_Site="same-origin")
        assert answer.status_code == 303
    assert browser.post(path, {"revision": "2", "words": "More"}, Sec_Fetch_Site="none").status_code == 303


def test_no_page_names_the_child_in_an_address_or_sends_one_to_another_site(app: Flask, issued: World) -> None:
    browser = issued.client("manager")
    for endpoint, _, path in addresses(app, issued, unsafe=False):
        answer = browser.get(path)
        if answer.mimetype != "text/html" or endpoint == "sign_in.begin":
            continue
        for link in Page(answer).links() | {answer.headers.get("Location", "")}:
            assert "amira" not in link.lower(), path
            assert "rahman" not in link.lower(), path
            assert not link.startswith(("http:", "https:", "//")), path
