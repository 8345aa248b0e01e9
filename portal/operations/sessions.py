"""Where somebody is signed in: see it, and end one session, all others, or every one of them."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.browser_session import Limits
from portal.domain.error import NotFound
from portal.domain.moment import Moment
from portal.store import sessions
from portal.store.database import Database, Document, Session


@dataclass(frozen=True)
class SignedInAt:
    """One browser in which a person is signed in. `handle` names it on a page; no cookie can be made from it."""

    handle: str
    device: str
    provider: str  # the slug of the identity provider
    started: datetime
    seen: datetime
    here: bool  # it is the browser that asks


def signed_in(db: Database, person: str, session_id: str, limits: Limits, moment: Moment) -> list[SignedInAt]:
    """A person's live sessions: the one that asks first, then as they were last used."""
    mine = [_signed_in(each, session_id) for each in sessions.of_person(db, person)]
    live = [each for each in mine if limits.is_live(each.started, each.seen, moment.wall)]
    return sorted(live, key=lambda each: (each.here, each.seen), reverse=True)


def end_one(db: Database, person: str, handle: str, moment: Moment) -> None:
    """End one of a person's own sessions; NotFound for what is nobody's, somebody else's, or over already."""
    found = [each["_id"] for each in sessions.of_person(db, person) if sessions.handle_of(each) == handle]
    if not found:
        raise NotFound("no such session")
    sessions.end_those(db, {"person": person, "_id": found[0]}, moment.wall)


def end_others(db: Database, person: str, session_id: str, moment: Moment) -> int:
    """End all of a person's sessions but the one that asks; answers how many there were."""
    others = {"person": person, "_id": {"$ne": sessions.key_of(session_id)}}
    return sessions.end_those(db, others, moment.wall)


def end_all(db: Database, person: str, moment: Moment, session: Session) -> int:
    """End every session of somebody who leaves, in the transaction that ends what they hold."""
    return sessions.end_those(db, {"person": person}, moment.wall, session)


def _signed_in(found: Document, session_id: str) -> SignedInAt:
    data = found["data"]
    return SignedInAt(
        sessions.handle_of(found),
        str(data.get("device", "")),
        str(data.get("provider", "")),
        found["started"],
        found["seen"],
        found["_id"] == sessions.key_of(session_id),
    )
