"""Twins: every revision of each wording of a section, its check and its checkers; added and read and never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from portal.domain.content import Mark
from portal.domain.error import NotFound
from portal.domain.identifier import authority_of
from portal.domain.twin import Check, Part, Twin
from portal.store.codec import mark_in, mark_out
from portal.store.database import Database, Document, Session
from portal.store.plans import keyed, of_plan


def add(db: Database, plan_id: str, twin: Twin, session: Session) -> None:
    """Write one revision; of two at once that took the same number, the plan's own guard lets one be decided again."""
    said = {
        "parts": [_part_out(each) for each in twin.parts],
        "revision": twin.revision,
        "agency_name": twin.agency_name,
    }
    hashed = {"salt": twin.salt, "hash": twin.hash}
    db["twins"].insert_one({**_place(plan_id, twin), "by": mark_out(twin.by), **said, **hashed}, session=session)


def add_check(db: Database, plan_id: str, twin: Twin, check: Check, session: Session) -> None:
    said = {"agency_name": check.agency_name, "hash": check.hash, "statement": check.statement}
    db["twin_checks"].insert_one({**_place(plan_id, twin), "by": mark_out(check.by), **said}, session=session)


def name_checker(db: Database, plan_id: str, letter: str, tag: str, person: str, by: Mark, session: Session) -> None:
    place = {**keyed(plan_id, f":{letter}:{tag}:{person}"), "plan": plan_id, "section": letter, "tag": tag}
    db["twin_checkers"].insert_one({**place, "person": person, "by": mark_out(by)}, session=session)


def checkers(db: Database, plan_id: str, letter: str, tag: str) -> frozenset[str]:
    """The ids of the people whom the council has named for one wording of a section."""
    found = db["twin_checkers"].find({**of_plan(plan_id), "section": letter, "tag": tag}, {"person": 1})
    return frozenset(str(each["person"]) for each in found)


def newest(db: Database, plan_id: str, letter: str, tag: str) -> Twin | None:
    """The newest revision of one wording, with its check."""
    query = {**of_plan(plan_id), "section": letter, "tag": tag}
    return _with_checks(db, plan_id, list(db["twins"].find(query).sort("number", -1).limit(1))).get(tag)


def find(db: Database, plan_id: str, letter: str, tag: str, number: int) -> Twin:
    """One revision, with its check; NotFound when it was never written."""
    found = db["twins"].find_one(keyed(plan_id, f":{letter}:{tag}:{number}"))
    if found is None:
        raise NotFound("no such twin")
    return _with_checks(db, plan_id, [found])[tag]


def of_section(db: Database, plan_id: str, letter: str) -> dict[str, Twin]:
    """The newest revision of every wording of a section, by tag, each with its check."""
    found = db["twins"].aggregate(
        [
            {"$match": {**of_plan(plan_id), "section": letter}},
            {"$sort": {"tag": 1, "number": -1}},
            {"$group": {"_id": "$tag", "newest": {"$first": "$$ROOT"}}},
        ]
    )
    return _with_checks(db, plan_id, [each["newest"] for each in found])


def earlier(db: Database, plan_id: str, letter: str, tag: str) -> list[tuple[int, Mark]]:
    """(number, by whom and when) of every revision of one wording, newest first, without its words."""
    query = {**of_plan(plan_id), "section": letter, "tag": tag}
    found = db["twins"].find(query, {"number": 1, "by": 1}).sort("number", -1)
    return [(int(each["number"]), mark_in(each["by"])) for each in found]


def of_whole_plan(db: Database, plan_id: str) -> Iterator[Twin]:
    """Every revision of every twin of a plan, in no order, each with its check."""
    under = {"authority": authority_of(plan_id), "_id": {"$gt": f"{plan_id}:", "$lt": f"{plan_id};"}}
    checks = {each["_id"]: _check_in(each) for each in db["twin_checks"].find(under)}
    for each in db["twins"].find(of_plan(plan_id)):
        yield replace(_twin_in(each), check=checks.get(each["_id"]))


def _with_checks(db: Database, plan_id: str, found: list[Document]) -> dict[str, Twin]:
    if not found:
        return {}
    query: Document = {"authority": authority_of(plan_id), "_id": {"$in": [each["_id"] for each in found]}}
    checks = {each["_id"]: _check_in(each) for each in db["twin_checks"].find(query)}
    return {each["tag"]: replace(_twin_in(each), check=checks.get(each["_id"])) for each in found}


def _place(plan_id: str, twin: Twin) -> Document:
    place = keyed(plan_id, f":{twin.letter}:{twin.tag}:{twin.number}")
    return {**place, "plan": plan_id, "section": twin.letter, "tag": twin.tag, "number": twin.number}


def _part_out(part: Part) -> Document:
    said = {"words": part.words, "made_from": list(part.made_from), "revision": part.revision}
    return {"item": part.item, **said, "writer": part.writer}


def _part_in(document: Mapping[str, Any]) -> Part:
    made_from = tuple(document["made_from"])
    return Part(document["item"], document["words"], made_from, document["revision"], document["writer"])


def _twin_in(document: Mapping[str, Any]) -> Twin:
    return Twin(
        document["section"],
        document["tag"],
        document["number"],
        tuple(_part_in(each) for each in document["parts"]),
        document["revision"],
        mark_in(document["by"]),
        document["agency_name"],
        bytes(document["salt"]),
    )


def _check_in(document: Mapping[str, Any]) -> Check:
    by = mark_in(document["by"])
    return Check(by, document["agency_name"], bytes(document["hash"]), document["statement"])
