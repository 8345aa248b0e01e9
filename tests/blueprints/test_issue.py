"""Issuing over HTTP: what is signed, what is missing and why it is issued all the same, and opening section I."""

from datetime import timedelta

import pytest

from portal.domain.hashing import Value
from portal.domain.state import PlanState, VersionKind
from tests.blueprints.page import Page, bytes_of
from tests.world import World

NOBODY = "nmr-0000000000000000"
HTMX = {"HX_Request": "true"}
DRAFT, FINAL, OPEN = "Issue the draft plan", "Issue the final plan", "Open section I"
REASON = "The family asked for a draft before the holidays; they agree the rest next week."


@pytest.fixture
def signed(world: World) -> World:
    """Every sign-off given, of sections that hold nothing: that is one of the things that can be signed."""
    world.sign_all()
    return world


@pytest.fixture
def finalising(world: World) -> World:
    """Answered by the family, section I filled: a final away from being in force."""
    world.to_finalising()
    return world


def test_a_manager_checks_and_issues_the_draft(signed: World) -> None:
    browser = signed.client("manager")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert page.is_whole
    assert "Nothing is missing." in page.words
    form = page.form(DRAFT)
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.base}/versions/1")
    assert signed.plan().state is PlanState.DRAFT_ISSUED
    assert "Draft plan, version 1" in Page(browser.get(f"{browser.base}/versions/1")).words


def test_htmx_is_sent_on_to_the_version(signed: World) -> None:
    browser = signed.client("manager")
    answer = browser.post(f"{browser.base}/issue/draft", {}, **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"{browser.base}/versions/1")


def test_a_draft_without_the_familys_agreement_needs_a_reason_that_is_typed_into_the_page(world: World) -> None:
    world.write_a_little()
    browser = world.client("manager")
    form = Page(browser.get(f"{browser.base}/issue")).form(DRAFT)
    assert [each for each in form.fields if each.startswith("reason.")] == ["reason.A"]
    answer = browser.post(form.action, form.filled(**{"reason.A": " "}))
    page = Page(answer)
    assert answer.status_code == 422
    assert "Say why it is issued without this." in page.words
    assert page.soup.select('.govuk-error-summary a[href="#field-reason.A"]')
    assert world.plan().versions == ()


def test_a_draft_is_issued_past_a_missing_agreement_with_a_reason(world: World) -> None:
    world.write_a_little()
    browser = world.client("manager")
    form = Page(browser.get(f"{browser.base}/issue")).form(DRAFT)
    answer = browser.post(form.action, form.filled(**{"reason.A": REASON}))
    assert answer.status_code == 303
    assert REASON in Page(browser.get(answer.headers["Location"])).words


def test_a_final_past_a_missing_sign_off_needs_a_reason_and_the_version_prints_it(finalising: World) -> None:
    finalising.edit("social_worker", "D", "needs", {"need": "Sleep", "effect": "She wakes."})
    browser = finalising.client("manager")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert "Social care needs (section D) was changed after it was signed." in page.words
    form = page.form(FINAL)
    assert [each for each in form.fields if each.startswith("reason.")] == ["reason.D"]
    assert browser.post(form.action, form.fields).status_code == 422
    assert finalising.plan().state is PlanState.FINALISING
    answer = browser.post(form.action, form.filled(**{"reason.D": "Care signs on Friday; the law's week 20 is today."}))
    assert answer.status_code == 303
    assert finalising.plan().state is PlanState.FINAL
    for key in ("manager", "parent"):
        version = Page(finalising.client(key).get(answer.headers["Location"]))
        assert "Care signs on Friday; the law's week 20 is today." in version.words, key
        assert "Not signed" in version.words


