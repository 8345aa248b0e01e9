"""What a provider has signed: read strictly, under a pinned algorithm, by one of the keys that it publishes."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from portal.auth.json_object import NotAnObject, json_object

# A token may not bring its own key, nor say where one lies, nor ask for an extension (RFC 7515, 4.1).
NOT_TAKEN = ("crit", "jku", "jwk", "x5u")

KINDS = {"RS": ("RSA",), "PS": ("RSA",), "ES": ("EC",), "Ed": ("OKP",)}  # by how an algorithm's name begins


class Refused(Exception):
    """The sign-on is refused; the reason is for the log and holds no claim's value."""


class UnknownKey(Refused):
    """No published key made this signature: worth one fresh look at the keys."""


@dataclass(frozen=True)
class Signed:
    """Claims whose signature is good. Nothing is said yet about what they mean."""

    algorithm: str
    claims: dict[str, Any]


def read(token: str, keys: KeySet, algorithms: Collection[str], types: Collection[str]) -> Signed:
    """The claims of a token of one of these types, lower case; without a type it counts as `jwt`.

    Raises Refused, or UnknownKey when other keys might do.
    """
    header = _header(token)
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise Refused("the token is signed with an algorithm that is not pinned")
    if str(header.get("typ", "JWT")).lower() not in types:
        raise Refused("the token is of another type")
    if any(name in header for name in NOT_TAKEN):
        raise Refused("the token asks for an extension we do not know, or brings a key")
    return Signed(algorithm, _object(_payload(token, keys, algorithm, header.get("kid"))))


def _header(token: str) -> dict[str, Any]:
    part = token.split(".")[0]
    try:
        return _object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        raise Refused("the token can't be read") from None


def _payload(token: str, keys: KeySet, algorithm: str, kid: object) -> bytes:
    """Try the key that is named; when none is named, all that fit (OpenID Connect Core 10.1)."""
    for key in keys.keys:
        if fits(key, algorithm) and kid in (None, key.kid):
            try:
                return jws.deserialize_compact(token, key, algorithms=[algorithm]).payload or b""
            except (JoseError, ValueError, TypeError):
                continue
    raise UnknownKey("no published key made the signature")


def fits(key: Key, algorithm: str) -> bool:
    """Whether a published key may have made a signature of this kind."""
    kinds = KINDS.get(algorithm[:2], ())
    return key.key_type in kinds and key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm


def _object(text: bytes) -> dict[str, Any]:
    try:
        return json_object(text)
    except NotAnObject as error:
        raise Refused(f"the token {error}") from None
