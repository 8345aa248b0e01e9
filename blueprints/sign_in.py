"""Choose an agency, sign on at its identity provider, sign out."""

import logging
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.auth.id_token import Refused
from portal.auth.keys import ProviderUnreachable
from portal.auth.oidc import Provider
from portal.auth.session import ACR, AUTH_TIME, ID_TOKEN, PROVIDER, ServerSession, sign_on, sign_out
from portal.domain.error import NotFound
from portal.operations import people
from portal.web import current
from portal.web.errors import error_page
from portal.web.render import go, render

blueprint = Blueprint("sign_in", __name__)
log = logging.getLogger("portal.sign_in")
OPEN_AT_ONCE = 5
LONGEST_PATH = 500


@blueprint.get("/sign-in")
def choose() -> Response:
    """Four choices in people's words; each opens its providers."""
    providers = [each.config for each in _providers().values()]
    kept = request.args.get("words") == "kept"
    return render("sign_in/choose.html", providers=providers, next=_own_path(request.args.get("next", "")), kept=kept)


@blueprint.get("/sign-in/<slug>")
def begin(slug: str) -> BaseResponse:
    provider = _provider(slug)
    try:
        go_to = _own_path(request.args.get("next", ""))
        url, state = provider.begin(current.db(), current.moment(), go_to)
    except ProviderUnreachable as error:
        return _unreachable(slug, error)
    # The browser that ends a sign-on must be the one that began it.
    session["states"] = [*session.get("states", []), state][-OPEN_AT_ONCE:]
    return go(url)


@blueprint.get("/sign-in/<slug>/callback")
def callback(slug: str) -> BaseResponse:
    provider = _provider(slug)
    sent = {name: request.args[name] for name in ("code", "state", "iss", "error") if name in request.args}
    try:
        if sent.get("state", "") not in session.get("states", []):
            raise Refused("this browser began no such sign-on")
        who = provider.finish(current.db(), current.moment(), sent)
    except ProviderUnreachable as error:
        return _unreachable(slug, error)
    except Refused as error:
        log.warning("sign-on at %s refused: %s", slug, error)
        return error_page(403, ("We could not sign you in. Nothing has changed. Please try again.",))
    person = people.signed_on(current.db(), who.issuer, who.subject, who.name)
    facts = {AUTH_TIME: who.auth_time, ACR: who.acr, ID_TOKEN: who.id_token, PROVIDER: slug}
    sign_on(_session(), current.db(), person, facts)
    return go(who.go_to or url_for("worklist.index"))


@blueprint.post("/sign-out")
@needs(SIGNED_ON)
def leave() -> BaseResponse:
    """End the session here, then at the provider when it offers that."""
    slug, id_token = session.get(PROVIDER, ""), session.get(ID_TOKEN, "")
    sign_out(_session(), current.db())
    home = f"{current.settings().public_url}/"
    try:
        url = _provider(slug).end_session_url(id_token, home)
    except (NotFound, ProviderUnreachable):
        url = ""
    response = go(url or home)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _providers() -> dict[str, Provider]:
    return cast(dict[str, Provider], current_app.extensions["providers"])


def _provider(slug: str) -> Provider:
    if slug not in _providers():
        raise NotFound("no such identity provider")
    return _providers()[slug]


def _session() -> ServerSession:
    # Flask's `session` is typed as what it stands for, not as the proxy that it is.
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]


def _unreachable(slug: str, error: ProviderUnreachable) -> Response:
    log.warning("identity provider %s %s", slug, error)
    return error_page(503, ("The sign-in service of your agency does not answer. Please try again in a few minutes.",))


def _own_path(path: str) -> str:
    """The path if it is a plain one of ours, else empty: nobody is sent off this site by a link."""
    try:
        parts = urlsplit(path)
    except ValueError:  # an address that can't be read is none of ours
        return ""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain and not parts.scheme and not parts.netloc and len(path) <= LONGEST_PATH else ""
