"""This request's database, moment and person."""

from datetime import UTC, datetime
from typing import cast

from flask import current_app, g
from flask_login import current_user

from portal.config import Settings
from portal.domain.actor import Actor
from portal.domain.moment import Moment
from portal.store.database import Database, DatabaseError


def db() -> Database:
    return cast(Database, current_app.extensions["database"])


def settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def moment() -> Moment:
    """Now, the same for the whole request, to the millisecond that the store keeps."""
    if "moment" not in g:
        now = datetime.now(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        g.moment = Moment(product=now, wall=now)
    return cast(Moment, g.moment)


def actor() -> Actor:
    """The signed-on person; routes are closed to everybody else before they get here (auth/gate.py)."""
    return cast(Actor, current_user.actor)


def maybe_actor() -> Actor | None:
    try:
        return actor() if current_user.is_authenticated else None
    except DatabaseError:  # the page that says that the database is away is for nobody in particular
        return None
