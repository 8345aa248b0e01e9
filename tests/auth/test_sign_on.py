"""Signing on, from the first press to the worklist, against real OpenID Connect providers, and all that is refused."""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from demo.identity_provider import RunningProviders, read_people, start
from demo.seed import CAST
from portal.auth import keys
from portal.auth.keys import ProviderUnreachable
from portal.auth.oidc import Provider
from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.operations import people
from portal.store.database import Database
from tests.auth.browser import ANYBODY, COOKIE, PORTAL_URL, Browser, asked
from tests.world import TOKEN, now

# Somebody else, whom another provider happens to know by a subject that is in use at the first.
NAMESAKE = {"key": "jo-mensah", "name": "Josephine Mensah", "provider": "council"}


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProviders]:
    with start([*read_people(CAST), NAMESAKE], [PORTAL_URL], tmp_path_factory.mktemp("providers")) as running:
        yield running


@pytest.fixture(scope="module")
def provider_file(providers: RunningProviders, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "providers.toml"
    path.write_text(providers.config_text())
    return path


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app)


def changed(path: str, **changes: str | None) -> str:
    """A callback with some of its parameters changed, or left out."""
    parts = urlsplit(path)
    query = {name: value for name, value in {**asked(path), **changes}.items() if value is not None}
    return f"{parts.path}?{urlencode(query)}"


def is_refused(answer: TestResponse, visitor: Browser) -> bool:
    """A page that says so, and nobody signed on."""
    return answer.status_code == 403 and "could not sign you in" in answer.text and not visitor.signed_on


# The whole way


@pytest.mark.parametrize(("slug", "person"), ANYBODY.items())
def test_anybody_signs_on_at_their_own_agencys_provider(visitor: Browser, slug: str, person: str) -> None:
    answer = visitor.sign_on(slug, person)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/worklist")
    assert visitor.worklist().get_json() == {"plans": []}


def test_a_person_without_any_part_sees_an_empty_worklist(visitor: Browser) -> None:
    visitor.sign_on("schools", "tom-hughes")
    page = visitor.http.get("/worklist")
    assert page.status_code == 200
    assert "/plans/" not in page.text


def test_a_person_is_known_by_issuer_and_subject_so_that_two_with_one_subject_are_two(
    visitor: Browser, app: Flask, db: Database, providers: RunningProviders
) -> None:
    visitor.sign_on("nhs", "jo-mensah")
    Browser(app).sign_on("council", "jo-mensah")
    found = {each["issuer"]: each for each in db["people"].find({"subject": "jo-mensah"})}
    assert set(found) == {providers.issuer("nhs"), providers.issuer("council")}
    one, other = (found[providers.issuer(slug)] for slug in ("nhs", "council"))
    assert one["_id"] != other["_id"]
    assert (one["name"], other["name"]) == ("Jo Mensah", "Josephine Mensah")


def test_what_one_provider_vouches_for_gives_nothing_to_the_namesake_at_another(
    visitor: Browser, app: Flask, db: Database, providers: RunningProviders
) -> None:
    person = people.signed_on(db, providers.issuer("nhs"), "jo-mensah", "Jo Mensah")
    grant = Grant(person, "Jo Mensah", "icb", "An ICB", Role.AUDITOR, "nmr", WHOLE_CASELOAD, now().wall)
    people.give(db, grant)
    visitor.sign_on("council", "jo-mensah")
    found = db["people"].find_one({"issuer": providers.issuer("council"), "subject": "jo-mensah"})
    assert found is not None
    assert found["authorities"] == []


def test_signing_on_again_finds_the_same_person(app: Flask, db: Database) -> None:
    for _ in range(2):
        Browser(app).sign_on("schools", "anita-patel")
    assert db["people"].count_documents({"subject": "anita-patel"}) == 1