def test_a_reason_comes_back_when_another_is_missing_and_may_be_two_thousand_long(finalising: World) -> None:
    finalising.edit("social_worker", "D", "needs", {"need": "Sleep", "effect": "She wakes."})
    finalising.edit("therapist", "C", "needs", {"need": "Asthma", "effect": "She wheezes."})
    browser = finalising.client("manager")
    form = Page(browser.get(f"{browser.base}/issue")).form(FINAL)
    page = Page(browser.post(form.action, form.filled(**{"reason.C": "Health answers late.", "reason.D": ""})))
    assert page.form(FINAL).fields["reason.C"] == ["Health answers late."]
    assert page.said_in("#field-reason\\.D-error")
    assert not page.said_in("#field-reason\\.C-error")
    long = Page(browser.post(form.action, form.filled(**{"reason.C": "x" * 2001, "reason.D": "Because."})))
    assert "This is 2,001 characters. Shorten it to 2,000 or fewer." in long.words
    assert long.form(FINAL).fields["reason.C"] == ["x" * 2001]
    assert finalising.plan().state is PlanState.FINALISING
    typed = form.filled(**{"reason.C": "x" * 2000, "reason.D": "Because."})
    assert browser.post(form.action, typed).status_code == 303


def test_a_reason_for_what_is_signed_is_not_printed(signed: World) -> None:
    browser = signed.client("manager")
    answer = browser.post(f"{browser.base}/issue/draft", {"reason.B": "A reason nobody asked for."})
    assert answer.status_code == 303
    assert "A reason nobody asked for." not in Page(browser.get(answer.headers["Location"])).words


def test_a_final_names_the_school_and_is_in_force(finalising: World) -> None:
    browser = finalising.client("manager")
    form = Page(browser.get(f"{browser.base}/issue")).form(FINAL)
    answer = browser.post(form.action, form.fields)
    assert answer.headers["Location"] == f"{browser.base}/versions/2"
    page = Page(browser.get(answer.headers["Location"]))
    assert "Elm Road Primary School" in page.words
    assert "Final plan, version 2" in page.words
    assert "Final plan, issued on" in Page(browser.get(browser.base)).words


def test_a_final_without_a_placement_is_a_wall_that_no_reason_gets_past(finalising: World) -> None:
    blank: dict[str, Value] = {"name": "", "type": ""}
    finalising.edit("caseworker", "I", "placement", blank, "placement")
    browser = finalising.client("manager")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert "Section I must name a school or a type of school" in page.words
    assert FINAL not in page.buttons()
    answer = browser.post(f"{browser.base}/issue/final", {})
    assert answer.status_code == 409
    assert "Section I must name a school" in Page(answer).words
    assert finalising.plan().state is PlanState.FINALISING


def test_whoever_last_changed_b_f_or_i_does_not_issue_the_final(finalising: World) -> None:
    finalising.add("manager", "F", "provision", what="A quiet place")
    finalising.sign("other_manager", "F")
    browser = finalising.client("manager")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert "You made the last change to section F. Another manager must issue the plan." in page.words
    assert FINAL not in page.buttons()
    assert browser.post(f"{browser.base}/issue/final", {}).status_code == 409
    assert finalising.client("other_manager").post(f"{browser.base}/issue/final", {}).status_code == 303


def test_a_caseworker_sees_what_is_missing_and_can_not_issue(signed: World) -> None:
    browser = signed.client("caseworker")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert "An SEN manager issues the plan" in page.words
    assert DRAFT not in page.buttons()
    assert browser.post(f"{browser.base}/issue/draft", {}).status_code == 403
    assert signed.plan().versions == ()


def test_section_i_opens_when_the_family_has_answered(signed: World) -> None:
    signed.issue("manager", VersionKind.DRAFT)
    browser = signed.client("caseworker")
    waiting = Page(browser.get(f"{browser.base}/issue"))
    assert "Waiting for the family to answer the draft" in waiting.words
    assert OPEN not in waiting.buttons()
    early = browser.post(f"{browser.base}/issue/finalise", {})
    assert early.status_code == 409
    assert "The family has not answered yet, and their 15 days are not over." in Page(early).words
    signed.client("parent").post(f"{browser.base}/answer", {"words": "We agree."})
    form = Page(browser.get(f"{browser.base}/issue")).form(OPEN)
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)
    assert signed.plan().state is PlanState.FINALISING
    assert browser.save("I", "placement", "placement", name="Elm Road Primary School").status_code == 303


