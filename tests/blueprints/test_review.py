"""The yearly review over HTTP: planned, held, reported and decided, and the plan amended where it stands."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.hashing import Value
from portal.domain.identifier import new_request_id
from portal.domain.moment import Moment
from portal.domain.plan import VersionLine
from portal.domain.state import PlanState, VersionKind
from portal.operations import plans, verify
from portal.operations.waking import wake
from tests.blueprints.page import Page
from tests.world import WORDS, World, now

JSON = {"Accept": "application/json"}
A_DAY = timedelta(days=1)
SAID = {
    "there": "Nadia Rahman, Anita Patel, Ben Carter.",
    "said": "She speaks up in small groups.",
    "recommends": "amend",
    "recommended": "More time for speech therapy.",
    "who_1": "Nadia Rahman",
    "dissent_1": "Twice a week is not enough.",
}


@pytest.fixture
def final(world: World) -> World:
    """A plan in force, with one thread from hope to provision."""
    world.write_a_little()
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)
    return world


def send(world: World, key: str, step: str, **said: Any) -> TestResponse:
    browser = world.client(key)
    return browser.post(f"{browser.base}/review/{step}", {"request_id": new_request_id(), **said})


def words(world: World, key: str, more: str = "") -> str:
    browser = world.client(key)
    answer = browser.get(f"{browser.base}/review{more}")
    assert answer.status_code == 200
    return Page(answer).words.replace(" .", ".").replace(" ,", ",")


def in_days(days: int) -> str:
    return (now().today + days * A_DAY).isoformat()


def first(world: World, letter: str, group: str) -> str:
    return world.plan().sections[letter].content.in_group(group)[0].id


def outcome(world: World) -> str:
    return first(world, "E", "outcomes")


def invite_all(world: World) -> None:
    people = [world.people[key] for key in ("parent", "senco", "therapist", "social_worker")]
    assert send(world, "senco", "meeting-day", on=in_days(20)).status_code == 303
    assert send(world, "senco", "invitations", people=people, other_justice="Will Hart, officer").status_code == 303


def hold(world: World, key: str = "senco", **more: str) -> TestResponse:
    progress = {f"mark_{outcome(world)}": "some", f"note_{outcome(world)}": "Two stories told."}
    return send(world, key, "meeting", on=in_days(0), **{**SAID, **progress, **more})


def test_the_dates_are_counted_back_from_the_anniversary_and_planning_waits_until_it_is_near(final: World) -> None:
    page = words(final, "parent")
    anniversary = final.plan().clocks[-1].due
    assert anniversary is not None
    assert "The next review must be finished by" in page
    assert "Find a day for the meeting" in page
    assert "Set the day" not in page
    listed = final.client("senco").get("/worklist", **JSON).json
    assert listed is not None
    (row,) = [each for each in listed["plans"] if each["plan"] == final.plan_id]
    assert row["waiting_for_you"] == []


def test_a_review_is_planned_and_everybody_is_invited_by_the_school_or_the_council(final: World) -> None:
    assert send(final, "senco", "meeting-day", on=in_days(-1)).status_code == 422
    assert send(final, "senco", "meeting-day", on="soon").status_code == 422
    assert send(final, "senco", "invitations", people=[final.people["parent"]]).status_code == 409
    assert send(final, "senco", "meeting-day", on=in_days(20), words="At two, in the library.").status_code == 303
    assert send(final, "senco", "invitations").status_code == 422
    assert send(final, "senco", "invitations", people=[final.people["therapist"]]).status_code == 422
    invite_all(final)
    page = words(final, "parent")
    assert "Will Hart, officer, for the youth offending team" in page
    assert "Waiting for you: say how things are going, for Amira’s review, by" in page
    kinds = [each.event.kind for each in final.plan().happened][-3:]
    assert kinds == ["review_meeting_planned", "review_meeting_planned", "review_notice_sent"]


def test_advice_and_the_child_s_own_views_are_read_by_all_once_they_are_sent_round(final: World) -> None:
    invite_all(final)
    assert send(final, "therapist", "advice", progress="", change="").status_code == 422
    assert (
        send(final, "therapist", "advice", progress="She uses longer sentences.", change="Weekly.").status_code == 303
    )
    assert send(final, "parent", "views", views="", told="").status_code == 422
    told = {"views": "I like my table.", "told": "Drawn together at home."}
    assert send(final, "parent", "views", **told).status_code == 303
    assert "longer sentences" in words(final, "therapist")
    assert "longer sentences" in words(final, "caseworker")
    assert "longer sentences" not in words(final, "parent")
    assert "I like my table." in words(final, "parent")
    assert "I like my table." not in words(final, "therapist")
    assert send(final, "senco", "circulate").status_code == 303
    assert "longer sentences" in words(final, "parent")
    assert "I like my table." in words(final, "therapist")
    assert "say how things are going" not in words(final, "therapist").split("Send it")[0].split("What happens")[0]


def test_the_meeting_s_record_holds_each_outcome_and_whoever_disagrees(final: World) -> None:
    invite_all(final)
    assert hold(final, recommends="").status_code == 422
    assert hold(final, there="").status_code == 422
    assert hold(final, **{f"mark_{outcome(final)}": "splendid"}).status_code == 422
    assert send(final, "senco", "meeting", on=in_days(3), **SAID).status_code == 422
    assert hold(final).status_code == 303
    page = words(final, "parent")
    assert "Some progress. Two stories told." in page
    assert "Nadia Rahman does not agree Twice a week is not enough." in page
    assert "Waiting for the council to decide by" in page
    assert hold(final, said="She speaks up everywhere.").status_code == 303
    assert "everywhere" in words(final, "parent")
    assert send(final, "senco", "report").status_code == 303
    assert send(final, "senco", "report").status_code == 409
    found = final.client("parent").get(f"/plans/{final.plan_id}/review", **JSON).json
    assert found is not None
    assert found["reviews"][0]["progress"][0]["mark"] == "some"


@pytest.mark.parametrize("key", ["stranger", "parent", "therapist", "auditor"])
def test_whoever_does_not_hold_the_review_is_refused(final: World, key: str) -> None:
    status = 404 if key == "stranger" else 403
    for step in ("meeting-day", "invitations", "circulate", "meeting", "report", "decision", "amend"):
        assert send(final, key, step).status_code == status, step
    assert send(final, "senco", "decision", outcome="amend", words="It is right.").status_code == 403
    assert send(final, "advocate", "advice", progress="Well.").status_code == 403


def test_words_of_a_meeting_are_kept_from_whoever_may_not_read_the_whole_plan(final: World) -> None:
    invite_all(final)
    hold(final)
    page = words(final, "advocate")
    assert "She speaks up" not in page
    assert "shown to those who may read all of it" in page
    assert "Progress over the years" not in page


def test_where_the_address_is_hidden_the_school_that_put_a_meeting_down_is_not_named(hidden: World) -> None:
    hidden.write_a_little()
    hidden.to_finalising()
    hidden.issue("manager", VersionKind.FINAL)
    invite_all(hidden)
    assert hold(hidden).status_code == 303
    page = words(hidden, "parent")
    assert "Put down by Anita Patel" in page
    assert "Elm Road" not in page


def to_amending(world: World) -> VersionLine:
    invite_all(world)
    hold(world)
    assert send(world, "caseworker", "decision", outcome="amend", words="").status_code == 422
    assert send(world, "caseworker", "decision", outcome="amend", words="More help is needed.").status_code == 303
    force = world.plan().in_force
    assert force is not None
    assert send(world, "caseworker", "amend", because="review").status_code == 303
    assert world.plan().state is PlanState.AMENDING
    return force


def test_a_plan_is_amended_where_it_stands_and_the_one_in_force_stays_until_it_is_issued(final: World) -> None:
    force = to_amending(final)
    assert "More help is needed." in words(final, "parent")
    assert "The plan in force is version" in words(final, "parent")
    effect: dict[str, Value] = {"effect": f"She {WORDS}, and Zebras."}
    final.edit("caseworker", "B", "needs", effect, first(final, "B", "needs"))
    final.sign("manager", "B")
    shown = Page(final.client("manager").get(f"/plans/{final.plan_id}/issue")).words
    assert "What changes" in shown
    assert "Zebras" in shown
    assert final.client("manager").post(f"/plans/{final.plan_id}/issue/amended").status_code == 409
    assert final.client("manager").post(f"/plans/{final.plan_id}/issue/amendments").status_code == 303
    plan = final.plan()
    assert (plan.state, plan.versions[-1].kind) == (PlanState.AMENDING, VersionKind.PROPOSED_AMENDMENT)
    assert plan.in_force == force
    assert plan.answer_by == now().today + 14 * A_DAY
    parent = final.client("parent")
    compared = Page(parent.get(f"{parent.base}/versions/compare?from={force.number}&to={force.number + 1}")).words
    assert "Zebras" in compared
    assert "Elm Road" not in compared
    assert "say what you think of the changes to the plan" in Page(parent.get(parent.base)).words
    assert parent.post(f"{parent.base}/answer", {"words": "Good."}).status_code == 303
    assert final.client("caseworker").post(f"/plans/{final.plan_id}/issue/finalise").status_code == 303
    assert parent.get(f"{parent.base}/versions/{force.number}").status_code == 200
    assert final.client("other_manager").post(f"/plans/{final.plan_id}/issue/amended").status_code == 303
    plan = final.plan()
    assert (plan.state, plan.versions[-1].kind) == (PlanState.FINAL, VersionKind.AMENDED_FINAL)
    assert plan.in_force == plan.versions[-1]
    kinds = [each.event.kind for each in plan.happened]
    assert kinds[-3:] == ["review_decided", "amendment_notice_served", "amended_final_issued"]
    assert [each.problems for each in verify.plans(final.db, "nmr", final.plan_id)] == [[]]


def test_what_nobody_has_changed_stays_signed_and_what_was_changed_is_signed_anew(final: World) -> None:
    to_amending(final)
    assert all(final.plan().sections[letter].standing for letter in "BCDEFG")
    final.edit("caseworker", "F", "provision", {"what": "Speech therapy, twice"}, first(final, "F", "provision"))
    assert not final.plan().sections["F"].standing
    assert final.plan().sections["B"].standing


def test_a_plan_is_opened_for_amendment_for_a_reason_that_is_on_record_or_that_is_given(final: World) -> None:
    assert send(final, "caseworker", "amend", because="review").status_code == 409
    assert send(final, "caseworker", "amend", because="phase_transfer").status_code == 409
    assert send(final, "caseworker", "amend", because="other").status_code == 422
    assert send(final, "caseworker", "amend", because="other", why="They move house.").status_code == 303
    assert "They move house." in words(final, "parent")
    assert "They move house." not in words(final, "advocate")
    assert send(final, "caseworker", "amend", because="other", why="They move house.").status_code == 409
    assert final.client("manager").post(f"/plans/{final.plan_id}/issue/amendments").status_code == 303
    assert final.client("caseworker").post(f"/plans/{final.plan_id}/issue/finalise").status_code == 409
    plans.answer(final.db, final.actor("parent"), final.plan_id, "Yes.", now())
    assert final.client("caseworker").post(f"/plans/{final.plan_id}/issue/finalise").status_code == 303
    final.edit("caseworker", "I", "placement", {"name": "Oak Junior School"}, "placement")
    assert final.client("manager").post(f"/plans/{final.plan_id}/issue/amended").status_code == 303
    named = final.client("parent").get(f"/plans/{final.plan_id}/versions/{final.plan().versions[-1].number}")
    assert "Oak Junior School" in named.text


def test_progress_is_drawn_over_the_years_with_the_table_behind_it(final: World) -> None:
    invite_all(final)
    hold(final)
    send(final, "caseworker", "decision", outcome="maintain", words="It fits.")
    invite_all(final)
    hold(final, **{f"mark_{outcome(final)}": "well"})
    page = final.client("parent").get(f"/plans/{final.plan_id}/review").text
    assert page.count("<circle") == 2
    assert f"some progress in {now().today:%b %Y}, then going well in {now().today:%b %Y}" in page
    first = words(final, "parent", "/1")
    assert "The plan stays as it is." in first
    assert final.client("parent").get(f"/plans/{final.plan_id}/review/7").status_code == 404


def test_a_form_sent_twice_is_one_step(final: World) -> None:
    browser = final.client("senco")
    sent = {"on": in_days(30), "request_id": new_request_id()}
    before = final.plan().sequence
    assert [browser.post(f"{browser.base}/review/meeting-day", sent).status_code for _ in range(2)] == [303, 303]
    assert final.plan().sequence == before + 1


def test_reviews_are_vouched_for_by_the_chain(final: World) -> None:
    invite_all(final)
    send(final, "parent", "advice", progress="Well.")
    hold(final)
    assert [each.problems for each in verify.plans(final.db, "nmr", final.plan_id)] == [[]]
    final.db["plans"].update_one({"authority": "nmr", "_id": final.plan_id}, {"$pop": {"advised": -1}})
    (found,) = verify.plans(final.db, "nmr", final.plan_id)
    assert found.problems == ["the plan: who has given advice for a review is not as the chain says"]


def test_a_review_that_nobody_has_planned_comes_into_the_lists_twelve_weeks_before(final: World) -> None:
    last = max(each.due for each in final.plan().clocks if each.due and each.clock == "first_review")
    rows = {"authority": "nmr", "plan": final.plan_id, "reader": final.people["senco"]}
    told = {"authority": "nmr", "plan": final.plan_id, "kind": "review_to_plan"}
    for days_before, due in ((85, "9999-12-31"), (84, last.isoformat()), (83, last.isoformat())):
        noon = now().product.replace(hour=12)  # late in the evening, a day of summer time is the next one already
        at = noon + (last - days_before * A_DAY - now().today)
        wake(final.db, Moment(at, at))
        row = final.db["caseload"].find_one(rows)
        assert row is not None
        assert row["due"] == due
    assert final.db["outbox"].count_documents(told) == 1


def test_what_a_meeting_said_stands_in_its_form_again_when_the_session_was_over(final: World) -> None:
    send(final, "senco", "meeting-day", on=in_days(0), words="")
    browser = final.client("senco")
    browser.http.delete_cookie("golden_thread_session")
    assert browser.post(f"{browser.base}/review/meeting", {**SAID, "on": in_days(0)}).status_code == 303
    answer = final.client("senco").get(f"{browser.base}/review/meeting")
    for name in ("there", "said", "recommended", "who_1", "dissent_1"):
        assert SAID[name] in answer.text
