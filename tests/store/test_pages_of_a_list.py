"""A list in pages: every plan exactly once and in order, whoever asks, read from an index and from nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from demo.mongod import EmbeddedMongod
from portal.config import Settings
from portal.domain.actor import CASELOAD_ROLES, WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.content import Mark
from portal.domain.identifier import random_id
from portal.domain.permission import Permission
from portal.domain.permission_table import CASE
from portal.domain.state import VersionKind
from portal.domain.turn import URGENT, tasks_for
from portal.operations import people, plans, sign_off
from portal.store import caseload, sessions
from portal.store import database as database_module
from portal.store import plans as plans_store
from portal.store.caseload import SHARED, START, Place, Row, reader_of_role, rows_for
from portal.store.caseload_row import NO_DATE, NO_TASK, URGENT_NO_DATE
from portal.store.database import Database
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

KEYS = ("parent", "other_parent", "therapist", "social_worker", "caseworker", "dco")


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    """Twelve plans: drafts served on four days, two and two on the same; some waiting without a date; one in force."""
    world = build_world(app, db, settings)
    for served in (3, 3, 9, 9, 30):
        serve(fresh(world, *KEYS), served)
    for _ in range(5):
        fresh(world, *KEYS)
    final = fresh(world, *KEYS)
    final.write_a_little()
    final.to_finalising()
    final.issue("manager", VersionKind.FINAL)
    return world


def serve(world: World, days: int) -> None:
    """Issue the plan's draft so many days ago."""
    moment = now()
    ago = replace(moment, product=moment.product - timedelta(days=days))
    plans.issue(world.db, world.actor("manager"), world.plan_id, VersionKind.DRAFT, {"A": "The date is here."}, ago)


def pages(world: World, actor: Actor, size: int) -> Iterator[list[Row]]:
    """Page after page until one comes that is not full."""
    after = START
    while True:
        page = rows_for(world.db, actor, size, after)
        yield page
        if len(page) < size:
            return
        after = page[-1].place


def given(world: World, name: str, *parts: tuple[Role, str, str]) -> Actor:
    """Somebody new with these (role, authority, scope)."""
    person = people.signed_on(world.db, "https://issuer.example", random_id(8), name)
    for role, authority, scope in parts:
        since = now().wall - timedelta(minutes=1)
        people.give(world.db, Grant(person, name, "an-agency", "An agency", role, authority, scope, since))
    actor = people.load_actor(world.db, person, now())
    assert actor is not None
    return actor


@pytest.mark.parametrize("size", [1, 2, 3, 5, 11, 12, 13])
@pytest.mark.parametrize("key", ["parent", "manager", "auditor", "caseworker"])
def test_all_pages_together_show_every_plan_exactly_once_and_in_the_order_of_the_whole(
    cast: World, key: str, size: int
) -> None:
    actor = cast.actor(key)
    whole = rows_for(cast.db, actor)
    assert len(whole) == 12
    assert [row for page in pages(cast, actor, size) for row in page] == whole
    assert [each.place for each in whole] == sorted((each.place for each in whole), key=lambda at: (at.due, at.plan))
    assert len({each.plan for each in whole}) == 12


def test_a_date_comes_first_then_what_waits_without_one_then_what_waits_for_nothing(cast: World) -> None:
    rows = rows_for(cast.db, cast.actor("manager"))
    kinds = [kind_of(each) for each in rows]
    assert kinds == sorted(kinds)
    assert set(kinds) == {0, 2, 3}
    without_date = {1: URGENT_NO_DATE, 2: NO_DATE, 3: NO_TASK}
    for row, kind in zip(rows, kinds, strict=True):
        assert row.place.due == without_date.get(kind, row.place.due)


def kind_of(row: Row) -> int:
    """0 for a date, 1 for what is urgent without one, 2 for what waits all the same, 3 for nothing."""
    if not row.tasks:
        return 3
    if any(each.due or each.opens for each in row.tasks):
        return 0
    return 1 if {each.kind for each in row.tasks} & set(URGENT) else 2


def test_a_signature_that_is_asked_for_comes_before_what_is_still_to_be_written(cast: World) -> None:
    written = [fresh(cast, "dco", "therapist") for _ in range(4)]
    asked = written[2]
    sign_off.hand_over(asked.db, asked.actor("therapist"), asked.plan_id, "C", now())
    rows = [each for each in rows_for(cast.db, cast.actor("dco")) if each.plan in {one.plan_id for one in written}]
    assert rows[0].plan == asked.plan_id
    assert [kind_of(each) for each in rows] == [1, 2, 2, 2]


