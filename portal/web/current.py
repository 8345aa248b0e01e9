"""This request's database, moment and person, and the plan that they ask for."""

import re
from typing import Any, cast

from flask import Request, current_app, g, request
from flask_login import current_user

from portal.clock import Clock
from portal.config import Settings
from portal.domain.actor import Actor
from portal.domain.identifier import PLAN_ID
from portal.domain.moment import Moment
from portal.domain.permission import could_open
from portal.domain.reading import PlanReading
from portal.operations import plans
from portal.store import caseload, sessions
from portal.store.caseload import Asked, Place
from portal.store.database import Database, DatabaseError, Document
from portal.store.glance import DRAFTS, WHOLE, Glance, glance_of, stage
from portal.store.glance import glance as read_glance
from portal.web.render import wants_json

LIST = "/worklist"
# A plan's own page, its kept histories, and the addresses that an item's form is sent to.
PAST = r"(?P<past>/as-at/(?P<entry>\d{1,9})|/sections/\w+/history)"
ITEM = r"(?P<item>/sections/\w+/items/[\w-]+/[\w-]+(?:/draft)?)"
GLANCED = re.compile(rf"/plans/(?P<plan>{PLAN_ID.pattern})(?:{PAST}|{ITEM})?")


def db() -> Database:
    return cast(Database, current_app.extensions["database"])


def glance_stages(asked: Request) -> list[dict[str, Any]]:
    """What brings the glance at a plan, or a page of a list, with the session: the addresses that are asked most.

    It is not known yet who asks, so a plan is asked for only where whoever asked last in this browser might open it.
    """
    if asked.path == LIST:
        g.asked = db().asked.recall(_page_of_list())
        return caseload.stages(g.asked.questions) if g.asked else []
    found = GLANCED.fullmatch(asked.path)
    asker = db().askers.recall(_browser()) if found else None
    if not found or asker is None or not could_open(asker, found["plan"]):
        return []
    entry = 0 if db().visited.recall(asked.path) else int(found["entry"] or 0)
    g.asker = asker.person
    return [stage(found["plan"], asker.person, _beside(found), entry)]


def rows(place: Place, limit: int) -> list[Document]:
    """A page of the reader's list: as it came with the session, if it was asked for exactly who they are now."""
    guess: Asked | None = g.pop("asked", None)
    if guess and guess.standing == current_user.standing:
        return caseload.brought(g.pop("rows") or {}, limit)
    asked = Asked(current_user.standing, caseload.questions(actor(), limit, place))
    db().asked.keep(_page_of_list(), asked)
    return caseload.documents_for(db(), asked.questions, limit)


def _page_of_list() -> tuple[str, str]:
    """The browser and the page of its list: what it asked the last time is asked again, before it is known who asks."""
    return _browser(), request.full_path


def _browser() -> str:
    return sessions.key_of(request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], ""))


def _beside(asked: re.Match[str]) -> tuple[str, ...]:
    """What an answer hangs on beside the plan: a page says what its reader keeps, the past and JSON do not."""
    if asked["past"]:
        return ()
    if asked["item"]:
        return DRAFTS
    return () if wants_json() else WHOLE


def glance(plan_id: str) -> Glance:
    """The glance that came with the session, if it was asked for whoever is signed on; NotFound without a plan."""
    if g.pop("asker", None) != actor().person:  # from here on it comes with this browser's session
        db().askers.keep(_browser(), actor())
        return read_glance(db(), plan_id, actor().person, WHOLE)
    db().visited.keep(request.path, True)  # a page of the past is kept from here on, and asks no more for its entry
    return glance_of(db(), plan_id, next(iter(g.pop("beside")), None))


def open_plan(plan_id: str) -> PlanReading:
    """The plan as this person may read it, with the opening recorded. NotFound for a stranger."""
    return plans.open_plan(db(), actor(), plan_id, moment())


def is_by_itself(asked: Request) -> bool:
    """Whether an open page asks without anybody's doing: that is no sign of life, and nothing counts as read by it."""
    return "X-By-Itself" in asked.headers


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def moment() -> Moment:
    """Now, the same for the whole request."""
    if "moment" not in g:
        g.moment = clock().now()
    return cast(Moment, g.moment)


def clock() -> Clock:
    return cast(Clock, current_app.extensions["clock"])


def actor() -> Actor:
    """The signed-on person; routes are closed to everybody else before they get here (auth/gate.py)."""
    return cast(Actor, current_user.actor)


def maybe_actor() -> Actor | None:
    try:
        return actor() if current_user.is_authenticated else None
    except DatabaseError:  # the page that says that the database is away is for nobody in particular
        return None
