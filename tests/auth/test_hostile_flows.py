"""What takes more than one step: replays, other people's codes, namesakes, keys that come and go, and who is asked."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from joserfc import jwt

from portal.store import sessions
from portal.store.database import Database
from tests.auth.at_hostile import (
    COOKIE,
    PORTAL_URL,
    TABLES,
    MakePortal,
    Visitor,
    asked,
    hostile,
    lasting,
    make_portal,
    portal,
)
from tests.auth.hostile_provider import EC, OTHER, SUBJECT, Answer, HostileProvider, Script, by
from tests.world import TOKEN, now

__all__ = ["hostile", "lasting", "make_portal", "portal"]


@pytest.fixture(autouse=True)
def good(hostile: HostileProvider) -> None:
    hostile.play(Script())


@pytest.fixture
def db(portal: Flask) -> Database:
    found: Database = portal.extensions["database"]
    return found


def test_a_code_that_was_used_is_worth_nothing_again(portal: Flask) -> None:
    visitor = Visitor(portal)
    back = visitor.away(visitor.begin("plain"))
    assert visitor.http.get(back).status_code == 303
    assert visitor.http.get(back).status_code == 403
    other = Visitor(portal)
    state = asked(other.begin("plain"))["state"]
    replayed = f"/sign-in/plain/callback?code={asked(back)['code']}&state={state}&iss={asked(back)['iss']}"
    assert other.http.get(replayed).status_code == 403
    assert not other.is_signed_on


def test_the_code_of_another_persons_sign_on_is_worth_nothing_here(portal: Flask) -> None:
    """Its verifier is another's (PKCE), though the state is this browser's own."""
    victim, attacker = Visitor(portal), Visitor(portal)
    stolen = asked(victim.away(victim.begin("plain")))
    state = asked(attacker.begin("plain"))["state"]
    answer = attacker.http.get(f"/sign-in/plain/callback?code={stolen['code']}&state={state}&iss={stolen['iss']}")
    assert answer.status_code == 403
    assert not attacker.is_signed_on


def test_the_answer_of_one_provider_is_worth_nothing_at_anothers_address(portal: Flask) -> None:
    visitor = Visitor(portal)
    back = visitor.away(visitor.begin("plain"))
    assert visitor.http.get(back.replace("/plain/", "/post/")).status_code == 403
    assert not visitor.is_signed_on


def test_an_answer_by_form_is_not_taken(portal: Flask) -> None:
    """-form-post-error: an answer comes in the address, as it was asked for."""
    visitor = Visitor(portal)
    back = visitor.away(visitor.begin("plain"))
    assert visitor.http.post("/sign-in/plain/callback", data=asked(back)).status_code == 405
    assert not visitor.is_signed_on


def test_what_a_provider_says_of_an_error_is_not_shown(portal: Flask) -> None:
    visitor = Visitor(portal)
    state = asked(visitor.begin("plain"))["state"]
    query = {"error": "<b>x</b>", "error_description": "<script>alert(1)</script>", "state": state}
    answer = visitor.http.get("/sign-in/plain/callback", query_string=query)
    assert answer.status_code == 403
    assert "alert(1)" not in answer.text
    assert "<b>x" not in answer.text


def test_two_providers_that_share_a_subject_know_two_people(
    portal: Flask, hostile: HostileProvider, db: Database
) -> None:
    for slug in ("plain", "post"):
        assert Visitor(portal).sign_on(slug).status_code == 303
    issuers = [each["issuer"] for each in db["people"].find({"subject": SUBJECT})]
    assert {f"{hostile.url}/plain", f"{hostile.url}/post"} <= set(issuers)
    assert len(set(issuers)) == len(issuers)


def test_an_email_that_changes_changes_nobody_and_one_that_is_shared_joins_nobody(
    portal: Flask, hostile: HostileProvider, db: Database
) -> None:
    for subject, email in (("first", "a@example.org"), ("first", "b@example.org"), ("second", "b@example.org")):
        hostile.play(Script(claims={"sub": subject, "email": email, "email_verified": True}))
        assert Visitor(portal).sign_on("plain").status_code == 303
    for subject in ("first", "second"):
        assert db["people"].count_documents({"subject": subject}) == 1


# Keys


def test_keys_nobody_has_heard_of_cost_one_fetch_out_of_turn(make_portal: MakePortal, hostile: HostileProvider) -> None:
    app = make_portal()
    hostile.script.header["kid"] = "nobody's"
    for _ in range(5):
        assert Visitor(app).sign_on("plain").status_code == 403
    assert hostile.asked.count("jwks") == 2
    assert hostile.asked.count(".well-known/openid-configuration") == 1


def test_a_withdrawn_key_is_believed_no_longer_than_keys_are_kept(
    make_portal: MakePortal, hostile: HostileProvider
) -> None:
    app = make_portal(PORTAL_JWKS_LIFETIME_S="0.2")
    assert Visitor(app).sign_on("plain").status_code == 303
    hostile.keys = [OTHER]
    hostile.script.header["kid"] = "one"
    time.sleep(0.3)
    visitor = Visitor(app)
    assert visitor.sign_on("plain").status_code == 403
    assert not visitor.is_signed_on
    hostile.script.header["kid"], hostile.script.sign = "two", by(OTHER)
    assert Visitor(app).sign_on("plain").status_code == 303


# What is asked


def test_the_request_says_what_the_table_says_and_never_what_is_the_protocols(portal: Flask) -> None:
    strict, required = (asked(Visitor(portal).begin(slug)) for slug in ("strict", "required"))
    assert (strict["acr_values"], strict["max_age"]) == ("AAL2", "300")
    assert (json.loads(required["vtr"]), required["prompt"]) == (["Cl.Cm"], "select_account")
    assert required["ui_locales"] == "en"
    for each in (strict, required):
        assert (each["response_type"], each["code_challenge_method"]) == ("code", "S256")
        assert {"state", "nonce", "code_challenge", "redirect_uri"} <= set(each)


def test_a_client_that_has_a_key_proves_itself_by_it_and_sends_no_secret(
    portal: Flask, hostile: HostileProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, str]] = []
    token = hostile.token

    def heard(issuer: str, form: dict[str, str]) -> Answer:
        sent.append(form)
        return token(issuer, form)

    monkeypatch.setattr(hostile, "token", heard)
    assert Visitor(portal).sign_on("key").status_code == 303
    (form,) = sent
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert "client_secret" not in form
    decoded = jwt.decode(form["client_assertion"], EC, algorithms=["ES256"])
    assert decoded.header["kid"] == EC.thumbprint()
    claims = decoded.claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (
        "golden-thread",
        "golden-thread",
        f"{hostile.url}/key/token",
    )
    assert claims["jti"]
    assert claims["exp"] - claims["iat"] <= 3600


# Begun by another party (OpenID Connect Core 4)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_party_may_begin_a_sign_on_and_name_a_page_of_ours(
    portal: Flask, hostile: HostileProvider, method: str
) -> None:
    visitor = Visitor(portal)
    said = {"iss": f"{hostile.url}/plain", "login_hint": "nadia", "target_link_uri": f"{PORTAL_URL}/help?x=1"}
    if method == "post":
        sent = visitor.http.post("/sign-in/plain", data=said, headers={"Origin": "https://elsewhere.example"})
        assert sent.status_code == 303
        assert "Set-Cookie" not in sent.headers
        url = visitor.http.get(sent.headers["Location"]).headers["Location"]
    else:
        url = visitor.begin("plain", **said)
    assert asked(url)["login_hint"] == "nadia"
    assert visitor.http.get(visitor.away(url)).headers["Location"] == "/help?x=1"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", f"{PORTAL_URL}.evil.example/", f"{PORTAL_URL}//evil.example"]
)
def test_another_party_sends_nobody_off_this_site(portal: Flask, hostile: HostileProvider, target: str) -> None:
    answer = Visitor(portal).sign_on("plain", iss=f"{hostile.url}/plain", target_link_uri=target)
    assert answer.headers["Location"] == "/worklist"


def test_another_party_that_names_another_issuer_is_refused(portal: Flask) -> None:
    assert Visitor(portal).sign_on("plain", iss="https://evil.example").status_code == 403


# Proving anew who one is


def begun_again(app: Flask, visitor: Visitor) -> str:
    """A sign-on that asks the person to prove who they are anew, in a session that began it."""
    db: Database = app.extensions["database"]
    url, state = app.extensions["providers"]["plain"].begin(db, now(), "/help", again=True)
    session_id = sessions.new_session_id()
    sessions.keep(db, session_id, {"states": [state]}, now().wall, timedelta(hours=1))
    visitor.http.set_cookie(COOKIE, session_id)
    return str(url)


@pytest.mark.parametrize(("proved", "good"), [(0, True), (-20, True), (-40, False), (-600, False), (None, False)])
def test_to_prove_anew_takes_a_sign_on_that_is_fresh(
    portal: Flask, hostile: HostileProvider, proved: int | None, good: bool
) -> None:
    hostile.script.claims["auth_time"] = ... if proved is None else int(time.time()) + proved
    visitor = Visitor(portal)
    url = begun_again(portal, visitor)
    assert (asked(url)["prompt"], asked(url)["max_age"]) == ("login", "0")
    assert (visitor.http.get(visitor.away(url)).status_code == 303) is good
    assert visitor.is_signed_on is good


# Signing out, and providers that are no longer ours


def test_signing_out_goes_to_the_provider_unless_its_table_says_not_to(portal: Flask, hostile: HostileProvider) -> None:
    for slug, there in (("plain", f"{hostile.url}/plain/end-session?"), ("silent", f"{PORTAL_URL}/")):
        visitor = Visitor(portal)
        visitor.sign_on(slug)
        token = TOKEN.findall(visitor.http.get("/help").text)[0]
        answer = visitor.http.post("/sign-out", data={"csrf_token": token})
        assert answer.headers["Location"].startswith(there)
        assert not visitor.is_signed_on


def test_coming_back_from_signing_out_with_another_state_or_none_changes_nothing(portal: Flask) -> None:
    """-other-state, -no-state: the session was over before the browser left, and no state is looked at."""
    for query in ("", "?state=another"):
        visitor = Visitor(portal)
        visitor.sign_on("plain")
        token = TOKEN.findall(visitor.http.get("/help").text)[0]
        visitor.http.post("/sign-out", data={"csrf_token": token})
        assert visitor.http.get(f"/{query}").status_code in (200, 303)
        assert not visitor.is_signed_on


@pytest.mark.parametrize("plain", [None, {"suspended": True}], ids=["absent", "suspended"])
def test_a_provider_that_is_suspended_or_absent_has_no_live_session_at_the_next_request(
    portal: Flask, make_portal: MakePortal, plain: dict[str, Any] | None
) -> None:
    visitor, other = Visitor(portal), Visitor(portal)
    visitor.sign_on("plain")
    other.sign_on("post")
    tables = {name: more for name, more in TABLES.items() if name != "plain"} | ({"plain": plain} if plain else {})
    later = make_portal(tables)
    for each, live in ((visitor, False), (other, True)):
        moved = Visitor(later)
        moved.http.set_cookie("golden_thread_session", each.cookie)
        assert moved.is_signed_on is live
    assert Visitor(later).http.get("/sign-in/plain").status_code == 404
    assert ">plain<" not in Visitor(later).http.get("/sign-in").text


# How often


def test_one_address_begins_and_ends_so_many_sign_ons_a_minute_whichever_process_answers(
    make_portal: MakePortal, hostile: HostileProvider
) -> None:
    one, other = (make_portal(PORTAL_SIGN_IN_LIMIT="4", PORTAL_PROXIES="1") for _ in range(2))
    address = {"X-Forwarded-For": f"2001:db8:{int(time.time()) % 65_536:x}:1::1"}
    neighbour = {"X-Forwarded-For": address["X-Forwarded-For"].replace("::1", "::2")}
    stranger = {"X-Forwarded-For": address["X-Forwarded-For"].replace(":1::1", ":2::1")}
    while time.time() % 60 > 50:  # a minute that ends meanwhile would begin to count anew
        time.sleep(1)
    tried = [(one, address), (other, neighbour), (one, address), (other, address)]
    assert [app.test_client().get("/sign-in/plain", headers=sent).status_code for app, sent in tried] == [303] * 4
    for path in ("/sign-in/plain", "/sign-in/plain/callback?code=x&state=y"):
        refused = one.test_client().get(path, headers=neighbour)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        assert "One moment" in refused.text
    assert one.test_client().get("/sign-in/plain", headers=stranger).status_code == 303
    assert one.test_client().get("/sign-in", headers=address).status_code == 200
    kept = list(one.extensions["database"]["sign_in_counts"].find())
    assert kept
    assert "2001" not in str(kept)
