"""A plan opened in an emergency by the child's NHS number: counted and put on record as every search is."""

from dataclasses import replace
from secrets import randbelow

import pytest

from portal.domain.actor import Grant
from portal.domain.content import Mark
from portal.domain.moment import Moment
from portal.operations import plans, search
from tests.blueprints.conftest import plan_of
from tests.blueprints.page import Page
from tests.blueprints.test_emergency import JSON, NAMED, NOBODY, OPEN, WHY, after, alerts, clock, scrubbed, typed, uses
from tests.world import World, now

__all__ = ["clock"]  # of the same clock


@pytest.fixture
def numbered(cast: World, parts: list[Grant]) -> World:
    """The same, of a child with an NHS number of their own."""
    without = [each for each in parts if each.person not in {cast.people[key] for key in NAMED}]
    digits = "".join(str(each) for each in (9, 9, 9, *(randbelow(10) for _ in range(7))))
    return plan_of(cast, without, replace(cast.plan().child, nhs_number=digits))


def by_number(world: World, number: str = "", **more: str) -> dict[str, str]:
    return typed(world, plan="", nhs_number=number or world.plan().child.nhs_number, **more)


def looked(world: World, key: str) -> int:
    return world.db["searches"].count_documents({"authority": "nmr", "person": world.people[key]})


def test_a_plan_is_opened_by_the_childs_nhs_number_however_its_digits_are_set_apart(numbered: World) -> None:
    digits = numbered.plan().child.nhs_number
    for key, number in (("dco", f" {digits[:3]} {digits[3:6]} {digits[6:]} "), ("dsco", digits)):
        browser, before = numbered.client(key), looked(numbered, key)
        form = Page(browser.get("/emergency")).form(OPEN)
        answer = browser.post(form.action, form.filled(nhs_number=number, category="medical", reason=WHY))
        assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)
        assert browser.get(browser.base).status_code == 200
        assert looked(numbered, key) == before + 1
    assert uses(numbered) == 2
    assert len(alerts(numbered)) == 2


def test_a_number_of_no_child_and_of_a_child_elsewhere_get_the_same_bytes(numbered: World) -> None:
    child = replace(numbered.plan().child, nhs_number="9990000913")
    by = Mark(numbered.people["manager"], "Maria Silva", "northmere-council", now().product)
    plans.start(numbered.db, "sfl", "Southfell Council", child, by, "Southfell Council SEN team")
    browser, known = numbered.client("dco"), numbered.plan().child.nhs_number
    for headers in ({}, {"HX_Request": "true"}, JSON):
        numbers = ["9990000913", "9990000921"]
        answers = [browser.post("/emergency", by_number(numbered, each), **headers) for each in numbers]
        assert [each.status_code for each in answers] == [404] * 2
        assert len({scrubbed(answer, number) for answer, number in zip(answers, numbers, strict=True)}) == 1
    assert browser.post("/emergency", by_number(numbered, known[:9])).status_code == 422
    assert uses(numbered) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"reason": "Short"}, {"category": ""}, {"plan": NOBODY}, {"nhs_number": "Rahman"}, {"nhs_number": "999"}],
    ids=str,
)
def test_nobody_is_looked_for_before_all_that_is_said_does(numbered: World, wrong: dict[str, str]) -> None:
    browser, before = numbered.client("dco"), looked(numbered, "dco")
    assert browser.post("/emergency", {**by_number(numbered), **wrong}).status_code == 422
    old = numbered.client("dco", minutes_ago=16)
    assert old.post("/emergency", by_number(numbered), **JSON).status_code == 401
    assert looked(numbered, "dco") == before
    assert uses(numbered) == 0


def test_a_number_is_kept_nowhere_while_somebody_proves_who_they_are(numbered: World) -> None:
    browser, number = numbered.client("dco", minutes_ago=16), numbered.plan().child.nhs_number
    answer = browser.post("/emergency", by_number(numbered))
    assert answer.status_code == 303
    assert number not in answer.headers["Location"]
    assert all(number not in repr(each) for name in ("sign_ins", "sessions") for each in numbered.db[name].find())
    form = Page(browser.get("/emergency")).form(OPEN)
    assert (form.fields["nhs_number"], form.fields["reason"]) == ([""], [WHY])


def test_whoever_tries_numbers_waits_as_whoever_searches_does(numbered: World, clock: list[Moment]) -> None:
    clock[:] = [after(5)]  # a minute that nobody has searched in
    browser, before = numbered.client("dco"), looked(numbered, "dco")
    for _ in range(search.A_MINUTE):
        assert browser.post("/emergency", by_number(numbered, "9990000921")).status_code == 404
    answer = browser.post("/emergency", by_number(numbered))
    assert answer.status_code == 429
    assert looked(numbered, "dco") == before + search.A_MINUTE
    assert uses(numbered) == 0
