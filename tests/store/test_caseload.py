"""Worklists: each row says what the plan waits for from its reader, at all times, with the nearest date first."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.awaited import tasks_of
from portal.domain.conversation import ConversationKind
from portal.domain.identifier import random_id
from portal.domain.moment import Moment
from portal.domain.plan import Plan
from portal.domain.state import VersionKind
from portal.domain.turn import Task, TaskKind
from portal.operations import conversations, people, plans, sections, sign_off
from portal.operations.conversations import Pointed, Said
from portal.operations.sections import Submission
from portal.store import caseload
from portal.store.caseload import Row
from portal.store.database import Database, Session
from tests.fresh import fresh
from tests.world import World, build_world, now


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test, with a few who have a part in it."""
    return fresh(cast, "parent", "other_parent", "therapist", "caseworker", "other_caseworker")


def row_of(world: World, actor: Actor) -> Row | None:
    """The actor's row for this world's plan, if there is one."""
    found = [each for each in caseload.rows_for(world.db, actor) if each.plan == world.plan_id]
    assert len(found) <= 1
    return found[0] if found else None


def true_tasks(world: World, actor: Actor) -> tuple[Task, ...]:
    return tasks_of(world.plan(), actor)


def must_be_true(world: World, actors: dict[str, Actor], when: str) -> None:
    plan = world.plan()
    for key, actor in actors.items():
        row = row_of(world, actor)
        if key in ("admin", "stranger"):
            assert row is None, (key, when)
        else:
            assert row is not None, (key, when)
            assert (row.tasks, row.state) == (true_tasks(world, actor), plan.state), (key, when)
            assert (row.name, row.called) == ("Amira Rahman", "Amira")


def grant(world: World, person: str, role: Role, agency: str = "northmere-council") -> Grant:
    return Grant(person, "Rosa Lind", agency, "An agency", role, "nmr", world.plan_id, now().wall)


@dataclass
class Talk:
    """What is said of section B in a world, and of section A."""

    world: World

    def comment(self, who: Actor, need: str) -> None:
        revision = self.world.plan().sections["B"].revision
        said = Said(ConversationKind.COMMENT, "B", "Where?", pointed=Pointed(need, "effect", 0, revision))
        conversations.begin(self.world.db, who, self.world.plan_id, said, now())

    def ask(self, who: Actor, of: str) -> None:
        said = Said(ConversationKind.MESSAGE, "A", "Will you come?", waits_for=self.world.people[of])
        conversations.begin(self.world.db, who, self.world.plan_id, said, now())

    def answer(self, who: Actor, ask: bool) -> None:
        number = self.world.plan().conversations[0].number
        conversations.answer(self.world.db, who, self.world.plan_id, "B", number, "So.", ask, now())

    def reply(self, who: Actor) -> None:
        number = self.world.plan().conversations[0].number
        said = Said(ConversationKind.COMMENT, "B", "There.")
        conversations.reply(self.world.db, who, self.world.plan_id, number, said, now())


def days_ago(days: int) -> Moment:
    moment = now()
    return replace(moment, product=moment.product - timedelta(days=days))


