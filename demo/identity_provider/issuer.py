"""One issuer at work: its people, its client, and what it remembers for a while."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from demo.identity_provider.credentials import Credentials
from demo.identity_provider.issued import SCOPES, Client, IssuedCode, IssuedToken, SignOn
from demo.identity_provider.issuers import IssuerProfile
from demo.identity_provider.memory import ShortLived
from demo.identity_provider.people import Person

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
CODE_LIFETIME_S = 60
TOKEN_LIFETIME_S = 300
SIGN_ON_LIFETIME_S = 12 * 3600
CLAIMS = ("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash", "name")


@dataclass(frozen=True)
class Issuer:
    """Everything one issuer knows. Only `credentials` outlives the process."""

    profile: IssuerProfile
    url: str
    people: Mapping[str, Person]
    credentials: Credentials
    client: Client
    codes: ShortLived[IssuedCode] = field(default_factory=lambda: ShortLived(CODE_LIFETIME_S))
    tokens: ShortLived[IssuedToken] = field(default_factory=lambda: ShortLived(TOKEN_LIFETIME_S))
    sign_ons: ShortLived[SignOn] = field(default_factory=lambda: ShortLived(SIGN_ON_LIFETIME_S))
    seen_assertions: ShortLived[bool] = field(default_factory=lambda: ShortLived(2 * TOKEN_LIFETIME_S))

    @property
    def cookie_name(self) -> str:
        """Cookies take no notice of ports or of who set them, so each issuer has its own."""
        return f"demo_op_{self.profile.slug}"

    @property
    def client_origins(self) -> list[str]:
        parts = (urlsplit(each) for each in self.client.redirect_uris)
        return sorted({f"{each.scheme}://{each.netloc}" for each in parts})

    @property
    def keys(self) -> KeySet:
        return KeySet([self.credentials.signing_key])

    def find_client(self, client_id: str) -> Client | None:
        return self.client if client_id == self.client.client_id else None

    def sign_on(self, person: Person) -> SignOn:
        # The sid is also the cookie's value: a secret would guard nothing where anybody may be anybody.
        sign_on = SignOn(person, int(time.time()), secrets.token_urlsafe(24))
        self.sign_ons.put(sign_on.sid, sign_on)
        return sign_on

    def age_of(self, sign_on: SignOn) -> float:
        return time.time() - sign_on.auth_time

    def user_info(self, sign_on: SignOn, scope: str) -> dict[str, str]:
        named = {"name": sign_on.person.name} if "profile" in scope.split() else {}
        return {"sub": sign_on.person.key, **named}

    def logout_token(self, subject: str) -> str:
        """A signed word that somebody has signed out of all that they began here."""
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.client.client_id, "sub": subject, "iat": now, "exp": now + 120}
        claims |= {"jti": secrets.token_urlsafe(16), "events": {LOGOUT_EVENT: {}}}
        key = self.credentials.signing_key
        return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "logout+jwt"}, claims, key)

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        methods = ["client_secret_basic", "client_secret_post"] + ["private_key_jwt"] * (self.client.keys is not None)
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "end_session_endpoint": f"{self.url}/end-session",
            "jwks_uri": f"{self.url}/jwks",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": methods,
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "prompt_values_supported": ["none", "login", "select_account"],
            "acr_values_supported": [self.profile.acr],
            "claims_supported": list(CLAIMS),
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }
