"""The statutory process in a real browser, over simulated time: late advice, an appeal, a move, a new school."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from portal.domain.clocks.days import months_beginning_with
from tests.journeys.live import Live
from tests.journeys.process import clocks, issue, move_on, put_on_record, said, send, today

Desk = Callable[..., Page]


def plan_of(live: Live, called: str) -> str:
    return f"{live.url}/plans/{live.plan_of(called).id}"


ORDERED = "A learning support assistant trained by the speech and language therapist, for 20 minutes every school day"


def test_words_that_a_tribunal_ordered_stop_every_version_until_the_plan_says_them(live: Live, desk: Desk) -> None:
    plan = plan_of(live, "Sam")
    maria, chris = desk("Maria Silva", "council"), desk("Chris Doyle", "council")
    send(maria, f"{plan}/review", "Open the plan for amendment")
    maria.goto(f"{plan}/issue")
    expect(maria.locator("main")).to_contain_text("No reason gets past it")
    expect(maria.locator("main")).to_contain_text(ORDERED)
    expect(maria.get_by_role("button", name="Send the family the changes")).to_have_count(0)

    # The caseworker writes what was ordered, and the family is sent the changes.
    chris.goto(f"{plan}/redress")
    chris.get_by_role("link", name=re.compile("^F4 .*Who does it")).click()
    chris.wait_for_url("**/sections/F#item-*")
    place = chris.url.partition("#")[2]
    chris.locator(f"#{place}").get_by_role("link", name=re.compile("^Change")).first.click()
    chris.locator("#field-who").fill(ORDERED)
    chris.get_by_role("button", name="Save").click()
    expect(chris.locator(f"#{place}")).to_contain_text("for 20 minutes every school day")
    send(maria, f"{plan}/sections/F/sign-off", "Sign")
    issue(maria, plan, "Send the family the changes")
    sam = desk("Sam Adeyemi", "families")
    sam.goto(f"{plan}/redress")
    expect(sam.locator("main")).not_to_contain_text("The plan says something else")

    # The family's days go by, and the plan that is issued says it, in time.
    move_on(maria, live, 16)
    send(maria, f"{plan}/issue", "Open section I")
    issue(maria, plan, "Issue the changed plan")
    sam.goto(maria.url)
    expect(sam.locator("main")).to_contain_text("for 20 minutes every school day")
    met = clocks(sam, plan)["order_amend"]
    assert met["met"]
    assert met["met"] <= met["due"]


def test_health_advice_that_comes_late_moves_the_likely_date_and_never_the_lawful_one(live: Live, desk: Desk) -> None:
    plan = plan_of(live, "Amira")
    chris = desk("Chris Doyle", "council")
    asked = today(chris, live)
    lawful = clocks(chris, plan)["final_plan"]["due"]
    put_on_record(chris, plan, "advice_requested", on=asked.isoformat(), advice="c")
    ref = clocks(chris, plan)["advice"]["ref"]

    # Eight weeks later it has not come: two weeks late, and everybody sees it.
    day = move_on(chris, live, 56)
    assert day == asked + timedelta(days=56)
    nadia = desk("Nadia Rahman", "families")
    for page in (chris, nadia):
        page.goto(f"{plan}/case")
        expect(page.locator("main")).to_contain_text("14 days late")
    likely = likely_on(chris, f"{plan}/case")
    send(chris, f"{plan}/case", "See what it would mean", days="10")
    assert likely_on(chris, chris.url) == likely + timedelta(days=10)
    assert clocks(chris, plan)["final_plan"]["due"] == lawful

    # It comes; the page says how late it was, and the law's day is the same as ever.
    put_on_record(chris, plan, "advice_received", on=day.isoformat(), ref=ref)
    assert clocks(chris, plan)["advice"]["met"] == day.isoformat()
    assert clocks(chris, plan)["final_plan"]["due"] == lawful
    nadia.goto(f"{plan}/case")
    expect(nadia.locator("main")).to_contain_text("The law’s last day was")
    expect(nadia.locator("main")).to_contain_text("14 days late")


def likely_on(page: Page, url: str) -> date:
    return date.fromisoformat(page.request.get(url, headers={"Accept": "application/json"}).json()["likely"])


def test_a_plan_that_moves_here_from_another_council_brings_its_dates_along(live: Live, desk: Desk) -> None:
    chris = desk("Chris Doyle", "council")
    moved = today(chris, live)
    made = moved - timedelta(days=100)
    days = {"on": moved.isoformat(), "aware": moved.isoformat(), "made": made.isoformat()}
    child = {"name": "Iris Lowe", "called": "Iris", "subject": "she", "born": "2018-05-02"}
    chris.goto(f"{live.url}/requests")
    chris.get_by_role("link", name="A child moves in with a plan of another council").click()
    chris.wait_for_url("**/requests/moved-in")
    send(chris, chris.url, "Begin the record", **child, old_council="Southfell Council", **days)
    plan = chris.url.removesuffix("/case")
    found = clocks(chris, plan)
    assert found["transfer_of_plan"]["counting"] == "working"
    assert "tell_family_after_move" not in found  # the old council learnt of it late, and has yet to hand the plan over
    expect(chris.locator("main")).to_contain_text("until it does, Southfell Council keeps it up")

    day = move_on(chris, live, 7)
    put_on_record(chris, plan, "plan_transferred", on=day.isoformat())
    assert clocks(chris, plan)["transfer_of_plan"]["met"] == day.isoformat()
    told = date.fromisoformat(clocks(chris, plan)["tell_family_after_move"]["due"])
    assert told == day + timedelta(weeks=6)
    chris.goto(f"{plan}/case")
    expect(chris.locator("main")).to_contain_text(said(told))
    expect(chris.locator("main")).to_contain_text("The plan of Southfell Council holds until one is issued here.")
    year = date.fromisoformat(clocks(chris, plan)["review_after_move"]["due"])
    assert year == months_beginning_with(made, 12)


def test_a_child_who_changes_schools_has_the_new_one_named_before_the_fifteenth_of_february(
    live: Live, desk: Desk
) -> None:
    plan = plan_of(live, "Tomasz")
    chris = desk("Chris Doyle", "council")
    day = today(chris, live)
    year = day.year + (2 if (day.month, day.day) >= (2, 1) else 1)
    put_on_record(chris, plan, "phase_transfer", on=day.isoformat(), phase="primary_to_secondary", year=str(year))
    due = clocks(chris, plan)["phase_transfer"]["due"]
    assert due == f"{year}-02-14"
    move_on(chris, live, (date(year, 2, 15) - day).days)
    chris.goto(f"{plan}/case")
    expect(chris.locator("main")).to_contain_text("1 day late")
