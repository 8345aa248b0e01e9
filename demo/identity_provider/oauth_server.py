"""Authlib's authorisation server, told where one issuer keeps its people, codes and tokens."""

# Authlib carries no type information: what comes from it is untyped here and in code_grant.py, nowhere else.

from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from authlib.oidc.core import UserInfoEndpoint
from authlib.oidc.rpinitiated import EndSessionEndpoint
from flask import Response
from joserfc.jwk import KeySet

from demo.identity_provider.code_grant import CodeGrant, IdToken, RequireS256
from demo.identity_provider.issued import Client, IssuedToken, SignOn
from demo.identity_provider.issuer import TOKEN_LIFETIME_S, Issuer

__all__ = ["IssuerServer", "OAuth2Error"]


class ClientKey(JWTBearerClientAssertion):
    """A client that proves itself by a signed statement (private_key_jwt) instead of a secret."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self.issuer = issuer

    def get_audiences(self) -> list[str]:
        return [self.issuer.url, f"{self.issuer.url}/token"]

    def validate_jti(self, claims: Any, jti: str) -> bool:
        return self.issuer.seen_assertions.put(jti, True)

    def resolve_client_public_key(self, client: Client) -> KeySet:
        return client.keys or KeySet([])


class TokenLookup(BearerTokenValidator):
    """Finds the access token that a userinfo request carries."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self.issuer = issuer

    def authenticate_token(self, token_string: str) -> IssuedToken | None:
        return self.issuer.tokens.get(token_string)


class UserInfo(UserInfoEndpoint):
    """The person's name again, for whoever holds their access token."""

    def generate_user_info(self, user: SignOn, scope: str) -> dict[str, str]:
        claims: dict[str, str] = self.server.issuer.user_info(user, scope)
        return claims


class EndSession(EndSessionEndpoint):
    """Signing off. Without an ID token the client's name and a registered address are enough here: the portal
    keeps no tokens, and an unwanted sign-off from a demonstration costs one click."""

    def get_server_jwks(self) -> KeySet:
        keys: KeySet = self.server.issuer.keys
        return keys

    def get_algorithms(self) -> list[str]:
        return ["RS256"]

    def is_post_logout_redirect_uri_legitimate(self, *_: Any) -> bool:
        return True

    def end_session(self, end_session_request: Any) -> None:
        sid = (end_session_request.id_token_claims or {}).get("sid", "")
        self.server.issuer.sign_ons.take(sid)


class IssuerServer(AuthorizationServer):
    """The endpoints of one issuer, with types for the pages that call them."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(query_client=issuer.find_client, save_token=self._keep_token)
        self.issuer = issuer
        self.load_config({"OAUTH2_TOKEN_EXPIRES_IN": {"authorization_code": TOKEN_LIFETIME_S}})
        self.register_grant(CodeGrant, [RequireS256(), IdToken(issuer)])
        self.register_client_auth_method("client_assertion_jwt", ClientKey(issuer))
        protector = ResourceProtector()
        protector.register_token_validator(TokenLookup(issuer))
        self.register_endpoint(UserInfo(resource_protector=protector))
        self.register_endpoint(EndSession)

    def _keep_token(self, token: dict[str, str], request: Any) -> None:
        kept = IssuedToken(request.authorization_code.code, token["scope"], request.client, request.user)
        self.issuer.tokens.put(token["access_token"], kept)

    def check_authorization(self, continuing: SignOn | None) -> Any:
        """The request that the page answers, or an OAuth2Error; `continuing` is who need not sign on again."""
        return self.get_consent_grant(end_user=continuing)

    def grant(self, checked: Any, sign_on: SignOn | None) -> Response:
        """Back to the client with a code, or with `access_denied` if nobody signed on."""
        response: Response = self.create_authorization_response(grant_user=sign_on, grant=checked)
        return response

    def refuse(self, error: OAuth2Error) -> Response:
        response: Response = self.handle_error_response(None, error)
        return response

    def token(self) -> Response:
        response: Response = self.create_token_response()
        return response

    def user_info(self) -> Response:
        response: Response = self.create_endpoint_response("userinfo")
        return response

    def end_session(self) -> Response | None:
        """To the registered address, or None when the request names none and a page must do."""
        checked = self.validate_endpoint_request("end_session")
        response: Response | None = self.create_endpoint_response("end_session", checked)
        return response
