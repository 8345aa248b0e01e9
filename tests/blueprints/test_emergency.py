"""A plan opened in an emergency, over HTTP: a reason, an hour, nothing but reading, an alert, and the family told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, g
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.domain.actor import Grant
from portal.domain.identifier import new_request_id
from portal.domain.moment import Moment
from portal.domain.state import VersionKind
from portal.operations import people
from portal.store import reasoned_readings
from portal.web.security import UNSAFE
from tests.at_once import at_once
from tests.blueprints.conftest import plan_of
from tests.blueprints.page import Page, bytes_of
from tests.documents.paper import poppler
from tests.world import WORDS, Browser, World, now

NOBODY = "nmr-0000000000000000"
OPEN, STOP = "Open the plan", "Stop reading now"
WHY = "A nurse has to know now which medicine she is given."
DANGER = "Somebody at home would hear of it and take her away."
JSON = {"Accept": "application/json"}
NAMED = ("dco", "dsco")


@pytest.fixture
def world(cast: World, parts: list[Grant]) -> World:
    """A written plan in which neither Designated Officer has a part: each has one in another plan."""
    without = [each for each in parts if each.person not in {cast.people[key] for key in NAMED}]
    made = plan_of(cast, without, cast.plan().child)
    made.write_a_little()
    return made


@pytest.fixture
def clock(cast: World) -> Iterator[list[Moment]]:
    """Empty, it is now; else every request happens at the moment in it."""
    moved: list[Moment] = []

    def move() -> None:
        if moved:
            g.moment = moved[0]

    functions = cast.app.before_request_funcs.setdefault(None, [])
    functions.insert(0, move)
    yield moved
    functions.remove(move)


def typed(world: World, **more: str) -> dict[str, str]:
    return {"plan": world.plan_id, "category": "medical", "reason": WHY, "request_id": new_request_id(), **more}


def open_up(world: World, key: str = "dco", **more: str) -> Browser:
    """Open the plan in an emergency; answers the browser in which it is open."""
    browser = world.client(key)
    answer = browser.post("/emergency", typed(world, **more))
    assert answer.status_code == 303, Page(answer).words
    assert answer.headers["Location"] == browser.base
    return browser


def uses(world: World) -> int:
    return len(reasoned_readings.of_a_plan(world.db, world.plan_id, now().wall, 100))


def after(minutes: int) -> Moment:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    return Moment(at, at)


def test_somebody_without_a_part_sees_nothing_then_says_why_and_reads_every_section(world: World) -> None:
    browser = world.client("dco")
    assert browser.get(browser.base).status_code == 404
    form = Page(browser.get("/emergency")).form(OPEN)
    answer = browser.post(form.action, form.filled(plan=world.plan_id, category="medical", reason=WHY))
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)
    page = Page(browser.get(browser.base))
    assert "You are reading this in an emergency until" in page.words
    assert WORDS in Page(browser.get(f"{browser.base}/sections/B")).words
    sections = browser.get(browser.base, **JSON).json["sections"]  # type: ignore[index]  # a plan as JSON
    assert {letter for letter, each in sections.items() if not each["readable"]} == set()
    assert {letter for letter, each in sections.items() if each["may_edit"] or each["may_sign"]} == set()


def test_the_number_of_a_plan_is_taken_as_people_type_it(world: World) -> None:
    browser = world.client("dco")
    assert browser.post("/emergency", typed(world, plan=f" {world.plan_id.upper()} ")).status_code == 303
    assert browser.get(browser.base).status_code == 200


def test_after_sixty_minutes_the_next_request_finds_nothing(world: World, clock: list[Moment]) -> None:
    browser = open_up(world)
    clock[:] = [after(59)]
    assert browser.get(browser.base).status_code == 200
    clock[:] = [after(60)]
    for path in (browser.base, f"{browser.base}/sections/B", f"{browser.base}/receipt.zip", f"{browser.base}/openings"):
        assert browser.get(path).status_code == 404, path


def test_who_is_done_sooner_ends_it_themselves_and_it_is_over_at_once_everywhere(world: World) -> None:
    browser, other = open_up(world), world.client("dco")
    assert other.get(browser.base).status_code == 200
    form = Page(browser.get(f"{browser.base}/openings")).form(STOP)
    assert browser.post(form.action, form.fields).status_code == 303
    assert [each.get(browser.base).status_code for each in (browser, other)] == [404, 404]


def test_it_ends_with_the_part_by_which_it_was_begun(world: World) -> None:
    browser = open_up(world, "dsco")
    first = next(each for each in world.actor("dsco").grants if not each.reading)
    world.end_grants({"authority": "nmr", "person": first.person, "scope": first.scope})
    assert browser.get(browser.base).status_code == 404
    people.give(world.db, replace(first, since=now().wall))


def rules_under_a_plan(app: Flask) -> list[Rule]:
    found = [each for each in app.url_map.iter_rules() if "plan_id" in each.arguments]
    return [each for each in found if not (each.methods or set()).isdisjoint(UNSAFE)]


def test_while_it_lasts_no_form_of_any_page_is_taken(world: World, app: Flask) -> None:
    world.issue("manager", VersionKind.DRAFT, **dict.fromkeys(world.plan().standard.letters, "Not signed yet."))
    browser, before = open_up(world), world.plan()
    item = before.sections["B"].content.items[0]
    known = {"plan_id": world.plan_id, "letter": "B", "group": item.group, "item": item.id, "number": 1, "slug": "x"}
    known |= {"tag": "easy-read"}
    known |= {"tag": "easy-read"}
    adapter, tried = app.url_map.bind("localhost"), set()
    for rule in rules_under_a_plan(app):
        if rule.endpoint == "emergency.end":
            continue
        path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments}, method="POST")
        answer = browser.post(path, {"reason": WHY, "words": WHY, "revision": str(before.sections["B"].revision)})
        assert answer.status_code == 403, rule.endpoint
        assert "change nothing in it" in Page(answer).words
        tried.add(rule.endpoint)
    assert len(tried) > 15
    assert world.plan() == before
    marks = {"authority": "nmr", "plan": world.plan_id, "person": world.people["dco"]}
    assert world.db["drafts"].count_documents(marks) == 0


@pytest.mark.parametrize("key", ["parent", "senco", "caseworker", "social_worker", "auditor", "admin", "stranger"])
def test_the_page_is_there_for_the_named_roles_alone(world: World, key: str) -> None:
    browser = world.client(key)
    nothing = browser.get("/nothing-here")
    for answer in (browser.get("/emergency"), browser.post("/emergency", typed(world)), browser.post("/emergency")):
        assert answer.status_code == 404
        assert bytes_of(answer) == bytes_of(nothing)
    assert uses(world) == 0


def test_an_administrator_of_the_platform_reads_nothing_in_an_emergency_either(world: World) -> None:
    browser = world.client("admin")
    browser.post("/emergency", typed(world))
    for path in ("", "/sections/B", "/history", "/openings", "/reading", "/receipt.zip"):
        assert browser.get(f"{browser.base}{path}").status_code == 404, path


def elsewhere(world: World) -> str:
    """The id of a plan that is there, in an authority in which no officer of ours has a part."""
    found = world.db["plans"].find_one({"authority": "nmr", "_id": world.plan_id})
    assert found is not None
    other = "sfl" + world.plan_id.removeprefix("nmr")
    world.db["plans"].insert_one({**found, "authority": "sfl", "_id": other})
    return other


def scrubbed(answer: TestResponse, plan: str) -> str:
    """The bytes without what differs in each page: what was typed, and the ids of its form. Of a PDF, its words."""
    if answer.mimetype == "application/pdf":
        return poppler("pdftotext", "-", "-", pdf=answer.data)
    soup = Page(answer).soup
    ids = [str(each["value"]) for each in soup.select("input[name=request_id]")]
    text = bytes_of(answer).replace(plan, "")
    for each in ids:
        text = text.replace(each, "")
    return text


def test_a_plan_of_another_authority_and_none_at_all_get_the_same_bytes(world: World) -> None:
    browser = world.client("dco")
    numbers = [elsewhere(world), NOBODY, "sfl-0000000000000000", "nobody"]
    for headers in ({}, {"HX_Request": "true"}, JSON):
        answers = [browser.post("/emergency", typed(world, plan=each), **headers) for each in numbers]
        assert [each.status_code for each in answers] == [404] * 4
        said = {scrubbed(answer, number) for answer, number in zip(answers, numbers, strict=True)}
        assert len(said) == 1, headers


BAD = {
    "no reason": {"reason": ""},
    "spaces": {"reason": " \n" * 20},
    "too short": {"reason": "Nine char"},
    "too long": {"reason": "x" * 1001},
    "no category": {"category": ""},
    "an auditor's category": {"category": "check"},
    "another field": {"until": "2099-01-01"},
    "a kind of its own": {"kind": "audit"},
    "a delay without a reason": {"delay": "7"},
    "a delay with half a reason": {"delay": "7", "delay_reason": "Danger"},
    "a delay of its own length": {"delay": "365", "delay_reason": DANGER},
    "a reason for a delay without one": {"delay_reason": DANGER},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_what_does_not_do_opens_nothing_and_says_the_same_with_and_without_a_plan(
    world: World, wrong: dict[str, str]
) -> None:
    browser = world.client("dco")
    answers = {each: browser.post("/emergency", typed(world, plan=each, **wrong)) for each in (world.plan_id, NOBODY)}
    assert [each.status_code for each in answers.values()] == [422, 422]
    assert len({scrubbed(answer, plan) for plan, answer in answers.items()}) == 1
    page = Page(answers[world.plan_id])
    assert page.title.startswith("Error: ")
    assert page.form(OPEN).fields["plan"] == [world.plan_id]
    assert uses(world) == 0
    assert browser.get(browser.base).status_code == 404


def test_a_form_without_its_token_opens_nothing(world: World) -> None:
    browser = world.client("dco")
    assert browser.post("/emergency", typed(world, csrf_token="")).status_code == 403
    assert browser.post("/emergency", typed(world), Origin="https://evil.example").status_code == 403
    assert uses(world) == 0


def test_whoever_proved_who_they_are_too_long_ago_is_asked_again_whether_there_is_a_plan_or_not(world: World) -> None:
    browser = world.client("dco", minutes_ago=16)
    assert "we first ask you to prove that it is you" in Page(browser.get("/emergency")).words
    for plan in (world.plan_id, NOBODY):
        answer = browser.post("/emergency", typed(world, plan=plan), **JSON)
        assert answer.status_code == 401
    assert uses(world) == 0
    assert browser.get(browser.base).status_code == 404
    assert world.client("dco", minutes_ago=14).post("/emergency", typed(world)).status_code == 303


def test_what_was_typed_is_there_again_after_the_proof(world: World) -> None:
    browser = world.client("dco", minutes_ago=16)
    answer = browser.post("/emergency", typed(world))
    assert answer.status_code == 303
    assert not answer.headers["Location"].startswith("/plans")
    assert "medical" not in answer.headers["Location"]
    assert world.plan_id not in answer.headers["Location"]
    form = Page(browser.get("/emergency")).form(OPEN)
    assert (form.fields["plan"], form.fields["reason"], form.fields["category"]) == (
        [world.plan_id],
        [WHY],
        ["medical"],
    )


def test_whoever_has_a_part_is_sent_to_the_plan_and_nothing_is_written_down(world: World) -> None:
    for key in ("manager", "other_manager"):
        browser = world.client(key)
        answer = browser.post("/emergency", typed(world))
        assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)
    assert uses(world) == 0


# The alert


def alerts(world: World) -> list[dict[str, str]]:
    found = world.client("auditor").get("/alerts", **JSON).json
    assert found is not None
    return [each for each in found["waiting"] if each["plan"] == world.plan_id]


def test_the_alert_is_there_when_the_answer_is(world: World) -> None:
    before = world.client("auditor").get("/worklist", **JSON).json["alerts"] if alerts(world) else None  # type: ignore[index]
    assert before is None
    open_up(world)
    (alert,) = alerts(world)
    assert (alert["name"], alert["category"], alert["reason"]) == ("Jo Mensah", "medical", WHY)
    assert "for you to look at." in Page(world.client("auditor").get("/worklist")).words
    assert world.client("auditor").get("/worklist", **JSON).json["alerts"] >= 1  # type: ignore[index]
    told = {"authority": "nmr", "plan": world.plan_id, "kind": "emergency_reading_opened"}
    assert world.db["outbox"].count_documents(told) == 1


def test_a_second_use_is_a_second_alert_and_an_hour_of_its_own(world: World, clock: list[Moment]) -> None:
    browser = open_up(world)
    clock[:] = [after(40)]
    world.client("dco", minutes_ago=-40).post("/emergency", typed(world))
    assert len(alerts(world)) == 1  # whoever can open the plan has nothing to ask for
    clock[:] = [after(61)]
    assert browser.get(browser.base).status_code == 404
    again = world.client("dco", minutes_ago=-61)
    assert again.post("/emergency", typed(world, reason="She was moved to another ward.")).status_code == 303
    assert [str(each["number"]) for each in alerts(world)] == ["2", "1"]
    clock[:] = [after(100)]
    assert browser.get(browser.base).status_code == 200


def test_one_form_sent_twice_at_once_is_one_use_and_two_people_at_once_are_two(world: World) -> None:
    form, (first, second), other = typed(world), [world.client("dco") for _ in range(2)], world.client("dsco")
    posts = [(first, form), (second, form), (other, typed(world))]
    raised = at_once(*[lambda browser=browser, sent=sent: browser.post("/emergency", sent) for browser, sent in posts])
    assert raised == []
    assert sorted(each["name"] for each in alerts(world)) == ["Fiona Marsh", "Jo Mensah"]
    assert sorted(str(each["number"]) for each in alerts(world)) == ["1", "2"]
    assert [each.get(world.client("dco").base).status_code for each in (first, other)] == [200, 200]


# What the family sees


def line(world: World, key: str) -> list[dict[str, str]]:
    found = world.client(key).get(f"/plans/{world.plan_id}/openings", **JSON).json
    assert found is not None
    return [each for each in found["openings"] if each["how"] == "emergency"]


def test_the_family_sees_it_at_once_with_the_reason(world: World) -> None:
    open_up(world)
    for key in ("parent", "other_parent", "young_person"):
        (seen,) = line(world, key)
        assert (seen["name"], seen["agency"]) == ("Jo Mensah", "Northmere Integrated Care Board")
        assert (seen["category"], seen["reason"]) == ("A child needs urgent medical care", WHY)
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}/openings")).words
    who = "Jo Mensah, Designated Clinical Officer, Northmere Integrated Care Board, opened it in an emergency."
    assert who in page.replace(" ,", ",").replace(" .", ".")
    assert WHY in page
    for key, told in (("manager", WHY), ("auditor", WHY), ("senco", ""), ("caseworker", "")):
        assert [each["reason"] for each in line(world, key)] == [told], key


def test_nobody_who_reads_in_an_emergency_is_listed_as_having_a_part(world: World) -> None:
    before = Page(world.client("parent").get(f"/plans/{world.plan_id}/people")).words
    browser = open_up(world)
    browser.get(browser.base)
    assert "Jo Mensah" not in before
    page = Page(world.client("parent").get(f"/plans/{world.plan_id}/people")).words
    assert "Jo Mensah" not in page
    assert "Jo Mensah" not in Page(world.client("parent").get(f"/plans/{world.plan_id}")).words


def pages(world: World, app: Flask, browser: Browser) -> dict[str, str]:
    """Every page under the plan, as somebody has it."""
    adapter, found = app.url_map.bind("localhost"), {}
    item = world.plan().sections["B"].content.items[0]
    known = {"plan_id": world.plan_id, "letter": "B", "group": item.group, "item": item.id, "number": 1, "slug": "x"}
    known |= {"tag": "easy-read"}
    for rule in app.url_map.iter_rules():
        if "plan_id" in rule.arguments and "GET" in (rule.methods or ()) and not rule.rule.endswith(".zip"):
            path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
            for kind, headers in (("page", {}), *([] if path.endswith(".pdf") else [("json", JSON)])):
                found[f"{kind} {path}"] = scrubbed(browser.get(path, **headers), world.people["dco"])
    return found


@pytest.mark.parametrize("key", ["parent", "young_person", "advocate", "senco"])
def test_what_a_delay_keeps_from_a_family_changes_no_byte_of_any_page(
    world: World, app: Flask, clock: list[Moment], key: str
) -> None:
    clock[:] = [now()]
    reader = world.client(key)
    pages(world, app, reader)  # what a first look leaves behind
    before = pages(world, app, reader)
    browser = open_up(world, delay="14", delay_reason=DANGER)
    for path in ("", "/sections/B", "/receipt.zip", "/people"):
        assert browser.get(f"{browser.base}{path}").status_code == 200
    later = pages(world, app, reader)
    assert {path for path, text in before.items() if later[path] != text} == set()
    assert len(before) > 20
    assert [each["reason"] for each in line(world, "auditor")] == [WHY]
    assert [each["reason"] for each in line(world, "dco")] == [WHY]


def test_a_delay_ends_on_its_day_by_itself_and_the_family_is_shown_all_but_the_danger(
    world: World, clock: list[Moment]
) -> None:
    open_up(world, delay="7", delay_reason=DANGER)
    assert line(world, "parent") == []
    clock[:] = [after(6 * 24 * 60)]
    parent = Browser(replace(world), "parent")
    path = f"/plans/{world.plan_id}/openings"
    assert WHY not in parent.get(path).text
    clock[:] = [after(7 * 24 * 60 + 60)]
    page = Page(Browser(world, "parent").get(path)).words
    assert WHY in page
    assert DANGER not in page


def test_words_typed_as_a_reason_are_shown_as_text(world: World) -> None:
    open_up(world, reason="<script>alert(1)</script> & more")
    for key, path in (
        ("parent", f"/plans/{world.plan_id}/openings"),
        ("auditor", f"/plans/{world.plan_id}/readings/1"),
    ):
        page = Page(world.client(key).get(path))
        assert "<script>alert(1)</script> & more" in page.words
        assert not [each for each in page.soup.find_all("script") if not each.get("src")]
