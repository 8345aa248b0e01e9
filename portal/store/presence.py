"""Who is at which plan: one document for a person and a plan, written while they are there, gone by itself after."""

import contextlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from pymongo.errors import DuplicateKeyError

from portal.domain.presence import Place, Presence
from portal.store.database import ONE_ANSWER, Database, Document
from portal.store.plans import keyed

# A page says every 15 seconds that it is still open; one that says nothing twice is taken to be closed.
STAYS = timedelta(seconds=40)


def keep(db: Database, plan_id: str, presence: Presence, wall: datetime) -> None:
    """Note where somebody is now; with several pages open, the one that spoke last counts."""
    facts = {"person": presence.person, "name": presence.name, **asdict(presence.place)}
    chosen = {"family": presence.family, "chose": presence.chose}
    change = {"$set": {"plan": plan_id, **facts, **chosen, "gone": wall + STAYS}}
    with contextlib.suppress(DuplicateKeyError):  # another page of theirs spoke in the same moment
        db["presence"].update_one(keyed(plan_id, f":{presence.person}"), change, upsert=True)


def leave(db: Database, plan_id: str, person: str) -> None:
    db["presence"].delete_one(keyed(plan_id, f":{person}"))


def choose(db: Database, plan_id: str, person: str, shown: bool) -> None:
    """Somebody who is there changes their mind on whether the others of the family see it."""
    db["presence"].update_one(keyed(plan_id, f":{person}"), {"$set": {"chose": shown}})


def at_plans(db: Database, authority: str, plan_ids: Iterable[str], wall: datetime) -> dict[str, tuple[Presence, ...]]:
    """Everybody at each of these plans of one authority, by name."""
    asked = {"authority": authority, "plan": {"$in": sorted(plan_ids)}, "gone": {"$gt": wall}}
    found: dict[str, list[Presence]] = {}
    for each in db["presence"].find(asked).batch_size(ONE_ANSWER):
        found.setdefault(each["plan"], []).append(_in(each))
    return {plan: tuple(sorted(there, key=lambda each: each.name)) for plan, there in found.items()}


def _in(document: Document) -> Presence:
    place = Place(document["section"], document["group"], document["item"], document["field"])
    return Presence(document["person"], document["name"], place, document["family"], document["chose"])
