"""How the cast can be reached: everybody by email, some by text or letter first, and some once a day."""

from collections.abc import Mapping

from portal.domain.contact import Contact, Way
from portal.store import contacts
from portal.store.database import Database

DOMAIN = "people.example"
# Numbers that Ofcom keeps for stories, and an address that there is not.
OWN: Mapping[str, dict[str, object]] = {
    "nadia-rahman": {"mobile": "+447700900123"},
    "emma-whitfield": {"mobile": "+447700900456", "first": Way.TEXT},
    "sharon-boyle": {"address": ("Sharon Boyle", "8 Tern Close", "Northmere", "ZZ99 3WZ"), "first": Way.LETTER},
    "maria-silva": {"daily": True},
    "robert-ainsley": {"daily": True},
}


def give(db: Database, known: Mapping[str, str]) -> None:
    """Keep a contact for everybody; `known` answers each person's key with their id (and key:name with their name)."""
    for key in (each for each in known if ":" not in each):
        facts: dict[str, object] = {"email": f"{key}@{DOMAIN}", **OWN.get(key, {})}
        contacts.keep(db, known[key], Contact(**facts))  # type: ignore[arg-type]  # a dataclass checks the names
