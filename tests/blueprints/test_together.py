"""Several plans at once: an SEN manager reminds whoever they wait for, and gives them to a caseworker."""

from datetime import timedelta

import pytest

from portal.domain.actor import Role
from portal.domain.contact import Contact
from portal.domain.event import EventKind
from portal.domain.notice import NoticeKind
from portal.operations import case, notices
from portal.operations.case import Told
from portal.store import contacts, people
from portal.store import notices as kept
from tests.blueprints.page import Page
from tests.conftest import app, db, settings
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # a portal of its own: a manager's list holds every plan of the database
PAGE = "/worklist/together"


def told(world: World) -> dict[str, int]:
    """How often each of the cast was reminded."""
    while notices.spread(world.db, "nmr", now()):
        pass
    names = {person: key for key, person in world.people.items()}
    found = [names[each.person] for each in kept.of_a_plan(world.db, world.plan_id) if each.kind is NoticeKind.REMINDER]
    return {each: found.count(each) for each in found}


def caseworkers(world: World) -> set[str]:
    held = people.grants_on(world.db, world.plan_id, now().wall)
    return {each.person for each in held if each.role is Role.SEN_CASEWORKER and each.scope == world.plan_id}


def test_whoever_plans_wait_for_is_reminded_once_a_day_and_nobody_else(world: World) -> None:
    for key in ("parent", "therapist", "auditor", "manager"):
        contacts.keep(world.db, world.people[key], Contact(f"{key}@example.org"))
    browser = world.client("manager")
    for _ in range(2):
        answer = browser.post(PAGE, {"act": "remind", "plans": world.plan_id})
        assert answer.status_code == 303
    assert told(world) == {"parent": 1, "therapist": 1}
    assert "told again today" in Page(browser.get(answer.location)).words


def test_plans_are_given_to_a_caseworker_once_by_an_entry_each(world: World) -> None:
    colleague = build_world(world.app, world.db, world.settings).people["caseworker"]
    before, held = world.plan().sequence, caseworkers(world)
    sent = {"act": "give", "plans": world.plan_id, "person": colleague}
    for _ in range(2):
        assert world.client("manager").post(PAGE, sent).status_code == 303
    assert caseworkers(world) == {*held, colleague}
    assert world.plan().sequence == before + 1


@pytest.mark.parametrize("key", ["parent", "caseworker", "dco", "auditor", "stranger"])
def test_nobody_but_an_sen_manager_does_anything_for_several_plans(world: World, key: str) -> None:
    browser = world.client(key)
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, {"act": "remind", "plans": world.plan_id}).status_code == 403
    assert told(world) == {}


def test_a_plan_of_another_council_among_them_stops_all(world: World) -> None:
    contacts.keep(world.db, world.people["parent"], Contact("parent@example.org"))
    plans = [world.plan_id, "grd-0123456789abcdef"]
    assert world.client("manager").post(PAGE, {"act": "remind", "plans": plans}).status_code == 404
    assert told(world) == {}


def test_nothing_chosen_and_nobody_chosen_are_told(world: World) -> None:
    browser = world.client("manager")
    answer = browser.post(PAGE, {"act": "remind"})
    assert answer.status_code == 422
    assert "Choose one plan or more." in answer.text
    answer = browser.post(PAGE, {"act": "give", "plans": world.plan_id, "person": world.people["parent"]})
    assert answer.status_code == 422
    assert "Choose a caseworker." in answer.text
    assert f'value="{world.plan_id}" checked' in answer.text


def test_the_managers_list_leads_there(world: World) -> None:
    links = [each["href"] for each in Page(world.client("manager").get("/worklist")).soup.select("main a")]
    assert PAGE in links
    assert world.plan_id in world.client("manager").get(PAGE).text


@pytest.mark.parametrize(("days", "late"), [(7, False), (70, True)])
def test_a_plan_on_the_list_says_its_legal_date_once_and_whether_it_is_late(
    world: World, days: int, late: bool
) -> None:
    on = now().today - timedelta(days=days)
    case.record(world.db, world.actor("caseworker"), world.plan_id, Told(EventKind.REQUEST_RECEIVED, on, {}), now())
    (row,) = Page(world.client("manager").get(PAGE)).said_in(f"input[value={world.plan_id}] + label")
    due = next(each.due for each in world.plan().clocks if each.clock == "decide_to_assess")
    assert due is not None
    assert row.count(f"{due.day} {due:%B}") == 1
    assert row.endswith(", late") == late
