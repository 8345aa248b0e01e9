"""ID tokens: only one that this provider made, now, for us, about somebody, in answer to our question, is good."""

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from portal.auth import id_token
from portal.auth.id_token import Asked, verify
from portal.auth.keys import key_set
from portal.auth.signed import Refused, UnknownKey
from portal.config_providers import IdentityProvider

NOW = 1_800_000_000
ISSUER, CLIENT, NONCE, ACCESS_TOKEN = "https://sign-in.example", "golden-thread", "a nonce", "an access token"
CODE, ASKED = "a code", Asked(NONCE, NOW)
PROVIDER = IdentityProvider(
    "council", "Council sign-in", "council", ISSUER, CLIENT, client_secret="a client secret of the tests, long enough"
)
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "two"))
STRANGER = RSAKey.generate_key(2048, {"kid": "one"})
PUBLISHED = [KEY.as_dict(private=False), OTHER.as_dict(private=False)]
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "maria-silva",
    "nonce": NONCE,
    "iat": NOW,
    "exp": NOW + 300,
}
Changes = dict[str, Any]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time on the wall stands still, so that a limit can be tried to the second."""
    monkeypatch.setattr(id_token, "time", SimpleNamespace(time=lambda: float(NOW)))


def with_changes(changes: Changes) -> Changes:
    """The good claims with some changed; one changed to `...` is left out."""
    return {name: value for name, value in {**CLAIMS, **changes}.items() if value is not ...}


def token(changes: Changes | None = None, key: Any = KEY, algorithm: str = "RS256", **header: Any) -> str:
    """A token by joserfc; a header changed to `...` is left out."""
    whole = {"alg": algorithm, "kid": key.kid, "typ": "JWT", **header}
    whole = {name: value for name, value in whole.items() if value is not ...}
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    payload = json.dumps(with_changes(changes or {})).encode()
    return jws.serialize_compact(whole, payload, key, registry=registry)


def encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def by_hand(header: Changes, payload: bytes, sign: Callable[[bytes], bytes]) -> str:
    """A token that no library would make."""
    signed = encoded(json.dumps(header).encode()) + b"." + encoded(payload)
    return (signed + b"." + encoded(sign(signed))).decode()


@functools.cache
def private_key() -> RSAPrivateKey:
    found = serialization.load_pem_private_key(KEY.as_pem(private=True), None)
    assert isinstance(found, RSAPrivateKey)
    return found


def rs256(signed: bytes) -> bytes:
    return private_key().sign(signed, padding.PKCS1v15(), hashes.SHA256())


def claims_of(
    text: str,
    published: list[Any] | None = None,
    provider: IdentityProvider = PROVIDER,
    access: str = ACCESS_TOKEN,
    asked: Asked = ASKED,
) -> Changes:
    keys = KeySet.import_key_set({"keys": [dict(each) for each in (published or PUBLISHED)]})
    return verify(text, keys, provider, asked, {"at_hash": access, "c_hash": CODE})


def at_hash(access: str, digest: Callable[[bytes], Any] = hashlib.sha256) -> str:
    whole = digest(access.encode()).digest()
    return encoded(whole[: len(whole) // 2]).decode()


# Good tokens


def test_a_good_token_gives_its_claims() -> None:
    assert claims_of(token({"name": "Maria Silva"})) == {**CLAIMS, "name": "Maria Silva"}


GOOD: dict[str, Changes] = {
    "a list of this one audience": {"aud": [CLIENT]},
    "azp that is us": {"azp": CLIENT},
    "over for thirty seconds": {"exp": NOW - 30},
    "thirty seconds ahead": {"iat": NOW + 30},
    "ten minutes old": {"iat": NOW - 600},
    "good from thirty seconds on": {"nbf": NOW + 30},
    "a time with a fraction": {"iat": NOW - 0.5, "exp": NOW + 0.5},
    "a subject of 255 characters": {"sub": "x" * 255},
    "the access token's own hash": {"at_hash": at_hash(ACCESS_TOKEN)},
    "the code's own hash": {"c_hash": at_hash(CODE)},
    "proved long ago, when nobody asked": {"auth_time": NOW - 86_400},
}


@pytest.mark.parametrize("changes", GOOD.values(), ids=GOOD.keys())
def test_a_token_within_what_the_standard_allows_is_good(changes: Changes) -> None:
    assert claims_of(token(changes)) == with_changes(changes)


@pytest.mark.parametrize("typ", ["JWT", "jwt", "id_token+jwt", ...])
def test_a_token_of_the_right_type_or_of_none_is_good(typ: Any) -> None:
    assert claims_of(token(typ=typ)) == CLAIMS


@pytest.mark.parametrize("key", [KEY, OTHER], ids=["the first", "the second"])
def test_a_token_that_names_no_key_is_tried_with_each_that_is_published(key: RSAKey) -> None:
    assert claims_of(token(key=key, kid=...)) == CLAIMS


def test_a_token_that_names_no_key_is_good_when_one_is_published_without_a_name() -> None:
    nameless = {name: value for name, value in PUBLISHED[0].items() if name != "kid"}
    assert claims_of(token(kid=...), published=[nameless]) == CLAIMS


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # in the library, and still what providers publish
@pytest.mark.parametrize(
    ("algorithm", "key", "digest"),
    [
        ("RS384", KEY, hashlib.sha384),
        ("PS256", KEY, hashlib.sha256),
        ("ES256", ECKey.generate_key("P-256", {"kid": "ec"}), hashlib.sha256),
        ("EdDSA", OKPKey.generate_key("Ed25519", {"kid": "ed"}), hashlib.sha512),
    ],
)
def test_a_pinned_algorithm_is_good_with_its_own_hash_of_the_access_token(
    algorithm: str, key: Any, digest: Callable[[bytes], Any]
) -> None:
    provider = replace(PROVIDER, signing_algorithms=(algorithm,))
    changes = {"at_hash": at_hash(ACCESS_TOKEN, digest)}
    published = [key.as_dict(private=False)]
    assert claims_of(token(changes, key, algorithm), published, provider) == with_changes(changes)


# Claims that are refused


BAD: dict[str, Changes] = {
    "another issuer": {"iss": "https://sign-in.example.org"},
    "the issuer with a slash": {"iss": f"{ISSUER}/"},
    "no issuer": {"iss": ...},
    "a list of the issuer": {"iss": [ISSUER]},
    "another audience": {"aud": "another"},
    "no audience": {"aud": ...},
    "an empty list of audiences": {"aud": []},
    "an empty audience": {"aud": ""},
    "two audiences": {"aud": [CLIENT, "another"]},
    "us twice": {"aud": [CLIENT, CLIENT]},
    "two audiences, asked for by us": {"aud": [CLIENT, "another"], "azp": CLIENT},
    "another audience, asked for by us": {"aud": "another", "azp": CLIENT},
    "a list within a list": {"aud": [[CLIENT]]},
    "asked for by somebody else": {"azp": "another"},
    "asked for by nobody": {"azp": None},
    "over for 31 seconds": {"exp": NOW - 31},
    "over long ago": {"exp": 0},
    "no end": {"exp": ...},
    "an end in words": {"exp": str(NOW + 300)},
    "an end that is true": {"exp": True},
    "an end that is no number": {"exp": float("nan")},
    "an end that never comes": {"exp": float("inf")},
    "made 31 seconds from now": {"iat": NOW + 31},
    "made tomorrow": {"iat": NOW + 86_400, "exp": NOW + 90_000},
    "made eleven minutes ago": {"iat": NOW - 660},
    "made thirty days ago": {"iat": NOW - 30 * 86_400},
    "never made": {"iat": ...},
    "made at no number": {"iat": float("nan")},
    "good from tomorrow": {"nbf": NOW + 86_400},
    "good from a word on": {"nbf": "now"},
    "good from no number on": {"nbf": float("nan")},
    "no subject": {"sub": ...},
    "an empty subject": {"sub": ""},
    "a subject of 256 characters": {"sub": "x" * 256},
    "a subject of 10,000 characters": {"sub": "x" * 10_000},
    "a subject that is a number": {"sub": 7},
    "a subject that is nothing": {"sub": None},
    "a subject that is a list": {"sub": ["maria-silva"]},
    "a subject that is a question": {"sub": {"$ne": ""}},
    "half a character for a subject": {"sub": "maria\ud800"},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": ...},
    "an empty nonce": {"nonce": ""},
    "the nonce in a list": {"nonce": [NONCE]},
    "another access token's hash": {"at_hash": at_hash("another")},
    "the whole hash": {"at_hash": encoded(hashlib.sha256(ACCESS_TOKEN.encode()).digest()).decode()},
    "an empty hash": {"at_hash": ""},
    "no hash but its name": {"at_hash": None},
    "another code's hash": {"c_hash": at_hash("another")},
    "proved 31 seconds from now": {"auth_time": NOW + 31},
    "proved before there was a time": {"auth_time": -1},
    "proved at a word": {"auth_time": "yesterday"},
    "proved at no number": {"auth_time": float("nan")},
    "proved at the end of time": {"auth_time": float("inf")},
    "proved when it was true": {"auth_time": True},
    "proved at nothing": {"auth_time": None},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_a_signed_token_with_a_bad_claim_is_refused(changes: Changes) -> None:
    with pytest.raises(Refused) as refusal:
        claims_of(token(changes))
    assert not isinstance(refusal.value, UnknownKey)


def test_a_refusal_is_for_the_log_and_holds_no_claims_value() -> None:
    with pytest.raises(Refused) as refusal:
        claims_of(token({"iss": "https://secret.example", "sub": "a secret subject"}))
    assert "secret" not in str(refusal.value)


def test_an_access_token_hash_without_an_access_token_is_refused() -> None:
    with pytest.raises(Refused):
        claims_of(token({"at_hash": at_hash(ACCESS_TOKEN)}), access="")


# Headers and signatures that are refused


def payload() -> bytes:
    return json.dumps(CLAIMS).encode()


def test_an_unsigned_token_is_refused() -> None:
    for name in ("none", "None", "NONE", "", None):
        with pytest.raises(Refused, match="not pinned"):
            claims_of(by_hand({"alg": name, "kid": "one"}, payload(), lambda _: b""))


def test_the_public_key_is_no_secret_to_sign_with() -> None:
    forms = [KEY.as_pem(private=False), KEY.as_der(private=False), json.dumps(PUBLISHED[0]).encode()]
    for secret in forms:

        def hs256(signed: bytes, secret: bytes = secret) -> bytes:
            return hmac.new(secret, signed, hashlib.sha256).digest()

        for provider in (PROVIDER, replace(PROVIDER, signing_algorithms=("HS256", "RS256"))):
            with pytest.raises(Refused):
                claims_of(by_hand({"alg": "HS256", "kid": "one"}, payload(), hs256), provider=provider)


def test_the_clients_own_secret_is_no_key_either() -> None:
    secret = OctKey.import_key(PROVIDER.client_secret)
    with pytest.raises(Refused, match="not pinned"):
        claims_of(token(key=secret, algorithm="HS256", kid="one"))


def test_a_good_algorithm_that_is_not_pinned_is_refused() -> None:
    with pytest.raises(Refused, match="not pinned"):
        claims_of(token(algorithm="RS384"))


@pytest.mark.parametrize("typ", ["at+jwt", "logout+jwt", "application/at+jwt", "", None, 7, ["JWT"], "JWT "])
def test_a_token_of_another_type_is_refused(typ: Any) -> None:
    with pytest.raises(Refused, match="another type"):
        claims_of(by_hand({"alg": "RS256", "kid": "one", "typ": typ}, payload(), rs256))


@pytest.mark.parametrize("crit", [["b64"], ["exp"], [], None, ["http://example/unknown"]])
def test_a_token_that_asks_for_an_extension_is_refused(crit: Any) -> None:
    with pytest.raises(Refused, match="extension"):
        claims_of(by_hand({"alg": "RS256", "kid": "one", "crit": crit, "b64": False}, payload(), rs256))


@pytest.mark.parametrize("name", ["sub", "aud", "nonce", "exp", "x"])
def test_a_token_that_names_a_claim_twice_is_refused(name: str) -> None:
    twice = json.dumps({**CLAIMS, "x": 1})[:-1] + f', "{name}": {json.dumps(CLAIMS.get(name, 1))}}}'
    with pytest.raises(Refused, match="twice"):
        claims_of(by_hand({"alg": "RS256", "kid": "one"}, twice.encode(), rs256))


def test_a_claim_named_twice_within_another_claim_is_refused_too() -> None:
    twice = json.dumps(CLAIMS)[:-1] + ', "address": {"a": 1, "a": 2}}'
    with pytest.raises(Refused, match="twice"):
        claims_of(by_hand({"alg": "RS256", "kid": "one"}, twice.encode(), rs256))


NOT_CLAIMS = {
    "nothing": b"",
    "a list": b"[]",
    "a word": b'"x"',
    "null": b"null",
    "no JSON": b"{",
    "not UTF-8": b'{"sub": "\xff\xfe"}',
    "two objects": b"{}{}",
    "a very deep one": b"[" * 100_000,
    "a very long number": b'{"exp": ' + b"9" * 10_000 + b"}",
}


@pytest.mark.parametrize("content", NOT_CLAIMS.values(), ids=NOT_CLAIMS.keys())
def test_a_token_that_holds_no_claims_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        claims_of(by_hand({"alg": "RS256", "kid": "one"}, content, rs256))


NOT_TOKENS = {
    "nothing": "",
    "one part": "abc",
    "only dots": "..",
    "four dots": "....",
    "no base 64": "!!!.!!!.!!!",
    "not ASCII": "é.é.é",
    "a header that is a list": encoded(b"[]").decode() + ".e30.x",
    "a header that is deep": encoded(b"[" * 100_000).decode() + ".e30.x",
    "a header that is no UTF-8": encoded(b'{"alg": "\xff"}').decode() + ".e30.x",
    "a header alone": encoded(b'{"alg": "RS256"}').decode(),
    "two parts": encoded(b'{"alg": "RS256"}').decode() + ".e30",
    "an algorithm that is a list": encoded(b'{"alg": ["RS256"]}').decode() + ".e30.x",
}


@pytest.mark.parametrize("text", NOT_TOKENS.values(), ids=NOT_TOKENS.keys())
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        claims_of(text)


def test_a_token_whose_words_were_changed_after_signing_is_refused() -> None:
    head, _, signature = token().split(".")
    other = encoded(json.dumps(with_changes({"sub": "robert-ainsley"})).encode()).decode()
    with pytest.raises(Refused):
        claims_of(f"{head}.{other}.{signature}")


# Which key


def test_a_name_that_no_published_key_has_may_be_a_newer_key() -> None:
    with pytest.raises(UnknownKey):
        claims_of(token(kid="three"))


def test_a_signature_by_another_key_under_a_published_name_may_be_a_newer_key() -> None:
    with pytest.raises(UnknownKey):
        claims_of(token(key=STRANGER))


def test_a_signature_by_none_of_the_published_keys_may_be_a_newer_key_when_it_names_none() -> None:
    with pytest.raises(UnknownKey):
        claims_of(token(key=STRANGER, kid=...))


def test_a_token_that_names_one_published_key_and_is_signed_by_another_is_refused() -> None:
    with pytest.raises(UnknownKey):
        claims_of(token(key=OTHER, kid="one"))


def test_a_key_that_is_published_for_encryption_signs_nothing() -> None:
    for_encryption = {**PUBLISHED[0], "use": "enc"}
    with pytest.raises(UnknownKey):
        claims_of(token(), published=[for_encryption, PUBLISHED[1]])


def test_a_key_that_the_token_brings_along_is_not_used() -> None:
    mine = STRANGER.as_dict(private=False)
    for header in ({"jwk": mine}, {"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example/cert"}):
        for key in (STRANGER, KEY):
            with pytest.raises(Refused, match="brings a key"):
                claims_of(token(key=key, **header))


def test_a_name_of_a_key_that_is_no_text_names_no_key() -> None:
    for kid in (7, ["one"], {"$ne": ""}, True):
        with pytest.raises(UnknownKey):
            claims_of(by_hand({"alg": "RS256", "kid": kid}, payload(), rs256))


def test_a_shared_secret_that_is_published_is_no_key() -> None:
    document = {"keys": [OctKey.import_key("a secret that everybody knows").as_dict(), *PUBLISHED]}
    assert [key.kid for key in key_set(document).keys] == ["one", "two"]


# How lately, and how strongly


@pytest.mark.parametrize(("proved", "good"), [(NOW, True), (NOW - 330, True), (NOW - 331, False), (..., False)])
def test_when_the_person_proved_who_they_are_counts_once_it_was_asked_for(proved: Any, good: bool) -> None:
    text, asked = token({"auth_time": proved}), Asked(NONCE, NOW, max_age=300)
    if good:
        assert claims_of(text, asked=asked)["auth_time"] == proved
    else:
        with pytest.raises(Refused):
            claims_of(text, asked=asked)


def test_the_time_it_takes_to_sign_on_is_not_held_against_anybody() -> None:
    asked = Asked(NONCE, NOW - 540, max_age=0)
    assert claims_of(token({"auth_time": NOW - 500}), asked=asked)
    with pytest.raises(Refused, match="too long ago"):
        claims_of(token({"auth_time": NOW - 571}), asked=asked)


@pytest.mark.parametrize("acr", ["AAL1", "aal3", "", None, 3, ["AAL3"], ...])
def test_less_than_the_assurance_that_is_required_is_refused(acr: Any) -> None:
    provider = replace(PROVIDER, required={"acr": ("AAL2", "AAL3")})
    assert claims_of(token({"acr": "AAL3"}), provider=provider)
    with pytest.raises(Refused, match="proved too little"):
        claims_of(token({"acr": acr}), provider=provider)
