"""The third migration: revisions, links and worklists of an older database are carried over whole, killed or not."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from pymongo.database import Database as Raw

from demo.mongod import EmbeddedMongod
from portal.domain.actor import Actor, Grant, Role
from portal.domain.identifier import random_id
from portal.domain.state import PlanState
from portal.domain.turn import Task, TaskKind
from portal.store import caseload, migrations, users
from portal.store.caseload_row import NO_DATE, NO_TASK, URGENT_NO_DATE
from portal.store.database import Database
from tests.conftest import uri_of
from tests.world import MASTER_KEY, PASSWORDS, World

Document = dict[str, Any]
AT = datetime(2026, 3, 3, tzinfo=UTC)
PLANS = [f"{authority}-{number:016d}" for authority in ("nmr", "sfl") for number in range(3)]
# What happened to each plan, one entry after another: the section that was changed, or nothing that made a revision.
LIFE = ["", "A", "B", "", "A", "A", "H1", "", "B"]
STOOD = [
    {},
    {"A": 1},
    {"A": 1, "B": 1},
    {"A": 1, "B": 1},
    {"A": 2, "B": 1},
    {"A": 3, "B": 1},
    {"A": 3, "B": 1, "H1": 1},
    {"A": 3, "B": 1, "H1": 1},
    {"A": 3, "B": 2, "H1": 1},
]
WRITE, SIGN = (Document(kind=kind, letters=["B", "E"], due="", opens="") for kind in ("write", "sign"))
ANSWER = Document(kind="answer", letters=[], due="2026-03-17", opens="")
OPENS = Document(kind="finalise", letters=[], due="", opens="2026-03-18")
# reader, roles, tasks, the date that an older portal kept, and the one by which the row stands now
ROWS: list[tuple[str, list[str], list[Document], str, str]] = [
    ("young-person-1", ["young_person"], [ANSWER, WRITE], "2026-03-17", "2026-03-17"),
    ("role:sen_manager", ["sen_manager"], [OPENS], "2026-03-18", "2026-03-18"),
    ("therapist-1", ["health_contributor", "sen_caseworker"], [WRITE, SIGN], NO_TASK, URGENT_NO_DATE),
    ("therapist-2", ["health_contributor"], [WRITE], NO_TASK, NO_DATE),
    ("role:auditor", ["auditor"], [], NO_TASK, NO_TASK),
]


def module_of(number: int) -> ModuleType:
    path = migrations.files()[number - 1]
    module = migrations.module_of(path)
    return module


@pytest.fixture
def older(mongod: EmbeddedMongod) -> Iterator[Database]:
    """A database as the first two migrations left it, with what an older portal had written there."""
    name = f"test_{random_id(8)}"
    users.create_users(mongod.uri("root"), name, PASSWORDS)
    where = f"127.0.0.1:{mongod.port}/?replicaSet=rs0&authSource={name}"
    made = Database(f"mongodb://migrator:{PASSWORDS['migrator']}@{where}", name, MASTER_KEY)
    for number in (1, 2):
        module_of(number).migrate(raw(made))
    made.sealing.make_keys()
    fill(made)
    yield made
    made.close()


def raw(db: Database) -> Raw[Document]:
    return db.client[db.name]


def fill(db: Database) -> None:
    for plan in PLANS:
        here = {"authority": plan[:3], "plan": plan}
        numbers: dict[str, int] = {}
        for sequence, section in enumerate(LIFE, 1):
            if section:
                numbers[section] = numbers.get(section, 0) + 1
                revision = {"section": section, "number": numbers[section], "hash": b"hash", "content": {"items": []}}
                place = {"_id": f"{plan}:{section}:{numbers[section]}"}
                db["section_revisions"].insert_one({**place, **here, **revision, "words": random_id(16)})
            kind, number = "section_edited" if section else "section_signed", numbers.get(section or "A", 0)
            facts = {"kind": kind, "section": section or "A", "revision": number}
            link = {"sequence": sequence, "kind": kind, "at": AT, "previous": b"", "hash": b"hash"}
            db["chain"].insert_one({"_id": f"{plan}:{sequence}", **here, **link, "facts": facts})
        for reader, roles, tasks, due, _ in ROWS:
            row = {"_id": f"{plan}:{reader}", **here, "reader": reader, "roles": roles, "due": due, "tasks": tasks}
            child = db.seal({"name": "Amira Rahman", "called": "Amira"})
            db["caseload"].insert_one({**row, "state": "drafting", "child": child})


def content(db: Database) -> dict[str, list[Document]]:
    names = ("section_revisions", "chain", "caseload")
    return {name: sorted(raw(db)[name].find(), key=lambda each: str(each["_id"])) for name in names}


def without(documents: list[Document], *names: str) -> list[Document]:
    return [{name: value for name, value in each.items() if name not in names} for each in documents]


def must_be_carried_over(db: Database, before: dict[str, list[Document]]) -> None:
    after = content(db)
    assert {name: len(found) for name, found in after.items()} == {
        "section_revisions": len(PLANS) * 6,
        "chain": len(PLANS) * len(LIFE),
        "caseload": len(PLANS) * len(ROWS),
    }
    assert after["section_revisions"] == before["section_revisions"]
    assert without(after["chain"], "revisions") == before["chain"]
    for plan in PLANS:
        links = sorted((each for each in after["chain"] if each["plan"] == plan), key=lambda each: each["sequence"])
        assert [each["revisions"] for each in links] == STOOD
    kept = ("_id", "authority", "plan", "reader", "child")
    for old, new in zip(before["caseload"], after["caseload"], strict=True):
        assert {name: new[name] for name in kept} == {name: old[name] for name in kept}
        assert set(new) == {*kept, "said", "due"}
    (found,) = raw(db).list_collections(filter={"name": "section_revisions"})
    assert found["options"]["clusteredIndex"]["unique"]
    assert found["options"]["validator"]["$jsonSchema"]["required"]
    assert "section_revisions_new" not in raw(db).list_collection_names()


def must_read_as_before(db: Database) -> None:
    """The portal's own reading of each row gives the tasks that the older one had written there."""
    for reader, roles, tasks, _, due in ROWS:
        role = reader.removeprefix("role:")
        scopes = ["authority"] if role != reader else PLANS[:3]
        grants = [
            Grant(reader, "Rosa Lind", "an-agency", "An agency", Role(each), "nmr", scope, AT)
            for each in roles
            for scope in scopes
        ]
        rows = caseload.rows_for(db, Actor(reader, "Rosa Lind", "", "", tuple(grants)))
        assert [each.plan for each in rows] == PLANS[:3]
        for row in rows:
            assert (row.name, row.called, row.state, row.place.due) == (
                "Amira Rahman",
                "Amira",
                PlanState.DRAFTING,
                due,
            )
            assert [task_out(each) for each in row.tasks] == tasks


