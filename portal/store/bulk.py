"""Many new plans at once: what the ledger would write one by one is gathered and sent a batch at a time.

Every document is made by the code that makes it for the ledger, so that what is written here verifies as any plan does.
For plans that are made up: nobody is told of them, and their PDFs are made where that is asked (`pdf_from`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.domain.actor import Grant
from portal.domain.decision import Decision
from portal.domain.identifier import authority_of
from portal.domain.plan import Plan
from portal.store import caseload, chain, identities, outbox, people, pictures, plans, revisions, turnarounds, versions
from portal.store.database import Database, Document, Session


class _Gathered:
    """One collection's documents that are to be written; it answers the few questions that the store's verbs ask."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}

    def insert_one(self, document: Document, **_: object) -> None:
        self.documents[document["_id"]] = document

    def insert_many(self, documents: Iterable[Document], **_: object) -> None:
        for each in documents:
            self.insert_one(each)

    def find_one(self, place: Mapping[str, Any], *_: object, **__: object) -> Document | None:
        return self.documents.get(place["_id"])

    def find(self, *_: object, **__: object) -> list[Document]:
        return []

    def update_one(self, place: Mapping[str, Any], change: Mapping[str, Any], **_: object) -> None:
        self.insert_one({**(self.find_one(place) or place), **change["$set"]})


class Bulk(Database):
    """Plans that are gathered by `save` and `end`, and written whole by `write`: all of them, or none."""

    def __init__(self, db: Database) -> None:
        self.__dict__.update(db.__dict__)  # the same connection and the same seals
        self._real = db
        self._gathered: defaultdict[str, _Gathered] = defaultdict(_Gathered)
        self._members: dict[str, str] = {}

    def __getitem__(self, collection: str) -> Any:
        return self._gathered[collection]

    def save(self, before: Plan, decision: Decision) -> Plan:
        """The plan once a decision is on its chain."""
        link = chain.link(before, decision)
        after = replace(decision.plan, sequence=link.sequence, head=link.hash)
        none: Any = None  # nothing is written yet, so there is no transaction
        chain.add(self, after, decision, link, none)
        revisions.add(self, after, decision.revisions, none)
        if decision.version:
            versions.add(self, after, decision.version, link.hash, none)
        return after

    def end(self, plan: Plan, grants: Iterable[Grant], blank: Plan, pdf_from: datetime | None = None) -> None:
        """The plan as it stands after all of it, with who has a part in it. Its PDFs are made from a moment on."""
        none: Any = None
        plans.insert(self, plan, none)
        caseload.begin(self, plan, none)
        identities.keep(self, plan.id, plan.child, none)
        turnarounds.refresh(self, blank, plan, none)
        said = dict.fromkeys((name for name, _ in pictures.FROM_PARTS.values()), "")
        for each in grants:
            self["grants"].insert_one(people.given(each))
            self._members[each.person] = each.authority
            caseload.add_reader(self, plan, caseload.reader_of(each), each.role, none)
            if each.role in pictures.FROM_PARTS:
                name, fact = pictures.FROM_PARTS[each.role]
                said[name] = str(getattr(each, fact))
        pictures.write(self, plan, said, none)
        for version in plan.versions if pdf_from else ():
            outbox.add_job(self, plan.id, outbox.PDF, version.number, none)
            self["jobs"].documents[f"{plan.id}:{outbox.PDF}:v{version.number}"]["leased_until"] = pdf_from

    def write(self) -> None:
        """Write what was gathered in one transaction, and forget it."""

        def body(session: Session) -> None:
            for name, gathered in self._gathered.items():
                if gathered.documents:
                    self._real[name].insert_many(list(gathered.documents.values()), session=session)
            for authority in set(self._members.values()):
                members = sorted(person for person, place in self._members.items() if place == authority)
                people.belong(self._real, members, authority, session)

        self._real.transaction(body)
        self._gathered.clear()
        self._members.clear()


def there(db: Database, plan_ids: list[str]) -> set[str]:
    """Which of these plans are there already."""
    authority = authority_of(plan_ids[0])
    found = db["plans"].find({"authority": authority, "_id": {"$in": plan_ids}}, {"_id": 1})
    return {str(each["_id"]) for each in found}


def stranger(db: Database, authority: str, ours: tuple[str, str]) -> bool:
    """Whether an authority has a plan whose id is not between these two."""
    first, last = ours
    query: Document = {"authority": authority, "$or": [{"_id": {"$lt": first}}, {"_id": {"$gt": last}}]}
    return db["plans"].find_one(query, {"_id": 1}) is not None