def test_the_provider_is_asked_with_pkce_state_and_nonce_and_for_the_one_way_back(
    visitor: Browser, providers: RunningProviders
) -> None:
    url = visitor.begin("council")
    question, again = asked(url), asked(visitor.begin("council"))
    assert url.startswith(f"{providers.issuer('council')}/authorize?")
    assert (question["response_type"], question["client_id"]) == ("code", "golden-thread")
    assert question["code_challenge_method"] == "S256"
    assert question["redirect_uri"] == f"{PORTAL_URL}/sign-in/council/callback"
    assert "openid" in question["scope"].split()
    for name in ("state", "nonce", "code_challenge"):
        assert len(question[name]) >= 43
        assert question[name] != again[name]
    assert "code_verifier" not in question


def test_what_proves_the_code_is_ours_never_reaches_the_browser(visitor: Browser, db: Database) -> None:
    url = visitor.begin("council")
    kept = db["sign_ins"].find_one({"_id": asked(url)["state"]})
    assert kept is not None
    verifier = re.findall(r'"verifier": "([^"]+)"', kept["value"])[0]
    assert verifier not in url
    assert verifier not in visitor.cookie


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(visitor: Browser) -> None:
    answer = visitor.sign_on("council")
    (cookie,) = (each for each in answer.headers.getlist("Set-Cookie") if each.startswith(COOKIE))
    parts = {each.strip().lower() for each in cookie.split(";")}
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert answer.headers["Cache-Control"] == "no-store"


# Sessions


def test_signing_on_begins_a_new_session_and_ends_the_one_before_it(visitor: Browser, app: Flask) -> None:
    url = visitor.begin("council")
    before = visitor.cookie
    visitor.http.get(visitor.choose(url, "maria-silva"))
    assert before
    assert visitor.cookie not in ("", before)
    thief = Browser(app)
    thief.http.set_cookie(COOKIE, before)
    assert not thief.signed_on


def test_an_id_that_was_planted_in_the_browser_is_worth_nothing_after_sign_on(visitor: Browser, app: Flask) -> None:
    visitor.http.set_cookie(COOKIE, "planted")
    visitor.sign_on("council")
    assert visitor.signed_on
    assert visitor.cookie != "planted"
    thief = Browser(app)
    thief.http.set_cookie(COOKIE, "planted")
    assert not thief.signed_on


def test_signing_on_as_somebody_else_ends_the_session_of_the_first(visitor: Browser, app: Flask) -> None:
    visitor.sign_on("council", "maria-silva")
    first = visitor.cookie
    visitor.sign_on("nhs", "jo-mensah")
    thief = Browser(app)
    thief.http.set_cookie(COOKIE, first)
    assert visitor.signed_on
    assert not thief.signed_on


def test_after_sign_out_the_old_id_is_worth_nothing_and_the_provider_is_told(
    visitor: Browser, providers: RunningProviders
) -> None:
    visitor.sign_on("council")
    old, token = visitor.cookie, TOKEN.findall(visitor.http.get("/help").text)[0]
    answer = visitor.http.post("/sign-out", data={"csrf_token": token})
    assert answer.status_code == 303
    away = answer.headers["Location"]
    assert away.startswith(f"{providers.issuer('council')}/end-session?")
    assert asked(away)["post_logout_redirect_uri"] == f"{PORTAL_URL}/"
    assert asked(away)["id_token_hint"].count(".") == 2
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not visitor.signed_on
    visitor.http.set_cookie(COOKIE, old)
    assert not visitor.signed_on
    home = visitor.away.get(away, allow_redirects=False, timeout=5)
    assert home.headers["Location"].startswith(f"{PORTAL_URL}/")


def test_signing_out_takes_a_form_of_ours(visitor: Browser) -> None:
    visitor.sign_on("council")
    assert visitor.http.get("/sign-out").status_code == 405
    assert visitor.http.post("/sign-out").status_code == 403
    assert visitor.http.post("/sign-out", data={"csrf_token": "forged"}).status_code == 403
    assert visitor.signed_on


