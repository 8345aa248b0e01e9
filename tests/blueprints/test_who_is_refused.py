"""Addresses that no page leads to: what nobody declared, what is not there, and what a part does not reach."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.domain.permission_law import CONSULTED
from portal.domain.state import VersionKind
from portal.operations import people
from tests.world import World, now


def test_a_route_that_declares_nothing_is_closed_to_everybody(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "plans.show", lambda plan_id: "Open to all.")
    for key in ("caseworker", "manager", "stranger", ""):
        answer = world.client(key).get(f"/plans/{world.plan_id}") if key else app.test_client().get("/plans/x")
        assert answer.status_code == 403
        assert "Open to all." not in answer.text


@pytest.mark.parametrize("place", ["needs/nothing", "needs/most-important"])
def test_nobody_settles_who_reads_an_item_that_is_not_there(shared: World, place: str) -> None:
    manager = shared.client("manager")
    base = f"{manager.base}/audience"
    need = shared.plan().sections["B"].content.items[0]
    assert manager.get(f"{base}/B/{need.group}/{need.id}").status_code == 200
    assert manager.get(f"{base}/B/{place}").status_code == 404


def test_a_school_that_is_consulted_reads_nothing_of_what_happened_to_the_plan(world: World) -> None:
    part = next(each for each in world.actor("senco").grants if each.scope == world.plan_id)
    world.end_grants({"authority": "nmr", "person": part.person, "scope": world.plan_id})
    people.give(world.db, replace(part, relation=CONSULTED, since=now().wall))
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    school = world.client("senco")
    assert school.get(school.base).status_code == 200
    for path in ("/history", "/as-at/1"):
        assert school.get(school.base + path).status_code == 403
        assert school.get(school.base + path, Accept="application/json").status_code == 403


@pytest.mark.parametrize("who", ["parent", "therapist", "senco"])
def test_a_reader_is_refused_before_their_form_is_judged(shared: World, who: str) -> None:
    reader, need = shared.client(who), shared.plan().sections["B"].content.items[0]
    here = f"{reader.base}/sections/B"
    for path in (
        f"{here}/sign-off",
        f"{here}/sign-off/send-back",
        f"{here}/sign-off/withdraw",
        f"{here}/items/needs/{need.id}/remove",
    ):
        assert reader.post(path, {}).status_code == 403, path


@pytest.mark.parametrize("who", ["parent", "caseworker", "stranger"])
def test_an_item_with_a_name_that_no_page_gives_is_not_there_for_anybody(shared: World, who: str) -> None:
    browser = shared.client(who)
    sent = {"revision": "0", "need": "Words", "area": "communication"}
    assert browser.post(f"{browser.base}/sections/B/items/needs/{'No' * 30}", sent).status_code == 404


def test_whoever_asks_for_data_and_is_not_signed_on_is_told_so_and_not_sent_elsewhere(app: Flask, world: World) -> None:
    nobody = app.test_client()
    path = f"/plans/{world.plan_id}"
    assert nobody.get(path).status_code == 303
    assert nobody.get(path, headers={"Accept": "application/json"}).status_code == 401


def test_a_form_without_a_token_is_said_to_be_too_old_and_one_of_somebody_elses_to_be_theirs(world: World) -> None:
    caseworker, manager = world.client("caseworker"), world.client("manager")
    path = f"{caseworker.base}/sections/B/items/needs/new"
    assert "open too long" in caseworker.post(path, {"csrf_token": "x"}).text
    assert "somebody else" in caseworker.post(path, {"csrf_token": manager.token}).text
