"""The data protection officer's alerts, over HTTP: what was opened, what they found, what a family is not told yet."""

from dataclasses import replace

import pytest

from portal.domain.reasoned_reading import Asked
from portal.operations import readings
from tests.at_once import at_once
from tests.blueprints.page import Page, bytes_of
from tests.world import World, now

JSON = {"Accept": "application/json"}
WHY, DANGER = "A nurse has to know which medicine.", "Somebody at home would hear of it."
SEEN, KEEP, SHOW = "I have seen to this", "Keep it from the family", "Show the family now"
OTHERS = ["parent", "young_person", "senco", "dco", "social_worker", "caseworker", "manager"]


@pytest.fixture
def world(world: World) -> World:
    opened(world)
    return world


def opened(world: World, delay: int = 0) -> None:
    """The plan opened in an emergency, by somebody whose part is in another plan."""
    actor = world.actor("dco")
    elsewhere = tuple(replace(each, scope="nmr-0000000000000000") for each in actor.grants[:1])
    asked = Asked("medical", WHY, delay, DANGER if delay else "")
    readings.emergency(world.db, replace(actor, grants=elsewhere), world.plan_id, asked, now())


def path_of(world: World, number: int = 1) -> str:
    return f"/plans/{world.plan_id}/readings/{number}"


def press(world: World, button: str, number: int = 1, **typed: str | list[str]) -> int:
    browser = world.client("auditor")
    form = Page(browser.get(path_of(world, number))).form(button)
    return browser.post(form.action, form.filled(**typed)).status_code


def family_sees(world: World) -> int:
    found = world.client("parent").get(f"/plans/{world.plan_id}/openings", **JSON).json
    assert found is not None
    return sum(each["how"] == "emergency" for each in found["openings"])


def test_an_alert_says_who_when_and_why_and_is_gone_from_the_list_once_seen_to(world: World) -> None:
    browser = world.client("auditor")
    page = Page(browser.get("/alerts"))
    assert page.is_whole
    assert path_of(world) in page.links()
    alert = Page(browser.get(path_of(world))).words
    assert "Jo Mensah" in alert
    assert WHY in alert
    assert press(world, SEEN, note="I phoned the ward. It was right.") == 303
    found = browser.get("/alerts", **JSON).json
    assert found is not None
    assert world.plan_id not in {each["plan"] for each in found["waiting"]}
    (seen,) = [each for each in found["seen"] if each["plan"] == world.plan_id]
    assert seen["seen"] == "I phoned the ward. It was right."
    alert = Page(browser.get(path_of(world))).words
    assert "I phoned the ward. It was right." in alert
    assert SEEN not in Page(browser.get(path_of(world))).buttons()


def test_two_officers_at_once_see_to_an_alert_once(world: World) -> None:
    browsers = [world.client("auditor") for _ in range(2)]
    answers: list[int] = []

    def see(number: int) -> None:
        answers.append(browsers[number].post(f"{path_of(world)}/seen", {"note": f"Note {number}."}).status_code)

    assert at_once(lambda: see(0), lambda: see(1)) == []
    assert sorted(answers) == [303, 409]


@pytest.mark.parametrize("note", ["", " \n", "x" * 1001], ids=["none", "blank", "too long"])
def test_a_note_that_does_not_do_comes_back_with_what_to_put_right(world: World, note: str) -> None:
    browser = world.client("auditor")
    answer = browser.post(f"{path_of(world)}/seen", {"note": note})
    assert answer.status_code == 422
    page = Page(answer)
    assert page.title.startswith("Error: ")
    assert page.said_in("#field-note-error")
    assert page.form(SEEN).fields["note"] == [note]


def test_the_officer_keeps_it_from_the_family_then_renews_it_then_shows_it(world: World) -> None:
    assert family_sees(world) == 1
    assert press(world, KEEP, delay="7", delay_reason=DANGER) == 303
    assert family_sees(world) == 0
    assert press(world, KEEP, delay="28", delay_reason="They have not moved yet.") == 303
    page = Page(world.client("auditor").get(path_of(world))).words
    assert "The family does not see this yet." in page
    assert DANGER in page
    assert press(world, SHOW, why="They are safe now.") == 303
    assert family_sees(world) == 1
    assert not {KEEP, SHOW} & set(Page(world.client("auditor").get(path_of(world))).buttons())
    for verb, sent in (("delay", {"delay": "7", "delay_reason": DANGER}), ("show", {"why": "Again."})):
        assert world.client("auditor").post(f"{path_of(world)}/{verb}", sent).status_code == 409


@pytest.mark.parametrize(
    "sent", [{}, {"delay": "7"}, {"delay": "29", "delay_reason": DANGER}, {"delay": "7", "delay_reason": "No"}]
)
def test_a_delay_needs_its_reason_and_a_day_within_four_weeks(world: World, sent: dict[str, str]) -> None:
    assert world.client("auditor").post(f"{path_of(world)}/delay", sent).status_code == 422
    assert family_sees(world) == 1


@pytest.mark.parametrize("key", OTHERS)
def test_nobody_else_sees_alerts_or_learns_by_a_number_whether_there_is_one(world: World, key: str) -> None:
    opened(world, delay=14)
    browser = world.client(key)
    assert browser.get("/alerts").status_code == 404
    assert "emergency waits for you" not in Page(browser.get("/worklist")).words
    got = [browser.get(path_of(world, number)) for number in (1, 2, 3)]
    assert [each.status_code for each in got] == [403] * 3
    assert len({bytes_of(each) for each in got}) == 1
    for verb in ("seen", "delay", "show"):
        sent = [browser.post(f"{path_of(world, number)}/{verb}", {"note": "Checked."}) for number in (1, 2, 3)]
        assert [each.status_code for each in sent] == [403] * 3
        assert len({bytes_of(each) for each in sent}) == 1


def test_a_stranger_and_an_administrator_are_told_of_nothing(world: World) -> None:
    for key in ("stranger", "admin"):
        browser = world.client(key)
        for path in ("/alerts", path_of(world), path_of(world, 9)):
            assert browser.get(path).status_code == 404
        for verb in ("seen", "delay", "show", "end"):
            assert browser.post(f"{path_of(world)}/{verb}", {"note": "Checked."}).status_code == 404


def test_an_auditors_own_hour_is_no_alert(world: World) -> None:
    browser = world.client("auditor")
    sent = {"category": "check", "reason": "The yearly check of records."}
    assert browser.post(f"{browser.base}/reading", sent).status_code == 303
    assert browser.get(path_of(world, 2)).status_code == 404
    assert browser.post(f"{path_of(world, 2)}/seen", {"note": "Mine."}).status_code == 404
