"""Revisions: every saved change of every section, added and read and never changed."""

from collections.abc import Iterable, Mapping

from portal.domain.content import Content
from portal.domain.decision import Revision
from portal.domain.error import NotFound
from portal.domain.identifier import authority_of
from portal.domain.plan import Plan
from portal.store.codec import Document, content_in, content_out, mark_in, mark_out
from portal.store.database import Database, Session
from portal.store.plans import keyed

BLANK = 0


def id_of(plan_id: str, letter: str, number: int) -> str:
    return f"{plan_id}:{letter}:{number}"


def add(db: Database, plan: Plan, revisions: Iterable[Revision], session: Session) -> None:
    documents = [
        {
            "_id": id_of(plan.id, each.section, each.number),
            "authority": plan.authority,
            "plan": plan.id,
            "section": each.section,
            "number": each.number,
            "hash": each.hash,
            "by": mark_out(each.by),
            "agency_name": each.agency_name,
            "content": content_out(each.content),
        }
        for each in revisions
    ]
    if documents:
        db["section_revisions"].insert_many(documents, session=session)


def of_section(db: Database, plan_id: str, letter: str) -> list[Revision]:
    """Every saved change of a section, newest first; the blank revision 0 is not one."""
    found = db["section_revisions"].find(_under(plan_id, letter))
    revisions = [_revision_in(each) for each in found if each["number"] > BLANK]
    return sorted(revisions, key=lambda each: each.number, reverse=True)


def of_numbers(db: Database, plan_id: str, numbers: Mapping[str, Iterable[int]]) -> list[Revision]:
    """The revisions of these numbers, by section, in one question; in the order of section and number."""
    ids = [id_of(plan_id, letter, number) for letter, wanted in numbers.items() for number in wanted]
    query: Document = {"authority": authority_of(plan_id), "_id": {"$in": ids}}
    found = [_revision_in(each) for each in db["section_revisions"].find(query)] if ids else []
    return sorted(found, key=lambda each: (each.section, each.number))


def authors(db: Database, plan_id: str, numbers: Mapping[str, Iterable[int]]) -> set[tuple[str, str]]:
    """(section, person) for those who saved any of these revisions; no words are read."""
    ids = [id_of(plan_id, letter, number) for letter, wanted in numbers.items() for number in wanted]
    query: Document = {"authority": authority_of(plan_id), "_id": {"$in": ids}}
    shown = {"section": 1, "by.person": 1}
    found = list(db["section_revisions"].find(query, shown)) if ids else []
    return {(each["section"], each["by"]["person"]) for each in found}


def _under(plan_id: str, letter: str) -> Document:
    """The filter of a section's revisions: their ids share a beginning, and ";" follows ":"."""
    beginning = f"{plan_id}:{letter}"
    return {"authority": authority_of(plan_id), "_id": {"$gt": f"{beginning}:", "$lt": f"{beginning};"}}


def find(db: Database, plan_id: str, letter: str, number: int, session: Session | None = None) -> Revision:
    """One revision of a section; NotFound when it was never saved."""
    document = db["section_revisions"].find_one(keyed(plan_id, f":{letter}:{number}"), session=session)
    if document is None:
        raise NotFound("no such revision")
    return _revision_in(document)


def contents(db: Database, plan_id: str, numbers: Mapping[str, int]) -> dict[str, Content]:
    """What each section held at the revision given for it, by letter, in one question for what is not remembered.

    A revision never changes; of a plan that was destroyed nobody is let as far as this.
    """
    known = {letter: db.contents.recall(id_of(plan_id, letter, number)) for letter, number in numbers.items()}
    missing = {letter: [numbers[letter]] for letter, content in known.items() if content is None}
    for each in of_numbers(db, plan_id, missing):
        known[each.section] = db.contents.keep(id_of(plan_id, each.section, each.number), each.content)
    return {letter: content for letter, content in known.items() if content is not None}


def told_of(plan_id: str) -> Document:
    """The stage by which a question about a link brings the revision that it tells of, as `revision`."""
    told = {"$concat": [f"{plan_id}:", "$facts.section", ":", {"$toString": "$facts.revision"}]}
    match = {"authority": authority_of(plan_id), "$expr": {"$eq": ["$_id", "$$told"]}}
    return {
        "$lookup": {
            "from": "section_revisions",
            "let": {"told": told},
            "pipeline": [{"$match": match}],
            "as": "revision",
        }
    }


def remember(db: Database, document: Document) -> None:
    """Remember what a revision held, as `contents` does."""
    if db.contents.recall(document["_id"]) is None:
        db.contents.keep(document["_id"], content_in(document["content"]))


def _revision_in(document: Document) -> Revision:
    return Revision(
        document["section"],
        document["number"],
        content_in(document["content"]),
        bytes(document["hash"]),
        mark_in(document["by"]),
        document["agency_name"],
    )
