"""Unsent words: one private draft for each person and item, given back to nobody but its author."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from portal.store.database import Database, Document, Session
from portal.store.plans import keyed, of_plan

KEPT = timedelta(days=30)
FEW = 5


@dataclass(frozen=True)
class Draft:
    """What was typed and is not saved: the raw fields, and the revision they were written against."""

    plan: str
    section: str
    group: str
    item: str  # empty while the item is being added
    fields: dict[str, list[str]]
    revision: int
    at: datetime
    typed_in: str = ""  # the part of the form in which something was typed last

    @property
    def place(self) -> str:
        return f":{self.section}:{self.group}:{self.item}"


def keep(db: Database, person: str, draft: Draft) -> None:
    """Keep the newest words of this person for this item."""
    document = {
        "plan": draft.plan,
        "person": person,
        "section": draft.section,
        "group": draft.group,
        "item": draft.item,
        "fields": [[name, values] for name, values in draft.fields.items()],
        "revision": draft.revision,
        "at": draft.at,
        "gone": draft.at + KEPT,
        "typed_in": draft.typed_in,
    }
    place = _place(draft.plan, person, draft.place)
    try:
        db["drafts"].update_one(place, {"$set": document}, upsert=True)
    except DuplicateKeyError:  # another tab made it meanwhile: these words are the newer ones
        db["drafts"].update_one(place, {"$set": document})


def find(db: Database, person: str, plan_id: str, section: str, group: str, item: str) -> Draft | None:
    """This person's unsent words for this item, if there are any."""
    found = db["drafts"].find_one(_place(plan_id, person, f":{section}:{group}:{item}"))
    return of_document(found) if found else None


def of_person(db: Database, person: str, plan_id: str) -> list[Draft]:
    """All of one person's unsent words in a plan."""
    mine = {**of_plan(plan_id), "person": person}
    return [of_document(each) for each in db["drafts"].find(mine)]


def newest(db: Database, person: str, authority: str) -> list[Draft]:
    """The last few of one person's unsent words in an authority's plans, the newest first."""
    found = db["drafts"].find({"authority": authority, "person": person}).sort("at", -1).limit(FEW)
    return [of_document(each) for each in found]


def drop(
    db: Database, person: str, plan_id: str, section: str, group: str, item: str, session: Session | None = None
) -> None:
    db["drafts"].delete_one(_place(plan_id, person, f":{section}:{group}:{item}"), session=session)


def _place(plan_id: str, person: str, place: str) -> Document:
    return keyed(plan_id, f":{person}{place}")


def of_document(document: dict[str, Any]) -> Draft:
    fields = {name: list(values) for name, values in document["fields"]}
    return Draft(
        document["plan"],
        document["section"],
        document["group"],
        document["item"],
        fields,
        document["revision"],
        document["at"],
        document.get("typed_in", ""),
    )
