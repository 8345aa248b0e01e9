"""The authorisation code flow as Authlib runs it, over one issuer's codes, people and signing key."""

# Authlib carries no type information: what comes from it is untyped here and in oauth_server.py, nowhere else.

from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from joserfc.jwk import RSAKey

from demo.identity_provider.issued import Client, IssuedCode, SignOn
from demo.identity_provider.issuer import TOKEN_LIFETIME_S, Issuer


class CodeGrant(AuthorizationCodeGrant):
    """The authorisation code flow over the issuer's one-use codes."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post", "client_assertion_jwt"]

    @staticmethod
    def validate_authorization_redirect_uri(request: Any, client: Client) -> str:
        if not client.check_redirect_uri(request.payload.redirect_uri):
            raise InvalidRequestError("The address to return to is not one that is registered.")
        return str(request.payload.redirect_uri)

    def save_authorization_code(self, code: str, request: Any) -> None:
        asked, issuer = request.payload.data, self.server.issuer
        issued = IssuedCode(
            code=code,
            client_id=request.client.client_id,
            redirect_uri=asked["redirect_uri"],
            scope=request.scope,
            nonce=asked.get("nonce"),
            code_challenge=asked["code_challenge"],
            code_challenge_method=asked["code_challenge_method"],
            sign_on=request.user,
            acr=issuer.profile.acr,
            amr=issuer.profile.amr,
        )
        issuer.codes.put(code, issued)

    def query_authorization_code(self, code: str, client: Client) -> IssuedCode | None:
        # Taken before anything else is checked: a code that was tried wrongly, or by two at once, is spent.
        issued: IssuedCode | None = self.server.issuer.codes.take(code)
        if issued is None:
            # Used a second time, it may have been stolen: what it gave is taken back (RFC 6749, 4.1.2).
            self.server.issuer.tokens.discard(lambda token: token.code == code)
            return None
        return issued if issued.client_id == client.client_id else None

    def delete_authorization_code(self, authorization_code: IssuedCode) -> None:
        """Nothing is left to delete."""

    def authenticate_user(self, authorization_code: IssuedCode) -> SignOn:
        return authorization_code.sign_on


class RequireS256(CodeChallenge):
    """Proof of the code's owner, asked of every client and only in the strong form."""

    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        asked = grant.request.payload.data
        if not asked.get("code_challenge") or not asked.get("code_challenge_method"):
            raise InvalidRequestError("A code_challenge with the method S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):
    """ID tokens signed by the issuer's own key."""

    DEFAULT_EXPIRES_IN = TOKEN_LIFETIME_S

    def __init__(self, issuer: Issuer) -> None:
        super().__init__()
        self.issuer = issuer

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return False  # the person may go back and choose again; replays are the client's to refuse

    def resolve_client_private_key(self, client: Client) -> RSAKey:
        return self.issuer.credentials.signing_key

    def get_encode_header(self, client: Client) -> dict[str, str | None]:
        return {"alg": "RS256", "kid": self.issuer.credentials.signing_key.kid}

    def get_client_claims(self, client: Client) -> dict[str, Any]:
        return {"iss": self.issuer.url, "aud": client.client_id}

    def get_authorization_code_claims(self, authorization_code: IssuedCode) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_authorization_code_claims(authorization_code)
        return {**claims, "sid": authorization_code.sign_on.sid}

    def generate_user_info(self, user: SignOn, scope: str) -> dict[str, str]:
        return self.issuer.user_info(user, scope)