def task_out(task: Task) -> Document:
    due, opens = (each.isoformat() if each else "" for each in (task.due, task.opens))
    return {"kind": TaskKind(task.kind).value, "letters": list(task.letters), "due": due, "opens": opens}


def test_everything_an_older_portal_wrote_is_carried_over_and_reads_as_before(older: Database) -> None:
    before = content(older)
    module_of(3).migrate(raw(older))
    must_be_carried_over(older, before)
    must_read_as_before(older)


def test_run_again_it_changes_nothing(older: Database) -> None:
    before = content(older)
    module_of(3).migrate(raw(older))
    first, indexes = content(older), raw(older)["section_revisions"].index_information()
    module_of(3).migrate(raw(older))
    assert content(older) == first
    assert raw(older)["section_revisions"].index_information() == indexes
    must_be_carried_over(older, before)


class Killed(Exception):
    """The process ended here."""


class Dying:
    """A database that works for so many calls, and then the process ends."""

    def __init__(self, inner: Any, left: list[int]) -> None:
        self._inner, self._left = inner, left

    def __getitem__(self, name: str) -> "Dying":
        return Dying(self._inner[name], self._left)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if self._left[0] == 0:
                raise Killed
            self._left[0] -= 1
            return getattr(self._inner, name)(*arguments, **options)

        return call


def test_killed_after_any_of_its_steps_and_run_again_it_carries_over_the_same(
    older: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, third = content(older), module_of(3)
    monkeypatch.setattr(third, "BATCH", 7)  # so that the chain takes several steps
    for calls in range(1, 60):
        try:
            third.migrate(Dying(raw(older), [calls]))
        except Killed:
            continue
        break
    else:
        pytest.fail("the migration makes more calls than this test allows for")
    assert calls > 15
    must_be_carried_over(older, before)
    must_read_as_before(older)


@pytest.mark.parametrize("calls", range(1, 22, 2))
def test_killed_once_and_then_run_to_its_end_it_carries_over_the_same(
    older: Database, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    before, third = content(older), module_of(3)
    monkeypatch.setattr(third, "BATCH", 7)
    with pytest.raises(Killed):
        third.migrate(Dying(raw(older), [calls]))
    third.migrate(raw(older))
    must_be_carried_over(older, before)


def test_a_database_that_holds_nothing_is_only_given_its_new_shape(older: Database) -> None:
    for name in ("section_revisions", "chain", "caseload"):
        raw(older)[name].delete_many({})
    module_of(3).migrate(raw(older))
    assert content(older) == {"section_revisions": [], "chain": [], "caseload": []}
    (found,) = raw(older).list_collections(filter={"name": "section_revisions"})
    assert "clusteredIndex" in found["options"]


def test_links_that_the_portal_added_are_given_the_numbers_that_the_portal_gave_them(
    world: World, mongod: EmbeddedMongod
) -> None:
    world.write_a_little()
    world.to_finalising()
    name = world.settings.database
    migrator = Database(uri_of(mongod, name, "migrator"), name, MASTER_KEY)
    kept = {each["_id"]: each["revisions"] for each in raw(migrator)["chain"].find()}
    raw(migrator)["chain"].update_many({}, {"$unset": {"revisions": ""}})
    module_of(3).migrate(raw(migrator))
    assert {each["_id"]: each["revisions"] for each in raw(migrator)["chain"].find()} == kept
    assert kept[f"{world.plan_id}:{world.plan().sequence}"]["I"] == 1
    migrator.close()
