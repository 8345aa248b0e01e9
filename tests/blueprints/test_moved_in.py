"""A child who moves in with a plan: the council begins one record, with the clocks of the move and whose plan holds."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.actor import Grant
from portal.domain.error import Invalid
from portal.domain.identifier import new_request_id
from portal.domain.letter_own import CONTACTS
from portal.domain.moved_in import Move
from portal.domain.plan import Child
from portal.domain.state import PlanState, VersionKind
from portal.operations import intake, letter_templates, people, verify
from portal.store import plans
from tests.at_once import at_once
from tests.blueprints.page import Page
from tests.conftest import app, db, settings
from tests.every_letter import SHARED
from tests.world import REASONS, World, now

__all__ = ["app", "db", "settings"]  # a portal of its own: a manager's list is a whole council's
JSON = {"Accept": "application/json"}
CHILD = {"name": "Iris Lowe", "called": "Iris", "subject": "she", "born": "2016-05-02", "nhs_number": "", "upn": ""}


def ago(days: int) -> str:
    return (now().today - timedelta(days=days)).isoformat()


def move_in(world: World, key: str = "caseworker", **changed: str) -> TestResponse:
    days = {"on": ago(20), "aware": ago(25), "came": ago(2), "made": ago(500), "reviewed": ago(200)}
    sent: dict[str, Any] = {
        **CHILD,
        "old_council": "Southfell Council",
        **days,
        "request_id": new_request_id(),
        **changed,
    }
    return world.client(key).post("/requests/moved-in", sent)


def begun(world: World, key: str = "caseworker", **changed: str) -> str:
    answer = move_in(world, key, **changed)
    assert answer.status_code == 303, Page(answer).words
    return str(answer.headers["Location"].split("/")[2])


def case(world: World, plan_id: str, key: str = "caseworker") -> dict[str, Any]:
    found = world.client(key).get(f"/plans/{plan_id}/case", **JSON).json
    assert found is not None
    return dict(found)


def test_the_record_of_a_child_who_moves_in_begins_in_the_middle_of_the_case(world: World) -> None:
    plan_id = begun(world)
    found = case(world, plan_id)
    kinds = ["final_issued", "review_decided", "moved_in", "plan_transferred"]
    assert [each["kind"] for each in found["events"]] == kinds
    assert found["stage"] == "maintained"
    clocks = {each["clock"]: each for each in found["clocks"]}
    told = date.fromisoformat(ago(2)) + timedelta(weeks=6)
    assert clocks["tell_family_after_move"]["due"] == told.isoformat()
    assert clocks["transfer_of_plan"]["met"] == ago(2)
    assert clocks["review_after_move"]["due"] > ago(-89)
    assert [each.problems for each in verify.plans(world.db, "nmr", plan_id)] == [[]]


def test_the_page_of_the_case_says_whose_plan_holds_and_what_the_other_council_did(world: World) -> None:
    plan_id = begun(world)
    page = Page(world.client("caseworker").get(f"/plans/{plan_id}/case")).words
    assert "The plan of Southfell Council holds until one is issued here." in page
    assert "in force here, as if this council had made it" in page
    assert "The final plan was issued (by the other council)" in page
    history = Page(world.client("manager").get(f"/plans/{plan_id}/history")).words
    assert "put on record that another council issued the final plan" in history
    entries = world.db["chain"].find({"authority": "nmr", "plan": plan_id})
    assert not any("Southfell" in str(each) for each in entries)


def test_a_plan_that_has_not_come_is_kept_up_by_the_other_council_until_it_does(world: World) -> None:
    plan_id = begun(world, came="", made="", reviewed="", on=ago(-3))
    browser = world.client("caseworker")
    page = Page(browser.get(f"/plans/{plan_id}/case"))
    assert "Iris moves here on" in page.words
    assert "until it does, Southfell Council keeps it up" in page.words
    assert f"/plans/{plan_id}/case/record?kind=plan_transferred" in page.links()
    assert "transfer_of_plan" in {each["clock"] for each in case(world, plan_id)["clocks"]}


def test_its_sections_are_written_and_issued_as_any_other_plan_s(world: World) -> None:
    moved = World(world.app, world.db, world.settings, begun(world, "manager"), world.people)
    for each in ("caseworker", "parent"):
        given = next(part for part in world.actor(each).grants if part.scope == world.plan_id)
        give(moved, given)
    moved.add("caseworker", "B", "needs", area="communication", need="Being understood", effect="It is hard.")
    moved.issue("manager", VersionKind.DRAFT, **REASONS)
    assert "holds until one is issued here" in Page(moved.client("parent").get(f"/plans/{moved.plan_id}/case")).words
    assert moved.plan().state is PlanState.DRAFT_ISSUED
    assert [each.problems for each in verify.plans(moved.db, "nmr", moved.plan_id)] == [[]]


def give(world: World, part: Grant) -> None:
    people.give(world.db, replace(part, scope=world.plan_id))


def test_it_stands_on_the_council_s_lists(world: World) -> None:
    plan_id = begun(world)
    for key in ("caseworker", "manager"):
        listed = world.client(key).get("/worklist", **JSON).json
        assert listed is not None
        assert plan_id in {each["plan"] for each in listed["plans"]}, key
    assert world.client("other_caseworker").get(f"/plans/{plan_id}").status_code == 404


def test_the_family_is_told_by_a_letter_that_meets_the_six_weeks(world: World) -> None:
    plan_id = begun(world)
    browser = world.client("caseworker")
    assert "tell the family what happens after the move" in Page(browser.get(f"/plans/{plan_id}")).words
    contacts = letter_templates.find(world.db, world.actor("manager"), "nmr", CONTACTS).number
    shared = {name.removeprefix("words_"): text for name, text in SHARED.items()}
    letter_templates.save(world.db, world.actor("manager"), "nmr", CONTACTS, contacts, shared, now())
    form = Page(browser.get(f"/plans/{plan_id}/letters/write?kind=moved_in")).form("See the letter as it will be")
    assert browser.post(form.action, {**form.fields, "act": "send"}).status_code == 422
    looked_at = Page(browser.post(form.action, form.filled(reason="We review it in March, and do not assess now.")))
    assert "Whether we assess, and when we review the plan" in looked_at.words
    shown = looked_at.form("See the letter as it will be")
    assert browser.post(shown.action, {**shown.fields, "act": "send"}).status_code == 303
    clocks = {each["clock"]: each for each in case(world, plan_id)["clocks"]}
    assert clocks["tell_family_after_move"]["met"] == now().today.isoformat()
    page = Page(browser.get(f"/plans/{plan_id}")).words
    assert "tell the family" not in page
    assert "review the plan after the move" in page
    assert [each.problems for each in verify.plans(world.db, "nmr", plan_id)] == [[]]
    world.db["plans"].update_one({"authority": "nmr", "_id": plan_id}, {"$set": {"move_told": "2026-01-01"}})
    (found,) = verify.plans(world.db, "nmr", plan_id)
    assert found.problems == ["the plan: when the family was told of its move is not as the chain says"]


def test_the_same_form_sent_twice_begins_one_record(world: World) -> None:
    once = new_request_id()
    first, second = (begun(world, request_id=once) for _ in range(2))
    assert first == second


def test_two_caseworkers_who_begin_the_record_of_one_child_at_once_make_one(world: World) -> None:
    child = Child("Iris Lowe", "Iris", "she", date(2016, 5, 2), "9993551260")
    move = Move("Southfell Council", now().today, now().today)
    actors = [world.actor(key) for key in ("caseworker", "other_caseworker")]
    before = world.db["plans"].count_documents({"authority": "nmr"})
    raised = at_once(*(partial(intake.move_in, world.db, each, child, move, now()) for each in actors))
    assert [type(each) for each in raised] == [Invalid]
    assert world.db["plans"].count_documents({"authority": "nmr"}) == before + 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"old_council": " "}, "old_council"),
        ({"on": ""}, "on"),
        ({"aware": "soon"}, "aware"),
        ({"came": "soon"}, "came"),
        ({"came": ago(-1)}, "came"),
        ({"made": ago(1)}, "made"),
        ({"reviewed": ago(600)}, "reviewed"),
        ({"nhs_number": "9990000019"}, "nhs_number"),
        ({"plan": "nmr"}, "form"),
    ],
)
def test_a_move_that_can_t_be_so_comes_back_with_what_to_do(world: World, changed: dict[str, str], field: str) -> None:
    before = world.db["plans"].count_documents({"authority": "nmr"})
    answer = move_in(world, **changed)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert world.db["plans"].count_documents({"authority": "nmr"}) == before


def test_nobody_but_the_sen_team_begins_a_record(world: World) -> None:
    for key in ("parent", "senco", "admin", "auditor"):
        assert world.client(key).get("/requests/moved-in").status_code == 403, key
        assert move_in(world, key).status_code == 403, key
    plan_id = begun(world, "stranger")
    assert plans.load(world.db, plan_id).authority == "sfl"
    assert world.client("manager").get(f"/plans/{plan_id}").status_code == 404
