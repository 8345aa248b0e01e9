"""A council's own words for its letters: every version of each, added and read and never changed."""

from typing import Any

from pymongo.errors import DuplicateKeyError

from portal.domain.letter_template import Template, first
from portal.store.codec import mark_in, mark_out
from portal.store.database import Database, Document, Session


class SavedMeanwhile(Exception):
    """Somebody else saved the version of this number first."""


def add(db: Database, template: Template, session: Session) -> None:
    if template.by is None:
        raise ValueError("what is saved has an author")
    document = {
        **_place(template.authority, template.name, template.number),
        "name": template.name,
        "number": template.number,
        "parts": dict(template.parts),
        "by": mark_out(template.by),
    }
    try:
        db["letter_templates"].insert_one(document, session=session)
    except DuplicateKeyError as error:
        raise SavedMeanwhile from error


def newest(db: Database, authority: str, name: str) -> Template:
    """What the council says now; as it comes, where it has written nothing of its own."""
    query = {"authority": authority, "name": name}
    found = next(iter(db["letter_templates"].find(query).sort("number", -1).limit(1)), None)
    return _in(found) if found else first(authority, name)


def find(db: Database, authority: str, name: str, number: int) -> Template | None:
    """One version; None where there never was one of this number."""
    if number == 0:
        return first(authority, name)
    found = db["letter_templates"].find_one(_place(authority, name, number))
    return _in(found) if found else None


def earlier(db: Database, authority: str, name: str) -> list[Template]:
    """Every version that was saved, the newest first."""
    query = {"authority": authority, "name": name}
    return [_in(each) for each in db["letter_templates"].find(query).sort("number", -1)]


def _place(authority: str, name: str, number: int) -> Document:
    return {"authority": authority, "_id": f"{authority}:{name}:{number}"}


def _in(document: dict[str, Any]) -> Template:
    by = mark_in(document["by"])
    return Template(document["authority"], document["name"], document["number"], document["parts"], by)
