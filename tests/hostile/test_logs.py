"""What is logged: who was refused where, who signed on; and never a word of a child, whatever is done or breaks."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, Response, request, request_finished
from pymongo.errors import AutoReconnect

from tests.auth.browser import Browser as SignOn
from tests.every_request import BEFORE_DRAFT, TO_THE_FINAL, Rounds
from tests.hostile.conftest import CANARY
from tests.world import Browser, World

LINE = re.compile(r"\d{3} [A-Za-z]+ [a-z_.]+ by [a-z0-9]+")
FACTS = ("zephyrine", "quillon", CANARY.nhs_number, CANARY.upn.lower(), "wagtail")
SAID = "Zephyrine Quillon of 9 Wagtail Yard"
FEW = ("parent", "caseworker", "manager", "dco", "stranger")


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log as production keeps it: everything from INFO up."""
    caplog.set_level(logging.INFO)
    return caplog


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "portal.access"]


def test_a_refusal_is_logged_with_who_and_where_and_no_word_of_what_was_sent(
    one: World, logged: pytest.LogCaptureFixture
) -> None:
    stranger, parent = one.client("stranger"), one.client("parent")
    stranger.get(stranger.base)
    parent.get(f"{parent.base}/issue?words=secret")
    parent.http.post(f"{parent.base}/answer", data={"words": "secret"})
    parent.post(f"{parent.base}/sections/A/items/people/people", {"revision": "0", "secret": "secret"})
    Browser(one, "").get("/secret/secret")
    people = one.people
    assert lines(logged) == [
        f"404 GET plans.show by {people['stranger']}",
        f"403 GET issue.show by {people['parent']}",
        f"403 POST answers.send by {people['parent']}",
        f"422 POST sections.save by {people['parent']}",
        "404 GET nowhere by nobody",
    ]
    assert "secret" not in logged.text
    assert one.plan_id not in logged.text


def test_what_is_no_refusal_is_not_in_that_log(one: World, logged: pytest.LogCaptureFixture) -> None:
    parent = one.client("parent")
    for path in ("/help", parent.base, f"{parent.base}/sections/A"):
        assert parent.get(path).status_code == 200
    assert lines(logged) == []


def test_signing_on_and_out_is_logged_and_so_is_a_refused_sign_on(app: Flask, logged: pytest.LogCaptureFixture) -> None:
    browser = SignOn(app)
    assert browser.sign_on("families").status_code == 303
    browser.http.get("/sign-in/families/callback?code=secret&state=secret")
    token = re.findall(r'name="csrf-token" content="([^"]*)"', browser.http.get("/help").text)[0]
    browser.http.post("/sign-out", data={"csrf_token": token})
    said = lines(logged)
    person = said[0].rsplit(" ", 1)[1]
    assert person != "nobody"
    assert said[0] == f"303 GET sign_in.callback by {person}"
    assert re.fullmatch(rf"4\d\d GET sign_in.callback by {person}", said[1])
    assert said[2:] == [f"303 POST sign_in.leave by {person}"]
    assert "secret" not in logged.text


def test_no_line_of_the_log_is_made_by_whoever_asks(one: World, logged: pytest.LogCaptureFixture) -> None:
    browser = one.client("parent")
    forged = "x\r\n2026-01-01 portal.access 303 GET sign_in.callback by root"
    for path in (f"/{forged}", f"{browser.base}/sections/{forged}", f"/sign-in/{forged}"):
        browser.get(path.replace("\r\n", "%0d%0a"), User_Agent="x", X_Forwarded_For="root")
    browser.http.open("/nothing", method="GET\tROOT")
    browser.post(f"{browser.base}/answer", {forged: forged})
    said = lines(logged)
    assert len(said) == 5
    assert [each for each in said if not LINE.fullmatch(each)] == []
    assert "root" not in logged.text.lower()


@contextmanager
def every_address(app: Flask) -> Iterator[list[str]]:
    """All addresses that were asked for, and all to which anybody was sent."""
    found: list[str] = []

    def note(_: Any, response: Response, **__: Any) -> None:
        sent = (response.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Push-Url", "HX-Location"))
        found.extend((request.full_path, *sent, response.headers.get("Content-Disposition", "")))

    with request_finished.connected_to(note, app):
        yield found


def told(*places: str) -> list[str]:
    return [fact for fact in FACTS for place in places if fact in place.lower()]


def rounds_of(world: World) -> Rounds:
    items = world.write_a_little()
    return Rounds(world, {}, {**items, "other": items["health"]}, FEW)


def typed_by_hand(steps: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same forms with the child's facts in every field that takes words."""
    free = {"effect", "need", "reason", "words"}
    return tuple(
        (*each[:4], {name: SAID if name in free else value for name, value in each[4].items()}) for each in steps
    )


def test_the_canary_child_is_in_no_log_and_no_address_whatever_is_done_and_whatever_breaks(
    canary: World, logged: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = rounds_of(canary)
    with every_address(canary.app) as found:
        rounds.write(typed_by_hand(BEFORE_DRAFT))
        rounds.write(typed_by_hand(TO_THE_FINAL))
        rounds.read()
        assert canary.plan().versions
        answered = canary.app.dispatch_request
        for error in (RuntimeError(SAID), AutoReconnect(SAID)):

            def fail(error: Exception = error) -> Any:
                answered()
                raise error

            monkeypatch.setattr(canary.app, "dispatch_request", fail)
            rounds.read()
            rounds.write(typed_by_hand(TO_THE_FINAL))
    statuses = set.union(*rounds.answered.values())
    assert {200, 303, 403, 404, 500, 503} <= statuses
    assert len(found) > 3000
    assert told(*found) == []
    assert told(logged.text) == []
    assert "unforeseen RuntimeError" in logged.text
