"""Redress over HTTP: what a family can do by when, an appeal and its order, and a plan that lawfully ceases."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.error import NotReady
from portal.domain.event import EventKind
from portal.domain.identifier import new_request_id
from portal.domain.state import PlanState, VersionKind
from portal.operations import case as cases
from portal.operations import redress, verify
from portal.operations.case import Told
from tests.blueprints.page import Page
from tests.world import World, now

JSON = {"Accept": "application/json"}
ORDERED = "Speech therapy of 45 minutes, every week of term"


def ago(days: int) -> date:
    return now().today - timedelta(days=days)


def tell(world: World, kind: str, days_ago: int, key: str = "caseworker", **said: Any) -> TestResponse:
    browser = world.client(key)
    sent = {"kind": kind, "on": ago(days_ago).isoformat(), "request_id": new_request_id(), **said}
    return browser.post(f"{browser.base}/redress/record", sent)


@pytest.fixture
def issued(world: World) -> World:
    """A final plan was issued today."""
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    return world


def test_after_the_final_plan_everybody_who_reads_it_is_told_until_when_it_can_be_appealed(issued: World) -> None:
    browser = issued.client("parent")
    page = Page(browser.get(browser.base)).words
    assert "An appeal is possible until" in page
    assert "Speak to a mediation adviser first, unless it is only about the school or college named." in page
    page = Page(browser.get(f"{browser.base}/redress")).words
    assert "You can appeal until" in page
    assert "Mediation is free and voluntary" in page
    assert "The letter that tells of the right to appeal is not on record." in page
    assert "Put on record" not in page
    assert tell(issued, "decision_letter_sent", 0, decision="plan_contents").status_code == 303
    page = Page(browser.get(f"{browser.base}/redress")).words
    assert "is not on record" not in page
    assert "The council decided what the plan says" in page


def test_the_acts_are_the_events_of_the_case_with_their_clocks(issued: World) -> None:
    assert tell(issued, "decision_letter_sent", 0, decision="plan_contents").status_code == 303
    browser = issued.client("caseworker")
    page = Page(browser.get(f"{browser.base}/redress/record?kind=mediation_requested"))
    assert "within three working days" in page.words
    form = page.form("Put it on record")
    assert browser.post(form.action, form.filled(on=ago(0).isoformat())).status_code == 422
    assert browser.post(form.action, form.filled(on=ago(0).isoformat(), scope="all")).status_code == 303
    assert tell(issued, "appeal_lodged", 0).status_code == 303
    case = browser.get(f"{browser.base}/case", **JSON).json
    assert case is not None
    kinds = [each["kind"] for each in case["events"]][-3:]
    assert kinds == ["decision_letter_sent", "mediation_requested", "appeal_lodged"]
    clocks = {each["clock"]: each for each in case["clocks"]}
    assert clocks["appeal"]["met"] == now().today.isoformat()
    assert clocks["mediation"]["due"] == (now().today + timedelta(days=30)).isoformat()
    assert "An appeal is with the tribunal" in Page(issued.client("parent").get(f"{browser.base}/redress")).words


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 403), ("dco", 403), ("auditor", 403)])
def test_the_council_alone_puts_anything_of_it_on_record(issued: World, key: str, status: int) -> None:
    before, browser = issued.plan(), issued.client(key)
    assert tell(issued, "decision_letter_sent", 0, key, decision="plan_contents").status_code == status
    for path in ("/redress/record?kind=appeal_lodged", "/redress/ordered", "/redress/ordered/1"):
        assert browser.get(browser.base + path).status_code == status, path
    for path in ("/redress/ordered", "/redress/ordered/1", "/redress/cease"):
        sent = {"order": "1", "place": "F/x/what", "words": "x", "reason": "x"}
        assert browser.post(browser.base + path, sent).status_code == status, path
    assert issued.plan() == before


def with_order(world: World) -> int:
    """An order is on record; answers the number of its entry."""
    tell(world, "decision_letter_sent", 0, decision="plan_contents")
    tell(world, "appeal_lodged", 0)
    assert tell(world, "tribunal_order", 0, order="amend").status_code == 303
    return world.plan().sequence


def test_after_an_order_the_page_says_whose_turn_it_is_and_by_when(issued: World) -> None:
    with_order(issued)
    due = next(each.due for each in issued.plan().clocks if each.clock == "order_amend")
    assert due is not None
    for key, whose in (("caseworker", "Waiting for you: amend"), ("parent", "The council must amend")):
        browser = issued.client(key)
        answer = browser.get(f"{browser.base}/redress")
        said = f"{whose} the plan as the tribunal ordered by {due:%A} {due.day} {due:%B}"
        assert said in Page(answer).words
        assert ("/review#amend" in answer.text) == (key == "caseworker")


def test_ordered_words_are_shown_on_the_section_and_beside_what_stands_there(issued: World) -> None:
    order = with_order(issued)
    browser = issued.client("caseworker")
    item = issued.plan().sections["F"].content.items[0].id
    page = Page(browser.get(f"{browser.base}/redress/ordered?place=F/{item}/what"))
    assert "Speech therapy" in page.words
    form = page.form("Pin these words")
    assert form.fields["order"] == [str(order)]
    assert browser.post(form.action, form.filled(words=" ")).status_code == 422
    assert browser.post(form.action, form.filled(words=ORDERED)).status_code == 303
    for key in ("caseworker", "parent"):
        reader = issued.client(key)
        page = Page(reader.get(f"{browser.base}/redress"))
        assert "The plan says something else" in page.words
        assert ORDERED in page.words
        assert page.soup.select(".gt-clash del, .gt-clash ins")
        assert "the tribunal ordered other words on" in Page(reader.get(f"{browser.base}/sections/F")).words
    assert "What the tribunal ordered" not in issued.client("senco").get(f"{browser.base}/sections/A").text
    assert [each.problems for each in verify.plans(issued.db, "nmr", issued.plan_id)] == [[]]
    assert ORDERED not in str(issued.db["plans"].find_one({"authority": "nmr", "_id": issued.plan_id}, {"ordered": 1}))


def test_a_final_that_differs_from_ordered_words_is_stopped_with_both_texts(world: World) -> None:
    world.write_a_little()
    world.to_finalising()
    order = with_order(world)
    item = world.plan().sections["F"].content.items[0].id
    redress.pin(world.db, world.actor("caseworker"), world.plan_id, order, f"F/{item}/what", ORDERED, now())
    browser = world.client("manager")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert "Its words bind: put them back." in page.words
    assert "Issue the final plan" not in page.buttons()
    stopped = browser.post(f"{browser.base}/issue/final", {"reason.F": "Today is the law’s last day."})
    assert stopped.status_code == 409
    shown = Page(stopped)
    assert ORDERED in shown.words
    assert shown.soup.select(".gt-clash del, .gt-clash ins")
    assert world.plan().state is PlanState.FINALISING
    world.edit("caseworker", "F", "provision", {"what": ORDERED}, item)
    world.sign("manager", "F")
    assert browser.post(f"{browser.base}/issue/final", {}).status_code == 303
    assert "these are words that the tribunal ordered" in Page(browser.get(f"{browser.base}/sections/F")).words


def test_a_later_order_sets_ordered_words_aside_and_a_reason_alone_does_not(issued: World) -> None:
    order = with_order(issued)
    item = issued.plan().sections["F"].content.items[0].id
    redress.pin(issued.db, issued.actor("caseworker"), issued.plan_id, order, f"F/{item}/what", ORDERED, now())
    number, browser = issued.plan().sequence, issued.client("caseworker")
    path = f"{browser.base}/redress/ordered/{number}"
    assert browser.post(path, {"order": str(order), "reason": "We would rather not."}).status_code == 409
    tell(issued, "tribunal_order", 0, order="amend")
    later = issued.plan().sequence
    form = Page(browser.get(path)).form("Let these words go")
    assert browser.post(path, form.filled(order=str(later), reason="")).status_code == 422
    assert browser.post(path, form.filled(order=str(later), reason="Paragraph 4.")).status_code == 303
    assert issued.plan().ordered == ()
    assert [each.problems for each in verify.plans(issued.db, "nmr", issued.plan_id)] == [[]]


def test_a_plan_does_not_cease_in_the_time_to_appeal_and_does_so_after_it(issued: World) -> None:
    assert tell(issued, "cease_decided", 0).status_code == 303
    assert tell(issued, "decision_letter_sent", 0, decision="cease").status_code == 303
    browser = issued.client("caseworker")
    page = Page(browser.get(f"{browser.base}/redress"))
    assert "The family can still appeal. The plan stays in force until" in page.words
    assert "Put on record that the plan has ceased" not in page.buttons()
    assert browser.post(f"{browser.base}/redress/cease").status_code == 409
    assert issued.plan().state is PlanState.FINAL
    later = replace(now(), product=now().product + timedelta(days=100))
    redress.cease(issued.db, issued.actor("caseworker"), issued.plan_id, later)
    assert issued.plan().state is PlanState.CEASED
    assert "This plan has ceased." in Page(issued.client("parent").get(browser.base)).words
    assert browser.post(f"{browser.base}/redress/cease").status_code == 409
    assert [each.problems for each in verify.plans(issued.db, "nmr", issued.plan_id)] == [[]]


def test_an_appeal_keeps_a_plan_in_force_beyond_every_date(issued: World) -> None:
    tell(issued, "cease_decided", 0)
    tell(issued, "decision_letter_sent", 0, decision="cease")
    tell(issued, "appeal_lodged", 0)
    later = replace(now(), product=now().product + timedelta(days=500))
    browser = issued.client("caseworker")
    assert "An appeal is pending." in Page(browser.get(f"{browser.base}/redress")).words
    with pytest.raises(NotReady, match="An appeal is pending"):
        redress.cease(issued.db, issued.actor("caseworker"), issued.plan_id, later)
    told = Told(EventKind.APPEAL_CONCLUDED, now().today, {})
    cases.record(issued.db, issued.actor("caseworker"), issued.plan_id, told, now())
    redress.cease(issued.db, issued.actor("caseworker"), issued.plan_id, later)
    assert issued.plan().state is PlanState.CEASED
