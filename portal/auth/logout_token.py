"""Whether a logout token is good: a provider's own word that somebody has signed out (Back-Channel Logout 1.0)."""

from dataclasses import dataclass

from joserfc.jwk import KeySet

from portal.auth.id_token import LEEWAY_S, check_envelope, is_subject
from portal.auth.signed import Refused, read
from portal.config_providers import IdentityProvider

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = ("logout+jwt", "jwt")  # the type is recommended, and older providers leave it out


@dataclass(frozen=True)
class SignedOut:
    """Whose session is over: one (`sid`), or all of a person (`subject`); `good_until` in seconds since 1970."""

    subject: str
    sid: str
    token_id: str
    good_until: int


def verify(token: str, keys: KeySet, provider: IdentityProvider) -> SignedOut:
    """Who has signed out; Refused, or UnknownKey when other keys might do."""
    claims = read(token, keys, provider.signing_algorithms, TYPES).claims
    check_envelope(claims, provider)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise Refused("the token speaks of no signing out")
    if "nonce" in claims:
        raise Refused("the token is an answer to a sign-on")
    named = {name: claims[name] for name in ("sub", "sid") if name in claims}
    if not named or not all(is_subject(each) for each in (*named.values(), claims.get("jti"))):
        raise Refused("the token names nobody, or not itself")
    good_until = int(claims["exp"]) + LEEWAY_S
    return SignedOut(named.get("sub", ""), named.get("sid", ""), claims["jti"], good_until)
