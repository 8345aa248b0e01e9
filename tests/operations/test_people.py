"""Who is known and what each has a part in: imports that can be repeated, grants that end, lists that are true."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import UNNAMED, WHOLE_CASELOAD, Actor, Grant, Role
from portal.domain.content import Mark
from portal.domain.error import NotFound
from portal.domain.identifier import random_id
from portal.domain.permission import Permission, allows
from portal.domain.plan import Child
from portal.domain.state import VersionKind
from portal.operations import people, plans
from portal.operations.people import BadRows, Known, import_people
from portal.store import caseload
from portal.store import people as people_store
from portal.store import plans as plans_store
from portal.store.database import Database
from tests.at_once import at_once
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.world import AGENCIES, CAST, World, build_world, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

ISSUER = "https://sign-in.northmere.example"


@pytest.fixture(scope="module")
def cast(app: Flask, db: Database, settings: Settings) -> World:
    return build_world(app, db, settings)


@pytest.fixture
def world(cast: World) -> World:
    """A plan of its own for each test."""
    return fresh(cast)


def row(subject: str, *grants: Mapping[str, str], name: str = "Rosa Lind") -> Known:
    return Known(ISSUER, subject, name, grants)


def caseworker(scope: str) -> dict[str, str]:
    return {"agency": "northmere-council", "role": "sen_caseworker", "scope": scope}


def actor_of(db: Database, subject: str) -> Actor:
    found = people.load_actor(db, people_store.known(db, ISSUER, subject, "Somebody"), now())
    assert found is not None
    return found


def everything(db: Database) -> dict[str, list[dict[str, Any]]]:
    """All that an import can touch, as it is stored (a sealed name never looks the same, so without it)."""
    found = {name: list(db[name].find().sort("_id", 1)) for name in ("people", "grants", "caseload")}
    return {name: [{**each, "child": ""} for each in documents] for name, documents in found.items()}


def listed(db: Database, actor: Actor) -> set[str]:
    return {each.plan for each in caseload.rows_for(db, actor)}


def visible(db: Database, actor: Actor) -> set[str]:
    """Every plan there is that the actor may view, asked one by one."""
    every = [plans_store.load(db, each["_id"]) for each in db["plans"].find({}, {"_id": 1})]
    return {plan.id for plan in every if allows(actor, Permission.PLAN_VIEW, plan)}


# Signing on


def test_a_person_is_their_issuer_and_subject_and_nothing_else(db: Database) -> None:
    subject = random_id(8)
    first = people.signed_on(db, ISSUER, subject, "Rosa Lind")
    assert people.signed_on(db, ISSUER, subject, "Rosa Lind-Marsh") == first
    assert people.signed_on(db, f"{ISSUER}/", subject, "Rosa Lind") != first
    assert people.signed_on(db, ISSUER, subject.upper() + "x", "Rosa Lind") != first


def test_a_name_that_the_provider_gives_anew_is_taken_over_and_what_was_signed_keeps_the_old_one(world: World) -> None:
    subject = random_id(8)
    person = people.signed_on(world.db, ISSUER, subject, "Rosa Lind")
    people.give(world.db, grant(world, person))
    session = people_store.standing(world.db, person)
    assert session is not None
    people.signed_on(world.db, ISSUER, subject, "Rosa Marsh")
    actor = people.load_actor(world.db, person, now())
    assert actor is not None
    assert (actor.name, [each.name for each in actor.grants]) == ("Rosa Marsh", ["Rosa Lind"])
    after = people_store.standing(world.db, person)
    assert after is not None
    assert after.stamp != session.stamp


def test_a_provider_that_gives_no_name_takes_none_away(db: Database) -> None:
    subject = random_id(8)
    person = people.signed_on(db, ISSUER, subject, "Rosa Lind")
    people.signed_on(db, ISSUER, subject, UNNAMED)
    found = people_store.standing(db, person)
    assert found is not None
    assert found.name == "Rosa Lind"


def test_somebody_new_may_sign_on_and_has_no_part_in_anything(world: World) -> None:
    actor = actor_of(world.db, random_id(8))
    assert actor.grants == ()
    assert listed(world.db, actor) == set()
    with pytest.raises(NotFound):
        plans.open_plan(world.db, actor, world.plan_id, now())


def test_twenty_browsers_that_sign_one_person_on_for_the_first_time_make_one_person(db: Database) -> None:
    subject = random_id(8)
    raised = at_once(*[lambda: people.signed_on(db, ISSUER, subject, "Rosa Lind")] * 20)
    assert raised == []
    assert db["people"].count_documents({"issuer": ISSUER, "subject": subject}) == 1


def test_nobody_is_loaded_for_an_id_that_is_not_known(db: Database) -> None:
    assert people.load_actor(db, "0" * 16, now()) is None


# Importing


def test_an_import_makes_people_known_with_their_grants_and_lists(world: World) -> None:
    one, two = random_id(8), random_id(8)
    rows = [row(one, caseworker(world.plan_id)), row(two, caseworker(WHOLE_CASELOAD), caseworker(world.plan_id))]
    assert import_people(world.db, rows, now()) == 2
    (grant,) = actor_of(world.db, one).grants
    assert (grant.role, grant.agency_name, grant.scope, grant.given_by) == (
        Role.SEN_CASEWORKER,
        "Northmere Council SEN team",
        world.plan_id,
        "import",
    )
    assert listed(world.db, actor_of(world.db, one)) == {world.plan_id}
    assert world.plan_id in listed(world.db, actor_of(world.db, two))
    assert actor_of(world.db, one).name == "Rosa Lind"


def test_the_same_rows_again_change_nothing(world: World) -> None:
    rows = [row(random_id(8), caseworker(world.plan_id)), row(random_id(8), caseworker(WHOLE_CASELOAD)), row("none")]
    import_people(world.db, rows, now())
    before = everything(world.db)
    later = replace(now(), wall=now().wall + timedelta(days=1))
    assert import_people(world.db, rows, later) == 3
    assert everything(world.db) == before


def test_a_bad_row_is_named_and_nothing_of_the_import_is_done(world: World) -> None:
    parent = {"agency": "family", "role": "parent", "scope": WHOLE_CASELOAD}
    rows = [
        row(random_id(8), caseworker(world.plan_id)),
        row(random_id(8), {**caseworker(world.plan_id), "agency": "nowhere"}),
        row(random_id(8), {**caseworker(world.plan_id), "role": "headteacher"}),
        row(random_id(8), caseworker("nmr-0000000000000000")),
        row(random_id(8), {"agency": "northmere-council", "role": "sen_caseworker"}),
        row(random_id(8), parent),
        row("", name=""),
        row(random_id(8), caseworker(WHOLE_CASELOAD)),
    ]
    before = everything(world.db)
    with pytest.raises(BadRows) as refused:
        import_people(world.db, rows, now())
    assert refused.value.problems == (
        "Row 2: there is no agency 'nowhere'.",
        "Row 3: there is no role 'headteacher'.",
        'Row 4: scope must be "authority" or the id of a plan.',
        'Row 5: scope must be "authority" or the id of a plan.',
        "Row 6: a family's scope must be one plan.",
        "Row 7: subject is missing.",
        "Row 7: name is missing.",
    )
    assert everything(world.db) == before


NOT_WORDS: dict[str, Any] = {
    "a subject that is a number": Known(ISSUER, 7, "Rosa Lind"),  # type: ignore[arg-type]
    "an issuer that is a list": Known([ISSUER], "rosa", "Rosa Lind"),  # type: ignore[arg-type]
    "a name that is an object": Known(ISSUER, "rosa", {"first": "Rosa"}),  # type: ignore[arg-type]
    "a grant that is a word": Known(ISSUER, "rosa", "Rosa Lind", ("sen_manager",)),  # type: ignore[arg-type]
    "a role that is a list": row("rosa", {**caseworker(WHOLE_CASELOAD), "role": ["sen_manager"]}),  # type: ignore[dict-item]
    "a scope that is a number": row("rosa", {**caseworker(WHOLE_CASELOAD), "scope": 7}),  # type: ignore[dict-item]
    "an agency that is a question": row("rosa", {**caseworker(WHOLE_CASELOAD), "agency": {"$gt": ""}}),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("bad", NOT_WORDS.values(), ids=NOT_WORDS.keys())
def test_a_row_that_holds_something_else_than_words_is_a_bad_row(db: Database, bad: Known) -> None:
    before = everything(db)
    with pytest.raises(BadRows, match="Row 1"):
        import_people(db, [bad], now())
    assert everything(db) == before


@pytest.mark.parametrize(
    ("agency", "role"),
    [
        ("northmere-council", "parent"),
        ("family", "sen_manager"),
        ("elm-road-primary", "health_contributor"),
        ("northmere-icb", "social_worker"),
        ("northmere-social-care", "senco"),
    ],
)
def test_a_role_that_does_not_fit_its_agencys_kind_is_a_bad_row(world: World, agency: str, role: str) -> None:
    before, facts = everything(world.db), {"agency": agency, "role": role, "scope": world.plan_id}
    with pytest.raises(BadRows) as bad:
        import_people(world.db, [row(random_id(8), caseworker(world.plan_id)), row(random_id(8), facts)], now())
    (problem,) = bad.value.problems
    assert problem.startswith(f"Row 2: a grant of the role {role!r} comes from a")
    assert everything(world.db) == before


def test_an_import_names_who_leads_an_agency_and_the_same_again_changes_nothing(world: World) -> None:
    subject = random_id(8)
    leads = Known(ISSUER, subject, "Rosa Lind", leads=("northmere-icb",))
    import_people(world.db, [leads], now())
    before = everything(world.db)
    import_people(world.db, [leads], now())
    assert everything(world.db) == before
    assert actor_of(world.db, subject).leads == ("northmere-icb",)
    for wrong in ("nowhere", "family", {"$gt": ""}):
        with pytest.raises(BadRows):
            import_people(world.db, [Known(ISSUER, subject, "Rosa Lind", leads=(wrong,))], now())  # type: ignore[arg-type]


def test_a_row_that_asks_the_database_a_question_gives_nobody_else_a_grant(world: World) -> None:
    question: Any = {"$gt": ""}
    before = everything(world.db)
    with pytest.raises(BadRows):
        import_people(world.db, [Known(question, question, "Rosa", (caseworker(WHOLE_CASELOAD),))], now())
    assert everything(world.db) == before


# Grants and their time


def grant(world: World, person: str, role: Role = Role.SEN_CASEWORKER, scope: str = "") -> Grant:
    return Grant(
        person=person,
        name="Rosa Lind",
        agency="northmere-council",
        agency_name="Northmere Council SEN team",
        role=role,
        authority="nmr",
        scope=scope or world.plan_id,
        since=now().wall,
    )


def known(world: World) -> str:
    return people.signed_on(world.db, ISSUER, random_id(8), "Rosa Lind")


def roles(world: World, person: str, hours: float = 0) -> list[Role]:
    """The person's roles as they are loaded some hours from now."""
    moment = now()
    found = people.load_actor(world.db, person, replace(moment, wall=moment.wall + timedelta(hours=hours)))
    assert found is not None
    return [each.role for each in found.grants]


def test_a_grant_holds_from_its_first_moment_until_just_before_its_last(world: World) -> None:
    person, start = known(world), now().wall + timedelta(hours=2)
    given = replace(grant(world, person), since=start, until=start + timedelta(hours=2))
    people.give(world.db, given)
    for wall, live in (
        (start - timedelta(milliseconds=1), False),
        (start, True),
        (start + timedelta(hours=2, milliseconds=-1), True),
        (start + timedelta(hours=2), False),
    ):
        found = people.load_actor(world.db, person, replace(now(), wall=wall))
        assert found is not None
        assert bool(found.grants) is live


def test_product_time_does_not_prolong_a_grant(world: World) -> None:
    person, moment = known(world), now()
    people.give(world.db, replace(grant(world, person), until=moment.wall + timedelta(hours=1)))
    later = replace(moment, product=moment.product - timedelta(days=30), wall=moment.wall + timedelta(hours=2))
    found = people.load_actor(world.db, person, later)
    assert found is not None
    assert found.grants == ()


def test_a_grant_that_is_withdrawn_is_gone_at_the_next_load_with_its_list_and_its_plan(world: World) -> None:
    person = known(world)
    people.give(world.db, grant(world, person))
    assert roles(world, person) == [Role.SEN_CASEWORKER]
    world.end_grants({"authority": "nmr", "person": person})
    actor = people.load_actor(world.db, person, now())
    assert actor is not None
    assert actor.grants == ()
    assert listed(world.db, actor) == set()
    with pytest.raises(NotFound):
        plans.open_plan(world.db, actor, world.plan_id, now())


