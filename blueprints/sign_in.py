"""Choose an agency, sign on at its identity provider, sign out; and hear from a provider that somebody has."""

import logging
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import SIGNED_ON, needs
from portal.auth.keys import ProviderMisbehaves, ProviderUnreachable
from portal.auth.limit import is_too_often
from portal.auth.oidc import Provider
from portal.auth.session import (
    ACR,
    AUTH_TIME,
    ID_TOKEN,
    PROVIDER,
    SID,
    ServerSession,
    remember_begun,
    sign_on,
    sign_out,
)
from portal.auth.signed import Refused
from portal.domain.error import NotFound
from portal.operations import drafts, people, signing_out
from portal.store.logout_tokens import ObeyedBefore
from portal.web import current
from portal.web.errors import error_page
from portal.web.render import go, render

blueprint = Blueprint("sign_in", __name__)
log = logging.getLogger("portal.sign_in")
LONGEST_PATH = 500
LONGEST_HINT = 255
ANSWERED = ("code", "state", "iss", "error")
# What a page elsewhere may say when it begins a sign-on (OpenID Connect Core 4).
FROM_ELSEWHERE = ("iss", "login_hint", "target_link_uri")
NOT_SIGNED_ON = "We could not sign you in. Nothing has changed. Please try again."


@blueprint.get("/sign-in")
def choose() -> Response:
    """Four choices in people's words; each opens its providers."""
    providers = [each.config for each in _providers().values()]
    kept = request.args.get("words") == "kept"
    return render("sign_in/choose.html", providers=providers, next=_own_path(request.args.get("next", "")), kept=kept)


@blueprint.get("/sign-in/<slug>")
def begin(slug: str) -> BaseResponse:
    """Send the browser to the provider, whether one of our own pages or another party begins it."""
    provider = _provider(slug)
    if _too_often():
        return _wait()
    if request.args.get("iss", provider.config.issuer) != provider.config.issuer:
        return _refused(slug, "another issuer was named at the beginning")
    hint = request.args.get("login_hint", "")
    hint = hint if hint.isprintable() and len(hint) <= LONGEST_HINT else ""
    try:
        url, state = provider.begin(current.db(), current.moment(), _wanted(), hint=hint)
    except ProviderUnreachable as error:
        return _unreachable(slug, error)
    remember_begun(state)
    return go(url)


@blueprint.post("/sign-in/<slug>")
def begin_from_elsewhere(slug: str) -> BaseResponse:
    """The same for a page elsewhere that posts: nothing is done but to ask again as a reader would."""
    _provider(slug)
    said = {name: request.form[name] for name in FROM_ELSEWHERE if name in request.form}
    return go(url_for("sign_in.begin", slug=slug, **said))  # type: ignore[arg-type]  # words, not Flask's own options


@blueprint.get("/sign-in/<slug>/callback")
def callback(slug: str) -> BaseResponse:
    provider = _provider(slug)
    if _too_often():
        return _wait()
    sent = {name: request.args[name] for name in ANSWERED if name in request.args}
    try:
        if any(len(request.args.getlist(name)) > 1 for name in ANSWERED):
            raise Refused("the answer says something twice")
        if sent.get("state", "") not in session.get("states", []):
            raise Refused("this browser began no such sign-on")
        who = provider.finish(current.db(), current.moment(), sent)
    except ProviderUnreachable as error:
        return _unreachable(slug, error)
    except Refused as error:
        return _refused(slug, str(error))
    person = people.signed_on(current.db(), who.issuer, who.subject, who.name)
    facts = {AUTH_TIME: who.auth_time, ACR: who.acr, ID_TOKEN: who.id_token, PROVIDER: slug, SID: who.sid}
    sign_on(_session(), current.db(), person, facts)
    return go(who.go_to or _where_they_left_off(person) or url_for("worklist.index"))


