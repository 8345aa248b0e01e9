"""Somebody is away, hands their work on, or leaves: their plans go on, and what they held ends at once."""

import json
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask

from portal.config import Settings
from portal.domain.actor import WHOLE_CASELOAD, Role
from portal.domain.error import Invalid, NotAllowed
from portal.operations import cover, people, receipts
from portal.operations.act import act
from portal.store import chain, parts, sessions
from portal.store import people as people_store
from portal.store.database import Database
from tests.at_once import at_once
from tests.fresh import fresh
from tests.operations.test_access import roles, said
from tests.world import AGENCIES, World, build_world, now

COUNCIL = "northmere-council"


@pytest.fixture
def world(app: Flask, db: Database, settings: Settings) -> World:
    """A caseworker with three plans, a colleague with one, and a lead."""
    made = build_world(app, db, settings)
    people_store.lead(db, made.people["auditor"], [COUNCIL])
    for _ in range(2):
        fresh(made, "caseworker")
    return made


def plans_of(world: World, key: str, days: float = 0) -> set[str]:
    moment = now()
    found = people.load_actor(world.db, world.people[key], replace(moment, wall=moment.wall + timedelta(days=days)))
    assert found is not None
    return {each.scope for each in found.grants}


def stand_in(world: World, by: str, first: int, last: int, to: str = "other_caseworker") -> int:
    today = now().today
    days = (today + timedelta(days=first), today + timedelta(days=last))
    return cover.cover(world.db, world.actor(by), COUNCIL, world.people["caseworker"], world.people[to], days, now())


@pytest.mark.parametrize("by", ["caseworker", "manager", "auditor"])
def test_cover_is_for_the_days_that_were_named_and_says_for_whom(world: World, by: str) -> None:
    mine, theirs = plans_of(world, "caseworker"), plans_of(world, "other_caseworker")
    assert stand_in(world, by, 3, 5) == 3
    assert plans_of(world, "other_caseworker") == theirs
    assert plans_of(world, "other_caseworker", 4) == mine | theirs
    assert plans_of(world, "other_caseworker", 7) == theirs
    assert plans_of(world, "caseworker", 4) == mine
    lent = [each for each in parts.people_of(world.db, AGENCIES["council"], now().wall) if each.covering]
    assert {each.covering for each in lent} == {"Chris Doyle"}


def test_cover_named_twice_says_so_once_and_longer_cover_prolongs_it(world: World) -> None:
    plan = next(each for each in plans_of(world, "caseworker") if each != world.plan_id)
    for last in (2, 2, 9):
        stand_in(world, "caseworker", 0, last)
    assert [each.kind for each in chain.entries(world.db, plan)].count("grant_given") == 2
    assert plan in plans_of(world, "other_caseworker", 8)


@pytest.mark.parametrize("key", ["parent", "young_person", "senco"])
def test_whoever_holds_a_receipt_reads_in_it_that_a_part_was_lent_for_whom_and_until_when(
    world: World, key: str
) -> None:
    made = fresh(world, "caseworker", key)
    stand_in(made, "caseworker", 0, 5)
    with ZipFile(BytesIO(receipts.receipt(made.db, made.actor(key), made.plan_id, now()))) as unpacked:
        lines = [json.loads(each) for each in unpacked.read("history.jsonl").splitlines()]
    (lent,) = [each["facts"]["facts"] for each in lines if each["facts"]["kind"] == "grant_given"]
    assert lent["covering"] == world.people["caseworker"]
    assert lent["person"] == world.people["other_caseworker"]
    assert lent["until"]


@pytest.mark.parametrize("by", ["other_caseworker", "dco", "parent", "admin", "stranger", "social_worker"])
def test_nobody_takes_a_colleagues_plans_by_themselves(world: World, by: str) -> None:
    before = plans_of(world, by)
    with pytest.raises(NotAllowed):
        stand_in(world, by, 0, 5, to=by)
    with pytest.raises(NotAllowed):
        cover.hand_over(world.db, world.actor(by), COUNCIL, world.people["caseworker"], world.people[by], now())
    assert plans_of(world, by) == before


def test_a_lead_does_not_hand_somebodys_plans_to_themselves(world: World) -> None:
    people_store.lead(world.db, world.people["other_caseworker"], [COUNCIL])
    lead, theirs = world.actor("other_caseworker"), world.people["caseworker"]
    with pytest.raises(NotAllowed):
        stand_in(world, "other_caseworker", 0, 5)
    with pytest.raises(NotAllowed):
        cover.hand_over(world.db, lead, COUNCIL, theirs, lead.person, now())


def test_a_parents_part_is_nobodys_to_lend(world: World) -> None:
    today, both = now().today, (world.people["parent"], world.people["other_parent"])
    with pytest.raises(NotAllowed):
        cover.cover(world.db, world.actor("parent"), "family", *both, (today, today), now())