def test_a_grant_that_ran_out_can_be_given_again(world: World) -> None:
    person, moment = known(world), now()
    over = replace(grant(world, person), since=moment.wall - timedelta(days=9), until=moment.wall - timedelta(days=1))
    people.give(world.db, over)
    assert roles(world, person) == []
    people.give(world.db, grant(world, person))
    assert roles(world, person) == [Role.SEN_CASEWORKER]


def test_a_grant_on_a_plan_that_is_not_there_leaves_nothing_behind(world: World) -> None:
    person = known(world)
    with pytest.raises(NotFound):
        people.give(world.db, grant(world, person, scope="nmr-0000000000000000"))
    assert world.db["grants"].find_one({"authority": "nmr", "person": person}) is None
    found = world.db["people"].find_one({"_id": person})
    assert found is not None
    assert found["authorities"] == []


def test_the_same_grant_given_twenty_times_at_once_is_one_grant_and_one_row(world: World) -> None:
    person = known(world)
    given = grant(world, person)
    assert at_once(*[lambda: people.give(world.db, given)] * 20) == []
    assert roles(world, person) == [Role.SEN_CASEWORKER]
    rows = list(world.db["caseload"].find({"authority": "nmr", "plan": world.plan_id, "reader": person}))
    assert [json.loads(each["said"])["roles"] for each in rows] == [["sen_caseworker"]]


