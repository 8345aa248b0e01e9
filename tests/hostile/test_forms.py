"""Whatever a form, a question or an address carries that it should not: refused, never taken, never a fault."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from portal.auth.gate import FROM_PROVIDERS
from portal.domain.identifier import new_request_id
from portal.web.security import UNSAFE
from tests.every_request import AFTER_IT, BEFORE_DRAFT, QUERIES, TO_THE_FINAL
from tests.hostile.addresses import addresses
from tests.hostile.corpus import FORBIDDEN, NAMES, VALUES
from tests.world import Browser, World

JSON = {"Accept": "application/json"}
TYPED_FORM = "application/x-www-form-urlencoded"
MEGABYTE = b"words=" + b"[" * 1_000_000
# They take no field at all, and end or prolong the session that asks: other fields are not read.
OF_THE_SESSION = {"sign_in.leave", "sessions.stay", "sessions.end_others"}
WORDS = {"effect", "need", "words", "reason", "name", "called", "type", "note", "why", "relation"}
WORDS |= {"progress", "views", "said", "old_council"}
WORDS |= {"words_mediation", "words_support", "words_reach"}
Trick = TypeVar("Trick")
WHO = {"A": "parent", "C": "dco", "G": "dco"}
PARENTS = {"answers.send", "rights.give_consent", "rights.withdraw_consent", "openings.choose", "openings.share"}


@pytest.fixture(scope="module")
def desks(one: World) -> dict[str, Browser]:
    return {key: one.client(key) for key in ("parent", "caseworker", "manager", "dco")}


def standing(world: World) -> tuple[object, ...]:
    """All that a field of another form could change: the plan, and what everybody holds."""
    return (world.plan(), *(world.actor(key).grants for key in world.people))


def shared_out(tricks: Sequence[Trick], turn: int, each: int) -> Sequence[Trick]:
    """One in so many of the tricks, others at each turn: neighbours are of one kind, so that no turn lacks a kind."""
    return tricks[turn % each :: each]


def refused(answer: TestResponse) -> bool:
    return 400 <= answer.status_code < 500 and answer.status_code != 413


def test_there_are_as_many_as_the_threat_model_names() -> None:
    assert len(FORBIDDEN) >= 30
    assert min(len(set(NAMES)), len(set(VALUES))) >= 60


def test_fields_that_are_not_a_forms_own_change_nothing_at_any_form(one: World, desks: dict[str, Browser]) -> None:
    """Ten of the thirty at each form, since all forms refuse what is not theirs by one rule (portal/web/forms.py)."""
    before, took, tried = standing(one), [], Counter[str]()
    forms = [each for each in addresses(one) if each[1] in UNSAFE]
    for turn, (rule, _, path) in enumerate(forms):
        if rule.endpoint in FROM_PROVIDERS | OF_THE_SESSION:
            continue
        browser = desks["parent" if rule.endpoint in PARENTS else "manager"]
        for name in shared_out(tuple(FORBIDDEN), turn, 3):
            sent = {"request_id": new_request_id(), name: FORBIDDEN[name]}
            if not refused(browser.post(path, sent, **JSON)):
                took.append((rule.endpoint, name))
            tried[name] += 1
    assert took == []
    assert set(tried) == set(FORBIDDEN)
    assert min(tried.values()) > 10
    assert standing(one) == before


def test_payloads_in_every_parameter_are_never_believed_and_never_a_fault(
    one: World, desks: dict[str, Browser]
) -> None:
    """Twenty of the sixty in each. A field of words takes words, so there the payload is in the field's name."""
    before, took, turn, tried = one.plan().sequence, [], 0, Counter[int]()
    item = one.plan().sections["B"].content.items[0].id
    steps = {(each[0], tuple(each[4])): each for each in (*BEFORE_DRAFT, *TO_THE_FINAL, *AFTER_IT)}
    adapter = one.app.url_map.bind("localhost")
    for endpoint, letter, group, _, typed in steps.values():
        if endpoint in FROM_PROVIDERS | OF_THE_SESSION:
            continue
        key = "parent" if endpoint in PARENTS else WHO.get(letter, "caseworker" if group else "manager")
        parts = {
            "plan_id": one.plan_id,
            "letter": letter,
            "group": group,
            "item": item,
            "number": 1,
            "tag": "easy-read",
        }
        rule = next(one.app.url_map.iter_rules(endpoint))
        path = adapter.build(endpoint, {each: parts.get(each, "1") for each in rule.arguments}, method="POST")
        fields = {**typed, "revision": "0"} if endpoint in ("sections.save", "sections.remove") else typed
        for parameter in {**fields, **({"request_id": ""} if endpoint == "sections.save" else {})}:
            turn += 1
            for at in shared_out(range(60), turn, 3):
                if parameter in WORDS:
                    sent = {**fields, NAMES[at].format(parameter): "1"}
                else:
                    sent = {**fields, parameter: VALUES[at]}
                if not refused(desks[key].post(path, sent, **JSON)):
                    took.append((endpoint, parameter, at))
                tried[at] += 1
    assert took == []
    assert set(tried) == set(range(60))
    assert min(tried.values()) > 8
    assert one.plan().sequence == before


def test_payloads_in_every_question_and_every_part_of_an_address_are_refused(
    one: World, desks: dict[str, Browser]
) -> None:
    browser, tried = desks["manager"], set[str]()
    took: list[tuple[str, str, str]] = []
    for turn, (rule, method, path) in enumerate(addresses(one)):
        if method in UNSAFE or rule.endpoint == "static":
            continue
        asked = QUERIES.get(rule.endpoint, "").split("&")
        for name in filter(None, (each.partition("=")[0] for each in asked)):
            for value in shared_out(VALUES[:60], turn, 2):
                answer = browser.http.get(path.partition("?")[0], query_string={name: value}, headers=JSON)
                took += [(path, name, value)] * (not refused(answer))
        for argument in rule.arguments & {"plan_id", "letter", "group", "item"}:
            part = {"plan_id": one.plan_id, "letter": "B"}.get(argument) or path.split("/")[-1]
            for value in shared_out(VALUES[:60], turn, 15):
                tried.add(value)
                address = "/".join(value.replace("/", "") if each == part else each for each in path.split("/"))
                answer = browser.http.get(quote(address, safe="/"), headers=JSON)
                took += [(address, argument, value)] * (address != path and answer.status_code not in (400, 404))
    assert took == []
    assert tried == set(VALUES[:60])


def test_a_megabyte_is_refused_unread_at_every_form(one: World, desks: dict[str, Browser]) -> None:
    before, tried = one.plan(), 0
    for rule, method, path in addresses(one):
        if method not in UNSAFE:
            continue
        for token in ({}, {"X-CSRF-Token": desks["manager"].token}):
            answer = desks["manager"].http.post(path, data=MEGABYTE, content_type=TYPED_FORM, headers=token)
            assert answer.status_code in (404, 413), rule.endpoint
            tried += 1
    assert tried > 90
    assert one.plan() == before