def test_after_each_act_of_a_plans_life_every_row_says_what_the_plan_waits_for(
    app: Flask, db: Database, settings: Settings
) -> None:
    world = build_world(app, db, settings)
    actors = {key: world.actor(key) for key in world.people}
    ids: dict[str, str] = {}
    talk = Talk(world)
    acts: dict[str, Callable[[], object]] = {
        "written": lambda: ids.update(world.write_a_little()),
        "commented on": lambda: talk.comment(actors["psychologist"], ids["need"]),
        "asked back": lambda: talk.answer(actors["caseworker"], ask=True),
        "said more": lambda: talk.reply(actors["psychologist"]),
        "answered with a reason": lambda: talk.answer(actors["caseworker"], ask=False),
        "asked of one person": lambda: talk.ask(actors["parent"], "caseworker"),
        "handed over": lambda: sign_off.hand_over(world.db, actors["caseworker"], world.plan_id, "B", now()),
        "signed": lambda: world.sign("manager", "B"),
        "changed": lambda: world.edit("caseworker", "B", "needs", {"effect": "New."}, ids["need"]),
        "handed over again": lambda: sign_off.hand_over(world.db, actors["caseworker"], world.plan_id, "B", now()),
        "sent back": lambda: sign_off.send_back(world.db, actors["manager"], world.plan_id, "B", "Say more.", now()),
        "agreed": lambda: world.sign("parent", "A"),
        "agreed no more": lambda: sign_off.withdraw(world.db, actors["parent"], world.plan_id, "A", "No.", now()),
        "all signed": world.sign_all,
        "draft issued": lambda: world.issue("manager", VersionKind.DRAFT),
        "changed after the draft": lambda: world.edit("caseworker", "E", "outcomes", {"now": "No."}, ids["outcome"]),
        "answered": lambda: plans.answer(world.db, actors["parent"], world.plan_id, "Thank you.", now()),
        "finalising": lambda: plans.begin_finalising(world.db, actors["caseworker"], world.plan_id, now()),
        "placed": lambda: world.edit("caseworker", "I", "placement", {"type": "Mainstream"}, "placement"),
        "signed again": lambda: world.sign("manager", "E"),
        "final": lambda: world.issue("manager", VersionKind.FINAL),
        "the child grew": lambda: world.edit("parent", "A", "people", {"words": "A new friend"}, "people"),
    }
    must_be_true(world, actors, "new")
    for when, act in acts.items():
        act()
        must_be_true(world, actors, when)


def test_a_refused_act_leaves_every_row_as_it_was(world: World) -> None:
    ids = world.write_a_little()
    place = {"authority": "nmr", "plan": world.plan_id}
    before = list(world.db["caseload"].find(place).sort("_id", 1))
    stale = Submission("B", "needs", ids["need"], {"effect": "Mine."}, 99)
    with pytest.raises(Exception, match="needs changing"):
        sections.edit(world.db, world.actor("caseworker"), world.plan_id, stale, now())
    assert list(world.db["caseload"].find(place).sort("_id", 1)) == before


def test_the_nearest_date_comes_first_and_plans_without_a_date_last(
    app: Flask, db: Database, settings: Settings
) -> None:
    world = build_world(app, db, settings)
    first, second = (fresh(world, "parent") for _ in range(2))
    for each, served in ((first, 9), (second, 3)):
        reasons = {"A": "The date is here."}
        plans.issue(each.db, each.actor("manager"), each.plan_id, VersionKind.DRAFT, reasons, days_ago(served))
    rows = caseload.rows_for(world.db, world.actor("parent"))
    assert [each.plan for each in rows] == [first.plan_id, second.plan_id, world.plan_id]
    assert [each.tasks[0].kind for each in rows] == [TaskKind.ANSWER, TaskKind.ANSWER, TaskKind.WRITE]
    dates = [each.tasks[0].due for each in rows]
    assert dates[:2] == [first.plan().answer_by, second.plan().answer_by]
    managers = [each.plan for each in caseload.rows_for(world.db, world.actor("manager"))]
    assert managers.index(first.plan_id) < managers.index(second.plan_id) < managers.index(world.plan_id)
    assert [each.plan for each in caseload.rows_for(world.db, world.actor("parent"), limit=2)] == [
        first.plan_id,
        second.plan_id,
    ]


def test_the_platform_administrator_has_no_row_and_no_list(world: World) -> None:
    assert caseload.rows_for(world.db, world.actor("admin")) == []
    found = world.db["caseload"].find({"authority": "nmr", "plan": world.plan_id})
    readers = {each["reader"] for each in found}
    assert "role:platform_admin" not in readers
    assert world.people["admin"] not in readers


def test_the_roles_over_a_whole_caseload_share_one_row_and_everybody_else_has_their_own(cast: World) -> None:
    world = cast
    found = world.db["caseload"].find({"authority": "nmr", "plan": world.plan_id})
    officers = {"role:designated_clinical_officer", "role:designated_social_care_officer"}
    shared = {"role:sen_manager", "role:sen_caseworker", "role:auditor", *officers}
    own = {world.people[key] for key in world.people} - {
        world.people[key] for key in ("manager", "other_manager", "auditor", "admin", "stranger")
    }
    assert {each["reader"] for each in found} == shared | own


