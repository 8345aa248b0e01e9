"""Revisions: every saved change of every section, added and read and never changed."""

from collections.abc import Iterable

from portal.domain.content import Content
from portal.domain.decision import Revision, Version
from portal.domain.error import NotFound
from portal.domain.plan import Plan
from portal.store.codec import Document, content_in, content_out, mark_in, mark_out
from portal.store.database import Database, Session
from portal.store.plans import keyed, of_plan

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
    query = {**of_plan(plan_id), "section": letter, "number": {"$gt": BLANK}}
    return [_revision_in(each) for each in db["section_revisions"].find(query).sort("number", -1)]


def find(db: Database, plan_id: str, letter: str, number: int, session: Session | None = None) -> Revision:
    """One revision of a section; NotFound when it was never saved."""
    document = db["section_revisions"].find_one(keyed(plan_id, f":{letter}:{number}"), session=session)
    if document is None:
        raise NotFound("no such revision")
    return _revision_in(document)


def contents(db: Database, plan_id: str, version: Version) -> dict[str, Content]:
    """The contents that a version prints, by letter, in one query."""
    ids = {id_of(plan_id, each.letter, each.revision): each.letter for each in version.sections}
    found = db["section_revisions"].find({"authority": plan_id.partition("-")[0], "_id": {"$in": list(ids)}})
    return {ids[each["_id"]]: content_in(each["content"]) for each in found}


def _revision_in(document: Document) -> Revision:
    return Revision(
        document["section"],
        document["number"],
        content_in(document["content"]),
        bytes(document["hash"]),
        mark_in(document["by"]),
        document["agency_name"],
    )
