"""One child's whole way in a real browser: from a parent's request to the plan as amended after its first review."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.live import Live
from tests.journeys.process import clocks, days_later, fill, issue, move_on, send

Desk = Callable[..., Page]
REASON = "He understands far more than he can say, and it makes him cry."
HEALTH = "northmere-community-health"
SIGNERS = {"B": "maria", "C": "jo", "D": "lee", "E": "maria", "F": "maria", "G": "jo", "H1": "lee", "H2": "lee"}


def add(page: Page, section: str, **said: str) -> None:
    """Add the first item that the page offers to its reader, or change the one that is always there."""
    page.goto(section)
    page.locator("#section").get_by_role("link", name=re.compile("^(Add|Write|Change) (?!.*advice)")).first.click()
    fill(page, **said)
    page.locator("main").get_by_role("button", name="Save").first.click()
    expect(page.locator("#section")).to_contain_text(next(iter(said.values())))


def change(page: Page, section: str, **said: str) -> None:
    """Change the first item of a section."""
    page.goto(section)
    page.locator("#section .gt-item").first.get_by_role("link", name=re.compile("^Change")).first.click()
    fill(page, **said)
    page.locator("main").get_by_role("button", name="Save").first.click()
    expect(page.locator("#section")).to_contain_text(next(iter(said.values())))


def test_a_parents_request_becomes_a_plan_that_is_amended_after_its_first_review(live: Live, desk: Desk) -> None:
    nadia, chris, ruth = desk("Nadia Rahman", "families"), desk("Chris Doyle", "council"), desk("Ruth Lindqvist", "nhs")
    child = {"name": "Idris Rahman", "called": "Idris", "subject": "he", "born": "2019-04-12"}
    asked = {"council": "northmere-council", "relation": "Mother", "reason": REASON}
    send(nadia, f"{live.url}/request-assessment", "Send", **child, **asked)

    # The council begins the record, decides, and writes to the family in one go.
    chris.goto(f"{live.url}/requests")
    chris.get_by_role("button", name="Begin the record of Idris Rahman").click()
    chris.wait_for_url("**/plans/**")
    plan = re.sub(r"(/plans/[^/?#]+).*", r"\1", chris.url)
    move_on(chris, live, 9)
    send(chris, f"{plan}/letters/write?kind=assessment_agreed", "See the letter as it will be")
    chris.get_by_role("button", name="Send it to the family").click()
    chris.wait_for_url("**/letters**")
    nadia.goto(f"{plan}/letters")
    expect(nadia.locator("main")).to_contain_text("assess")
    assert clocks(nadia, plan)["decide_to_assess"]["met"]

    # Health is asked for advice, answers by its form, and the writer takes a need from it into the plan.
    therapist = live.person("Ruth Lindqvist")
    ask = f"{plan}/advice/ask?kind=c&agency={HEALTH}"
    send(chris, ask, "Ask", person=therapist, words="How does he hear and speak?")
    move_on(chris, live, 21)
    ruth.goto(f"{live.url}/advice")
    ruth.get_by_role("link", name=re.compile("Idris")).first.click()
    ruth.get_by_role("link", name=re.compile("Write|Give")).first.click()
    send(
        ruth, ruth.url, "Send", answer_school="He needs time.", needs_need="Saying what he means", needs_effect="Tears."
    )
    assert clocks(chris, plan)["advice"]["met"]
    for person, agency, role in (
        ("Lee Grant", "northmere-social-care", "social_worker"),
        ("Anita Patel", "elm-road-primary", "senco"),
        ("Ruth Lindqvist", HEALTH, "health_contributor"),
        ("Jo Mensah", "northmere-icb", "designated_clinical_officer"),
    ):
        give = f"{plan}/people/give?agency={agency}"
        send(chris, give, "Give the part", person=live.person(person), role=role)

    # Every agency writes its part, and whoever answers for it signs.
    lee, maria = desk("Lee Grant", "council"), desk("Maria Silva", "council")
    add(nadia, f"{plan}/sections/A", words="He loves trains, and knows every one.")
    send(chris, f"{plan}/sections/B/advice", "Take", area="communication")
    expect(chris.locator("main")).to_contain_text("Saying what he means")
    add(ruth, f"{plan}/sections/C", need="Moving his mouth for speech", effect="Long words fall apart.")
    add(lee, f"{plan}/sections/D", need="Time with other children", effect="He is alone after school.")
    add(chris, f"{plan}/sections/E", what="He tells a friend about his day")
    add(chris, f"{plan}/sections/F", what="Speech therapy in school", who="A speech and language therapist")
    add(ruth, f"{plan}/sections/G", what="A hearing test each spring", who="An audiologist")
    people = {"maria": maria, "jo": desk("Jo Mensah", "nhs"), "lee": lee}
    send(nadia, f"{plan}/sections/A/sign-off", "I agree|Agree|Sign")
    for letter, key in SIGNERS.items():
        send(people[key], f"{plan}/sections/{letter}/sign-off", "Sign")
    issue(maria, plan, "Issue the draft plan")

    # The family makes a point, the council answers it, and the final names the school, within twenty weeks.
    send(nadia, f"{plan}/representations/new", "Send", about="F", words="Please say who trains the assistant.")
    chris.goto(f"{plan}/representations")
    chris.locator("main summary", has_text="Answer this").first.click()
    fill(chris, accepted="yes", words="The therapist does. It stands in F1 now.")
    chris.get_by_role("button", name="Send the answer").first.click()
    expect(chris.locator("main")).to_contain_text("The therapist does.")
    move_on(chris, live, 16)
    send(maria, f"{plan}/issue", "Open section I")
    add(chris, f"{plan}/sections/I", name="Elm Road Primary School", type="Mainstream primary school")
    issue(maria, plan, "Issue the final plan")
    final = clocks(nadia, plan)["final_plan"]
    assert final["met"] <= final["due"]
    nadia.goto(f"{plan}/versions/2")
    expect(nadia.locator("main")).to_contain_text("Elm Road Primary School")

    # Before a year is over everybody meets: invited, advised, put on record with who disagrees, reported, decided.
    review, anita = f"{plan}/review", desk("Anita Patel", "schools")
    day = move_on(maria, live, 290)
    meeting = days_later(day, 20).isoformat()
    send(anita, review, "Set the day", on=meeting)
    send(anita, f"{review}/invitations", "Send the invitations")
    send(ruth, f"{review}/advice", "Send it", progress="He says three words together.", change="Weekly therapy.")
    send(nadia, f"{review}/views", "Send it", views="I like my blue card.", told="Drawn at home.")
    send(anita, review, "Send it round to everybody")
    move_on(maria, live, 20)
    record = {"there": "Nadia Rahman, Anita Patel, Ruth Lindqvist.", "said": "He speaks up.", "recommends": "amend"}
    dissent = {"who_1": "Nadia Rahman", "dissent_1": "Once a week is not enough."}
    outcome = live.plan_of("Idris").sections["E"].content.in_group("outcomes")[0].id
    send(anita, f"{review}/meeting", "Put it on record", **record, **dissent, **{f"mark_{outcome}": "some"})
    send(anita, review, "Send the report")
    nadia.goto(review)
    expect(nadia.locator("main")).to_contain_text("Once a week is not enough.")
    expect(nadia.locator("main")).to_contain_text("Some progress")
    decided = {"outcome": "amend", "words": "Therapy becomes weekly."}
    send(chris, f"{review}/decision", "Put the decision on record", **decided)

    # The living plan is changed where it stands, the family is sent the changes, and the amended final is in force.
    send(chris, review, "Open the plan for amendment")
    change(chris, f"{plan}/sections/F", what="Speech therapy in school, every week")
    send(maria, f"{plan}/sections/F/sign-off", "Sign")
    issue(maria, plan, "Send the family the changes")
    nadia.goto(f"{plan}/versions/3")
    expect(nadia.locator("main")).to_contain_text("every week")
    move_on(maria, live, 16)
    send(maria, f"{plan}/issue", "Open section I")
    issue(maria, plan, "Issue the changed plan")
    kinds = [each.kind.value for each in live.plan_of("Idris").versions]
    assert kinds == ["draft", "final", "proposed_amendment", "amended_final"]
    late = [each["clock"] for each in clocks(nadia, plan).values() if each["met"] and each["met"] > each["due"]]
    assert late == []