def test_section_i_opens_when_the_fifteen_days_are_over(signed: World) -> None:
    signed.issue("manager", VersionKind.DRAFT)
    served = signed.plan().versions[0].at.at - timedelta(days=15)
    signed.db["plans"].update_one({"_id": signed.plan_id}, {"$set": {"versions.0.at.at": served}})
    signed.db.plans.forget(signed.plan_id)  # time does not change a plan: this test did
    browser = signed.client("caseworker")
    page = Page(browser.get(f"{browser.base}/issue"))
    assert "The family’s 15 days are over, and they have not answered." in page.words
    form = page.form(OPEN)
    assert browser.post(form.action, form.fields).status_code == 303


def test_before_that_nobody_writes_in_section_i_and_the_page_says_by_which_law(signed: World) -> None:
    browser = signed.client("caseworker")
    answer = browser.save("I", "placement", "placement", name="Elm Road")
    assert answer.status_code == 409
    assert "Children and Families Act 2014, section 38(5)" in Page(answer).words


@pytest.mark.parametrize("act", ["draft", "final"])
def test_what_is_not_at_that_stage_is_not_issued(shared: World, act: str) -> None:
    before = shared.plan().sequence
    browser = shared.client("manager")
    sent = {f"reason.{letter}": "Because" for letter in "ABCDEFG"}
    answer = browser.post(f"{browser.base}/issue/{act}", sent if act == "final" else {})
    assert answer.status_code == (409 if act == "final" else 422)
    assert shared.plan().sequence == before


@pytest.mark.parametrize("act", ["draft", "finalise", "final"])
def test_one_form_sent_twice_is_one_act_with_one_answer(signed: World, act: str) -> None:
    browser = signed.client("manager")
    steps = ["draft", "finalise", "final"]
    for step in steps[: steps.index(act)]:
        browser.post(f"{browser.base}/issue/{step}", {})
        signed.client("parent").post(f"{browser.base}/answer", {"words": "We agree."})
        signed.client("caseworker").save("I", "placement", "placement", name="Elm Road")
    button = {"draft": DRAFT, "finalise": OPEN, "final": FINAL}[act]
    form = Page(browser.get(f"{browser.base}/issue")).form(button)
    first, second = (browser.post(form.action, form.fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]


READERS = [
    ("caseworker", "draft"),
    ("caseworker", "final"),
    ("parent", "finalise"),
    ("dco", "draft"),
    ("senco", "final"),
]
READERS += [("auditor", "draft"), ("social_worker", "finalise"), ("parent", "final")]


@pytest.mark.parametrize(("key", "act"), READERS)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_reader_issues_nothing(shared: World, key: str, act: str, headers: dict[str, str]) -> None:
    before = shared.plan().sequence
    browser = shared.client(key)
    answer = browser.post(f"{browser.base}/issue/{act}", {}, **headers)
    assert answer.status_code == 403
    assert Page(answer).is_whole is not bool(headers)
    assert "HX-Request" in answer.headers["Vary"]
    assert shared.plan().sequence == before


def test_only_the_council_opens_the_page(shared: World) -> None:
    for key in ("parent", "senco", "dco", "social_worker", "advocate", "auditor"):
        browser = shared.client(key)
        assert browser.get(f"{browser.base}/issue").status_code == 403, key


@pytest.mark.parametrize("act", ["draft", "final", "finalise"])
@pytest.mark.parametrize("headers", [{}, HTMX, {"Accept": "application/json"}], ids=["page", "htmx", "json"])
def test_a_stranger_gets_the_same_bytes_as_for_a_plan_that_is_not_there(
    shared: World, act: str, headers: dict[str, str]
) -> None:
    browser = shared.client("stranger")
    plans = (shared.plan_id, NOBODY)
    posted = [browser.post(f"/plans/{plan}/issue/{act}", {}, **headers) for plan in plans]
    got = [browser.get(f"/plans/{plan}/issue", **headers) for plan in plans]
    assert [each.status_code for each in (*posted, *got)] == [404] * 4
    assert bytes_of(posted[0]) == bytes_of(posted[1])
    assert bytes_of(got[0]) == bytes_of(got[1])
