"""The main job in a real browser: one child's plan from a working draft to the final, each agency in its turn."""

import io
import re
from collections.abc import Callable

import pikepdf
import pytest
import requests
from playwright.sync_api import Page, expect

from tests.journeys.live import Live

Desk = Callable[..., Page]
pytestmark = pytest.mark.usefixtures("worker")


def open_plan(page: Page, name: str) -> None:
    """From whatever list the person has to the child's plan."""
    if "/plans/" not in page.url:
        page.get_by_role("link", name=name, exact=True).first.click()
        page.wait_for_url("**/plans/*")


def open_section(page: Page, live: Live, called: str, letter: str) -> None:
    page.goto(f"{live.url}/plans/{live.plan_of(called).id}/sections/{letter}")


def sign(page: Page, live: Live, called: str, letter: str, verb: str = "Sign") -> None:
    page.goto(f"{live.url}/plans/{live.plan_of(called).id}/sections/{letter}/sign-off")
    page.locator("main").get_by_role("button", name=re.compile(f"^{verb}")).click()
    page.wait_for_url("**/plans/*")
    assert live.plan_of(called).sections[letter].standing


def test_a_plan_goes_from_a_working_draft_to_the_final_through_every_agency(live: Live, desk: Desk) -> None:
    # A parent sees only their own child, and writes without the page being loaded again.
    nadia = desk("Nadia Rahman", "families")
    expect(nadia.get_by_role("heading", name="Amira Rahman", level=1)).to_be_visible()
    open_section(nadia, live, "Amira", "A")
    nadia.evaluate("window.sameDocument = true")
    nadia.locator("#item-also").get_by_role("link", name=re.compile("Change")).click()
    nadia.locator("#field-words").fill("She sings when she thinks nobody hears her.")
    nadia.get_by_role("button", name="Save").click()
    saved = nadia.locator("#item-also")
    expect(saved).to_contain_text("She sings when she thinks nobody hears her.")
    expect(saved).to_contain_text("Nadia Rahman")
    expect(saved).to_contain_text("today at")
    assert nadia.evaluate("window.sameDocument") is True
    expect(nadia.locator("#section .gt-title")).to_contain_text("Changed since it was agreed")
    sign(nadia, live, "Amira", "A", "I agree|Agree|Sign")

    # A therapist writes health's sections; the Designated Clinical Officer reads what changed and signs.
    ruth = desk("Ruth Lindqvist", "nhs")
    open_plan(ruth, "Amira Rahman")
    for letter, title in (("C", "Balance on uneven ground"), ("G", "A walking plan for playtimes, written each term")):
        open_section(ruth, live, "Amira", letter)
        ruth.get_by_role("link", name=re.compile("^Add a")).click()
        ruth.locator("#field-need, #field-what").first.fill(title)
        ruth.get_by_role("button", name="Save").click()
        expect(ruth.locator("#section")).to_contain_text(title)
        ruth.get_by_role("button", name="Say that it is ready to sign").click()
        expect(ruth.locator("#section .gt-title")).to_contain_text("Ready to sign")
    jo = desk("Jo Mensah", "nhs")
    jo.goto(f"{live.url}/plans/{live.plan_of('Amira').id}/sections/G/sign-off")
    expect(jo.locator("main")).to_contain_text("A walking plan for playtimes")
    sign(jo, live, "Amira", "C")
    sign(jo, live, "Amira", "G")

    # A social worker writes and signs the care sections.
    lee = desk("Lee Grant", "council")
    open_section(lee, live, "Amira", "D")
    lee.get_by_role("link", name=re.compile("^Add a")).click()
    lee.locator("#field-need").fill("Time with other children")
    lee.get_by_role("button", name="Save").click()
    expect(lee.locator("#section")).to_contain_text("Time with other children")
    for letter in ("D", "H1", "H2"):
        if not live.plan_of("Amira").sections[letter].standing:
            sign(lee, live, "Amira", letter)

    # A SENCO reads what a school may see; the caseworker writes; the manager signs and issues the draft.
    anita = desk("Anita Patel", "schools")
    open_section(anita, live, "Amira", "F")
    expect(anita.locator("#section .gt-item").first).to_be_visible()
    open_section(anita, live, "Amira", "G")
    expect(anita.locator("#section")).not_to_contain_text("A walking plan for playtimes")
    chris = desk("Chris Doyle", "council")
    open_section(chris, live, "Amira", "F")
    chris.get_by_role("link", name=re.compile("^Add a")).click()
    chris.locator("#field-what").fill("A daily walk to the park gate with a named assistant")
    chris.locator("[name='amount.minutes']").fill("15")
    chris.get_by_role("button", name="Save").click()
    expect(chris.locator("#section")).to_contain_text("A daily walk to the park gate")
    maria = desk("Maria Silva", "council")
    for letter in ("B", "E", "F"):
        if not live.plan_of("Amira").sections[letter].standing:
            sign(maria, live, "Amira", letter)
    plan_page = f"{live.url}/plans/{live.plan_of('Amira').id}"
    maria.goto(f"{plan_page}/issue")
    maria.get_by_role("button", name="Issue the draft plan").click()
    maria.wait_for_url("**/versions/1")
    expect(maria.locator("main")).to_contain_text("Left empty in a draft, by law")

    # The family answers; section I opens; another manager than its last editor issues the final.
    nadia.goto(plan_page)
    expect(nadia.locator(".gt-turn")).to_contain_text("say what you think of the draft by")
    nadia.goto(f"{plan_page}/answer")
    nadia.locator("#field-words").fill("We agree. Please name Elm Road: her friends are there.")
    nadia.get_by_role("button", name="Send to the council").click()
    nadia.wait_for_url("**/plans/*")
    maria.goto(f"{plan_page}/issue")
    expect(maria.locator("main")).to_contain_text("Please name Elm Road")
    maria.get_by_role("button", name="Open section I").click()
    open_section(chris, live, "Amira", "I")
    chris.get_by_role("link", name=re.compile("Change|Write|Add")).first.click()
    chris.locator("#field-name").fill("Elm Road Primary School")
    chris.locator("#field-type").fill("Mainstream primary school")
    chris.get_by_role("button", name="Save").click()
    expect(chris.locator("#section")).to_contain_text("Elm Road Primary School")
    maria.goto(f"{plan_page}/issue")
    maria.get_by_role("button", name="Issue the final plan").click()
    maria.wait_for_url("**/versions/2")
    expect(maria.locator("main")).to_contain_text("Elm Road Primary School")
    plan = live.plan_of("Amira")
    expect(maria.locator("main")).to_contain_text(plan.versions[-1].hash.hex()[:4])

    # The draft still opens as it was issued, without the school; the PDF is tagged.
    nadia.goto(f"{plan_page}/versions/1")
    expect(nadia.locator("main")).not_to_contain_text("Mainstream primary school")
    nadia.goto(f"{plan_page}/versions/2")
    expect(nadia.get_by_role("link", name=re.compile("PDF"))).to_be_visible()
    _check_pdf(nadia, f"{plan_page}/versions/2.pdf")


def _check_pdf(page: Page, url: str) -> None:
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    for _ in range(60):
        answer = requests.get(url, cookies=cookies, timeout=20)
        if answer.status_code != 202:
            break
        page.wait_for_timeout(500)  # the worker is still making it
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as document:
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.Root.Lang) == "en-GB"
