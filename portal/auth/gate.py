"""Every route is closed: each declares the permission its operation checks, or stands on the short public list."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request, url_for
from flask_login import current_user
from werkzeug.exceptions import MethodNotAllowed, NotFound

from portal.auth.limit import Pace
from portal.config import Settings
from portal.domain.error import Refusal
from portal.domain.identifier import authority_of
from portal.domain.permission import Permission, could_open
from portal.domain.reasoned_reading import reads_only
from portal.store.database import Crowded
from portal.store.plans import MovedOn
from portal.web import current, security
from portal.web.errors import error_page
from portal.web.render import go, wants_json

View = TypeVar("View", bound=Callable[..., Any])
Rescue = Callable[[str, dict[str, Any]], bool]

PUBLIC = frozenset(
    {
        "static",
        "health.healthy",
        "sign_in.choose",
        "sign_in.begin",
        "sign_in.callback",
        "home.index",
        "home.help_page",
        "home.privacy",
        "home.accessibility",
        "home.words",
        "preferences.show",
        "preferences.this_browser",
        "receipts.checkpoints",
        "receipts.program",
        "calendar.feed",  # asked for by a calendar, which can't sign in: its address is the secret
    }
)
# Posted from elsewhere, without a session of ours: by a page of a provider's, which saves nothing here, and by
# the provider itself, whose signed token is the proof.
FROM_PROVIDERS = frozenset({"sign_in.begin_from_elsewhere", "sign_in.ended_there"})
SIGNED_ON = "signed_on"
# How what people say at length is named in the forms that keep nothing: reasons, remarks, what a school can't offer.
AT_LENGTH = ("reason", "word", "why", "note", "needs", "delay_reason", "address")
AGAIN_S = 5  # after which a save that many others came before is worth sending again
READERS_MAY_SEND = frozenset({"emergency.end"})


def needs(permission: Permission | str, rescue: Rescue | None = None, page: str = "") -> Callable[[View], View]:
    """Declare what a route needs: the permission its operation checks on the plan it loads, or only SIGNED_ON.

    `rescue` keeps the words of a form for the person whose token it carries, when the session is over;
    `page` is where they come back to, when that is not the form's own address.
    """

    def declare(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]  # a view carries what it declares
        view.page = page  # type: ignore[attr-defined]  # a view carries what it declares
        view.rescue = rescue  # type: ignore[attr-defined]  # a view carries what it declares
        return view

    return declare


def takes(largest: int) -> Callable[[View], View]:
    """Let a route's form hold a file: so many bytes in all, where every other form holds the few that words need."""

    def declare(view: View) -> View:
        view.largest = largest  # type: ignore[attr-defined]  # a view carries what it declares
        return view

    return declare


def register(app: Flask, settings: Settings) -> None:
    saves, reads = Pace(settings.save_limit), Pace(settings.read_limit)
    app.register_error_handler(Crowded, _crowded)
    app.register_error_handler(MovedOn, _crowded)

    @app.before_request
    def gate() -> Response | Any | None:
        if away := g.get("database_away"):
            raise away
        endpoint = request.endpoint
        if endpoint is None or endpoint in PUBLIC or endpoint in FROM_PROVIDERS:
            return None
        view = current_app.view_functions[endpoint]
        if not getattr(view, "needs", None):
            return error_page(403)
        unsafe = request.method in security.UNSAFE
        if unsafe and security.from_elsewhere():
            return error_page(403, ("This form did not come from one of our pages.",))
        largest = getattr(view, "largest", 0) if unsafe else 0
        if largest and (refused := _let_in(largest, view, saves)):
            return refused
        if unsafe and security.not_text():
            return error_page(400, ("What was sent is not text. Go back, and type it again.",))
        author = security.author_of_form() if unsafe else None
        if not current_user.is_authenticated:
            return _sign_in_first(view, author)
        pace = saves if unsafe else reads
        if not largest and (wait := pace.wait(current_user.actor.person, current.moment().wall)):
            return _too_fast(view, author, wait)
        if unsafe and author != current_user.actor.person:
            return _another_person(view, author)
        if endpoint in READERS_MAY_SEND:
            return None
        plan_id = _plan_id()
        if plan_id and not could_open(current_user.actor, plan_id):
            return error_page(404)
        if unsafe and plan_id and reads_only(current_user.actor, plan_id, authority_of(plan_id)):
            return error_page(403, ("You may read this plan for a short while, and change nothing in it.",))
        return None


