"""Coming in by an invitation, an emergency and its review, without JavaScript and by keyboard alone."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect

from tests.journeys.live import Live

Desk = Callable[..., Page]
WORDS = "Say it once, quiet"  # in section A of Kieran's plan


def tab_to(page: Page, wanted: Locator) -> None:
    for _ in range(60):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} can't be reached with the tab key")


def link_and_code(page: Page) -> tuple[str, str]:
    """What the inviter is shown this once."""
    shown = page.get_by_role("region", name="Copy these two things now").locator(".gt-quote")
    expect(shown).to_have_count(2)
    link, code = shown.all_inner_texts()
    return link.strip(), code.strip()


def test_an_advocate_is_invited_comes_in_and_reads_what_the_family_allows_without_javascript(
    live: Live, desk: Desk
) -> None:
    chris, nia, sharon = (
        desk(who, slug, java_script_enabled=False)
        for who, slug in (("Chris Doyle", "council"), ("Nia Okoro", "families"), ("Sharon Boyle", "families"))
    )
    plan = f"{live.url}/plans/{live.plan_of('Kieran').id}"
    chris.goto(f"{plan}/people")
    chris.get_by_role("link", name="Invite a parent or advocate").click()
    chris.get_by_label("Advocate", exact=True).check()
    chris.get_by_label("Who are they to Kieran?").fill("advocate")
    chris.get_by_role("button", name="Make the invitation").click()
    link, code = link_and_code(chris)
    chris.reload()
    expect(chris.locator("main")).not_to_contain_text(code)

    nia.goto(link)
    expect(nia.locator("main")).not_to_contain_text("Kieran")
    nia.get_by_label("The code that you were told").fill("nothing I was told")
    for part, value in (("Day", "30"), ("Month", "11"), ("Year", "2012")):
        nia.get_by_label(part, exact=True).fill(value)
    nia.get_by_role("button", name="Open it").click()
    expect(nia.get_by_role("alert")).to_contain_text("That is not what we were told.")
    nia.get_by_label("The code that you were told").fill(code)
    nia.get_by_role("button", name="Open it").click()
    expect(nia).to_have_url(plan)
    nia.goto(f"{plan}/sections/A")
    expect(nia.locator("main")).not_to_contain_text(WORDS)

    sharon.goto(f"{plan}/rights")
    sharon.get_by_role("link", name="Let somebody read this plan").click()
    sharon.get_by_label("Nia Okoro, advocate").check()
    sharon.get_by_label(re.compile("All about me")).check()
    sharon.get_by_role("button", name="Let them read").click()
    expect(sharon.locator("main")).to_contain_text("Nia Okoro may read section A")
    nia.reload()
    expect(nia.locator("main")).to_contain_text(WORDS)
    sharon.get_by_role("button", name=re.compile("Take this back now")).click()
    nia.reload()
    expect(nia.locator("main")).not_to_contain_text(WORDS)


def test_somebody_is_invited_and_comes_in_by_keyboard_alone(live: Live, desk: Desk) -> None:
    chris, nia = desk("Chris Doyle", "council"), desk("Nia Okoro", "families")
    plan = f"{live.url}/plans/{live.plan_of('Amira').id}"
    chris.goto(f"{plan}/people")
    tab_to(chris, chris.get_by_role("link", name="Invite a parent or advocate"))
    chris.keyboard.press("Enter")
    tab_to(chris, chris.get_by_label("Parent", exact=True))
    chris.keyboard.press("ArrowDown")
    chris.keyboard.press("ArrowDown")
    expect(chris.get_by_label("Advocate", exact=True)).to_be_checked()
    tab_to(chris, chris.get_by_label("Who are they to Amira?"))
    chris.keyboard.type("advocate")
    chris.keyboard.press("Enter")
    link, code = link_and_code(chris)
    nia.goto(link)
    tab_to(nia, nia.get_by_label("The code that you were told"))
    nia.keyboard.type(code)
    for part, value in (("Day", "14"), ("Month", "3"), ("Year", "2017")):
        tab_to(nia, nia.get_by_label(part, exact=True))
        nia.keyboard.type(value)
    tab_to(nia, nia.get_by_role("button", name="Open it"))
    nia.keyboard.press("Enter")
    expect(nia).to_have_url(plan)


def test_an_emergency_is_proved_read_for_an_hour_and_seen_to_without_javascript(live: Live, desk: Desk) -> None:
    idris, grace, emma = (
        desk(who, slug, java_script_enabled=False)
        for who, slug in (("Idris Vaughan", "council"), ("Grace Obi", "council"), ("Emma Whitfield", "families"))
    )
    why = "Leo is in the emergency department and his mother can't be reached."
    plan = live.plan_of("Leo").id
    live.age("Idris Vaughan", auth_time=timedelta(minutes=16))
    idris.get_by_role("link", name="Open a plan in an emergency").click()
    idris.get_by_label("The plan’s number").fill(plan.upper())
    idris.get_by_label("A child needs urgent medical care").check()
    idris.get_by_label("Why do you need to read this plan?").fill(why)
    idris.get_by_role("button", name="Open the plan").click()
    idris.get_by_role("button", name=re.compile("^Idris Vaughan")).click()
    expect(idris.locator("main")).to_contain_text("You have proved that it is you: now open the plan.")
    expect(idris.get_by_label("Why do you need to read this plan?")).to_have_value(why)
    idris.get_by_role("button", name="Open the plan").click()
    expect(idris.locator("main")).to_contain_text("You are reading this in an emergency until")

    emma.goto(f"{live.url}/plans/{plan}/openings")
    expect(emma.locator("main")).to_contain_text(why)
    grace.goto(f"{live.url}/worklist")
    grace.get_by_role("link", name="See the alerts").click()
    grace.get_by_role("link", name="Idris Vaughan opened the plan of Leo Whitfield-Price").click()
    grace.get_by_label("What did you find, and what did you do?").fill("The ward confirmed it.")
    grace.get_by_role("button", name="I have seen to this").click()
    expect(grace.locator("main")).to_contain_text("The ward confirmed it.")
