"""What a provider says of a person, beyond who they are: their name, and what the configuration requires of them."""

from collections.abc import Mapping
from typing import Any

from joserfc.jwk import KeySet

from portal.auth.signed import Refused, read
from portal.config_providers import IdentityProvider
from portal.domain.actor import UNNAMED
from portal.domain.text import has_forbidden, one_line

LONGEST_NAME = 200
USERINFO_TYPES = ("jwt", "userinfo+jwt")


def lacks(claims: Mapping[str, Any], config: IdentityProvider) -> bool:
    """Whether something that is asked for is not in the ID token, so that userinfo may have it."""
    asked = (*config.name_claims, *config.required)
    return any(not _found(claims, each) for each in asked)


def check_required(claims: Mapping[str, Any], config: IdentityProvider) -> None:
    """Refused unless each claim that is required has one of its values; of its own list, one must be among them."""
    for path, values in config.required.items():
        if not {str(each) for each in _found(claims, path)} & set(values):
            raise Refused(f"the person has not the {path} that is required")


def verify_userinfo(token: str, keys: KeySet, config: IdentityProvider) -> dict[str, Any]:
    """What a provider that signs its userinfo tells (Core 5.3.2); Refused, or UnknownKey when other keys might do."""
    claims = read(token, keys, config.signing_algorithms, USERINFO_TYPES).claims
    if claims.get("iss", config.issuer) != config.issuer:
        raise Refused("userinfo is from another issuer")
    if claims.get("aud", config.client_id) not in (config.client_id, [config.client_id]):
        raise Refused("userinfo is for somebody else")
    return claims


def name_of(claims: Mapping[str, Any], config: IdentityProvider) -> str:
    """What to call the person: the words of the claims that make a name."""
    told = [found[0] for each in config.name_claims if (found := _found(claims, each)) and isinstance(found[0], str)]
    name = one_line(" ".join(told))[:LONGEST_NAME]
    return name if name and not any(has_forbidden(each) for each in told) else UNNAMED


def _found(claims: Mapping[str, Any], path: str) -> list[Any]:
    """The values of a claim, by its name or its path (`organisation.urn`); none when there is no such claim."""
    value: Any = claims
    for part in (path,) if path in claims else path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, list):
        return value
    return [] if value is None or isinstance(value, bool) else [value]
