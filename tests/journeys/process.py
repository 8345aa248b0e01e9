"""What journeys through the statutory process do again and again: fill in a page, send it, and move the clock on."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page

from tests.journeys.live import Live


def fill(page: Page, **said: str) -> None:
    """Answer a page's questions by their names: what is typed, chosen or ticked."""
    for name, value in said.items():
        controls = page.locator(f'main [name="{name}"]:not([type=hidden]):not(button)')
        kind = controls.first.evaluate("each => each.type")
        if kind in ("radio", "checkbox"):
            page.locator(f'main [name="{name}"][value="{value}"]').check()
        elif kind == "select-one":
            controls.first.select_option(value)
        else:
            controls.first.fill(value)


def send(page: Page, url: str, button: str, **said: str) -> None:
    """Open a page, answer its questions and press a button; what is wrong with the answers fails the journey."""
    page.goto(url)
    fill(page, **said)
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=re.compile(f"^{button}")).first.click()
    wrong = page.locator(".govuk-error-summary, .govuk-error-message")
    assert wrong.count() == 0, wrong.all_inner_texts()


def put_on_record(page: Page, plan: str, kind: str, **said: str) -> None:
    send(page, f"{plan}/case/record?kind={kind}", "Put it on record", **said)


def move_on(page: Page, live: Live, days: int) -> date:
    """Move the demonstration's clock on; answers the day it shows then."""
    send(page, f"{live.url}/clock", "Move it on", days=str(days))
    return today(page, live)


def today(page: Page, live: Live) -> date:
    answer = page.request.get(f"{live.url}/clock", headers={"Accept": "application/json"})
    return date.fromisoformat(answer.json()["today"])


def clocks(page: Page, plan: str) -> dict[str, dict[str, str]]:
    """Every clock of a case by its name, as data; of several of one name the newest."""
    answer = page.request.get(f"{plan}/case", headers={"Accept": "application/json"})
    found: dict[str, dict[str, str]] = {}
    for each in sorted(answer.json()["clocks"], key=lambda clock: str(clock["starts"])):
        found[each["clock"]] = each
    return found


def said(day: date) -> str:
    """A day as pages say it."""
    return f"{day:%A} {day.day} {day:%B}"


def days_later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def issue(page: Page, plan: str, button: str) -> None:
    """Issue a version, giving the day as the reason for whatever stands open."""
    page.goto(f"{plan}/issue")
    for reason in page.locator("main textarea[name^=reason]").all():
        reason.fill("The law’s day has come.")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=re.compile(button)).click()
