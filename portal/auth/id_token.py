"""Whether an ID token is good: its signature by pinned algorithms, and every claim OpenID Connect has us check."""

import base64
import hashlib
import json
import math
import time
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.config import IdentityProvider
from portal.domain.text import has_forbidden

LEEWAY_S = 30
OLDEST_S = 600
LONGEST_SUBJECT = 255


class Refused(Exception):
    """The sign-on is refused; the reason is for the log and holds no claim's value."""


class UnknownKey(Refused):
    """No published key made this signature: worth one fresh look at the keys."""


def header_of(token: str) -> dict[str, Any]:
    try:
        part = token.split(".")[0]
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise Refused("the ID token can't be read") from None
    if not isinstance(header, dict):
        raise Refused("the ID token can't be read")
    return header


def verify(token: str, keys: KeySet, provider: IdentityProvider, nonce: str, access_token: str) -> dict[str, Any]:
    """The claims of a good ID token; Refused, or UnknownKey when other keys might do."""
    header = header_of(token)
    algorithm = header.get("alg")
    if algorithm not in provider.signing_algorithms:
        raise Refused("the ID token is signed with an algorithm that is not pinned")
    if str(header.get("typ", "JWT")).lower() not in ("jwt", "id_token+jwt"):
        raise Refused("the token is of another type")
    if "crit" in header:
        raise Refused("the ID token asks for an extension we do not know")
    claims = _signed_claims(token, keys, str(algorithm), header.get("kid"))
    _check(claims, provider, nonce)
    _check_access_token(claims, str(algorithm), access_token)
    return claims


def _signed_claims(token: str, keys: KeySet, algorithm: str, kid: str | None) -> dict[str, Any]:
    """Try the key that is named; when none is named, all that fit (OpenID Connect Core 10.1)."""
    fitting = [key for key in keys.keys if (kid is None or key.kid == kid) and key.get("use", "sig") == "sig"]
    for key in fitting:
        try:
            payload = jws.deserialize_compact(token, key, algorithms=[algorithm]).payload
        except (JoseError, ValueError, TypeError):
            continue
        return _object(payload)
    raise UnknownKey("no published key made the signature")


def _object(payload: bytes | None) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise Refused("the ID token names a claim twice")
        return dict(pairs)

    try:
        claims = json.loads(payload or b"", object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Refused("the ID token can't be read") from None
    if not isinstance(claims, dict):
        raise Refused("the ID token can't be read")
    return claims


def _check(claims: Mapping[str, Any], provider: IdentityProvider, nonce: str) -> None:
    now = time.time()
    if claims.get("iss") != provider.issuer:
        raise Refused("the ID token is from another issuer")
    audience = claims.get("aud")
    if audience not in (provider.client_id, [provider.client_id]):
        raise Refused("the ID token is for somebody else")
    if "azp" in claims and claims["azp"] != provider.client_id:
        raise Refused("the ID token was asked for by somebody else")
    for name in ("exp", "iat"):
        if not _is_number(claims.get(name)):
            raise Refused(f"the ID token has no {name}")
    if claims["exp"] < now - LEEWAY_S:
        raise Refused("the ID token is over")
    if not now - OLDEST_S <= claims["iat"] <= now + LEEWAY_S:
        raise Refused("the ID token was not made now")
    if "nbf" in claims and not (_is_number(claims["nbf"]) and claims["nbf"] <= now + LEEWAY_S):
        raise Refused("the ID token is not valid yet")
    if claims.get("nonce") != nonce:
        raise Refused("the ID token answers another question")
    if "auth_time" in claims and not (_is_number(claims["auth_time"]) and 0 <= claims["auth_time"] <= now + LEEWAY_S):
        raise Refused("the ID token has no time of sign-on that is one")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or has_forbidden(subject):
        raise Refused("the ID token names nobody")


def _check_access_token(claims: Mapping[str, Any], algorithm: str, access_token: str) -> None:
    if "at_hash" not in claims:
        return
    size = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}.get(algorithm[-3:], hashlib.sha512)
    digest = size(access_token.encode()).digest()
    expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if claims["at_hash"] != expected:
        raise Refused("the access token is not the ID token's")


def _is_number(value: object) -> bool:
    """A time that is one: NaN and infinity compare as they please."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
