"""After an amendment notice, the way back over HTTP: the plan in force stands again, and the family is told why."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.amend import Because
from portal.domain.identifier import new_request_id
from portal.domain.letter_own import CONTACTS
from portal.domain.state import PlanState, VersionKind
from portal.operations import letter_templates, plans, review, verify
from tests.at_once import at_once
from tests.blueprints.page import Page
from tests.every_letter import SHARED
from tests.world import REASONS, World, now

WHY = "The changes would not help her."


@pytest.fixture
def proposed(world: World) -> World:
    """Amendments of B and G were served, and the family has answered."""
    ids = world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    review.amend(world.db, world.actor("caseworker"), world.plan_id, Because.OTHER, "They move house.", now())
    world.edit("caseworker", "B", "needs", {"effect": "She Zebras."}, ids["need"])
    world.add("therapist", "G", "provision", what="A Giraffe")
    world.issue("manager", VersionKind.PROPOSED_AMENDMENT, **REASONS)
    plans.answer(world.db, world.actor("parent"), world.plan_id, "Please don’t.", now())
    return world


def decide(world: World, key: str = "caseworker", **said: Any) -> TestResponse:
    browser = world.client(key)
    return browser.post(f"{browser.base}/review/not-to-amend", {"words": WHY, "request_id": new_request_id(), **said})


def page(world: World, key: str, path: str) -> str:
    browser = world.client(key)
    return Page(browser.get(browser.base + path)).words


def test_the_council_decides_not_to_amend_and_the_words_in_force_stand_again(proposed: World) -> None:
    before = proposed.plan()
    assert "Decide not to change the plan" in page(proposed, "caseworker", "/review")
    answer = decide(proposed)
    assert answer.headers["Location"].endswith("/letters/write?kind=no_amendment")
    plan = proposed.plan()
    assert (plan.state, plan.in_force) == (PlanState.FINAL, before.in_force)
    for letter in "BG":
        assert plan.sections[letter].revision == before.sections[letter].revision + 1
        changed = plan.sections[letter].changed
        assert changed is not None
        assert changed.name == "Chris Doyle"
    assert [plan.sections[each].revision for each in "CDEF"] == [before.sections[each].revision for each in "CDEF"]
    for letter, word in (("B", "Zebras"), ("G", "Giraffe")):
        assert word not in page(proposed, "parent", f"/sections/{letter}")
        number = plan.sections[letter].revision
        assert word in page(proposed, "parent", f"/sections/{letter}/compare?from={number - 1}&to={number}")
    history = page(proposed, "manager", "/history")
    assert "decided not to amend the plan" in history
    assert "(section B) back as it is in force" in history
    assert [each.problems for each in verify.plans(proposed.db, "nmr", proposed.plan_id)] == [[]]


def test_the_family_reads_why_and_is_sent_the_letter_with_its_right_to_appeal(proposed: World) -> None:
    decide(proposed)
    assert WHY in page(proposed, "parent", "/review")
    assert WHY not in page(proposed, "advocate", "/review")
    assert "Withdrawn" in page(proposed, "parent", "/versions")
    contacts = letter_templates.find(proposed.db, proposed.actor("manager"), "nmr", CONTACTS).number
    shared = {name.removeprefix("words_"): text for name, text in SHARED.items()}
    letter_templates.save(proposed.db, proposed.actor("manager"), "nmr", CONTACTS, contacts, shared, now())
    browser = proposed.client("caseworker")
    form = Page(browser.get(f"{browser.base}/letters/write?kind=no_amendment"))
    assert "decided not to amend the plan" in form.words
    shown = form.form("See the letter as it will be")
    assert shown.fields["reason"] == [WHY]
    assert browser.post(shown.action, {**shown.fields, "act": "send"}).status_code == 303
    case = browser.get(f"{browser.base}/case", Accept="application/json").json
    assert case is not None
    clocks = {each["clock"]: each for each in case["clocks"]}
    assert clocks["amended_final"]["met"] == now().today.isoformat()
    assert case["stage"] == "maintained"
    assert "appeal" in clocks


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 403), ("senco", 403), ("dco", 403)])
def test_nobody_but_the_council_decides_it(proposed: World, key: str, status: int) -> None:
    before, browser = proposed.plan(), proposed.client(key)
    assert decide(proposed, key).status_code == status
    assert browser.get(f"{browser.base}/review/not-to-amend").status_code == status
    assert proposed.plan() == before


def test_without_reasons_or_before_the_family_is_heard_nothing_is_decided(world: World) -> None:
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    assert "No changes are with the family" in page(world, "caseworker", "/review/not-to-amend")
    review.amend(world.db, world.actor("caseworker"), world.plan_id, Because.OTHER, "They move house.", now())
    assert decide(world).status_code == 409
    world.issue("manager", VersionKind.PROPOSED_AMENDMENT, **REASONS)
    assert "The family has until" in page(world, "caseworker", "/review/not-to-amend")
    assert decide(world).status_code == 409
    plans.answer(world.db, world.actor("parent"), world.plan_id, "Please don’t.", now())
    assert decide(world, words=" ").status_code == 422
    assert world.plan().state is PlanState.AMENDING


def test_the_same_form_sent_twice_and_two_who_decide_at_once_are_one_decision(proposed: World) -> None:
    once = new_request_id()
    deciders = [
        lambda key=key: review.decide_not_to_amend(proposed.db, proposed.actor(key), proposed.plan_id, WHY, now())
        for key in ("caseworker", "manager")
    ]
    assert len(at_once(*deciders)) == 1
    sequence = proposed.plan().sequence
    assert decide(proposed, request_id=once).status_code == 409
    assert proposed.plan().sequence == sequence
    assert [each.problems for each in verify.plans(proposed.db, "nmr", proposed.plan_id)] == [[]]