def _crowded(_: Refusal) -> Response:
    """Too many saved the same plan at once: what was typed is kept as of somebody who saves too fast."""
    view = current_app.view_functions.get(request.endpoint or "")
    return _too_fast(view, security.author_of_form(), AGAIN_S) if hasattr(view, "needs") else _later(AGAIN_S)


def _plan_id() -> str:
    return str((request.view_args or {}).get("plan_id", ""))


def _let_in(largest: int, view: Any, saves: Pace) -> Any | None:
    """Let a form hold a file; or say why it is not even read.

    It is nobody's, comes too fast, or is for a plan that its sender can't open.
    """
    if not current_user.is_authenticated:
        return error_page(401, ("Sign in first.",)) if wants_json() else _to_sign_in(view)
    actor = current_user.actor
    if wait := saves.wait(actor.person, current.moment().wall):
        return _later(wait)
    if not could_open(actor, _plan_id()):
        return error_page(404)
    security.let_in(largest)
    return None


def _sign_in_first(view: Any, author: str | None) -> Any:
    """Keep what was typed for whoever typed it, then ask them to sign in and come back to it."""
    kept = _keep(view, author)
    if wants_json():
        return error_page(401, ("Sign in first.",))
    typed = _reasons(view)
    if typed and not kept:
        return error_page(
            403, ("You were signed out, and this was not sent. Copy your words, then sign in again:", *typed)
        )
    return _to_sign_in(view, kept)


def _to_sign_in(view: Any, kept: bool = False) -> Any:
    back = request.full_path.rstrip("?") if request.method == "GET" else page_of_form(view)
    return go(url_for("sign_in.choose", next=back, words="kept" if kept else None))


def _reasons(view: Any) -> tuple[str, ...]:
    """What was typed and has no draft of its own: its author copies it."""
    named = ("reason",) if view.rescue else AT_LENGTH
    return tuple(text for name, text in request.form.items() if name.startswith(named) and text.strip())


def _too_fast(view: Any, author: str | None, wait: int) -> Response:
    """Refused for some seconds. What was typed is kept for whoever typed it, or given back to copy."""
    said: tuple[str, ...] = ()
    if _keep(view, author):
        said = ("What was typed is kept, and stands in its form again.",)
    elif typed := _reasons(view):
        said = ("This was not sent. Copy your words, and send them again in a moment:", *typed)
    return _later(wait, said)


def _later(wait: int, said: tuple[str, ...] = ()) -> Response:
    """Come back in so many seconds."""
    response = error_page(429, said)
    response.headers["Retry-After"] = str(wait)
    return response


def _another_person(view: Any, author: str | None) -> Response:
    if author is None:
        return error_page(403, ("This form was open too long. Go back, copy your words, and open it again.",))
    kept = " Their words are kept for them." if _keep(view, author) else ""
    return error_page(403, (f"This form was opened by somebody else who was signed in here.{kept}",))


def _keep(view: Any, author: str | None) -> bool:
    """Whether the form's words are now kept for their author: only then may a page say so."""
    return bool(author and view.rescue and view.rescue(author, dict(request.view_args or {})))


def page_of_form(view: Any) -> str:
    """The page to come back to after a POST: its own address if that is a page, else the nearest above it."""
    if view.page:
        return url_for(view.page, **(request.view_args or {}))
    adapter = current_app.url_map.bind("")
    path = request.path
    while path.count("/") > 1:
        try:
            adapter.match(path, "GET")
        except (NotFound, MethodNotAllowed):
            path = path.rsplit("/", 1)[0]
        else:
            return path
    return "/"
