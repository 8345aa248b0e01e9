"""The demonstration's clock: whoever is signed in moves it, for everybody, and what is due follows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.app import create_app
from portal.clock import Clock
from portal.domain.event import EventKind
from portal.operations import case
from tests.blueprints.page import Page
from tests.conftest import app, db, settings
from tests.world import World, build_world, now

__all__ = ["app", "db", "settings"]  # a portal of its own: a moved clock is moved for all


@pytest.fixture(autouse=True)
def put_back(world: World) -> Iterator[None]:
    yield
    if world.settings.clock_file:
        world.settings.clock_file.unlink(missing_ok=True)


def ahead(world: World) -> int:
    return Clock(world.settings.clock_file).ahead


def test_everybody_sees_the_day_to_which_it_was_moved(world: World) -> None:
    world.client("parent").post("/clock", {"ahead": "0", "days": "84"})
    later = now().today + timedelta(days=84)
    for key in ("parent", "caseworker"):
        words = Page(world.client(key).get("/worklist")).words
        assert f"In this demonstration it is {later:%A} {later.day} {later:%B}" in words
    assert world.client("manager").get("/clock", Accept="application/json").get_json()["today"] == later.isoformat()


def test_a_date_of_the_law_passes_with_it(world: World) -> None:
    asked = case.Told(EventKind.REQUEST_RECEIVED, now().today, {})
    case.record(world.db, world.actor("caseworker"), world.plan_id, asked, now())
    browser = world.client("caseworker")
    assert "days late" not in browser.get(f"{browser.base}/case").text
    browser.post("/clock", {"ahead": "0", "days": "365"})
    assert "days late" in browser.get(f"{browser.base}/case").text


def test_a_session_goes_by_the_real_clock(world: World) -> None:
    browser = world.client("parent")
    browser.post("/clock", {"ahead": "0", "days": "365"})
    assert browser.get(browser.base).status_code == 200


def test_a_form_that_is_sent_twice_moves_it_once(world: World) -> None:
    browser = world.client("parent")
    for _ in range(2):
        assert browser.post("/clock", {"ahead": "0", "days": "7"}).status_code == 303
    assert ahead(world) == 7


@pytest.mark.parametrize("days", ["", "0", "-7", "soon", "1.5", "99999"])
def test_what_is_no_number_of_days_is_told_beside_the_question(world: World, days: str) -> None:
    answer = world.client("parent").post("/clock", {"ahead": "0", "days": days})
    assert answer.status_code == 422
    assert "Write a number of days, from 1 on." in answer.text
    assert ahead(world) == 0


def test_where_no_clock_moves_there_is_no_such_page(world: World) -> None:
    fixed = create_app(replace(world.settings, clock_file=None))
    elsewhere = build_world(fixed, fixed.extensions["database"], world.settings)
    browser = elsewhere.client("parent")
    assert browser.get("/clock").status_code == 404
    assert browser.post("/clock", {"ahead": "0", "days": "7"}).status_code == 404
    assert "clock" not in browser.get("/worklist").text
    fixed.extensions["database"].close()
