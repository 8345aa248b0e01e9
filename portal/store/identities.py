"""Tokens by which a child is found: of an NHS number, a pupil number and beginnings of a surname, never in clear."""

from collections.abc import Iterator

from portal.domain.looked_for import LookedFor, keys_of
from portal.domain.plan import Child
from portal.store.codec import child_in
from portal.store.database import Database, Session
from portal.store.plans import keyed

MOST = 50


def keep(db: Database, plan_id: str, child: Child, session: Session | None = None) -> None:
    """Make a plan's child to be found; again, with other facts, by those alone."""
    tokens = sorted(bytes(db.sealing.token(each)) for each in keys_of(child))
    place = keyed(plan_id, ":identity")
    change = {"$set": {"plan": plan_id, "tokens": [db.sealing.as_token(each) for each in tokens]}}
    db["identities"].update_one(place, change, upsert=True, session=session)


def find(db: Database, authority: str, wanted: LookedFor, session: Session | None = None) -> list[str]:
    """The ids of an authority's plans whose child is found by this; of a surname more than were meant."""
    query = {"authority": authority, "tokens": {"$in": db.sealing.tokens(wanted.key)}}
    found = db["identities"].find(query, {"plan": 1}, session=session).sort("_id", 1).limit(MOST)
    return [each["plan"] for each in found]


def unfound(db: Database) -> Iterator[tuple[str, Child]]:
    """(id, child) of every plan that is kept and was made before children could be looked for."""
    for authority in db["plans"].distinct("authority"):
        known = {each["plan"] for each in db["identities"].find({"authority": authority}, {"plan": 1})}
        there = {"authority": authority, "destroyed": {"$exists": False}}
        for each in db["plans"].find(there, {"child": 1}).sort("_id", 1):
            if each["_id"] not in known:
                yield each["_id"], child_in(db.unseal(each["child"]))
