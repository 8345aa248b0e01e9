"""Whether an ID token is good: its signature, and every claim that OpenID Connect has us check."""

import base64
import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import KeySet

from portal.auth.signed import Refused, read
from portal.config_providers import IdentityProvider
from portal.domain.text import has_forbidden

LEEWAY_S = 30
OLDEST_S = 600
LONGEST_SUBJECT = 255
TYPES = ("jwt", "id_token+jwt")


@dataclass(frozen=True)
class Asked:
    """What the provider was asked: `begun` is when, in seconds since 1970, `max_age` in seconds or None."""

    nonce: str
    begun: int
    max_age: int | None = None


def verify(
    token: str, keys: KeySet, provider: IdentityProvider, asked: Asked, beside: Mapping[str, str]
) -> dict[str, Any]:
    """The claims of a good ID token; Refused, or UnknownKey when other keys might do.

    `beside` holds what was given with it by the name of the claim that has its hash: `at_hash`, `c_hash`.
    """
    signed = read(token, keys, provider.signing_algorithms, TYPES)
    claims = signed.claims
    check_envelope(claims, provider)
    if claims.get("nonce") != asked.nonce:
        raise Refused("the ID token answers another question")
    if not is_subject(claims.get("sub")):
        raise Refused("the ID token names nobody")
    _check_auth_time(claims, asked)
    if "acr" in provider.required and claims.get("acr") not in provider.required["acr"]:
        raise Refused("the ID token says that the person proved too little")
    for name, given in beside.items():
        if name in claims and claims[name] != _half_hash(signed.algorithm, given):
            raise Refused(f"what came with the ID token is not its own ({name})")
    return claims


def check_envelope(claims: Mapping[str, Any], provider: IdentityProvider) -> None:
    """Who made a token, for whom, and that it is good now; Refused otherwise."""
    now = time.time()
    if claims.get("iss") != provider.issuer:
        raise Refused("the token is from another issuer")
    if claims.get("aud") not in (provider.client_id, [provider.client_id]):
        raise Refused("the token is for somebody else")
    if "azp" in claims and claims["azp"] != provider.client_id:
        raise Refused("the token was asked for by somebody else")
    for name in ("exp", "iat"):
        if not is_time(claims.get(name)):
            raise Refused(f"the token has no {name}")
    if claims["exp"] < now - LEEWAY_S:
        raise Refused("the token is over")
    if not now - OLDEST_S <= claims["iat"] <= now + LEEWAY_S:
        raise Refused("the token was not made now")
    if "nbf" in claims and not (is_time(claims["nbf"]) and claims["nbf"] <= now + LEEWAY_S):
        raise Refused("the token is not valid yet")


def is_subject(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_SUBJECT and not has_forbidden(value)


def is_time(value: object) -> bool:
    """A time that is one: infinity compares as it pleases."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_auth_time(claims: Mapping[str, Any], asked: Asked) -> None:
    """When the person proved who they are: needed, and recent enough, if that was asked (Core 3.1.2.1, max_age)."""
    if "auth_time" not in claims and asked.max_age is None:
        return
    proved = claims.get("auth_time")
    if not is_time(proved) or not 0 <= float(str(proved)) <= time.time() + LEEWAY_S:
        raise Refused("the ID token has no time of sign-on that is one")
    if asked.max_age is not None and float(str(proved)) < asked.begun - asked.max_age - LEEWAY_S:
        raise Refused("the person proved who they are too long ago")


def _half_hash(algorithm: str, given: str) -> str:
    size = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}.get(algorithm[-3:], hashlib.sha512)
    digest = size(given.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