# What is refused


def test_a_way_back_that_another_browser_began_is_refused(visitor: Browser, app: Flask) -> None:
    attacker = Browser(app)
    path = attacker.choose(attacker.begin("council"), "robert-ainsley")
    assert is_refused(visitor.http.get(path), visitor)
    visitor.begin("council")  # nor does it help that this visitor began one of its own
    assert is_refused(visitor.http.get(path), visitor)


def test_a_way_back_is_good_once(visitor: Browser, app: Flask) -> None:
    path = visitor.choose(visitor.begin("council"), "maria-silva")
    assert visitor.http.get(path).status_code == 303
    assert visitor.http.get(path).status_code == 403
    assert visitor.signed_on
    other = Browser(app)
    assert is_refused(other.http.get(path), other)


def test_a_way_back_at_another_providers_address_is_refused(visitor: Browser) -> None:
    for slug in ("families", "nhs", "schools"):
        path = visitor.choose(visitor.begin("council"), "maria-silva")
        assert is_refused(visitor.http.get(path.replace("/sign-in/council/", f"/sign-in/{slug}/")), visitor)


def test_the_code_of_one_sign_on_is_worth_nothing_in_another(visitor: Browser) -> None:
    first, second = (visitor.choose(visitor.begin("council"), person) for person in ("maria-silva", "lee-grant"))
    swapped = changed(first, code=asked(second)["code"])
    assert is_refused(visitor.http.get(swapped), visitor)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": None},
        {"state": ""},
        {"state": "x" * 43},
        {"code": None},
        {"code": ""},
        {"code": "x" * 48},
        {"iss": None},
        {"iss": "https://evil.example"},
        {"iss": ""},
        {"error": "access_denied"},
    ],
    ids=lambda changes: "{}={}".format(*next(iter(changes.items()))),
)
def test_a_way_back_that_is_not_whole_is_refused(visitor: Browser, changes: dict[str, str | None]) -> None:
    path = visitor.choose(visitor.begin("council"), "maria-silva")
    assert is_refused(visitor.http.get(changed(path, **changes)), visitor)


def test_an_answer_that_names_another_of_our_providers_is_refused(
    visitor: Browser, providers: RunningProviders
) -> None:
    path = visitor.choose(visitor.begin("council"), "maria-silva")
    assert is_refused(visitor.http.get(changed(path, iss=providers.issuer("nhs"))), visitor)


def test_whoever_goes_back_without_choosing_is_not_signed_on(visitor: Browser) -> None:
    assert is_refused(visitor.http.get(visitor.choose(visitor.begin("families"), cancel="1")), visitor)


def test_what_a_provider_says_of_an_error_is_not_shown(visitor: Browser) -> None:
    path = visitor.choose(visitor.begin("families"), cancel="1")
    answer = visitor.http.get(changed(path, error="<b>x</b>", error_description="<script>alert(1)</script>"))
    assert answer.status_code == 403
    assert "alert(1)" not in answer.text


def test_a_sign_on_is_over_after_ten_minutes(visitor: Browser, db: Database) -> None:
    path = visitor.choose(visitor.begin("council"), "maria-silva")
    kept = db["sign_ins"].find_one({"_id": asked(path)["state"]})
    assert kept is not None
    assert timedelta(minutes=9) < kept["gone"] - now().wall <= timedelta(minutes=10)
    db["sign_ins"].update_one({"_id": kept["_id"]}, {"$set": {"gone": now().wall}})
    assert is_refused(visitor.http.get(path), visitor)


def test_one_browser_has_five_sign_ons_open_at_most_and_the_oldest_is_forgotten(visitor: Browser) -> None:
    paths = [visitor.choose(visitor.begin("council"), "maria-silva") for _ in range(6)]
    assert is_refused(visitor.http.get(paths[0]), visitor)
    assert visitor.http.get(paths[1]).status_code == 303


