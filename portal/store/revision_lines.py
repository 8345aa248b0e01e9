"""Revisions without their words: who saved each and when, and which issued versions print it."""

from dataclasses import dataclass

from portal.domain.content import Mark
from portal.domain.identifier import authority_of
from portal.store.codec import mark_in
from portal.store.database import Database
from portal.store.plans import of_plan
from portal.store.revisions import id_of


@dataclass(frozen=True)
class Line:
    """A revision in a list: its number, who saved it and when."""

    number: int
    by: Mark


def up_to(db: Database, plan_id: str, letter: str, last: int) -> list[Line]:
    """A section's saved changes up to the number `last`, newest first."""
    ids = [id_of(plan_id, letter, number) for number in range(1, last + 1)]
    wanted = {"number": 1, "by": 1}
    found = db["section_revisions"].find({"authority": authority_of(plan_id), "_id": {"$in": ids}}, wanted)
    return sorted((Line(each["number"], mark_in(each["by"])) for each in found), key=lambda each: -each.number)


def printed(db: Database, plan_id: str, letter: str) -> dict[int, list[int]]:
    """Which issued versions print each revision of a section: revision number to version numbers, oldest first."""
    wanted = {"number": 1, "sections.letter": 1, "sections.revision": 1}
    found: dict[int, list[int]] = {}
    for version in db["versions"].find(of_plan(plan_id), wanted).sort("number", 1):
        for each in version["sections"]:
            if each["letter"] == letter:
                found.setdefault(each["revision"], []).append(version["number"])
    return found
