"""A child's case over HTTP: what happened, what the law asks by when, and who puts it on record."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.content import Mark
from portal.domain.event import EventKind
from portal.domain.identifier import new_plan_id, new_request_id
from portal.domain.plan import blank_plan
from portal.domain.state import VersionKind
from portal.operations import people, plans, verify
from portal.operations.case import Told, record
from portal.operations.plans import Asked
from tests.blueprints.page import Page
from tests.world import World, now

JSON = {"Accept": "application/json"}
ONE_DAY = timedelta(days=1)


def ago(days: int) -> date:
    return now().today - days * ONE_DAY


@pytest.fixture
def asked(world: World) -> World:
    """The same people round a record that began with a request, twenty days ago."""
    return asked_for(world, 20)


def asked_for(world: World, days: int) -> World:
    db, first = world.db, world.plan()
    by = Mark(world.people["caseworker"], "Chris Doyle", "northmere-council", now().product)
    plan = blank_plan(new_plan_id("nmr"), "nmr", first.authority_name, first.child)
    parts = [each for key in world.people for each in world.actor(key).grants if each.scope == world.plan_id]
    asked = Asked(ago(days), "A parent asked.")
    started = plans.start_by_request(db, plan, asked, by, "Northmere Council SEN team")
    for each in parts:
        people.give(db, replace(each, scope=started.id))
    return replace(world, plan_id=started.id)


def tell(world: World, kind: str, days_ago: int | None = None, key: str = "caseworker", **said: Any) -> TestResponse:
    browser = world.client(key)
    sent: dict[str, Any] = {"kind": kind, "request_id": new_request_id(), **said}
    if days_ago is not None:
        sent["on"] = ago(days_ago).isoformat()
    return browser.post(f"{browser.base}/case/record", sent)


def case(world: World, key: str = "caseworker") -> dict[str, Any]:
    found = world.client(key).get(f"/plans/{world.plan_id}/case", **JSON).json
    assert found is not None
    return dict(found)


def clocks(world: World) -> dict[str, dict[str, Any]]:
    return {each["clock"]: each for each in case(world)["clocks"]}


def test_a_record_begins_with_its_request_and_the_law_s_days_count_from_it(asked: World) -> None:
    assert case(asked)["stage"] == "requested"
    found = clocks(asked)
    assert found["decide_to_assess"]["due"] == (ago(20) + timedelta(weeks=6)).isoformat()
    assert found["final_plan"]["due"] == (ago(20) + timedelta(weeks=20)).isoformat()
    page = asked.client("parent").get(f"/plans/{asked.plan_id}/case")
    assert page.status_code == 200
    words = Page(page).words
    assert "The council must decide whether to assess by" in words
    assert "SEND Regs 2014 reg 5(1)" in words
    assert "Put something on record" not in words


def test_what_is_put_on_record_moves_the_case_and_is_on_the_chain_with_its_day(asked: World) -> None:
    assert tell(asked, "assessment_agreed", 10).status_code == 303
    assert tell(asked, "advice_requested", 9, advice="c").status_code == 303
    assert tell(asked, "advice_requested", 9, advice="c", words="Dr Okafor").status_code == 303
    assert tell(asked, "advice_received", 2, ref="c1").status_code == 303
    found = case(asked)
    assert found["stage"] == "assessing"
    assert [each["ref"] for each in found["clocks"] if each["clock"] == "advice"] == ["c1", "c2"]
    assert [each["met"] for each in found["clocks"] if each["clock"] == "advice"] == [ago(2).isoformat(), None]
    newest = asked.client("parent").get(f"/plans/{asked.plan_id}/history", **JSON).json
    assert newest is not None
    assert newest["entries"][0]["kind"] == "advice_received"
    words = Page(asked.client("parent").get(f"/plans/{asked.plan_id}/case")).words
    assert "The council asked for 2 pieces of advice; 1 came so far." in words
    assert "Okafor" not in words
    assert "Okafor" not in asked.client("parent").get(f"/plans/{asked.plan_id}/history").text
    assert "Okafor" in asked.client("manager").get(f"/plans/{asked.plan_id}/history").text


def test_a_mistake_is_taken_back_by_another_entry_and_both_stay(asked: World) -> None:
    tell(asked, "assessment_refused", 5)
    number = asked.plan().sequence
    assert case(asked)["stage"] == "refused"
    browser = asked.client("manager")
    path = f"{browser.base}/case/{number}/correct"
    assert "The council decided not to assess" in browser.get(path).text
    assert browser.post(path, {"reason": ""}).status_code == 422
    assert browser.post(path, {"reason": "Another child’s."}).status_code == 303
    assert case(asked)["stage"] == "requested"
    kinds = [each["kind"] for each in browser.get(f"{browser.base}/history", **JSON).json["entries"]]  # type: ignore[index]
    assert kinds[:2] == ["event_corrected", "assessment_refused"]
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("kind", "days_ago", "said", "field"),
    [
        ("assessment_agreed", -1, {}, "on"),
        ("assessment_agreed", 21, {}, "on"),
        ("advice_received", 2, {"ref": "c1"}, "kind"),
        ("final_issued", 2, {}, "kind"),
        ("section_edited", 2, {}, "kind"),
        ("nothing", 2, {}, "kind"),
        ("assessment_agreed", None, {"on": "soon"}, "on"),
        ("assessment_agreed", None, {"on": "2026-02-31"}, "on"),
        ("assessment_agreed", None, {}, "on"),
        ("decision_letter_sent", 2, {"decision": "everything"}, "decision"),
        ("exemption", None, {"clock": "decide_to_assess", "reason": "missed_health_appointment"}, "from"),
        ("assessment_agreed", 2, {"ref": "c1"}, "form"),
    ],
)
def test_what_can_t_have_happened_so_comes_back_with_what_to_do(
    asked: World, kind: str, days_ago: int | None, said: dict[str, Any], field: str
) -> None:
    before = asked.plan()
    answer = tell(asked, kind, days_ago, **said)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert asked.plan() == before


def test_an_exemption_without_a_lawful_reason_is_refused_and_a_lawful_one_leaves_the_date(asked: World) -> None:
    days: dict[str, Any] = {"from": ago(30).isoformat(), "to": ago(1).isoformat()}
    wrong = tell(asked, "exemption", clock="decide_to_assess", reason="missed_health_appointment", **days)
    assert wrong.status_code == 422
    assert "no lawful reason" in wrong.text
    due = clocks(asked)["decide_to_assess"]["due"]
    assert tell(asked, "exemption", clock="decide_to_assess", reason="family_absent", **days).status_code == 303
    found = clocks(asked)["decide_to_assess"]
    assert (found["due"], found["exempt"]) == (due, "family_absent")


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 403), ("senco", 403), ("auditor", 403)])
def test_only_the_sen_team_puts_anything_on_record(asked: World, key: str, status: int) -> None:
    assert tell(asked, "assessment_agreed", 2, key).status_code == status
    browser = asked.client(key)
    assert browser.get(f"{browser.base}/case/record").status_code == status
    assert browser.get(f"{browser.base}/case/1/correct").status_code == status
    assert browser.post(f"{browser.base}/case/1/correct", {"reason": "Because."}).status_code == status
    assert browser.get(f"{browser.base}/case").status_code == (404 if key == "stranger" else 200)


def test_a_form_sent_twice_puts_one_event_on_record(asked: World) -> None:
    browser = asked.client("caseworker")
    sent = {"kind": "assessment_agreed", "on": ago(2).isoformat(), "request_id": new_request_id()}
    before = asked.plan().sequence
    assert [browser.post(f"{browser.base}/case/record", sent).status_code for _ in range(2)] == [303, 303]
    assert asked.plan().sequence == before + 1


def test_a_draft_that_is_issued_joins_the_case_by_itself(asked: World) -> None:
    tell(asked, "assessment_agreed", 2)
    asked.sign_all()
    asked.issue("manager", VersionKind.DRAFT)
    found = case(asked)
    assert (found["stage"], found["events"][-1]["kind"]) == ("drafting", "draft_served")
    number = found["events"][-1]["entry"]
    browser = asked.client("manager")
    assert browser.get(f"{browser.base}/case/{number}/correct").status_code == 404
    assert browser.post(f"{browser.base}/case/{number}/correct", {"reason": "No."}).status_code == 409


def test_the_likely_date_moves_with_the_advice_and_the_law_s_never(asked: World) -> None:
    tell(asked, "assessment_agreed", 10)
    tell(asked, "advice_requested", 9, advice="d")
    browser = asked.client("parent")
    now_likely = case(asked)["likely"]
    assert now_likely == (ago(9) + timedelta(days=42 + 56)).isoformat()
    later = browser.get(f"{browser.base}/case?days=10", **JSON).json
    assert later is not None
    assert later["likely"] == (date.fromisoformat(now_likely) + 10 * ONE_DAY).isoformat()
    assert later["clocks"] == case(asked)["clocks"]
    page = Page(browser.get(f"{browser.base}/case?days=10&ref=d1")).words
    assert "Likely, as things stand, if it comes 10 days later" in page
    assert browser.get(f"{browser.base}/case?days=&ref=").status_code == 200
    assert browser.get(f"{browser.base}/case?days=soon").status_code == 422


def test_what_advice_took_before_is_what_is_expected_of_the_next(asked: World) -> None:
    for days in (3, 5, 7):
        other = asked_for(asked, 20)
        tell(other, "assessment_agreed", 12)
        tell(other, "advice_requested", 10, advice="g")
        tell(other, "advice_received", 10 - days, ref="g1")
    tell(asked, "assessment_agreed", 12)
    tell(asked, "advice_requested", 1, advice="g")
    assert case(asked)["likely"] == (ago(1) + timedelta(days=5 + 56)).isoformat()


def test_the_sen_team_is_asked_by_the_law_s_day_and_an_adviser_for_their_advice(asked: World) -> None:
    page = Page(asked.client("caseworker").get(f"/plans/{asked.plan_id}")).words
    assert "Waiting for you: decide whether to assess by" in page
    tell(asked, "assessment_agreed", 10)
    tell(asked, "advice_requested", 9, advice="d")
    adviser = asked.client("psychologist")
    assert "Waiting for you: give your advice by" in Page(adviser.get(adviser.base)).words
    listed = adviser.get("/worklist", **JSON).json
    assert listed is not None
    tasks = next(each["waiting_for_you"] for each in listed["plans"] if each["plan"] == asked.plan_id)
    assert tasks == [{"kind": "advise", "sections": ["K"], "due": (ago(9) + timedelta(weeks=6)).isoformat()}]
    tell(asked, "advice_received", 1, ref="d1")
    assert "give your advice" not in Page(adviser.get(adviser.base)).words


def test_the_chain_vouches_for_the_whole_case(asked: World) -> None:
    tell(asked, "assessment_agreed", 10)
    tell(asked, "advice_requested", 9, advice="b")
    tell(asked, "advice_received", 9, ref="b1")
    asked.client("manager").post(f"/plans/{asked.plan_id}/case/{asked.plan().sequence}/correct", {"reason": "No."})
    asked.sign_all()
    asked.issue("manager", VersionKind.DRAFT)
    assert [each.problems for each in verify.plans(asked.db, "nmr", asked.plan_id)] == [[]]
    asked.db["plans"].update_one({"authority": "nmr", "_id": asked.plan_id}, {"$pop": {"case": -1}})
    (found,) = verify.plans(asked.db, "nmr", asked.plan_id)
    assert found.problems == ["the plan: what happened in the statutory process is not as the chain says"]


def test_a_council_that_writes_a_plan_is_not_late_with_saying_that_there_will_be_none(world: World) -> None:
    asked = now().today - timedelta(weeks=17)
    for kind, on in ((EventKind.REQUEST_RECEIVED, asked), (EventKind.ASSESSMENT_AGREED, asked + timedelta(weeks=4))):
        record(world.db, world.actor("caseworker"), world.plan_id, Told(kind, on, {}), now())
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}/case"))
    due = page.words.split("What is due")[1].split("The law’s time")[0]
    assert "Issue the final plan" in due
    assert "Say if there will be no plan" not in due