def test_a_provider_that_is_not_ours_is_not_found(visitor: Browser) -> None:
    for path in ("/sign-in/nowhere", "/sign-in/nowhere/callback?code=1&state=2", "/sign-in/COUNCIL", "/sign-in/%2e%2e"):
        assert visitor.http.get(path).status_code == 404
    assert visitor.http.post("/sign-in/council/callback").status_code == 405


# Where the person is sent afterwards


OWN_PATHS = ["/worklist", "/plans/nmr-0123456789abcdef/sections/B?item=one&all=yes", "/help", "/?q=a//b", "/plans/é"]
TRICKS = [
    "https://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/\r\nSet-Cookie: planted=1",
    "javascript:alert(1)",
    "data:text/html,hello",
    "evil.example",
    "@evil.example",
    "//127.0.0.1:8999@evil.example",
    f"{PORTAL_URL}.evil.example/",
    f"{PORTAL_URL}@evil.example/",
    "/\u2028/evil.example",
    "/\u202e/evil.example",
    "/" + "x" * 500,
    "",
]
# Paths that look odd and are our own all the same, as long as they are not made into something else on the way.
ODD_PATHS = [
    "/.//evil.example",
    "/..//evil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/@evil.example",
    "/%0d%0ax",
]


def test_a_person_is_sent_to_the_page_they_asked_for(app: Flask) -> None:
    for path in OWN_PATHS:
        answer = Browser(app).sign_on("council", go_to=path)
        assert urlsplit(answer.headers["Location"]).path == urlsplit(requests.utils.requote_uri(path)).path
        assert urlsplit(answer.headers["Location"]).query == urlsplit(path).query


def test_nobody_is_sent_off_this_site_by_a_link(app: Flask) -> None:
    sent = {path: Browser(app).sign_on("council", go_to=path).headers["Location"] for path in TRICKS}
    assert {path: location for path, location in sent.items() if location != "/worklist"} == {}


def test_an_odd_path_of_ours_stays_ours(app: Flask) -> None:
    for path in ODD_PATHS:
        location = Browser(app).sign_on("council", go_to=path).headers["Location"]
        assert (
            urlsplit(urljoin(f"{PORTAL_URL}/sign-in/council/callback", location)).netloc == urlsplit(PORTAL_URL).netloc
        )
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize("path", ["//[", "http://[", "https://[::1", "//ex℀mple"])
def test_an_address_that_can_not_be_read_is_no_reason_to_fail(visitor: Browser, path: str) -> None:
    assert visitor.http.get("/sign-in", query_string={"next": path}).status_code == 200
    answer = visitor.http.get("/sign-in/council", query_string={"next": path})
    assert answer.status_code == 303
    back = visitor.http.get(visitor.choose(answer.headers["Location"], "maria-silva"))
    assert back.headers["Location"] == "/worklist"


# Providers that do not answer: a page in plain words (what one may answer is hostile_cases.py)


def test_a_provider_that_does_not_answer_is_a_page_that_says_so(
    visitor: Browser, app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = replace(settings.providers[0], slug="gone", issuer="http://127.0.0.1:1/gone")
    monkeypatch.setitem(app.extensions["providers"], "gone", Provider(gone, PORTAL_URL))
    answer = visitor.http.get("/sign-in/gone")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


@pytest.fixture
def trickle() -> Iterator[str]:
    """The address of a server that answers rightly, but a byte at a time."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError), listening.accept()[0] as one:
                one.recv(4096)
                one.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
                for each in (b"{", *[b" "] * 20, b"}"):
                    one.sendall(each)
                    time.sleep(0.1)

        answering = threading.Thread(target=serve)
        answering.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        answering.join()


def test_a_provider_that_answers_a_byte_at_a_time_is_given_up(trickle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "TIMEOUT_S", 0.5)
    with pytest.raises(ProviderUnreachable):
        keys.fetch_json(trickle)