def test_rows_that_change_between_two_pages_hide_no_other_row_and_show_none_twice(cast: World) -> None:
    moving, first = [fresh(cast) for _ in range(6)], cast.actor("parent").grants[0]
    for each in moving:
        people.give(each.db, replace(first, person=cast.people["stranger"], scope=each.plan_id))
    actor = cast.actor("stranger")
    whole = [each.plan for each in rows_for(cast.db, actor)]
    assert len(whole) == 6
    seen = [each.plan for each in rows_for(cast.db, actor, 3)]
    place = rows_for(cast.db, actor, 3)[-1].place
    by_id = {each.plan_id: each for each in moving}
    serve(by_id[whole[0]], 3)  # was seen, and comes first now
    serve(by_id[whole[5]], 3)  # was not seen: it went to a page that is over
    seen += [each.plan for each in rows_for(cast.db, actor, 50, place)]
    assert seen == [*whole[:3], *whole[3:5]]
    assert len(rows_for(cast.db, actor)) == 6


def test_a_place_that_no_row_has_any_more_still_leads_on(cast: World) -> None:
    rows = rows_for(cast.db, cast.actor("manager"))
    place = rows[4].place
    between = Place(place.due, place.plan[:-1] + "z")
    assert rows_for(cast.db, cast.actor("manager"), 50, between) == rows[5:]
    assert rows_for(cast.db, cast.actor("manager"), 50, Place(NO_TASK, "zzz-zzzzzzzzzzzzzzzz")) == []


# Whose list


def test_the_lists_that_roles_share_are_those_of_everybody_who_may_see_a_whole_caseload() -> None:
    assert set(SHARED) == CASELOAD_ROLES & CASE[Permission.PLAN_VIEW]
    assert len(set(SHARED)) == len(SHARED)


def all_plans(world: World, authority: str) -> set[str]:
    return {each["_id"] for each in world.db["plans"].find({"authority": authority}, {"_id": 1})}


def must_be_true(world: World, actor: Actor, plan_ids: set[str]) -> None:
    rows = rows_for(world.db, actor)
    assert sorted(each.plan for each in rows) == sorted(plan_ids)
    for row in rows:
        roles = {each.role for each in actor.grants_on(row.plan, row.plan[:3])}
        asked = tasks_for(plans_store.load(world.db, row.plan), roles)
        assert row.tasks == tuple(each for each in asked if each.is_open(actor.day))


@pytest.mark.parametrize(
    "roles",
    [
        (Role.PLATFORM_ADMIN, Role.SEN_MANAGER),
        (Role.PLATFORM_ADMIN, Role.SEN_CASEWORKER),
        (Role.AUDITOR, Role.SEN_MANAGER),
        (Role.SEN_CASEWORKER, Role.SEN_MANAGER),
        (Role.AUDITOR, Role.PLATFORM_ADMIN),
        (Role.DESIGNATED_CLINICAL_OFFICER, Role.DESIGNATED_SOCIAL_CARE_OFFICER),
    ],
)
def test_whoever_has_two_roles_over_a_whole_caseload_sees_each_of_its_plans_with_what_waits_in_both(
    cast: World, roles: tuple[Role, ...]
) -> None:
    actor = given(cast, "Rosa Lind", *[(role, "nmr", WHOLE_CASELOAD) for role in roles])
    must_be_true(cast, actor, all_plans(cast, "nmr"))


def test_a_manager_who_is_the_auditor_too_has_the_nearest_date_first(cast: World) -> None:
    both = [(role, "nmr", WHOLE_CASELOAD) for role in (Role.AUDITOR, Role.SEN_MANAGER)]
    places = [each.place for each in rows_for(cast.db, given(cast, "Rosa Lind", *both))]
    assert places == [each.place for each in rows_for(cast.db, cast.actor("manager"))]
    assert places[0].due < NO_DATE


def test_the_platform_administrator_who_is_a_parent_here_sees_their_own_childs_plan_and_no_other(cast: World) -> None:
    parts = [(Role.PLATFORM_ADMIN, "nmr", WHOLE_CASELOAD), (Role.PARENT, "nmr", cast.plan_id)]
    must_be_true(cast, given(cast, "Rosa Lind", *parts), {cast.plan_id})


def test_a_manager_who_writes_in_one_plan_is_told_there_of_both_and_sees_the_rest_once(cast: World) -> None:
    parts = [(Role.SEN_MANAGER, "nmr", WHOLE_CASELOAD), (Role.SOCIAL_WORKER, "nmr", cast.plan_id)]
    must_be_true(cast, given(cast, "Rosa Lind", *parts), all_plans(cast, "nmr"))


@pytest.fixture
def southfell(cast: World) -> set[str]:
    """Three plans of another authority, one with a date."""
    child, by = cast.plan().child, Mark(cast.people["stranger"], "Olive Finch", "southfell-council", now().product)
    made = [plans.start(cast.db, "sfl", "Southfell Council", child, by, "Southfell Council SEN team") for _ in "abc"]
    manager = given(cast, "Ada Kerr", (Role.SEN_MANAGER, "sfl", WHOLE_CASELOAD))
    reasons, ago = {"A": "The date is here."}, replace(now(), product=now().product - timedelta(days=5))
    fresh_from_sign_on = replace(manager, auth_time=int(ago.wall.timestamp()))
    plans.issue(cast.db, fresh_from_sign_on, made[0].id, VersionKind.DRAFT, reasons, ago)
    return {each.id for each in made}


