"""What we ask a provider without the browser: tokens for a code, and userinfo."""

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey, OKPKey

from portal.auth.json_object import NotAnObject, json_object
from portal.auth.keys import ProviderUnreachable, bound
from portal.auth.signed import Refused
from portal.config_providers import IdentityProvider, PrivateKey

BEARER = "bearer"
SIGNED_ANSWER = "application/jwt"


def client(config: IdentityProvider, redirect_uri: str, token_endpoint: str) -> OAuth2Session:
    """The portal as this provider's client, which proves itself as the provider's table says."""
    session = OAuth2Session(
        config.client_id,
        config.private_key or config.client_secret,
        token_endpoint_auth_method=config.client_auth_method,
        scope=config.scopes,
        redirect_uri=redirect_uri,
    )
    bound(session)
    if config.private_key:
        session.register_client_auth_method(
            PrivateKeyJWT(
                config.assertion_audience or token_endpoint,
                headers={"kid": config.private_key_id or config.private_key.thumbprint(), "typ": "JWT"},
                alg=config.assertion_algorithm or _usual_algorithm(config.private_key),
            )
        )
    session.register_compliance_hook("access_token_response", _strictly)
    return session


def exchange(session: OAuth2Session, token_endpoint: str, code: str, verifier: str) -> dict[str, Any]:
    """The tokens that a code is worth; Refused when it is worth none."""
    try:
        tokens = session.fetch_token(token_endpoint, code=code, code_verifier=verifier, allow_redirects=False)
    except (AuthlibBaseError, requests.RequestException, ValueError, TypeError) as error:
        raise Refused(f"the code was not exchanged ({type(error).__name__})") from None
    return dict(tokens)


def userinfo(endpoint: str, tokens: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """(what the provider tells, the same as it signed it): one of the two is empty, both when nothing can be read."""
    token, kind = tokens.get("access_token"), tokens.get("token_type", "")
    if not isinstance(token, str) or not isinstance(kind, str) or kind.lower() != BEARER:
        return {}, ""
    try:
        with requests.Session() as session:
            bound(session)
            answer = session.get(endpoint, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False)
        if answer.status_code != 200:
            return {}, ""
        if answer.headers.get("Content-Type", "").split(";")[0].strip().lower() == SIGNED_ANSWER:
            return {}, answer.content.decode("ascii")
        return json_object(answer.content), ""
    except (requests.RequestException, ProviderUnreachable, ValueError):
        return {}, ""


def _strictly(answer: requests.Response) -> requests.Response:
    """The answer of the token endpoint, unless it is one that two readers could read in two ways."""
    if answer.status_code == 200:
        try:
            json_object(answer.content)
        except NotAnObject as error:
            raise Refused(f"the token endpoint answered with what {error}") from None
    elif answer.status_code < 400:
        raise Refused("the token endpoint sent us elsewhere")
    return answer


def _usual_algorithm(key: PrivateKey) -> str:
    if isinstance(key, OKPKey):
        return "EdDSA"
    return {"P-256": "ES256", "P-384": "ES384"}[key.curve_name] if isinstance(key, ECKey) else "RS256"
