"""Signing on at one provider: begun with PKCE, state and nonce kept on the server, ended with a checked ID token."""

import json
import math
import os
import secrets
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from portal.auth.id_token import Refused, UnknownKey, verify
from portal.auth.keys import TIMEOUT_S, ProviderUnreachable, Published, key_set, same_host
from portal.config import IdentityProvider
from portal.domain.moment import Moment
from portal.domain.text import has_forbidden, one_line
from portal.store import sessions
from portal.store.database import Database

LIFETIME_S = 600
UNNAMED = "Unnamed person"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True)
class SignedIn:
    """Whom the provider vouches for, and where they wanted to go."""

    issuer: str
    subject: str
    name: str
    auth_time: int
    acr: str
    id_token: str
    go_to: str


class Provider:
    """One OpenID Connect provider as this portal's client knows it."""

    def __init__(self, config: IdentityProvider, public_url: str) -> None:
        self.config = config
        self.redirect_uri = f"{public_url}/sign-in/{config.slug}/callback"
        lifetime = float(os.environ.get("PORTAL_JWKS_LIFETIME_S", "3600"))
        cooldown = float(os.environ.get("PORTAL_JWKS_COOLDOWN_S", "60"))
        self._metadata = Published(self._discovery_url, lifetime, cooldown)
        self._keys = Published(lambda: str(self.metadata()["jwks_uri"]), lifetime, cooldown)

    def _discovery_url(self) -> str:
        return f"{self.config.issuer.rstrip('/')}/.well-known/openid-configuration"

    def metadata(self) -> dict[str, Any]:
        """The provider's published endpoints, all on its own host; ProviderUnreachable otherwise."""
        found = self._metadata.get()
        if found.get("issuer") != self.config.issuer:
            raise ProviderUnreachable("names another issuer")
        for name in ENDPOINTS:
            if not same_host(str(found.get(name, "")), self.config.issuer):
                raise ProviderUnreachable(f"has its {name} elsewhere")
        return found

    def begin(self, db: Database, moment: Moment, go_to: str, again: bool = False) -> tuple[str, str]:
        """(the address to send the browser to, the state). `again` asks the person to prove who they are anew."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        kept = json.dumps({"slug": self.config.slug, "nonce": nonce, "verifier": verifier, "go_to": go_to})
        sessions.keep_sign_in(db, state, kept, moment.wall, LIFETIME_S)
        extra = {"prompt": "login", "max_age": "0"} if again else {}
        with self._client() as client:
            url, _ = client.create_authorization_url(
                self.metadata()["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
                **extra,
            )
        return url, state

    def finish(self, db: Database, moment: Moment, sent: dict[str, str]) -> SignedIn:
        """Whom the callback's code stands for; Refused for anything that is not exactly what was begun."""
        kept = self._take(db, moment, sent.get("state", ""))
        self._check_answer(sent)
        tokens = self._exchange(sent["code"], kept["verifier"])
        id_token = tokens.get("id_token")
        if not isinstance(id_token, str):
            raise Refused("there is no ID token")
        claims = self._verified(id_token, kept["nonce"], str(tokens.get("access_token", "")))
        return SignedIn(
            issuer=self.config.issuer,
            subject=claims["sub"],
            name=self._name(claims, tokens),
            auth_time=_seconds(claims.get("auth_time") or claims["iat"]),
            acr=str(claims.get("acr", "")),
            id_token=id_token,
            go_to=kept["go_to"],
        )

    def end_session_url(self, id_token: str, back_to: str) -> str:
        """Where to send a browser that signs out, or empty when the provider offers no such thing."""
        endpoint = str(self.metadata().get("end_session_endpoint", ""))
        if not endpoint or not same_host(endpoint, self.config.issuer):
            return ""
        asked = {
            "id_token_hint": id_token,
            "client_id": self.config.client_id,
            "post_logout_redirect_uri": back_to,
        }
        return str(add_params_to_uri(endpoint, list(asked.items())))

    def _client(self) -> OAuth2Session:
        config = self.config
        return OAuth2Session(
            config.client_id,
            config.client_secret,
            token_endpoint_auth_method=config.client_auth_method,
            scope=config.scopes,
            redirect_uri=self.redirect_uri,
            default_timeout=TIMEOUT_S,
        )

    def _take(self, db: Database, moment: Moment, state: str) -> dict[str, str]:
        """The record of what was begun, once: of two callbacks with one state only the first finds it."""
        found = sessions.take_sign_in(db, state, moment.wall)
        kept: dict[str, str] = json.loads(found) if found else {}
        if kept.get("slug") != self.config.slug:
            raise Refused("no sign-on was begun with this state")
        return kept

    def _check_answer(self, sent: dict[str, str]) -> None:
        if "error" in sent or not sent.get("code"):
            raise Refused("the provider did not give a code")
        promised = self.metadata().get("authorization_response_iss_parameter_supported") is True
        if (promised or "iss" in sent) and sent.get("iss") != self.config.issuer:
            raise Refused("the answer is from another issuer")  # RFC 9207, mix-up

    def _exchange(self, code: str, verifier: str) -> dict[str, Any]:
        try:
            with self._client() as client:
                tokens: dict[str, Any] = client.fetch_token(
                    self.metadata()["token_endpoint"],
                    code=code,
                    code_verifier=verifier,
                    allow_redirects=False,
                )
        except (OAuthError, AuthlibBaseError, requests.RequestException, ValueError) as error:
            raise Refused(f"the code was not exchanged ({type(error).__name__})") from None
        return tokens

    def _verified(self, id_token: str, nonce: str, access_token: str) -> dict[str, Any]:
        try:
            return verify(id_token, key_set(self._keys.get()), self.config, nonce, access_token)
        except UnknownKey:
            return verify(id_token, key_set(self._keys.get(fresh=True)), self.config, nonce, access_token)

    def _name(self, claims: dict[str, Any], tokens: dict[str, Any]) -> str:
        """What to call the person: the ID token's name, or userinfo's when it speaks of the same subject."""
        told = {} if isinstance(claims.get("name"), str) else self._userinfo(tokens)
        if told and told.get("sub") != claims["sub"]:
            raise Refused("userinfo speaks of somebody else")
        name = claims.get("name") or told.get("name")
        return one_line(name)[:200] if isinstance(name, str) and not has_forbidden(name) and name.strip() else UNNAMED

    def _userinfo(self, tokens: dict[str, Any]) -> dict[str, Any]:
        """What the provider tells of the person beyond the ID token; nothing when it tells nothing that can be read."""
        endpoint = str(self.metadata().get("userinfo_endpoint", ""))
        if not same_host(endpoint, self.config.issuer):
            return {}
        try:
            with self._client() as client:
                client.token = tokens
                told = client.get(endpoint, allow_redirects=False, timeout=TIMEOUT_S)
                facts = told.json() if told.status_code == 200 else {}
        except (AuthlibBaseError, requests.RequestException, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}


def _seconds(value: object) -> int:
    """The time of sign-on; Refused when it is none, since acts that ask for a fresh one hang on it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Refused("the time of sign-on is no time")
    return int(value)
