"""The peer PyEve at its best: versioned plans with If-Match on the same mongod, with the index that it forgets."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, MongoClient
from pymongo.database import Database

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.plan import Plan
from portal.domain.standard import Field, FieldKind, SectionStandard

Document = dict[str, Any]
STAMPED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
NEW = {"_updated": STAMPED, "_created": STAMPED}
ROWS = ("reader", "due", "plan", "name", "state", "tasks")
LIST = (
    '/rows?where={"reader":"own"}&sort=due&max_results=50&projection={"plan":1,"name":1,"state":1,"tasks":1}'
).replace('"', "%22")


def create_app() -> Any:
    """Eve for one process, over the database that the environment names."""
    from eve import Eve  # only the measurements' own environment has it

    return Eve(settings=_settings(os.environ["BENCH_EVE_URI"]))


def _settings(uri: str) -> dict[str, Any]:
    texts = {f"section_{each.letter.lower()}": _validated(each) for each in EHC_PLAN.sections}
    plans = {
        "schema": {"_id": {"type": "string"}, "state": {"type": "string"}, **texts},
        "item_url": 'regex("[a-z0-9-]+")',
        "item_methods": ["GET", "PATCH"],
        "versioning": True,
        "mongo_write_concern": {"w": "majority"},
    }
    rows: dict[str, Any] = {"schema": {name: {} for name in ROWS}}
    return {
        "MONGO_URI": uri,
        "DOMAIN": {"plans": plans, "rows": rows},
        "RENDERERS": ["eve.render.JSONRenderer"],
        "HATEOAS": False,
        "PAGINATION_LIMIT": 100,
        "OPTIMIZE_PAGINATION_FOR_SPEED": True,
    }


def _validated(section: SectionStandard) -> Document:
    """What Eve checks of a section: the same kinds and lengths as the product's forms do."""
    fields = {each.name: RULES.get(each.kind, _text(each)) for group in section.groups for each in group.fields}
    return {"type": "dict", "valuesrules": {"type": "dict", "schema": fields}}


def _text(field: Field) -> Document:
    return {"type": "string", "maxlength": field.limit}


RULES: dict[FieldKind, Document] = {
    FieldKind.LINKS: {"type": "list", "schema": {"type": "string", "regex": "[0-9a-z-]{3,40}"}},
    FieldKind.AMOUNT: {"type": "dict"},
}
SECTIONS = ("A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K")


def document(plan: Plan) -> Document:
    """A plan as Eve keeps it: a field for each section, holding its items' words by id."""
    sections = {f"section_{letter.lower()}": words_of(plan, letter) for letter in SECTIONS}
    return {"_id": plan.id, "state": plan.state.value, **sections}


def words_of(plan: Plan, letter: str) -> Document:
    items = plan.sections[letter].content.items
    return {each.id: {name: slot.value for name, slot in each.slots.items()} for each in items}


class Filling:
    """Fills Eve's collections as Eve itself leaves them, without going through it a save at a time."""

    def __init__(self, client: MongoClient[Document], name: str) -> None:
        self.db: Database[Document] = client[name]
        self.db["plans_versions"].create_index([("_id_document", ASCENDING), ("_version", ASCENDING)])
        self.db["rows"].create_index([("reader", ASCENDING), ("due", ASCENDING)])

    def plan(self, versions: Iterable[Document]) -> str:
        """Insert a plan with all its versions, the last as it stands; answers its ETag."""
        stamped = list(_stamped(versions))
        self.db["plans_versions"].insert_many([_shadow(each) for each in stamped])
        self.db["plans"].insert_one({**stamped[-1], **NEW})
        return str(stamped[-1]["_etag"])

    def list_rows(self, count: int, own: int) -> None:
        """Rows of a caseload, the first `own` of them one reader's."""
        self.db["rows"].insert_many([{**_row(number, own), **NEW, "_etag": f"row-{number}"} for number in range(count)])


def _row(number: int, own: int) -> Document:
    """As much as the product's list says of a plan."""
    tasks = [{"kind": "write", "sections": ["B", "E", "F"], "due": None}]
    reader = "own" if number < own else f"reader-{number % 200}"
    facts = {"plan": f"plan-{number:06d}", "name": f"Child {number}", "state": "drafting", "tasks": tasks}
    return {"reader": reader, "due": f"2026-12-{number % 28 + 1:02d}", **facts}


def _stamped(versions: Iterable[Document]) -> Iterator[Document]:
    for number, each in enumerate(versions, 1):
        etag = hashlib.sha1(f"{each['_id']}:{number}".encode()).hexdigest()
        yield {**each, "_updated": STAMPED, "_version": number, "_etag": etag}


def _shadow(stamped: Document) -> Document:
    rest = {key: value for key, value in stamped.items() if key != "_id"}
    return {**rest, "_id_document": stamped["_id"]}
