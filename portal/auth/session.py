"""Browser sessions kept in MongoDB: the cookie holds a random id, and the idle and absolute limits are wall time."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, g, request
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, login_user, logout_user
from werkzeug.datastructures import CallbackDict

from portal.config import Settings
from portal.domain.browser_session import Limits, device_of
from portal.domain.standing import Standing
from portal.store import people, sessions
from portal.store.database import Database, DatabaseError
from portal.web import current

log = logging.getLogger("portal.session")
AUTH_TIME, ACR, ID_TOKEN, PROVIDER, SID = "auth_time", "acr", "id_token", "provider", "sid"
DEVICE = "device"
OPEN_AT_ONCE = 5
# Asking how long a session has left is no sign of life, nor is listening (static/live.js).
TIME_LEFT, LIVE = "/sessions/time-left", "/live"
# A letter or a picture is nobody's: it asks for no session, and one that comes late is no sign of life either.
STATIC = "/static/"


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """A session's data; written back only when it changed."""

    def __init__(self, session_id: str, data: dict[str, Any], new: bool) -> None:
        super().__init__(data, on_update=ServerSession._changed)
        self.id, self.new, self.modified = session_id, new, False

    def _changed(self) -> None:
        self.modified = True

    def renew(self) -> str:
        """Take a new id, so that an id planted before sign-on is worth nothing; answers the old one."""
        old, self.id, self.new = self.id, sessions.new_session_id(), True
        self.clear()
        return old


class MongoSessions(SessionInterface):
    """Flask's session, found by the hash of the cookie's id. No cookie is set until there is something to keep."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db = db
        self.providers = {"", *(each.slug for each in settings.providers)}  # none before somebody has signed on
        self.limits = limits_of(settings)

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        session_id = "" if request.path.startswith(STATIC) else request.cookies.get(self.get_cookie_name(app), "")
        now = current.moment().wall
        try:
            found = sessions.find(self.db, session_id, *current.glance_stages(request)) if session_id else None
            if found is None or not self._is_live(found, now):
                return ServerSession(sessions.new_session_id(), {}, new=True)
            if not _is_by_itself(request):
                sessions.touch(self.db, found, now)
        except DatabaseError as error:
            # Raised again by the gate, where it becomes the page that says so: here Flask has no handler yet.
            g.database_away = error
            return ServerSession(sessions.new_session_id(), {}, new=True)
        g.stamp = found["standing"]
        g.beside, g.rows = found["beside"], found.get("rows")
        g.session_times = found["started"], found["seen"]
        return ServerSession(session_id, found["data"], new=False)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, ServerSession) or not session.modified or (session.new and not session):
            return
        try:
            sessions.keep(self.db, session.id, dict(session), current.moment().wall, self.limits.absolute)
        except DatabaseError as error:
            log.error("a session was not kept: %s", type(error).__name__)
            response.status_code = 503
            response.set_data("We can't keep you signed in just now. Please try again in a few minutes.\n")
            response.headers.pop("Location", None)
            return
        response.set_cookie(
            self.get_cookie_name(app),
            session.id,
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
        )
        response.vary.add("Cookie")

    def _is_live(self, found: dict[str, Any], now: datetime) -> bool:
        if found.get("ended") or found["data"].get(PROVIDER, "") not in self.providers:
            return False
        return self.limits.is_live(found["started"], found["seen"], now)


def _is_by_itself(request: Request) -> bool:
    """Whether nobody need sit before the page that asks: its person's session is not prolonged by it."""
    return request.path == TIME_LEFT or request.path.endswith(LIVE) or current.is_by_itself(request)


class SignedOn(UserMixin):
    """Flask-Login's user: an actor with the grants that are live at this request, and what names exactly these."""

    def __init__(self, standing: Standing, auth_time: int = 0, acr: str = "") -> None:
        wall = current.moment().wall
        self.id = standing.person
        self.actor = standing.actor(wall, auth_time, acr)
        self.look = standing.look
        self.wording = standing.wording
        started, _ = g.get("session_times", (wall, wall))
        self.standing = (*standing.at(wall), auth_time, acr, started)  # pages say when the session ends


def register(app: Flask, db: Database, settings: Settings) -> None:
    app.session_interface = MongoSessions(db, settings)
    manager = LoginManager()
    manager.session_protection = None  # our sessions are bound to nothing that a phone changes on its way home
    manager.init_app(app, add_context_processor=False)  # templates are given `actor`
    manager.user_loader(_loader(db))
    limits = limits_of(settings)

    @app.context_processor
    def ending() -> dict[str, object]:
        """When a page's session ends: unused, and in any case. Kept pages hang on it too (SignedOn.standing)."""
        started, _ = g.get("session_times", (None, None))
        return {"idle_minutes": settings.idle_minutes, "signed_in_until": started and started + limits.absolute}


def limits_of(settings: Settings) -> Limits:
    return Limits(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.absolute_hours))


def _loader(db: Database) -> Callable[[str], SignedOn | None]:
    def load(person_id: str) -> SignedOn | None:
        found = people.standing_by(db, person_id, g.get("stamp", ""))
        return SignedOn(found, int(flask_session.get(AUTH_TIME, 0)), str(flask_session.get(ACR, ""))) if found else None

    return load


def sign_on(session: ServerSession, db: Database, person_id: str, facts: dict[str, Any]) -> None:
    """Begin a fresh session for a person; whatever the browser had before is ended."""
    sessions.end(db, session.renew(), current.moment().wall)
    session.update({**facts, DEVICE: device_of(request.user_agent.string)})
    standing = people.standing(db, person_id)
    if standing:
        login_user(SignedOn(standing))


def remember_begun(state: str) -> None:
    """The browser that ends a sign-on must be the one that began it: of those it began, the newest are kept."""
    flask_session["states"] = [*flask_session.get("states", []), state][-OPEN_AT_ONCE:]


def sign_out(session: ServerSession, db: Database) -> None:
    logout_user()
    sessions.end(db, session.renew(), current.moment().wall)
