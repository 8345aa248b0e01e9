"""The pages by which parts are given, ended, lent and handed on: who is shown them, and what a hostile form gets."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.actor import WHOLE_CASELOAD, Grant, Role
from portal.domain.identifier import random_id
from portal.operations import people
from portal.store import invitations as store
from portal.store import people as people_store
from tests.at_once import at_once
from tests.conftest import app, db, settings
from tests.fresh import fresh
from tests.world import Browser, World, now

__all__ = ["app", "db", "settings"]  # a portal of this module's own: a list of plans to choose from is not endless

COUNCIL = "northmere-council"
LINK = re.compile(r"http://127\.0\.0\.1:8999(/invitations/[\w-]+)")
CODE = re.compile(r"gt-quote\">([0-9A-Z]{4} [0-9A-Z]{4})<")
FACTS = {"day": "14", "month": "3", "year": "2017"}
MOTHER = {"role": "parent", "relation": "mother"}


def roles(world: World, person: str) -> set[Role]:
    found = people.load_actor(world.db, person, now())
    assert found is not None
    return set(found.roles_on(world.plan_id, "nmr"))


def newcomer(world: World, provider: int = 0) -> str:
    """Somebody who has signed on and has no part in anything; answers the key of the cast that they are now under."""
    key = f"new-{random_id(6)}"
    issuer = world.settings.providers[provider].issuer
    world.people[key] = people.signed_on(world.db, issuer, key, "Rosa Lind")
    return key


def family(world: World) -> str:
    kinds = [each.agency_kind for each in world.settings.providers]
    return newcomer(world, kinds.index("family"))


def invited(world: World, browser: Browser) -> tuple[str, str]:
    """(the link's path, the code) of a new invitation, as its inviter's page shows them once."""
    answer = browser.post(f"{browser.base}/people/invite", MOTHER)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.base}/people")
    page = html.unescape(browser.get(f"{browser.base}/people").text)
    (link,), (code,) = LINK.findall(page), CODE.findall(page)
    return link, code


def test_a_parent_is_invited_and_let_in_by_the_facts(world: World) -> None:
    link, code = invited(world, world.client("caseworker"))
    key = family(world)
    rosa = world.client(key)
    page = rosa.get(link)
    assert page.status_code == 200
    for secret in ("Amira", "Rahman", world.plan_id, "2017"):
        assert secret not in page.text.replace("14 3 2017", "")
    assert rosa.get(rosa.base).status_code == 404
    answer = rosa.post(link, {"code": code.lower(), **FACTS})
    assert (answer.status_code, answer.headers["Location"]) == (303, rosa.base)
    assert rosa.get(rosa.base).status_code == 200
    shown = world.client("caseworker").get(f"{rosa.base}/people").text
    assert "Accepted by <bdi>Rosa Lind</bdi>" in shown


def test_the_link_is_shown_once_and_to_its_inviter_alone(world: World) -> None:
    browser = world.client("caseworker")
    browser.post(f"{browser.base}/people/invite", MOTHER)
    assert LINK.findall(world.client("manager").get(f"{browser.base}/people").text) == []
    assert LINK.findall(world.client("parent").get(f"{browser.base}/people").text) == []
    assert browser.get(f"{browser.base}/people", Accept="application/json").status_code == 200
    assert browser.http.head(f"{browser.base}/people").status_code == 200
    assert len(LINK.findall(browser.get(f"{browser.base}/people").text)) == 1
    assert LINK.findall(browser.get(f"{browser.base}/people").text) == []


def test_a_dead_link_is_the_same_page_whatever_killed_it(world: World) -> None:
    caseworker, rosa = world.client("caseworker"), world.client(family(world))
    used, spent, over = (invited(world, caseworker) for _ in range(3))
    assert rosa.post(used[0], {"code": used[1], **FACTS}).status_code == 303
    for _ in range(5):
        last = rosa.post(spent[0], {"code": "0000 0000", **FACTS})
    assert last.status_code == 404
    back = {"invitation": store.of_plan(world.db, world.plan_id)[0].id}
    assert caseworker.post(f"{caseworker.base}/people/take-back", back).status_code == 303
    wrong = f"/invitations/nmr-{'x' * 43}"
    token = re.compile(r"(content|value)=\"[^\"]{60,}\"")
    found = {token.sub("", rosa.get(link).text) for link in (used[0], spent[0], over[0], wrong, "/invitations/x")}
    assert len(found) == 1
    assert {rosa.get(link).status_code for link in (used[0], spent[0], over[0], wrong)} == {404}


def test_wrong_facts_are_refused_alike_whichever_is_wrong(world: World) -> None:
    link, code = invited(world, world.client("caseworker"))
    rosa = world.client(family(world))
    wrong_code = rosa.post(link, {"code": "0000 0000", **FACTS})
    wrong_birth = rosa.post(link, {"code": code, **FACTS, "day": "15"})
    assert (wrong_code.status_code, wrong_birth.status_code) == (422, 422)
    pages = [re.sub(r"(content|value)=\"[^\"]*\"", "", each.text) for each in (wrong_code, wrong_birth)]
    assert pages[0] == pages[1]
    assert rosa.post(link, {"code": code, **FACTS, "day": "31", "month": "2"}).status_code == 422
    assert rosa.post(link, {"code": code, **FACTS}).status_code == 303  # an impossible date costs no try


@pytest.mark.parametrize("extra", ["person", "plan", "role", "born", "tries", "$ne", "authority"])
def test_a_form_with_a_part_that_is_not_its_own_is_refused(world: World, extra: str) -> None:
    browser = world.client("caseworker")
    assert browser.post(f"{browser.base}/people/invite", {**MOTHER, extra: "x", "x": ""}).status_code == 422
    link, code = invited(world, browser)
    rosa = world.client(family(world))
    assert rosa.post(link, {"code": code, **FACTS, extra: "x", "y": ""}).status_code == 422
    assert rosa.get(rosa.base).status_code == 404


def test_twenty_forms_of_one_invitation_at_once_are_one_part(world: World) -> None:
    link, code = invited(world, world.client("caseworker"))
    crowd = [world.client(family(world)) for _ in range(20)]
    statuses: list[int] = []

    def send(browser: Browser) -> None:
        statuses.append(browser.post(link, {"code": code, **FACTS}).status_code)

    assert at_once(*[lambda each=each: send(each) for each in crowd]) == []
    assert sorted(statuses) == [303, *[404] * 19]


# Giving and ending


def test_a_caseworker_chooses_an_agency_then_one_of_its_people(world: World, cast: World) -> None:
    browser = world.client("caseworker")
    first = browser.get(f"{browser.base}/people/give")
    assert "Northmere Community Health" in first.text
    second = browser.get(f"{browser.base}/people/give?agency=northmere-council")
    assert 'value="sen_manager"' not in second.text
    person = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(8), "Rosa Lind")
    like = cast.actor("therapist").grants[0]
    people.give(world.db, people_like(like, person, cast.plan_id))
    third = browser.get(f"{browser.base}/people/give?agency=northmere-community-health")
    assert person in third.text
    sent = {"agency": "northmere-community-health", "person": person, "role": "health_contributor"}
    assert browser.post(f"{browser.base}/people/give", sent).status_code == 303
    assert roles(world, person) == {Role.HEALTH_CONTRIBUTOR}


def people_like(grant: Grant, person: str, scope: str) -> Grant:
    return replace(grant, person=person, name="Rosa Lind", scope=scope)


@pytest.mark.parametrize("key", ["caseworker", "manager"])
def test_a_form_that_gives_its_sender_a_part_is_refused(world: World, key: str) -> None:
    browser, me = world.client(key), world.people[key]
    before = world.actor(key).grants
    for role in Role:
        sent = {"agency": COUNCIL, "person": me, "role": role.value}
        assert browser.post(f"{browser.base}/people/give", sent).status_code == 403
        assert browser.post("/access/give", {**sent, "scope": WHOLE_CASELOAD}).status_code == 403
    for path in ("/access/hand-over", "/access/cover"):
        today = now().today
        days = {"first": today.isoformat(), "last": (today + timedelta(days=3)).isoformat()}
        sent = {"agency": COUNCIL, "person": world.people["other_caseworker"], "to": me}
        assert browser.post(path, {**sent, **(days if "cover" in path else {})}).status_code == 403
    assert world.actor(key).grants == before


def test_a_part_that_is_ended_is_felt_at_the_next_request(world: World) -> None:
    therapist, browser = world.client("therapist"), world.client("caseworker")
    assert therapist.get(therapist.base).status_code == 200
    grants = world.actor("therapist").grants
    key = next(people_store.key_of(each) for each in grants if each.scope == world.plan_id)
    assert key in browser.get(f"{browser.base}/people").text
    assert browser.post(f"{browser.base}/people/end", {"key": key}).status_code == 303
    assert therapist.get(therapist.base).status_code == 404


def test_a_reader_is_offered_nothing_and_refused_a_form_and_a_stranger_finds_no_plan(world: World) -> None:
    for key in ("parent", "senco", "therapist", "dco", "auditor"):
        browser = world.client(key)
        assert "Invite a parent" not in browser.get(f"{browser.base}/people").text
        for path in ("invite", "give", "end", "take-back"):
            assert browser.post(f"{browser.base}/people/{path}").status_code == 403, (key, path)
    stranger = world.client("stranger")
    for path in ("invite", "give", "end", "take-back"):
        assert stranger.post(f"{stranger.base}/people/{path}").status_code == 404


# The agency's people


def test_a_manager_sees_their_people_and_a_leaver_is_signed_out_at_once(world: World) -> None:
    manager, caseworker = world.client("manager"), world.client("caseworker")
    page = manager.get("/access")
    assert page.status_code == 200
    assert "Chris Doyle" in page.text
    person = world.people["caseworker"]
    one = manager.get(f"/access/person?agency={COUNCIL}&person={person}")
    assert one.status_code == 200
    assert "They leave" in one.text
    assert caseworker.get("/worklist").status_code == 200
    assert manager.post("/access/leave", {"agency": COUNCIL, "person": person}).status_code == 303
    assert caseworker.get("/worklist").status_code == 303


def test_the_plans_a_leaver_held_are_offered_by_name_where_a_colleague_is_given_a_part(world: World) -> None:
    manager, other = world.client("manager"), world.people["other_caseworker"]
    for key in ("caseworker", "other_caseworker"):
        world.end_grants({"authority": "nmr", "person": world.people[key], "scope": world.plan_id})
    elsewhere = replace(world.actor("other_caseworker").grants[0], person=other)
    assert elsewhere.scope != world.plan_id
    offered = f'<option value="{world.plan_id}">Amira Rahman, without anybody now</option>'
    page = manager.get(f"/access/person?agency={COUNCIL}&person={other}").text
    assert offered in page
    assert f'<option value="{elsewhere.scope}">Amira Rahman</option>' in page
    assert offered in manager.get("/access").text
    sent = {"agency": COUNCIL, "person": other, "role": "sen_caseworker", "scope": world.plan_id}
    assert manager.post("/access/give", sent).status_code == 303
    assert Role.SEN_CASEWORKER in roles(world, other)


def test_a_lead_who_reads_no_plan_is_offered_plans_without_a_childs_name(world: World) -> None:
    key, therapist = newcomer(world), world.people["therapist"]
    people_store.lead(world.db, world.people[key], ["northmere-community-health"])
    lead = world.client(key)
    other = fresh(world, "therapist").plan_id
    page = lead.get(f"/access/person?agency=northmere-community-health&person={therapist}").text
    assert f'<option value="{other}">A child whose plan you don’t read</option>' in page
    assert 'list="field-scope-list"' in page
    own = world.client("therapist").get(f"/access/person?agency=northmere-community-health&person={therapist}").text
    assert "datalist" not in own


@pytest.mark.parametrize("key", ["parent", "senco", "caseworker", "dco", "admin", "stranger"])
def test_whoever_sees_to_nobody_is_refused_the_page_and_every_form(world: World, key: str) -> None:
    browser, other = world.client(key), world.people["other_caseworker"]
    days = {"first": now().today.isoformat(), "last": now().today.isoformat()}
    sent = {"agency": COUNCIL, "person": other}
    assert browser.get("/access").status_code == 403
    assert browser.get(f"/access/person?agency={COUNCIL}&person={other}").status_code == 403
    for path, fields in (
        ("give", {**sent, "role": "sen_caseworker", "scope": WHOLE_CASELOAD}),
        ("cover", {**sent, "to": world.people["manager"], **days}),
        ("hand-over", {**sent, "to": world.people["manager"]}),
        ("leave", sent),
        ("invite", {"agency": COUNCIL, "role": "sen_manager", "scope": WHOLE_CASELOAD}),
    ):
        assert browser.post(f"/access/{path}", fields).status_code == 403, path


def test_a_lead_of_another_agency_sees_and_changes_nothing_here(world: World) -> None:
    people_store.lead(world.db, world.people["stranger"], ["southfell-council"])
    lead, other = world.client("stranger"), world.people["other_caseworker"]
    own = lead.get("/access")
    assert own.status_code == 200
    assert "Priya Nair" not in own.text
    assert lead.get(f"/access?agency={COUNCIL}").status_code == 403
    assert lead.get(f"/access/person?agency={COUNCIL}&person={other}").status_code == 403
    assert lead.post("/access/leave", {"agency": COUNCIL, "person": other}).status_code == 403
    assert lead.post("/access/end", {"key": f"nmr:{other}:{COUNCIL}:sen_caseworker:authority"}).status_code == 404


def test_a_caseworker_names_who_stands_in_and_the_plan_says_for_whom(world: World) -> None:
    browser, today = world.client("caseworker"), now().today
    me, other = world.people["caseworker"], newcomer(world)
    like = world.actor("other_caseworker").grants[0]
    people.give(world.db, people_like(like, world.people[other], like.scope))
    assert browser.get(f"/access/person?agency={COUNCIL}&person={me}").status_code == 200
    days = {"first": today.isoformat(), "last": (today + timedelta(days=5)).isoformat()}
    sent = {"agency": COUNCIL, "person": me, "to": world.people[other], **days}
    assert browser.post("/access/cover", {**sent, "first": "soon"}).status_code == 422
    assert browser.post("/access/cover", sent).status_code == 303
    assert "Covering for <bdi>Chris Doyle</bdi>" in browser.get(f"{browser.base}/people").text
