"""What a provider may do, by the names of the OpenID conformance suite and of the hostile set, and what we answer."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.auth.hostile_provider import (
    CLIENT,
    EC,
    OTHER,
    RSA,
    STRANGER,
    SUBJECT,
    Answer,
    HostileProvider,
    Script,
    as_json,
    broken,
    by,
    saying_twice,
    signed,
    unsigned,
    with_public_key,
    with_secret,
)

ACCEPTED, REFUSED = True, False
ELSEWHERE = "http://127.0.0.1:1"


@dataclass(frozen=True)
class Case:
    """One thing that a provider does, and whether somebody is signed on by it; `slug` is the table that it meets."""

    name: str
    accepted: bool
    script: Script
    slug: str = "plain"


def case(name: str, accepted: bool, slug: str = "plain", **script: Any) -> Case:
    return Case(name, accepted, Script(**script), slug)


def rotated(key: Any, named: bool = True) -> Callable[[HostileProvider], None]:
    """From now on another key is published and signs."""

    def rotate(provider: HostileProvider) -> None:
        provider.keys, provider.named = [key], named

    return rotate


def several(named: bool = True) -> Callable[[HostileProvider], None]:
    def publish(provider: HostileProvider) -> None:
        provider.keys, provider.named = [OTHER, RSA], named

    return publish


def userinfo_signed_by(key: Any, **changes: Any) -> Callable[[HostileProvider], Answer]:
    def answer(provider: HostileProvider) -> Answer:
        claims = {"sub": SUBJECT, "name": "Nadia Rahman", "iss": f"{provider.url}/plain", "aud": CLIENT, **changes}
        token = signed(provider, {"alg": "RS256", "kid": "one"}, claims, key)
        return 200, {"Content-Type": "application/jwt"}, token.encode()

    return answer


def at(seconds: int) -> int:
    return int(time.time()) + seconds


def twice(provider: HostileProvider) -> Answer:
    """A token endpoint whose answer says its ID token twice."""
    return 200, {"Content-Type": "application/json"}, b'{"token_type": "Bearer", "id_token": "x", "id_token": "y"}'


def redirecting(provider: HostileProvider) -> Answer:
    return 302, {"Location": f"{provider.url}/plain/elsewhere"}, b""


def huge(_: HostileProvider) -> Answer:
    return as_json({"keys": [RSA.as_dict(private=False)], "filler": "x" * 300_000})


def away(_: HostileProvider) -> Answer:
    return as_json({}, 503)


def slow(provider: HostileProvider) -> Answer:
    time.sleep(1.5)
    return as_json(provider.published())


def publishing(*keys: dict[str, Any]) -> Callable[[HostileProvider], Answer]:
    return lambda _: as_json({"keys": list(keys)})


NAMELESS = {"name": ...}
PUBLIC = RSA.as_dict(private=False)

# "oidcc-client-test" and what follows it, as the conformance suite has it.
BASIC = (
    case("oidcc-client-test", ACCEPTED),
    case("-invalid-iss", REFUSED, claims={"iss": "https://evil.example"}),
    case("-missing-sub", REFUSED, claims={"sub": ...}),
    case("-invalid-aud", REFUSED, claims={"aud": "another"}),
    case("-missing-iat", REFUSED, claims={"iat": ...}),
    case("-kid-absent-single-jwks", ACCEPTED, header={"kid": ...}),
    case("-kid-absent-multiple-jwks", ACCEPTED, header={"kid": ...}, before_signing=several()),
    case("-idtoken-sig-rs256", ACCEPTED, header={"alg": "RS256"}),
    case("-idtoken-sig-none", REFUSED, sign=unsigned),
    case("-invalid-sig-rs256", REFUSED, sign=broken),
    case("-userinfo-invalid-sub", REFUSED, claims=NAMELESS, userinfo={"sub": "somebody-else"}),
    case("-nonce-invalid", REFUSED, claims={"nonce": "another"}),
    case("-scope-userinfo-claims", ACCEPTED, claims=NAMELESS),
    case("-client-secret-basic", ACCEPTED),
)
CONFIG = (
    case("-discovery-openid-config", ACCEPTED),
    case("-discovery-jwks-uri-keys", ACCEPTED),
    case("-discovery-issuer-mismatch", REFUSED, metadata={"issuer": "https://evil.example"}),
    case("-signing-key-rotation", ACCEPTED, before_signing=rotated(OTHER), sign=by(OTHER), header={"kid": "two"}),
    case("-signing-key-rotation-just-before-signing", ACCEPTED, before_signing=rotated(OTHER), sign=by(OTHER),
         header={"kid": "two"}, slug="lasting"),
    case("-idtoken-sig-none (config)", REFUSED, sign=unsigned,
         metadata={"id_token_signing_alg_values_supported": ["none"]}),
)  # fmt: skip
COMPREHENSIVE = (
    case("-missing-aud", REFUSED, claims={"aud": ...}),
    case("-invalid-sig-hs256", REFUSED, sign=with_secret),
    case("-invalid-sig-es256", REFUSED, slug="es256", sign=by(EC), header={"alg": "ES256", "kid": "ec"}),
    case("-idtoken-sig-es256", ACCEPTED, slug="es256", sign=by(EC), header={"alg": "ES256", "kid": "ec"},
         before_signing=rotated(EC)),
    case("-invalid-athash", REFUSED, claims={"at_hash": "another"}),
    case("-missing-athash (it may be missing in the code flow)", ACCEPTED, claims={"at_hash": ...}),
    case("-invalid-chash", REFUSED, claims={"c_hash": "another"}),
    case("-missing-chash (it may be missing in the code flow)", ACCEPTED),
    case("-userinfo-bearer-header", ACCEPTED, claims=NAMELESS),
    case("-userinfo-bearer-body (we ask by header)", ACCEPTED, claims=NAMELESS),
    case("-nonce-unless-code-flow", REFUSED, claims={"nonce": ...}),
    case("-userinfo-signed", ACCEPTED, claims=NAMELESS, answers={"userinfo": userinfo_signed_by(RSA)}),
    case("-userinfo-signed by a stranger", REFUSED, claims=NAMELESS,
         answers={"userinfo": userinfo_signed_by(STRANGER)}),
    case("-userinfo-signed for somebody else", REFUSED, claims=NAMELESS,
         answers={"userinfo": userinfo_signed_by(RSA, aud="another")}),
    case("-userinfo-signed by another issuer", REFUSED, claims=NAMELESS,
         answers={"userinfo": userinfo_signed_by(RSA, iss="https://evil.example")}),
    case("-refresh-token (given unasked, and thrown away)", ACCEPTED, tokens={"refresh_token": "thrown away"}),
    case("-refresh-token-invalid-issuer (never used)", ACCEPTED, tokens={"refresh_token": "of another issuer"}),
    case("-refresh-token-invalid-sub (never used)", ACCEPTED, tokens={"refresh_token": "of another subject"}),
)  # fmt: skip


def iss_twice(provider: HostileProvider) -> list[str]:
    return [f"{provider.url}/plain", "https://evil.example"]


FAPI = (
    case("iss twice, once rightly", REFUSED, back={"iss": iss_twice}),
    case("state missing", REFUSED, back={"state": ...}),
    case("state wrong", REFUSED, back={"state": "x" * 43}),
    case("state twice", REFUSED, back={"state": ["x" * 43, "y" * 43]}),
    case("exp missing", REFUSED, claims={"exp": ...}),
    case("iss missing", REFUSED, claims={"iss": ...}),
    case("aud empty", REFUSED, claims={"aud": []}),
    case("exp over", REFUSED, claims={"exp": at(-3600)}),
    case("extra untrusted aud", REFUSED, claims={"aud": [CLIENT, "another"]}),
    case("single-element aud list", ACCEPTED, claims={"aud": [CLIENT]}),
    case("alternate algorithm", REFUSED, header={"alg": "PS256"}),
    case("authorisation response iss wrong", REFUSED, back={"iss": "https://evil.example"}),
    case("authorisation response iss missing", REFUSED, back={"iss": ...}),
    case("authorisation response iss missing where none was promised", ACCEPTED, back={"iss": ...},
         metadata={"authorization_response_iss_parameter_supported": ...}),
    case("odd-case token_type", ACCEPTED, tokens={"token_type": "bEARER"}, claims=NAMELESS),
    case("no expires_in", ACCEPTED, tokens={"expires_in": ...}),
)  # fmt: skip
TOKENS = (
    case("metadata listing none", REFUSED, sign=unsigned,
         metadata={"id_token_signing_alg_values_supported": ["none", "HS256"]}),
    case("aud lacking us but azp naming us", REFUSED, claims={"aud": "another", "azp": CLIENT}),
    case("list of aud lacking us but azp naming us", REFUSED, claims={"aud": ["another"], "azp": CLIENT}),
    case("extra aud with our azp", REFUSED, claims={"aud": [CLIENT, "another"], "azp": CLIENT}),
    case("azp that is another", REFUSED, claims={"azp": "another"}),
    case("azp that is us", ACCEPTED, claims={"azp": CLIENT}),
    case("wrong iss and metadata without issuer", REFUSED, claims={"iss": "https://evil.example"},
         metadata={"issuer": ...}),
    case("metadata without issuer", REFUSED, metadata={"issuer": ...}),
    case("iss of another table of ours", REFUSED, claims={"iss": "http://127.0.0.1/strict"}),
    case("90 s expired", REFUSED, claims={"exp": at(-90)}),
    case("30-day-old iat", REFUSED, claims={"iat": at(-30 * 86_400)}),
    case("iat of tomorrow", REFUSED, claims={"iat": at(86_400), "exp": at(90_000)}),
    case("nbf of tomorrow", REFUSED, claims={"nbf": at(86_400)}),
    case("nbf that has come", ACCEPTED, claims={"nbf": at(-60)}),
    case("empty sub", REFUSED, claims={"sub": ""}),
    case("10,000-character sub", REFUSED, claims={"sub": "x" * 10_000}),
    case("sub that is a question", REFUSED, claims={"sub": {"$ne": ""}}),
    case("access token as ID token", REFUSED, header={"typ": "at+jwt"}),
    case("logout token as ID token", REFUSED, header={"typ": "logout+jwt"}),
    case("typ absent", ACCEPTED, header={"typ": ...}),
    case("no ID token at all", REFUSED, tokens={"id_token": ...}),
    case("ID token that is a number", REFUSED, tokens={"id_token": 7}),
    case("HMAC confusion", REFUSED, sign=with_public_key),
    case("unknown kid", REFUSED, header={"kid": "nobody's"}),
    case("signed by a stranger under a known kid", REFUSED, sign=by(STRANGER)),
    case("duplicate JSON claims", REFUSED, sign=saying_twice),
    case("crit", REFUSED, header={"crit": ["exp"]}),
    case("jku", REFUSED, header={"jku": f"{ELSEWHERE}/keys"}),
    case("x5u", REFUSED, header={"x5u": f"{ELSEWHERE}/certificate"}),
    case("jwk", REFUSED, header={"jwk": STRANGER.as_dict(private=False)}, sign=by(STRANGER)),
)  # fmt: skip


def under(host: str, end: str) -> Callable[[HostileProvider], str]:
    """An endpoint of the very same server under another name: whoever does not look gets what they asked for."""
    return lambda provider: f"http://{host}:{provider.server.server_port}/plain/{end}"


HOSTS = tuple(
    case(f"{name} under {host}", REFUSED, metadata={name: under(host, end)})
    for host in ("localhost", "2130706433", "127.1", "somebody@127.0.0.1")
    for name, end in (("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "jwks"))
)
KEYS = (
    *HOSTS,
    case("a good answer of the token endpoint that says something twice", REFUSED,
         token_ending=b', "token_type": "Bearer"}'),
    case("a good answer of the token endpoint with a way elsewhere", REFUSED, token_status=302),
    case("several keys without kid", ACCEPTED, header={"kid": ...}, before_signing=several(named=False)),
    case("rotation without kid", ACCEPTED, header={"kid": ...}, before_signing=rotated(OTHER, named=False),
         sign=by(OTHER)),
    case("a withdrawn key", REFUSED, before_signing=rotated(OTHER)),
    case("a key for encryption", REFUSED, answers={"jwks": publishing({**PUBLIC, "use": "enc"})}),
    case("a key for another algorithm", REFUSED, answers={"jwks": publishing({**PUBLIC, "alg": "RS512"})}),
    case("keys of kinds we do not know beside ours", ACCEPTED,
         answers={"jwks": publishing({"kty": "NEW", "kid": "x"}, {"kty": "RSA"}, PUBLIC)}),
    case("no keys", REFUSED, answers={"jwks": publishing()}),
    case("keys that are no list", REFUSED, answers={"jwks": lambda _: as_json({"keys": {"a": 1}})}),
    case("huge JWKS", REFUSED, answers={"jwks": huge}),
    case("slow JWKS", REFUSED, answers={"jwks": slow}),
    case("redirecting JWKS", REFUSED, answers={"jwks": redirecting}),
    case("JWKS elsewhere", REFUSED, metadata={"jwks_uri": f"{ELSEWHERE}/jwks"}),
    case("token endpoint elsewhere", REFUSED, metadata={"token_endpoint": f"{ELSEWHERE}/token"}),
    case("token endpoint by decimal address", REFUSED, metadata={"token_endpoint": "http://2130706433/token"}),
    case("token endpoint by an IPv6 address", REFUSED, metadata={"token_endpoint": "http://[::1]/token"}),
    case("token endpoint that is a file", REFUSED, metadata={"token_endpoint": "file:///etc/passwd"}),
    case("authorisation endpoint elsewhere", REFUSED,
         metadata={"authorization_endpoint": "https://evil.example/authorize"}),
    case("authorisation endpoint under a borrowed name", REFUSED,
         metadata={"authorization_endpoint": "http://127.0.0.1@evil.example/authorize"}),
    case("userinfo elsewhere is not asked", ACCEPTED, claims=NAMELESS,
         metadata={"userinfo_endpoint": f"{ELSEWHERE}/userinfo"}),
    case("metadata that says its issuer twice", REFUSED, answers={
        ".well-known/openid-configuration": lambda provider: (
            200, {}, (json.dumps(provider.metadata(f"{provider.url}/plain"))[:-1] + ', "issuer": "x"}').encode())}),
    case("redirecting metadata", REFUSED, answers={".well-known/openid-configuration": redirecting}),
    case("redirecting token endpoint", REFUSED, answers={"token": redirecting}),
    case("token endpoint that says its ID token twice", REFUSED, answers={"token": twice}),
    case("huge answer of the token endpoint", REFUSED, answers={"token": huge}),
    case("provider down mid-flow", REFUSED, answers={"token": away}),
    case("keys away mid-flow", REFUSED, answers={"jwks": away}),
    case("userinfo away, where only a name is missed", ACCEPTED, claims=NAMELESS, answers={"userinfo": away}),
    case("redirecting userinfo is not followed", ACCEPTED, claims=NAMELESS, answers={"userinfo": redirecting}),
)  # fmt: skip
RULES = (
    case("max_age kept", ACCEPTED, slug="strict"),
    case("max_age ignored: an old auth_time", REFUSED, slug="strict", claims={"auth_time": at(-3600)}),
    case("max_age ignored: no auth_time", REFUSED, slug="strict", claims={"auth_time": ...}),
    case("weaker acr", REFUSED, slug="strict", claims={"acr": "AAL1"}),
    case("no acr", REFUSED, slug="strict", claims={"acr": ...}),
    case("acr from userinfo alone", REFUSED, slug="strict", claims={"acr": ..., "name": ...},
         userinfo={"acr": "AAL2"}),
    case("required amr, vot, tid and hd", ACCEPTED, slug="required",
         claims={"amr": ["pwd", "mfa"], "vot": "Cl.Cm", "tid": "ours", "hd": "school.example"}),
    *(case(f"{name} that will not do", REFUSED, slug="required",
           claims={"amr": ["mfa"], "vot": "Cl.Cm", "tid": "ours", "hd": "school.example", name: value})
      for name, value in (("amr", ["pwd"]), ("amr", ...), ("vot", "Cl"), ("vot", ...), ("tid", "theirs"),
                          ("tid", ...), ("hd", "school.example.evil.example"), ("hd", ...))),
    case("an organisation of ours, from userinfo", ACCEPTED, slug="school",
         userinfo={"organisation": {"urn": 100001}}),
    case("an organisation that is not ours", REFUSED, slug="school", userinfo={"organisation": {"urn": "100002"}}),
    case("no organisation", REFUSED, slug="school"),
    case("an organisation of somebody else", REFUSED, slug="school",
         userinfo={"sub": "somebody-else", "organisation": {"urn": "100001"}}),
    case("client_secret_post", ACCEPTED, slug="post"),
    case("private_key_jwt", ACCEPTED, slug="key"),
)  # fmt: skip
ODD_NAMES = ("M" * 10_000, 7, ["Maria"], {"first": "Maria"}, "\ud800", "a\x00b\u202e", "", None)
ODD_TOKENS = {
    "nothing": b"",
    "a list": b"[]",
    "null": b"null",
    "a word": b'"token"',
    "no JSON": b"<html>",
    "no token": b"{}",
    "bytes that are no text": b"\xff\xfe",
    "very deep": b"[" * 100_000,
}


def odd(body: bytes) -> Callable[[HostileProvider], Answer]:
    return lambda _: (200, {"Content-Type": "application/json"}, body)


ODD = (
    *(case(f"an odd name ({number})", ACCEPTED, claims={"name": name}) for number, name in enumerate(ODD_NAMES)),
    *(case(f"tokens that are {what}", REFUSED, answers={"token": odd(body)}) for what, body in ODD_TOKENS.items()),
    *(
        case(f"keys that are {what}", REFUSED, answers={"jwks": odd(body)})
        for what, body in ODD_TOKENS.items()
    ),
    *(
        case(f"metadata that is {what}", REFUSED, answers={".well-known/openid-configuration": odd(body)})
        for what, body in ODD_TOKENS.items()
    ),
    *(
        case(f"userinfo that is {what}, where only a name is missed", ACCEPTED, claims=NAMELESS,
             answers={"userinfo": odd(body)})
        for what, body in ODD_TOKENS.items() if what != "no token"
    ),
    case("userinfo of nobody", REFUSED, claims=NAMELESS, userinfo={"sub": ...}),
)  # fmt: skip
CASES = (*BASIC, *CONFIG, *COMPREHENSIVE, *FAPI, *TOKENS, *KEYS, *RULES, *ODD)
