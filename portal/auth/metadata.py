"""What a provider publishes about itself: believed only when it names itself and leads nowhere else."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from portal.auth.keys import ProviderMisbehaves, Published
from portal.config_providers import IdentityProvider

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OFFERED = ("userinfo_endpoint", "end_session_endpoint")


class Metadata:
    """A provider's discovery document and its keys, each kept for a while."""

    def __init__(self, config: IdentityProvider, lifetime_s: float, cooldown_s: float) -> None:
        self.config = config
        self.address = f"{config.issuer.rstrip('/')}/.well-known/openid-configuration"
        self._document = Published(lambda: self.address, lifetime_s, cooldown_s)
        self.keys = Published(lambda: self.endpoint("jwks_uri"), lifetime_s, cooldown_s)

    def document(self) -> dict[str, Any]:
        """The document, whose endpoints are all where they may be; ProviderMisbehaves otherwise."""
        found = self._document.get()
        if found.get("issuer") != self.config.issuer:
            raise ProviderMisbehaves("names another issuer")
        for name in ENDPOINTS:
            if not is_at_home(found.get(name), self.config):
                raise ProviderMisbehaves(f"has its {name} elsewhere")
        return found

    def endpoint(self, name: str) -> str:
        return str(self.document()[name])

    def offered(self, name: str) -> str:
        """An endpoint that a provider may have, or empty when it has none where it may be."""
        found = self.document().get(name)
        return str(found) if is_at_home(found, self.config) else ""

    def promises(self, name: str) -> bool:
        return self.document().get(name) is True


def is_at_home(url: object, config: IdentityProvider) -> bool:
    """Whether an endpoint lives where its issuer lives, or on a host that our own configuration names."""
    if not isinstance(url, str):
        return False
    try:
        there, here = urlsplit(url), urlsplit(config.issuer)
        place = _place(there)
    except ValueError:  # an address that can't be read leads nowhere
        return False
    if there.scheme != here.scheme or "@" in there.netloc or there.fragment:
        return False
    return place == _place(here) or there.netloc.lower() in config.endpoint_hosts


def _place(parts: SplitResult) -> tuple[str | None, int | None]:
    return parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def what_is_missing(document: Mapping[str, Any], config: IdentityProvider) -> list[str]:
    """Sentences on what the provider's own word says it can't do, of what the configuration asks of it."""
    asked = {
        "response_types_supported": ({"code"}, "the authorisation code flow"),
        "code_challenge_methods_supported": ({"S256"}, "PKCE with S256"),
        "token_endpoint_auth_methods_supported": ({config.client_auth_method}, config.client_auth_method),
        "scopes_supported": (set(config.scopes.split()), f"the scopes {config.scopes}"),
    }
    found = [
        f"It does not offer {what} ({name})."
        for name, (wanted, what) in asked.items()
        if isinstance(offered := document.get(name), list) and not wanted <= {str(each) for each in offered}
    ]
    signed = document.get("id_token_signing_alg_values_supported")
    if isinstance(signed, list) and not {str(each) for each in signed} & set(config.signing_algorithms):
        found.append("It signs ID tokens with none of the pinned signing_algorithms.")
    return found