@blueprint.post("/sign-in/<slug>/backchannel-logout")
def ended_there(slug: str) -> Response:
    """The provider says that somebody has signed out: their sessions here are over before it is answered."""
    provider = _provider(slug)
    if not provider.config.backchannel_logout:
        raise NotFound("this provider is not listened to")
    try:
        said = provider.signed_out(request.form.get("logout_token", ""))
        until = datetime.fromtimestamp(said.good_until, UTC)
        word = signing_out.Word(slug, provider.config.issuer, said.subject, said.sid, said.token_id, until)
        signing_out.obey(current.db(), word, current.moment())
    except (Refused, ObeyedBefore, ProviderMisbehaves) as error:
        log.warning("logout token of %s refused: %s", slug, error or "it was obeyed before")
        return _told("invalid_request", 400)
    except ProviderUnreachable as error:
        log.warning("identity provider %s %s", slug, error)
        return _told("temporarily_unavailable", 503)
    return Response(status=200)


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


def _where_they_left_off(person: str) -> str:
    """The address of the newest words of theirs that were typed and not saved; empty without any."""
    db, actor = current.db(), people.load_actor(current.db(), person, current.moment())
    draft = drafts.newest(db, actor) if actor else None
    if actor is None or draft is None:
        return ""
    if not drafts.may_go_on(db, actor, draft):
        return url_for("plans.show", plan_id=draft.plan)
    if draft.section == drafts.ADVICE:
        return url_for("advice_giving.write", plan_id=draft.plan, number=int(draft.group))
    if draft.section == drafts.TWIN:
        return url_for("twins.write", plan_id=draft.plan, letter=draft.group, tag=draft.item)
    if draft.section == drafts.REVIEW:
        return url_for(f"review.{draft.group}", plan_id=draft.plan)
    if not draft.section:
        return url_for("answers.show", plan_id=draft.plan, _anchor="field-words")
    place = {"plan_id": draft.plan, "letter": draft.section, "group": draft.group, "item": draft.item or drafts.NEW}
    field = f"field-{draft.typed_in}" if draft.typed_in else None
    return url_for("sections.edit", _anchor=field, **place)  # type: ignore[arg-type]  # words, not Flask's own options


def _providers() -> dict[str, Provider]:
    return cast(dict[str, Provider], current_app.extensions["providers"])


def _provider(slug: str) -> Provider:
    if slug not in _providers():
        raise NotFound("no such identity provider")
    return _providers()[slug]


def _session() -> ServerSession:
    # Flask's `session` is typed as what it stands for, not as the proxy that it is.
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]  # of the proxy


def _too_often() -> bool:
    return is_too_often(current.db(), current.settings(), request.remote_addr or "", current.moment())


def _wait() -> Response:
    response = error_page(429)
    response.headers["Retry-After"] = "60"
    return response


def _refused(slug: str, why: str) -> Response:
    log.warning("sign-on at %s refused: %s", slug, why)
    return error_page(403, (NOT_SIGNED_ON,))


def _unreachable(slug: str, error: ProviderUnreachable) -> Response:
    log.warning("identity provider %s %s", slug, error)
    if isinstance(error, ProviderMisbehaves):
        return error_page(403, (NOT_SIGNED_ON,))
    return error_page(503, ("The sign-in service of your agency does not answer. Please try again in a few minutes.",))


def _told(error: str, status: int) -> Response:
    """What a program at the provider is told (Back-Channel Logout 1.0, 2.8)."""
    response = jsonify({"error": error})
    response.status_code = status
    return response


def _wanted() -> str:
    """Where the person wants to go: a path of ours, or another party's whole address of one."""
    target = request.args.get("target_link_uri", "")
    here = current.settings().public_url
    return _own_path(request.args.get("next", "") or (target.removeprefix(here) if target.startswith(here) else ""))


def _own_path(path: str) -> str:
    """The path if it is a plain one of ours, else empty: nobody is sent off this site by a link."""
    try:
        parts = urlsplit(path)
    except ValueError:  # an address that can't be read is none of ours
        return ""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain and not parts.scheme and not parts.netloc and len(path) <= LONGEST_PATH else ""