@pytest.mark.parametrize("authority", ["nmr", "sfl"])
def test_a_setting_of_an_agency_holds_at_once_for_its_people_in_every_authority(cast: World, authority: str) -> None:
    board, person = AGENCIES["icb"], known(cast)  # a health board's patients live in more than one authority
    there = replace(cast, plan_id=another_plan(cast, authority))
    given = replace(grant(there, person), agency=board.slug, role=Role.DESIGNATED_CLINICAL_OFFICER, authority=authority)
    people.give(cast.db, given)
    for second_person in (True, False):
        people_store.keep_agency(cast.db, replace(board, second_person=second_person))
        actor = people.load_actor(cast.db, person, now())
        assert actor is not None
        assert [each.second_person for each in actor.grants] == [second_person]


# Lists and permissions say the same


def another_plan(world: World, authority: str) -> str:
    child = Child("Theo Marsh", "Theo", "he", date(2014, 9, 1))
    by = Mark(world.people["manager"], "Maria Silva", "northmere-council", now().product)
    plan = plans.start(world.db, authority, "A council", child, by, "A SEN team")
    return plan.id


def test_everybodys_list_holds_the_plans_they_may_view_no_more_and_no_fewer(
    app: Flask, db: Database, settings: Settings
) -> None:
    world = build_world(app, db, settings)
    ours, theirs = another_plan(world, "nmr"), another_plan(world, "sfl")
    sizes = {}
    for key in world.people:
        actor = world.actor(key)
        assert listed(world.db, actor) == visible(world.db, actor), key
        sizes[key] = len(listed(world.db, actor))
    assert {ours, world.plan_id} <= listed(world.db, world.actor("manager"))
    assert theirs in listed(world.db, world.actor("stranger"))
    assert theirs not in listed(world.db, world.actor("manager"))
    assert sizes["admin"] == 0
    assert sizes["parent"] == 1


