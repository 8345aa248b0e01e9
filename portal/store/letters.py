"""The letters sent about a plan, sealed: added and read and never changed; their PDFs stand among the documents."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.domain.error import NotFound
from portal.domain.letter import Letter, Piece
from portal.domain.letter_kind import LetterKind
from portal.store.codec import mark_in, mark_out
from portal.store.database import Database, Document, Session
from portal.store.plans import keyed, of_plan


def add(db: Database, plan_id: str, letter: Letter, session: Session) -> None:
    document: Document = {
        **keyed(plan_id, f":letter:{letter.number}"),
        "plan": plan_id,
        "number": letter.number,
        "kind": letter.kind.value,
        "on": letter.on.isoformat(),
        "about": letter.about,
        "made_from": list(letter.made_from),
        "by": mark_out(letter.by),
        "agency_name": letter.agency_name,
        "authority_name": letter.authority_name,
        "said": db.seal({"title": letter.title, "pieces": [each.value for each in letter.pieces]}),
        "salt": letter.salt,
    }
    db["letters"].insert_one(document, session=session)


def of_a_plan(db: Database, plan_id: str) -> list[Letter]:
    """Every letter of a plan, the newest first: there are few."""
    return [_in(db, each) for each in db["letters"].find(of_plan(plan_id)).sort("number", -1)]


def find(db: Database, plan_id: str, number: int) -> Letter:
    """One letter; NotFound where none of this number was sent."""
    found = db["letters"].find_one(keyed(plan_id, f":letter:{number}"))
    if found is None:
        raise NotFound("no such letter")
    return _in(db, found)


def told(db: Database, plan_id: str) -> tuple[int, frozenset[int]]:
    """(how many letters were sent, the entries of the chain that they tell of), without opening any."""
    found = list(db["letters"].find(of_plan(plan_id), {"about": 1}))
    return len(found), frozenset(int(each["about"]) for each in found)


def of_whole_plan(db: Database, plan_id: str) -> Iterator[Letter]:
    """Every letter of a plan, for checking."""
    for each in db["letters"].find(of_plan(plan_id)):
        yield _in(db, each)


def _in(db: Database, document: dict[str, Any]) -> Letter:
    said, (own, shared) = db.unseal(document["said"]), document["made_from"]
    return Letter(
        number=document["number"],
        kind=LetterKind(document["kind"]),
        on=date.fromisoformat(document["on"]),
        title=said["title"],
        pieces=tuple(Piece(each["shape"], tuple(each["lines"]), each["source"]) for each in said["pieces"]),
        about=document["about"],
        made_from=(own, shared),
        by=mark_in(document["by"]),
        agency_name=document["agency_name"],
        authority_name=document["authority_name"],
        salt=bytes(document["salt"]),
    )
