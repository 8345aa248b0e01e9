"""A whole cast and its parts put on record at once: done one by one, as people are given them, it takes longest of all.

Each row is as the operations leave it; tests/operations/test_people.py holds the two side by side.
"""

from collections.abc import Mapping, Sequence

from portal.domain.actor import WHOLE_CASELOAD, Grant
from portal.domain.identifier import new_person_id
from portal.store import caseload, pictures, plans
from portal.store import people as people_store
from portal.store.database import Database, Session


def known_at_once(db: Database, issuer: str, names: Mapping[str, str]) -> list[str]:
    """People an issuer has never vouched for before, as `people.signed_on` makes each known: their ids, in order.

    `names` are by their subjects.
    """
    facts = [{"issuer": issuer, "subject": subject, "name": name} for subject, name in names.items()]
    rows = [{"_id": new_person_id(), **each, "authorities": [], "standing": ""} for each in facts]
    db["people"].insert_many(rows)
    return [str(each["_id"]) for each in rows]


def give_at_once(db: Database, grants: Sequence[Grant]) -> None:
    """Give parts that nobody was given before, as `people.give` gives each, in one transaction for all."""

    def body(session: Session) -> None:
        db["grants"].insert_many([people_store.given(each) for each in grants], session=session)
        for authority in sorted({each.authority for each in grants}):
            theirs = [each.person for each in grants if each.authority == authority]
            people_store.belong(db, theirs, authority, session)
        on_plans = [each for each in grants if each.scope != WHOLE_CASELOAD]
        for each in {(each.scope, each.role): each for each in on_plans}.values():
            pictures.part_changed(db, each.authority, each.scope, each.role, each.since, session)
        _put_on_lists(db, on_plans, session)

    if grants:
        db.transaction(body)


def _put_on_lists(db: Database, grants: Sequence[Grant], session: Session) -> None:
    for plan_id in {each.scope for each in grants}:
        plans.touch(db, plan_id, session)
        plan = plans.load(db, plan_id, session)
        for each in grants:
            if each.scope == plan_id:
                caseload.add_reader(db, plan, caseload.reader_of(each), each.role, session)
