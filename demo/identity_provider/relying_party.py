"""A plain HTTP client that signs on the way the portal does, step by step: for tests and for measuring."""

import base64
import hashlib
import secrets
import tomllib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from demo.identity_provider import RunningProviders

PORTAL = "http://127.0.0.1:8000"


@dataclass
class SigningOn:
    """One sign-on at one issuer, step by step, with a browser's cookies."""

    issuer: str
    client_secret: str
    browser: requests.Session = field(default_factory=requests.Session)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def slug(self) -> str:
        return self.issuer.rpartition("/")[2]

    @property
    def callback(self) -> str:
        return f"{PORTAL}/sign-in/{self.slug}/callback"

    def request(self, **changes: str | None) -> dict[str, str]:
        """What the portal asks for; a parameter changed to None is left out."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked: dict[str, str | None] = {
            "response_type": "code",
            "client_id": "golden-thread",
            "redirect_uri": self.callback,
            "scope": "openid profile",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changes).items() if value is not None}

    def page(self, **changes: str | None) -> requests.Response:
        return self.browser.get(f"{self.issuer}/authorize", params=self.request(**changes), allow_redirects=False)

    def choose(self, person: str, **changes: str | None) -> requests.Response:
        return self.browser.post(
            f"{self.issuer}/authorize", params=self.request(**changes), data={"person": person}, allow_redirects=False
        )

    def code(self, person: str, **changes: str | None) -> str:
        return answer(self.choose(person, **changes))["code"]

    def redeem(self, code: str, **changes: str) -> requests.Response:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "code_verifier": self.verifier,
        }
        return requests.post(
            f"{self.issuer}/token", data=sent | changes, auth=("golden-thread", self.client_secret), timeout=5
        )

    def tokens(self, person: str, **changes: str | None) -> dict[str, Any]:
        response = self.redeem(self.code(person, **changes))
        response.raise_for_status()
        return dict(response.json())

    def claims(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """The ID token's claims, once its signature holds against the issuer's published keys."""
        keys = KeySet.import_key_set(requests.get(f"{self.issuer}/jwks", timeout=5).json())
        return dict(jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims)


def answer(response: requests.Response) -> dict[str, str]:
    """What the issuer told the client by redirecting the browser."""
    assert response.status_code in {302, 303}, response.text
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["Location"]).query).items()}


def signing_on(providers: RunningProviders, slug: str) -> SigningOn:
    configured = tomllib.loads(providers.config_text())["provider"]
    secret = next(each["client_secret"] for each in configured if each["slug"] == slug)
    return SigningOn(providers.issuer(slug), secret)