def test_a_row_holds_the_childs_name_sealed(world: World) -> None:
    for row in world.db["caseload"].find({"authority": "nmr", "plan": world.plan_id}):
        assert "Amira" not in repr(row)
        assert b"Amira" not in bytes(row["child"])
        assert world.db.unseal(row["child"]) == {"name": "Amira Rahman", "called": "Amira"}


# People with two parts


def test_somebody_with_two_roles_on_a_plan_is_told_what_it_waits_for_in_both(world: World) -> None:
    world.write_a_little()
    person = world.people["therapist"]
    people.give(world.db, grant(world, person, Role.SEN_CASEWORKER))
    actor, row = world.actor("therapist"), row_of(world, world.actor("therapist"))
    assert row is not None
    assert {each.role for each in actor.grants} == {Role.HEALTH_CONTRIBUTOR, Role.SEN_CASEWORKER}
    assert row.tasks == true_tasks(world, actor)


def test_giving_one_of_two_roles_again_changes_nothing_in_the_row(world: World) -> None:
    world.write_a_little()
    person = world.people["therapist"]
    people.give(world.db, grant(world, person, Role.SEN_CASEWORKER))
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")  # brings every row up to date
    before = row_of(world, world.actor("therapist"))
    people.give(world.db, grant(world, person, Role.HEALTH_CONTRIBUTOR, "northmere-community-health"))
    assert row_of(world, world.actor("therapist")) == before


def test_a_role_that_was_withdrawn_no_longer_asks_anything_of_its_person(world: World) -> None:
    world.write_a_little()
    person = world.people["therapist"]
    people.give(world.db, grant(world, person, Role.SEN_CASEWORKER))
    held = {"authority": "nmr", "person": person, "role": "sen_caseworker", "scope": world.plan_id}
    assert world.end_grants(held) == 1
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    actor, row = world.actor("therapist"), row_of(world, world.actor("therapist"))
    assert row is not None
    assert row.tasks == true_tasks(world, actor)


def test_a_parent_who_works_for_another_council_is_told_what_waits_for_the_parent(world: World) -> None:
    world.write_a_little()
    issuer, person = world.settings.providers[0].issuer, ""
    while not person > "role:sen_caseworker":  # a row that comes after the one the caseworkers here share
        person = people.signed_on(world.db, issuer, random_id(8), "Rosa Lind")
    council = grant(world, person, Role.SEN_CASEWORKER, "southfell-council")
    people.give(world.db, replace(council, authority="sfl", scope=WHOLE_CASELOAD))
    people.give(world.db, grant(world, person, Role.PARENT, "family"))
    actor = people.load_actor(world.db, person, now())
    assert actor is not None
    row = row_of(world, actor)
    assert row is not None
    assert row.tasks == true_tasks(world, actor)


def test_a_manager_with_a_part_of_their_own_in_a_plan_is_told_of_both(world: World) -> None:
    world.write_a_little()
    people.give(world.db, grant(world, world.people["manager"], Role.SOCIAL_WORKER))
    actor, row = world.actor("manager"), row_of(world, world.actor("manager"))
    assert row is not None
    assert row.tasks == true_tasks(world, actor)


# At the same moment


def test_a_row_given_while_somebody_saves_says_what_the_plan_waits_for_after_both(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write_a_little()
    person = people.signed_on(world.db, "https://issuer.example", world.plan_id, "Rosa Lind")
    add_reader = caseload.add_reader
    saved: list[Future[Plan]] = []

    with ThreadPoolExecutor(1) as other:

        def slowly(db: Database, plan: Plan, reader: str, role: Role, session: Session) -> None:
            if not saved:  # the plan was read for the new row; now, and only this once, somebody else saves it
                saved.append(other.submit(world.sign, "manager", "B"))
                wait(saved, timeout=0.3)  # or waits until the row is given, which is as good
            add_reader(db, plan, reader, role, session)

        monkeypatch.setattr(caseload, "add_reader", slowly)
        people.give(world.db, grant(world, person, Role.SEN_CASEWORKER))
    assert saved[0].result().sections["B"].standing
    actor = people.load_actor(world.db, person, now())
    assert actor is not None
    row = row_of(world, actor)
    assert row is not None
    assert row.tasks == true_tasks(world, actor)
