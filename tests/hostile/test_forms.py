"""Whatever a form, a question or an address carries that it should not: refused, never taken, never a fault."""

from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from portal.auth.gate import FROM_PROVIDERS
from portal.domain.identifier import new_request_id
from portal.web.security import UNSAFE
from tests.every_request import AFTER_IT, BEFORE_DRAFT, QUERIES, TO_THE_FINAL
from tests.hostile.addresses import TYPED, addresses
from tests.hostile.corpus import FORBIDDEN, NAMES, VALUES
from tests.world import Browser, World

JSON = {"Accept": "application/json"}
# They take no field at all, and end or prolong the session that asks: other fields are not read.
OF_THE_SESSION = {"sign_in.leave", "sessions.stay", "sessions.end_others"}
WORDS = {"effect", "need", "words", "reason", "name", "type", "note", "why", "relation"}
WHO = {"A": "parent", "C": "dco", "G": "dco"}
PARENTS = {"answers.send", "rights.give_consent", "rights.withdraw_consent", "openings.choose"}


@pytest.fixture(scope="module")
def desks(one: World) -> dict[str, Browser]:
    return {key: one.client(key) for key in ("parent", "caseworker", "manager", "dco")}


def standing(world: World) -> tuple[object, ...]:
    """All that a field of another form could change: the plan, and what everybody holds."""
    return (world.plan(), *(world.actor(key).grants for key in world.people))


def refused(answer: TestResponse) -> bool:
    return 400 <= answer.status_code < 500 and answer.status_code != 413


def test_there_are_as_many_as_the_threat_model_names() -> None:
    assert len(FORBIDDEN) >= 30
    assert min(len(set(NAMES)), len(set(VALUES))) >= 60


def test_thirty_fields_that_are_not_a_forms_own_change_nothing_at_any_form(
    one: World, desks: dict[str, Browser]
) -> None:
    before, took, tried = standing(one), [], 0
    for rule, method, path in addresses(one):
        if method not in UNSAFE or rule.endpoint in FROM_PROVIDERS | OF_THE_SESSION:
            continue
        browser = desks["parent" if rule.endpoint in PARENTS else "manager"]
        for name, value in FORBIDDEN.items():
            sent = {"request_id": new_request_id(), name: value}
            if not refused(browser.post(path, sent, **JSON)):
                took.append((rule.endpoint, name))
            tried += 1
    assert took == []
    assert tried > 30 * 40
    assert standing(one) == before


def test_sixty_payloads_in_every_parameter_are_never_believed_and_never_a_fault(
    one: World, desks: dict[str, Browser]
) -> None:
    """A field of words takes words, so there the payload is in the field's name; elsewhere it is the value."""
    before, took, tried = one.plan().sequence, [], 0
    item = one.plan().sections["B"].content.items[0].id
    steps = {(each[0], tuple(each[4])): each for each in (*BEFORE_DRAFT, *TO_THE_FINAL, *AFTER_IT)}
    adapter = one.app.url_map.bind("localhost")
    for endpoint, letter, group, _, typed in steps.values():
        if endpoint in FROM_PROVIDERS | OF_THE_SESSION:
            continue
        key = "parent" if endpoint in PARENTS else WHO.get(letter, "caseworker" if group else "manager")
        parts = {"plan_id": one.plan_id, "letter": letter, "group": group, "item": item}
        rule = next(one.app.url_map.iter_rules(endpoint))
        path = adapter.build(endpoint, {each: parts[each] for each in rule.arguments}, method="POST")
        fields = {**typed, "revision": "0"} if endpoint in ("sections.save", "sections.remove") else typed
        for parameter in {**fields, **({"request_id": ""} if endpoint == "sections.save" else {})}:
            for at in range(60):
                if parameter in WORDS:
                    sent = {**fields, NAMES[at].format(parameter): "1"}
                else:
                    sent = {**fields, parameter: VALUES[at]}
                if not refused(desks[key].post(path, sent, **JSON)):
                    took.append((endpoint, parameter, at))
                tried += 1
    assert took == []
    assert tried > 60 * 25
    assert one.plan().sequence == before


def test_sixty_payloads_in_every_question_and_every_part_of_an_address_are_refused(
    one: World, desks: dict[str, Browser]
) -> None:
    browser = desks["manager"]
    took: list[tuple[str, str, str]] = []
    for rule, method, path in addresses(one):
        if method in UNSAFE or rule.endpoint == "static":
            continue
        asked = QUERIES.get(rule.endpoint, "").split("&")
        for name in filter(None, (each.partition("=")[0] for each in asked)):
            for value in VALUES[:60]:
                answer = browser.http.get(path.partition("?")[0], query_string={name: value}, headers=JSON)
                took += [(path, name, value)] * (not refused(answer))
        for argument in rule.arguments & {"plan_id", "letter", "group", "item"}:
            part = {"plan_id": one.plan_id, "letter": "B"}.get(argument) or path.split("/")[-1]
            for value in VALUES[:60:6]:
                address = "/".join(value.replace("/", "") if each == part else each for each in path.split("/"))
                answer = browser.http.get(quote(address, safe="/"), headers=JSON)
                took += [(address, argument, value)] * (address != path and answer.status_code not in (400, 404))
    assert took == []


def test_a_megabyte_is_refused_unread_at_every_form(one: World, desks: dict[str, Browser]) -> None:
    before, tried = one.plan(), 0
    for rule, method, path in addresses(one):
        if method not in UNSAFE:
            continue
        for token in ({}, {"X_CSRF_Token": desks["manager"].token}):
            answer = desks["manager"].post(path, {**TYPED, "words": "[" * 1_000_000}, **token)
            assert answer.status_code in (404, 413), rule.endpoint
            tried += 1
    assert tried > 90
    assert one.plan() == before
