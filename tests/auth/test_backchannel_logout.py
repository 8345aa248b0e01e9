"""A provider's word that somebody has signed out ends their sessions at once, and nobody else's word does."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import OctKey
from werkzeug.test import TestResponse

from portal.auth.logout_token import EVENT
from tests.auth.at_hostile import Visitor, hostile, make_portal, portal
from tests.auth.hostile_provider import (
    CLIENT,
    OTHER,
    RSA,
    SECRET,
    STRANGER,
    SUBJECT,
    Claims,
    HostileProvider,
    Script,
    changed,
    encoded,
    signed,
)

__all__ = ["hostile", "make_portal", "portal"]
ENDED, REFUSED = True, False


@pytest.fixture
def sid(hostile: HostileProvider) -> str:
    """The id of the provider's own session in this test."""
    hostile.play(Script(claims={"sid": (found := secrets.token_urlsafe(8))}))
    return found


def unsigned(header: Claims, claims: Claims) -> str:
    head = {**header, "alg": "none"}
    return (encoded(json.dumps(head).encode()) + b"." + encoded(json.dumps(claims).encode()) + b".").decode()


@dataclass(frozen=True)
class Word:
    """How a logout token differs from a good one, and whether it is obeyed."""

    name: str
    obeyed: bool
    claims: Claims = field(default_factory=dict)
    header: Claims = field(default_factory=dict)
    sign: Callable[[Claims, Claims], str] = lambda header, claims: signed(None, header, claims)


def word(name: str, obeyed: bool, **how: Any) -> Word:
    return Word(name, obeyed, **how)


WORDS = (
    word("-rp-backchannel-rpinitlogout", ENDED),
    word("-alg-none", REFUSED, sign=unsigned),
    word("-wrong-alg", REFUSED, header={"alg": "PS256"}),
    word("-wrong-alg: HS256 by our secret", REFUSED, header={"alg": "HS256"},
         sign=lambda header, claims: signed(None, header, claims, OctKey.import_key(SECRET))),
    word("-wrong-aud", REFUSED, claims={"aud": "another"}),
    word("two audiences", REFUSED, claims={"aud": [CLIENT, "another"]}),
    word("a list of us", ENDED, claims={"aud": [CLIENT]}),
    word("-wrong-iss", REFUSED, claims={"iss": "https://evil.example"}),
    word("-no-event", REFUSED, claims={"events": ...}),
    word("-wrong-event", REFUSED, claims={"events": {"http://schemas.openid.net/event/other": {}}}),
    word("an event that is no object", REFUSED, claims={"events": {EVENT: True}}),
    word("events that are a list", REFUSED, claims={"events": [EVENT]}),
    word("-with-nonce", REFUSED, claims={"nonce": "any"}),
    word("an empty nonce", REFUSED, claims={"nonce": ""}),
    word("neither sub nor sid", REFUSED, claims={"sub": ..., "sid": ...}),
    word("sub alone", ENDED, claims={"sid": ...}),
    word("sid alone", ENDED, claims={"sub": ...}),
    word("a sid of another session", REFUSED, claims={"sub": ..., "sid": "another"}),
    word("a sub of somebody else", REFUSED, claims={"sub": "somebody-else", "sid": ...}),
    word("a sub that is a question", REFUSED, claims={"sub": {"$ne": ""}, "sid": ...}),
    word("no iat", REFUSED, claims={"iat": ...}),
    word("made long ago", REFUSED, claims={"iat": int(time.time()) - 3600}),
    word("no exp", REFUSED, claims={"exp": ...}),
    word("over", REFUSED, claims={"exp": int(time.time()) - 90}),
    word("no jti", REFUSED, claims={"jti": ...}),
    word("an ID token's type", REFUSED, header={"typ": "id_token+jwt"}),
    word("an access token's type", REFUSED, header={"typ": "at+jwt"}),
    word("no type, as older providers have it", ENDED, header={"typ": ...}),
    word("a stranger's key", REFUSED, sign=lambda header, claims: signed(None, header, claims, STRANGER)),
    word("an unpublished key", REFUSED, header={"kid": "two"},
         sign=lambda header, claims: signed(None, header, claims, OTHER)),
    word("jku", REFUSED, header={"jku": "http://127.0.0.1:1/keys"}),
    word("crit", REFUSED, header={"crit": ["exp"]}),
)  # fmt: skip


