"""Who opened a plan, over HTTP: staff always, the family's own choice about each other, an auditor's reasoned hour."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.actor import Grant
from portal.domain.state import VersionKind
from portal.operations import readings
from portal.operations.openings import PAGE
from portal.store import openings, outbox
from tests.blueprints.conftest import plan_of
from tests.blueprints.page import Page, bytes_of
from tests.world import WORDS, World, now

JSON = {"Accept": "application/json"}
NOBODY = "nmr-0000000000000000"
YES, NO = "Yes, they may see when I read", "No, keep it to myself"
READ, STOP = "Read the plan", "Stop reading now"
WHY = "The yearly check of ten records."


def path_of(world: World) -> str:
    return f"/plans/{world.plan_id}/openings"


def told(world: World, key: str, query: str = "") -> list[dict[str, str]]:
    found = world.client(key).get(path_of(world) + query, **JSON).json
    assert found is not None
    lines: list[dict[str, str]] = found["openings"]
    return lines


def names(world: World, key: str) -> list[str]:
    return [each["name"] for each in told(world, key)]


def visit(world: World, *keys: str) -> None:
    for key in keys:
        browser = world.client(key)
        assert browser.get(browser.base).status_code == 200


def press(world: World, key: str, button: str) -> None:
    browser = world.client(key)
    form = Page(browser.get(path_of(world))).form(button)
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, path_of(world))


def test_the_family_sees_who_opened_the_plan_from_which_agency_and_when(world: World) -> None:
    visit(world, "therapist", "senco")
    seen = {each["name"]: each for each in told(world, "parent")}
    assert seen["Ben Carter"]["agency"] == "Northmere Community Health"
    assert (seen["Ben Carter"]["role"], seen["Ben Carter"]["how"]) == ("health_contributor", "work")
    assert seen["Anita Patel"]["agency"] == "Elm Road Primary School"
    at = datetime.fromisoformat(seen["Ben Carter"]["at"])
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=5)
    page = Page(world.client("parent").get(path_of(world)))
    assert page.is_whole
    assert "Ben Carter , Health professional, Northmere Community Health , opened it." in page.words
    assert path_of(world) in Page(world.client("parent").get(f"/plans/{world.plan_id}")).links()


def test_every_opening_of_staff_is_shown_to_each_of_the_family(world: World) -> None:
    staff = ("therapist", "senco", "psychologist", "dco", "social_worker", "dsco", "caseworker", "manager", "auditor")
    visit(world, *staff)
    everybody = {world.actor(each).name for each in staff}
    for key in ("parent", "other_parent", "young_person"):
        assert set(names(world, key)) == {*everybody, world.actor(key).name}, key


@pytest.mark.parametrize("key", ["parent", "other_parent", "young_person"])
def test_nobody_of_the_family_sees_when_another_reads_and_no_agency_does(world: World, key: str) -> None:
    visit(world, "parent", "other_parent", "young_person")
    assert names(world, key) == [world.actor(key).name]
    for staff in ("manager", "caseworker", "senco", "auditor", "dco"):
        family = {world.actor(each).name for each in ("parent", "other_parent", "young_person")}
        assert not family & set(names(world, staff)), staff


def test_two_of_the_family_see_each_other_once_both_said_yes_and_no_longer_once_one_says_no(world: World) -> None:
    visit(world, "parent", "other_parent", "young_person")
    press(world, "parent", YES)
    assert names(world, "parent") == ["Nadia Rahman"]
    assert names(world, "other_parent") == ["Yusuf Rahman"]
    press(world, "other_parent", YES)
    for key in ("parent", "other_parent"):
        assert sorted(names(world, key)) == ["Nadia Rahman", "Yusuf Rahman"]
    assert names(world, "young_person") == ["Sam Adeyemi"]
    press(world, "parent", NO)
    assert names(world, "parent") == ["Nadia Rahman"]
    assert names(world, "other_parent") == ["Yusuf Rahman"]


def test_that_one_parent_chose_changes_nothing_on_the_others_page(world: World) -> None:
    visit(world, "parent")
    browser = world.client("other_parent")
    before = bytes_of(browser.get(path_of(world)))
    press(world, "parent", YES)
    assert bytes_of(browser.get(path_of(world))) == before


@pytest.mark.parametrize("key", ["senco", "therapist", "caseworker", "manager", "auditor", "advocate"])
def test_only_the_family_chooses(world: World, key: str) -> None:
    browser = world.client(key)
    answer = browser.get(path_of(world))
    if answer.status_code == 200:
        assert not {YES, NO} & set(Page(answer).buttons())
    for sent in ({"shown": "yes"}, {}, {"surprise": "1"}):
        assert browser.post(f"{path_of(world)}/choice", sent).status_code in (403, 404)
    assert openings.choosers(world.db, world.plan_id) == set()


@pytest.mark.parametrize("sent", [{}, {"shown": "maybe"}, {"shown": "yes", "person": "another"}, {"shown": ""}])
def test_a_choice_is_yes_or_no_and_ones_own(world: World, sent: dict[str, str]) -> None:
    assert world.client("parent").post(f"{path_of(world)}/choice", sent).status_code == 422
    assert openings.choosers(world.db, world.plan_id) == set()


def test_taking_a_copy_is_shown_beside_having_opened_the_plan(world: World) -> None:
    world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    while job := outbox.lease(world.db, now().wall):
        outbox.keep_document(world.db, job["plan"], job["number"], b"%PDF", "digest")
        outbox.finish(world.db, job)
    browser = world.client("caseworker")
    for path in ("", "/receipt.zip", "/receipt.zip", "/versions/1.pdf"):
        assert browser.get(f"{browser.base}{path}").status_code == 200
    seen = [each["what"] for each in told(world, "parent") if each["name"] == "Chris Doyle"]
    assert sorted(seen) == ["pdf", "plan", "receipt"]


def test_where_an_address_is_hidden_no_school_is_named(hidden: World) -> None:
    visit(hidden, "senco", "psychologist", "therapist")
    for key in ("parent", "caseworker"):
        seen = {each["name"]: each["agency"] for each in told(hidden, key)}
        assert (seen["Anita Patel"], seen["Dr Helen Ward"]) == ("", "")
        assert seen["Ben Carter"] == "Northmere Community Health"
        assert "Elm Road" not in hidden.client(key).get(path_of(hidden)).text


def test_openings_noted_before_their_agency_was_are_shown_with_what_is_known(world: World) -> None:
    openings.record(world.db, world.plan_id, world.people["dco"], now().wall)
    place = {"authority": "nmr", "plan": world.plan_id}
    world.db["openings"].update_one(place, {"$unset": {"role": "", "agency_name": ""}})
    (seen,) = [each for each in told(world, "parent") if each["name"] == "Jo Mensah"]
    assert (seen["role"], seen["agency"], seen["how"]) == ("", "", "work")
    assert "Jo Mensah" in Page(world.client("parent").get(path_of(world))).words


@pytest.mark.parametrize("same", [False, True], ids=["at different times", "all at one moment"])
def test_every_opening_stands_on_exactly_one_page(world: World, same: bool) -> None:
    noon = now().wall - timedelta(days=30)
    for number in range(2 * PAGE + 7):
        at = noon if same else noon - timedelta(hours=number)
        openings.record(world.db, world.plan_id, world.people["dco"], at, what=f"pdf:{number}")
    browser, query, seen, pages = world.client("parent"), "", [], 0
    while True:
        found = browser.get(path_of(world) + query, **JSON).json
        assert found is not None
        seen += [each["at"] for each in found["openings"] if each["name"] == "Jo Mensah"]
        pages += 1
        if not found["older"]:
            break
        assert len(found["openings"]) == PAGE
        query = f"?upto={found['older']['upto']}&beyond={found['older']['beyond']}"
        assert Page(browser.get(path_of(world) + query)).is_whole
    assert len(seen) == 2 * PAGE + 7
    assert seen == sorted(seen, reverse=True)
    assert pages == 3


@pytest.mark.parametrize("query", ["?upto=x", "?upto=-1", "?beyond=1e9", "?upto=1&upto=2", "?person=x", "?upto[$gt]=1"])
def test_an_address_that_nobody_was_given_is_refused(world: World, query: str) -> None:
    assert world.client("parent").get(path_of(world) + query).status_code == 422


def test_a_stranger_gets_the_same_bytes_as_for_a_plan_that_is_not_there(world: World) -> None:
    for key in ("stranger", "admin"):
        browser = world.client(key)
        got = [browser.get(f"/plans/{each}/openings") for each in (world.plan_id, NOBODY)]
        sent = [browser.post(f"/plans/{each}/openings/choice", {"shown": "yes"}) for each in (world.plan_id, NOBODY)]
        assert {each.status_code for each in (*got, *sent)} == {404}
        assert bytes_of(got[0]) == bytes_of(got[1])
        assert bytes_of(sent[0]) == bytes_of(sent[1])


# The auditor's reasoned hour


def check(world: World) -> None:
    browser = world.client("auditor")
    form = Page(browser.get(f"{browser.base}/reading")).form(READ)
    answer = browser.post(form.action, form.filled(category="check", reason=WHY))
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)


def test_the_auditor_reads_the_words_for_an_hour_once_they_said_why(world: World) -> None:
    world.write_a_little()
    browser = world.client("auditor")
    page = Page(browser.get(browser.base))
    assert f"{browser.base}/reading" in page.links()
    assert WORDS not in browser.get(f"{browser.base}/sections/B").text
    check(world)
    assert WORDS in Page(browser.get(f"{browser.base}/sections/B")).words
    assert "You are reading this to check the record until" in Page(browser.get(browser.base)).words
    answer = browser.save("B", "needs", "new", need="Mine", effect="Mine", area="communication")
    assert answer.status_code == 403


def test_the_family_sees_that_the_auditor_read_and_why(world: World) -> None:
    check(world)
    visit(world, "auditor")
    (seen,) = [each for each in told(world, "parent") if each["how"] == "audit"]
    assert (seen["name"], seen["role"], seen["agency"]) == ("Grace Obi", "auditor", "Northmere Council SEN team")
    assert (seen["category"], seen["reason"]) == ("A planned check of records", WHY)
    assert "read it to check the record" in Page(world.client("parent").get(path_of(world))).words


def test_after_their_hour_the_auditor_is_where_they_were(world: World) -> None:
    world.write_a_little()
    check(world)
    browser = world.client("auditor")
    form = Page(browser.get(path_of(world))).form(STOP)
    assert browser.post(form.action, form.fields).status_code == 303
    assert browser.get(browser.base).status_code == 200
    assert WORDS not in browser.get(f"{browser.base}/sections/B").text
    assert STOP not in Page(browser.get(path_of(world))).buttons()


@pytest.mark.parametrize("sent", [{}, {"reason": "Short", "category": "check"}, {"reason": WHY}, {"kind": "emergency"}])
def test_without_a_reason_that_does_the_auditor_reads_no_more_than_before(world: World, sent: dict[str, str]) -> None:
    world.write_a_little()
    browser = world.client("auditor")
    answer = browser.post(f"{browser.base}/reading", sent)
    assert answer.status_code == 422
    assert Page(answer).title.startswith("Error: ")
    assert WORDS not in browser.get(f"{browser.base}/sections/B").text


@pytest.mark.parametrize("key", ["parent", "senco", "therapist", "dco", "caseworker", "manager"])
def test_nobody_else_reads_with_a_reason(world: World, key: str) -> None:
    browser = world.client(key)
    assert browser.get(f"{browser.base}/reading").status_code == 403
    for sent in ({"category": "check", "reason": WHY}, {}):
        assert browser.post(f"{browser.base}/reading", sent).status_code == 403
    assert f"{browser.base}/reading" not in Page(browser.get(browser.base)).links()


def test_nobody_ends_anothers_hour_nor_learns_of_it(world: World) -> None:
    check(world)
    for key in ("parent", "manager", "stranger"):
        browser = world.client(key)
        ends = [browser.post(f"{browser.base}/readings/{number}/end") for number in (1, 2)]
        assert [each.status_code for each in ends] == [404, 404]
        assert bytes_of(ends[0]) == bytes_of(ends[1])
    assert any(each.reading for each in world.actor("auditor").grants_on(world.plan_id, "nmr"))


def test_an_auditors_hour_opens_one_plan_and_no_other(cast: World, parts: list[Grant]) -> None:
    first, second = (plan_of(cast, parts, cast.plan().child) for _ in range(2))
    check(first)
    second.write_a_little()
    browser = second.client("auditor")
    assert WORDS not in browser.get(f"{browser.base}/sections/B").text


def test_an_end_that_comes_twice_leaves_the_hour_ended_as_it_was(world: World) -> None:
    check(world)
    actor = world.actor("auditor")
    readings.end(world.db, actor, readings.of_their_own(world.db, actor, world.plan_id, 1), now())
    until = world.db["reasoned_readings"].find_one({"authority": "nmr", "plan": world.plan_id})
    later = replace(now(), wall=now().wall + timedelta(minutes=5))
    readings.end(world.db, actor, readings.of_their_own(world.db, actor, world.plan_id, 1), later)
    assert world.db["reasoned_readings"].find_one({"authority": "nmr", "plan": world.plan_id}) == until
