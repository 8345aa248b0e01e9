"""Signing on at one provider: begun with PKCE, state and nonce kept on the server, ended with a checked ID token."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import KeySet

from portal.auth import back_channel, id_token, logout_token
from portal.auth.claims import check_required, lacks, name_of, verify_userinfo
from portal.auth.id_token import Asked, is_subject
from portal.auth.keys import key_set
from portal.auth.logout_token import SignedOut
from portal.auth.metadata import Metadata
from portal.auth.signed import Refused, UnknownKey
from portal.config import Settings
from portal.config_providers import IdentityProvider
from portal.domain.moment import Moment
from portal.store import sessions
from portal.store.database import Database

LIFETIME_S = 600
T = TypeVar("T")


@dataclass(frozen=True)
class SignedIn:
    """Whom the provider vouches for, and where they wanted to go.

    `auth_time` is in seconds since 1970, 0 when the provider does not say when they proved who they are.
    """

    issuer: str
    subject: str
    name: str
    auth_time: int
    acr: str
    sid: str
    id_token: str
    go_to: str


def providers_of(settings: Settings) -> dict[str, "Provider"]:
    """The providers that people may sign on at, by slug."""
    lifetimes = settings.jwks_lifetime_s, settings.jwks_cooldown_s
    return {each.slug: Provider(each, settings.public_url, *lifetimes) for each in settings.providers}


class Provider:
    """One OpenID Connect provider as this portal's client knows it."""

    def __init__(
        self, config: IdentityProvider, public_url: str, lifetime_s: float = 3600, cooldown_s: float = 60
    ) -> None:
        self.config = config
        self.redirect_uri = f"{public_url}/sign-in/{config.slug}/callback"
        self.metadata = Metadata(config, lifetime_s, cooldown_s)

    def begin(self, db: Database, moment: Moment, go_to: str, again: bool = False, hint: str = "") -> tuple[str, str]:
        """(the address to send the browser to, the state). `again` asks the person to prove who they are anew."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        max_age = 0 if again else self.config.max_age
        asked = {"nonce": nonce, "begun": int(moment.wall.timestamp()), "max_age": max_age}
        kept = {"slug": self.config.slug, "asked": asked, "verifier": verifier, "go_to": go_to}
        extra = {**self.config.request, **({"prompt": "login"} if again else {})}
        if max_age is not None:
            extra["max_age"] = str(max_age)
        if hint:
            extra["login_hint"] = hint
        endpoint = self.metadata.endpoint("authorization_endpoint")
        sessions.keep_sign_in(db, state, json.dumps(kept), moment.wall, LIFETIME_S)
        with self._client() as client:
            url, _ = client.create_authorization_url(
                endpoint,
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
        with self._client() as client:
            endpoint = self.metadata.endpoint("token_endpoint")
            tokens = back_channel.exchange(client, endpoint, sent["code"], kept["verifier"])
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise Refused("there is no ID token")
        asked, beside = Asked(**kept["asked"]), {"at_hash": str(tokens.get("access_token", "")), "c_hash": sent["code"]}
        claims = self._with_keys(lambda keys: id_token.verify(token, keys, self.config, asked, beside))
        told = {**self._userinfo(claims, tokens), **claims}
        check_required(told, self.config)
        return SignedIn(
            issuer=self.config.issuer,
            subject=claims["sub"],
            name=name_of(told, self.config),
            auth_time=int(claims.get("auth_time", 0)),
            acr=str(claims.get("acr", "")),
            sid=claims["sid"] if is_subject(claims.get("sid")) else "",
            id_token=token,
            go_to=kept["go_to"],
        )

    def signed_out(self, token: str) -> SignedOut:
        """Whose session the provider says is over; Refused for anything but its own good word."""
        return self._with_keys(lambda keys: logout_token.verify(token, keys, self.config))

    def end_session_url(self, token: str, back_to: str) -> str:
        """Where to send a browser that signs out, or empty when the provider offers no such thing."""
        endpoint = self.metadata.offered("end_session_endpoint") if self.config.logout_at_provider else ""
        if not endpoint:
            return ""
        asked = {
            "id_token_hint": token,
            "client_id": self.config.client_id,
            "post_logout_redirect_uri": back_to,
        }
        return str(add_params_to_uri(endpoint, [(name, value) for name, value in asked.items() if value]))

    def _client(self) -> Any:
        return back_channel.client(self.config, self.redirect_uri, self.metadata.endpoint("token_endpoint"))

    def _take(self, db: Database, moment: Moment, state: str) -> dict[str, Any]:
        """The record of what was begun, once: of two callbacks with one state only the first finds it."""
        found = sessions.take_sign_in(db, state, moment.wall)
        kept: dict[str, Any] = json.loads(found) if found else {}
        if kept.get("slug") != self.config.slug:
            raise Refused("no sign-on was begun with this state")
        return kept

    def _check_answer(self, sent: dict[str, str]) -> None:
        if "error" in sent or not sent.get("code"):
            raise Refused("the provider did not give a code")
        promised = self.metadata.promises("authorization_response_iss_parameter_supported")
        if (promised or "iss" in sent) and sent.get("iss") != self.config.issuer:
            raise Refused("the answer is from another issuer")  # RFC 9207, mix-up

    def _with_keys(self, check: Callable[[KeySet], T]) -> T:
        try:
            return check(key_set(self.metadata.keys.get()))
        except UnknownKey:
            return check(key_set(self.metadata.keys.get(fresh=True)))

    def _userinfo(self, claims: dict[str, Any], tokens: dict[str, Any]) -> dict[str, Any]:
        """What the provider tells of the person beyond the ID token; Refused when it speaks of somebody else."""
        wanted = self.config.userinfo == "always" or (
            self.config.userinfo == "when_needed" and lacks(claims, self.config)
        )
        endpoint = self.metadata.offered("userinfo_endpoint") if wanted else ""
        if not endpoint:
            return {}
        told, signed = back_channel.userinfo(endpoint, tokens)
        if signed:
            told = self._with_keys(lambda keys: verify_userinfo(signed, keys, self.config))
        if told and told.get("sub") != claims["sub"]:
            raise Refused("userinfo speaks of somebody else")
        return told