@pytest.mark.parametrize(("first", "last"), [(5, 3), (-5, -1), (0, 400)])
def test_days_that_are_over_turned_round_or_too_many_are_refused(world: World, first: int, last: int) -> None:
    with pytest.raises(Invalid):
        stand_in(world, "caseworker", first, last)


def test_somebody_who_does_not_work_for_the_agency_does_not_stand_in(world: World) -> None:
    for key in ("therapist", "parent", "stranger", "caseworker"):
        with pytest.raises(Invalid):
            stand_in(world, "caseworker", 0, 5, to=key)


# Handing over


def hand_over(world: World, by: str = "manager") -> int:
    both = (world.people["caseworker"], world.people["other_caseworker"])
    return cover.hand_over(world.db, world.actor(by), COUNCIL, *both, now())


def test_a_handover_moves_every_plan_once_and_each_plans_chain_says_so(world: World) -> None:
    mine = plans_of(world, "caseworker")
    assert hand_over(world) == 3
    assert plans_of(world, "caseworker") == set()
    assert plans_of(world, "other_caseworker") >= mine
    assert hand_over(world) == 0
    for plan in mine - {world.plan_id}:
        assert [each.kind for each in chain.entries(world.db, plan)] == ["grant_handed_over", "plan_started"]


def test_a_handover_that_was_killed_on_the_way_is_gone_on_with(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, done = plans_of(world, "caseworker"), list[object]()

    def killed(*args: object, **named: object) -> object:
        if done:
            raise KeyboardInterrupt
        done.append(args)
        return act(*args, **named)  # type: ignore[arg-type]  # handed on as it came

    with monkeypatch.context() as patch:
        patch.setattr(cover, "act", killed)
        with pytest.raises(KeyboardInterrupt):
            hand_over(world)
    assert len(plans_of(world, "caseworker")) == 2
    assert hand_over(world) == 2
    assert plans_of(world, "other_caseworker") >= mine


def test_two_handovers_at_once_move_each_plan_once(world: World) -> None:
    mine = plans_of(world, "caseworker")
    assert at_once(*[lambda: hand_over(world)] * 4) == []
    for plan in mine:
        assert [each.kind for each in chain.entries(world.db, plan)].count("grant_handed_over") == 1


# Leaving


def test_a_leaver_is_out_at_once_with_every_session_and_their_plans_are_listed(world: World) -> None:
    mine, browser = plans_of(world, "caseworker"), world.client("caseworker")
    assert browser.get(browser.base).status_code == 200
    assert cover.leave(world.db, world.actor("manager"), COUNCIL, world.people["caseworker"], now()) == 3
    assert browser.get(browser.base).status_code == 303
    kept = sessions.find(world.db, browser.session_id)
    assert kept is not None
    assert (bool(kept["ended"]), kept["data"]) == (True, {})
    assert plans_of(world, "caseworker") == set()
    left = parts.without(world.db, AGENCIES["council"], Role.SEN_CASEWORKER, now().wall)
    assert set(left) >= mine - {world.plan_id}
    assert world.plan_id not in left  # a colleague works on it still
    assert said(world)[0] == "grant_ended"
    assert cover.leave(world.db, world.actor("manager"), COUNCIL, world.people["caseworker"], now()) == 0
    assert said(world).count("grant_ended") == 1


def test_what_a_killed_run_left_unsaid_the_next_one_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*args: object, **named: object) -> object:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cover, "act", killed)
        with pytest.raises(KeyboardInterrupt):
            cover.leave(world.db, world.actor("manager"), COUNCIL, world.people["caseworker"], now())
    assert roles(world, world.people["caseworker"]) == set()
    assert "grant_ended" not in said(world)
    cover.leave(world.db, world.actor("auditor"), COUNCIL, world.people["caseworker"], now())
    assert said(world)[0] == "grant_ended"


def test_what_a_leaver_holds_as_somebodys_parent_stays(world: World) -> None:
    own = replace(world.actor("parent").grants[0], person=world.people["caseworker"])
    people.give(world.db, own)
    cover.leave(world.db, world.actor("auditor"), COUNCIL, world.people["caseworker"], now())
    assert roles(world, world.people["caseworker"]) == {Role.PARENT}


def test_a_leaver_who_led_the_agency_leads_it_no_more(world: World) -> None:
    cover.leave(world.db, world.actor("manager"), COUNCIL, world.people["auditor"], now())
    actor = world.actor("auditor")
    assert (actor.leads, [each for each in actor.grants if each.scope == WHOLE_CASELOAD]) == ((), [])


@pytest.mark.parametrize("by", ["caseworker", "parent", "dco", "stranger", "admin"])
def test_nobody_else_has_somebody_leave(world: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        cover.leave(world.db, world.actor(by), COUNCIL, world.people["caseworker"], now())
    assert plans_of(world, "caseworker") != set()