def test_whoever_is_given_a_part_in_the_whole_caseload_finds_it_on_their_list(world: World) -> None:
    untold = []
    for role in sorted(set(Role) - {Role.PARENT, Role.YOUNG_PERSON}):
        subject = random_id(8)
        facts = {"agency": "northmere-council", "role": role.value, "scope": WHOLE_CASELOAD}
        try:
            import_people(world.db, [row(subject, facts)], now())
        except BadRows:
            continue  # a role that has no part in a whole caseload: refusing it is a right answer too
        actor = actor_of(world.db, subject)
        if listed(world.db, actor) != visible(world.db, actor):
            untold.append(role.value)
    assert untold == []


def test_a_part_in_one_plan_beside_another_authoritys_caseload_shows_that_one_plan_too(world: World) -> None:
    theirs = another_plan(world, "sfl")
    person = world.people["stranger"]
    people.give(world.db, grant(world, person, Role.PARENT))
    actor = world.actor("stranger")
    found = listed(world.db, actor)
    assert found == visible(world.db, actor)
    assert {world.plan_id, theirs} <= found


def held(world: World) -> list[str]:
    """All that is stored of a cast and its parts, with keys for ids, and without what is never twice the same."""
    db, theirs = world.db, {"person": {"$in": list(world.people.values())}}
    people_rows = db["people"].find({"_id": theirs["person"]})
    of_plan = {"_id": {"$regex": f"^{world.plan_id}"}}
    counted = [each for name in ("caseload", "case_rows", "decision_rows") for each in db[name].find(of_plan)]
    rows = [*people_rows, *db["grants"].find(theirs), *counted]
    same = [
        {**each, "from": "", "child": "", "subject": "", "standing": len(each.get("standing", ""))} for each in rows
    ]
    names = {world.plan_id: "plan", **{person: key for key, person in world.people.items()}}
    known = re.compile("|".join(names))
    return sorted(known.sub(lambda found: names[found[0]], json.dumps(each, sort_keys=True)) for each in same)


def test_a_cast_whose_parts_are_given_at_once_holds_what_it_holds_when_each_is_given_by_itself(
    app: Flask, db: Database, settings: Settings
) -> None:
    together, one_by_one = (build_world(app, db, settings, each) for each in (False, True))
    assert held(together) == held(one_by_one)
    assert len(held(together)) > 2 * len(CAST)


def test_plans_that_somebody_once_had_a_part_in_do_not_push_the_others_off_a_short_list(world: World) -> None:
    person, moment = known(world), now()
    once = fresh(world)
    over = replace(grant(once, person, Role.PARENT), since=moment.wall - timedelta(days=9))
    people.give(world.db, replace(over, until=moment.wall - timedelta(days=1)))
    plans.issue(world.db, world.actor("manager"), once.plan_id, VersionKind.DRAFT, {"A": "The date is here."}, now())
    people.give(world.db, grant(world, person))
    actor = people.load_actor(world.db, person, now())
    assert actor is not None
    assert [each.plan for each in caseload.rows_for(world.db, actor, limit=1)] == [world.plan_id]


def test_a_list_that_is_cut_short_is_cut_after_what_is_not_theirs_is_left_out(world: World) -> None:
    for _ in range(3):
        another_plan(world, "nmr")  # on the list of the caseworkers of this authority, of whom this is none
    people.give(world.db, grant(world, world.people["stranger"], Role.PARENT))
    mine = [each.plan for each in caseload.rows_for(world.db, world.actor("stranger"), limit=1000)]
    assert world.plan_id in mine
    cut = [each.plan for each in caseload.rows_for(world.db, world.actor("stranger"), limit=len(mine))]
    assert cut == mine
