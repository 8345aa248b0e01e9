"""What an issuer knows and hands out, shaped the way Authlib asks for clients, codes and tokens."""

import hmac
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import KeySet

from demo.identity_provider.people import Person

SCOPES = ("openid", "profile")
SECRET_METHODS = frozenset({"client_secret_basic", "client_secret_post"})


@dataclass(frozen=True)
class SignOn:
    """One person at one issuer since one moment: Authlib's "user"."""

    person: Person
    auth_time: int
    sid: str


@dataclass(frozen=True)
class Client:
    """The portal as one issuer has registered it. It may also prove itself with a key, if `keys` holds one."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    keys: KeySet | None = None

    @property
    def client_metadata(self) -> dict[str, Any]:
        return {"post_logout_redirect_uris": list(self.post_logout_redirect_uris)}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: OpenID Connect asks for the address each time."""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(self.client_secret.encode(), client_secret.encode())

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in SECRET_METHODS or (method == "client_assertion_jwt" and self.keys is not None)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Unknown scopes are left out; without `openid` there would be no ID token, so that is refused."""
        asked = (scope or "").split()
        return " ".join(each for each in SCOPES if each in asked) if "openid" in asked else None


@dataclass(frozen=True)
class IssuedCode:
    """A one-use code and everything it is bound to."""

    code: str = field(repr=False)
    client_id: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str
    code_challenge_method: str
    sign_on: SignOn
    acr: str
    amr: tuple[str, ...]

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.sign_on.auth_time

    def get_acr(self) -> str:
        return self.acr

    def get_amr(self) -> list[str]:
        return list(self.amr)


@dataclass(frozen=True)
class IssuedToken:
    """An access token, good for the userinfo endpoint only."""

    code: str = field(repr=False)
    scope: str
    client: Client
    sign_on: SignOn

    def get_scope(self) -> str:
        return self.scope

    def get_client(self) -> Client:
        return self.client

    def get_user(self) -> SignOn:
        return self.sign_on

    def is_expired(self) -> bool:
        return False  # an expired or revoked token is no longer in the store

    def is_revoked(self) -> bool:
        return False
