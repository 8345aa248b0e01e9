"""What somebody typed before they were sent to prove who they are: kept half an hour, given back once to them alone."""

import json
from collections.abc import Mapping

from portal.domain.moment import Moment
from portal.store import sessions
from portal.store.database import Database

KEPT_S = 30 * 60


def keep(db: Database, person: str, page: str, typed: Mapping[str, str], moment: Moment) -> None:
    """Keep a form's fields for whoever filled them in and for the page that they stood on: the newest ones."""
    sessions.keep_sign_in(db, _key(person, page), json.dumps(dict(typed)), moment.wall, KEPT_S)


def take(db: Database, person: str, page: str, moment: Moment) -> dict[str, str] | None:
    """Take them away again, once; None when nothing is kept for this person on this page, or not any longer."""
    found = sessions.take_sign_in(db, _key(person, page), moment.wall)
    typed: dict[str, str] | None = json.loads(found) if found else None
    return typed


def _key(person: str, page: str) -> str:
    return f"typed {person} {page}"