@pytest.mark.parametrize("size", [1, 2, 4, 50])
def test_somebody_with_parts_in_two_authorities_has_one_list_of_both_by_date(
    cast: World, southfell: set[str], size: int
) -> None:
    parts = [(Role.SEN_MANAGER, "sfl", WHOLE_CASELOAD), (Role.SOCIAL_WORKER, "nmr", cast.plan_id)]
    actor = given(cast, "Rosa Lind", *parts)
    must_be_true(cast, actor, {*all_plans(cast, "sfl"), cast.plan_id})
    found = [row for page in pages(cast, actor, size) for row in page]
    assert found == rows_for(cast.db, actor)
    assert found[0].plan.startswith("sfl-")
    assert southfell <= {each.plan for each in found}
    assert [each.place for each in found] == sorted((each.place for each in found), key=lambda at: (at.due, at.plan))


# What is counted


def test_plans_whose_nearest_date_has_passed_are_counted_by_authority_and_each_once(
    app: Flask, db: Database, settings: Settings
) -> None:
    today, before = now().today, caseload.overdue(db, now().today)
    world = build_world(app, db, settings)
    late, soon = fresh(world), fresh(world)
    serve(late, 33)
    serve(soon, 3)
    assert caseload.overdue(db, today)["nmr"] == before.get("nmr", 0) + 1
    opens = tasks_for(late.plan(), {Role.SEN_MANAGER})[0].opens
    assert opens is not None
    alone = {"reader": reader_of_role(Role.SEN_MANAGER), "plan": late.plan_id, "authority": "nmr"}
    assert db["caseload"].count_documents({**alone, "due": opens.isoformat()}) == 1
    assert caseload.overdue(db, opens) == {}
    assert caseload.overdue(db, opens + timedelta(days=1)) == {"nmr": 1}
    assert caseload.overdue(db, today - timedelta(days=4000)) == {}


# How it is read


class Pipelines(CommandListener):
    """The questions that were asked of the lists."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command.get("aggregate") == "caseload":
            self.asked.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Nothing to note."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Nothing to note."""


def stages(plan: object) -> Iterator[str]:
    """The names of all stages of a query plan, however deep."""
    if isinstance(plan, Mapping):
        if isinstance(plan.get("stage"), str):
            yield plan["stage"]
        for each in plan.values():
            yield from stages(each)
    elif isinstance(plan, list):
        for each in plan:
            yield from stages(each)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("key", ["parent", "manager"])
def test_a_page_is_read_from_an_index_alone_and_in_its_order(
    cast: World, settings: Settings, mongod: EmbeddedMongod, monkeypatch: pytest.MonkeyPatch, key: str, begun: bool
) -> None:
    pipelines = Pipelines()
    monkeypatch.setattr(database_module, "MongoClient", partial(MongoClient, event_listeners=[pipelines]))
    listening = Database(settings.mongodb_uri, settings.database, settings.master_key)
    actor = cast.actor(key)
    after = rows_for(cast.db, actor, 3)[-1].place if begun else START
    assert rows_for(listening, actor, 5, after)
    listening.close()
    assert len(pipelines.asked) == 1 + begun
    for asked in pipelines.asked:
        bare = {name: asked[name] for name in ("aggregate", "pipeline", "cursor")}
        with MongoClient[dict[str, Any]](mongod.uri("root")) as root:
            plan = root[settings.database].command("explain", bare, verbosity="executionStats")
        found = set(stages(plan["queryPlanner"]["winningPlan"]))
        assert "IXSCAN" in found
        assert not found & {"FETCH", "SORT", "COLLSCAN"}
        assert plan["executionStats"]["totalDocsExamined"] == 0


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("key", ["parent", "manager"])
def test_a_page_that_comes_with_a_session_is_the_page_and_is_read_from_an_index_alone(
    cast: World, settings: Settings, mongod: EmbeddedMongod, key: str, begun: bool
) -> None:
    db, actor, session_id = cast.db, cast.actor(key), sessions.new_session_id()
    after = rows_for(db, actor, 3)[-1].place if begun else START
    asked = caseload.questions(actor, 5, after)
    sessions.keep(db, session_id, {"_user_id": actor.person}, now().wall, timedelta(hours=12))
    found = sessions.find(db, session_id, *caseload.stages(asked))
    assert found is not None
    assert caseload.brought(found["rows"], 5) == caseload.documents_for(db, asked, 5) != []
    pipeline = [{"$match": {"_id": found["_id"]}}, *caseload.stages(asked)]
    bare = {"aggregate": "sessions", "pipeline": pipeline, "cursor": {}}
    with MongoClient[dict[str, Any]](mongod.uri("root")) as root:
        plan = root[settings.database].command("explain", bare, verbosity="executionStats")
    joins = [each for each in plan["stages"] if "$lookup" in each]
    assert len(joins) == 1 + begun
    assert {(each["totalDocsExamined"], each["collectionScans"]) for each in joins} == {(0, 0)}
    assert sum(each["totalKeysExamined"] for each in joins) > 0