def token(provider: HostileProvider, sid: str, said: Word) -> str:
    now = int(time.time())
    whole = {"iss": f"{provider.url}/plain", "aud": CLIENT, "sub": SUBJECT, "sid": sid, "iat": now, "exp": now + 120}
    whole |= {"jti": secrets.token_urlsafe(8), "events": {EVENT: {}}}
    header = changed({"alg": "RS256", "kid": RSA.kid, "typ": "logout+jwt"}, said.header)
    return said.sign(header, changed(whole, said.claims))


def send(app: Flask, text: str, slug: str = "plain") -> TestResponse:
    """As a provider's own server posts it: no cookie, no form token."""
    return app.test_client().post(f"/sign-in/{slug}/backchannel-logout", data={"logout_token": text})


@pytest.mark.parametrize("said", WORDS, ids=lambda said: said.name)
def test_a_session_ends_at_a_good_word_alone(portal: Flask, hostile: HostileProvider, sid: str, said: Word) -> None:
    visitor = Visitor(portal)
    visitor.sign_on("plain")
    assert visitor.is_signed_on
    answer = send(portal, token(hostile, sid, said))
    assert visitor.is_signed_on is not said.obeyed
    assert answer.headers["Cache-Control"] == "no-store"
    about_nobody_here = said.name in ("a sid of another session", "a sub of somebody else")
    assert answer.status_code == (200 if said.obeyed or about_nobody_here else 400)


@pytest.mark.parametrize("text", ["", "x", "..", "a.b.c", "é", "x" * 20_000])
def test_what_is_no_token_is_refused(portal: Flask, hostile: HostileProvider, sid: str, text: str) -> None:
    assert send(portal, text).status_code == 400
    assert portal.test_client().post("/sign-in/plain/backchannel-logout").status_code == 400


def test_a_word_is_obeyed_once_so_that_an_old_one_signs_nobody_out_who_came_back(
    portal: Flask, hostile: HostileProvider, sid: str
) -> None:
    text = token(hostile, sid, Word("sub alone", ENDED, {"sid": ...}))
    first, later = Visitor(portal), Visitor(portal)
    first.sign_on("plain")
    assert send(portal, text).status_code == 200
    assert not first.is_signed_on
    later.sign_on("plain")
    assert send(portal, text).status_code == 400
    assert later.is_signed_on


def test_a_session_of_the_providers_ends_what_it_began_and_no_other_of_the_person(
    portal: Flask, hostile: HostileProvider, sid: str
) -> None:
    desk, phone, elsewhere = Visitor(portal), Visitor(portal), Visitor(portal)
    desk.sign_on("plain")
    elsewhere.sign_on("post")  # another issuer that happens to give the same sid
    hostile.script.claims["sid"] = "of-the-phone"
    phone.sign_on("plain")
    assert send(portal, token(hostile, sid, Word("both", ENDED))).status_code == 200
    assert [each.is_signed_on for each in (desk, phone, elsewhere)] == [False, True, True]
    assert send(portal, token(hostile, sid, Word("again", ENDED))).status_code == 200
    assert phone.is_signed_on


def test_where_the_provider_named_no_session_at_sign_on_all_of_the_person_end(
    portal: Flask, hostile: HostileProvider, sid: str
) -> None:
    hostile.script.claims["sid"] = ...
    desk, phone = Visitor(portal), Visitor(portal)
    for each in (desk, phone):
        each.sign_on("plain")
    assert send(portal, token(hostile, sid, Word("both", ENDED))).status_code == 200
    assert [each.is_signed_on for each in (desk, phone)] == [False, False]


def test_one_provider_ends_no_session_of_anothers(portal: Flask, hostile: HostileProvider, sid: str) -> None:
    visitor = Visitor(portal)
    visitor.sign_on("post")
    text = token(hostile, sid, Word("of plain", ENDED))
    assert send(portal, text, "post").status_code == 400
    assert send(portal, text, "plain").status_code == 200
    assert visitor.is_signed_on


def test_a_provider_that_is_not_listened_to_or_not_ours_is_not_there(
    portal: Flask, hostile: HostileProvider, sid: str
) -> None:
    for slug in ("silent", "nowhere"):
        assert send(portal, "x", slug).status_code == 404


def test_a_provider_whose_keys_are_away_is_asked_to_say_it_again(
    portal: Flask, hostile: HostileProvider, sid: str
) -> None:
    visitor = Visitor(portal)
    visitor.sign_on("plain")
    text = token(hostile, sid, Word("both", ENDED))
    hostile.script.answers["jwks"] = lambda _: (503, {}, b"")
    assert send(portal, text).status_code == 503
    assert visitor.is_signed_on
    hostile.script.answers.clear()
    assert send(portal, text).status_code == 200
    assert not visitor.is_signed_on
