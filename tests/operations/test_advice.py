"""Advice is asked of somebody, answered once, sealed, listed and read, and the chain tells all of it."""

from dataclasses import replace

import pytest

from portal.domain.advice import AdviceState, Side
from portal.domain.advice_asked import asks_of, due, requests, waits
from portal.domain.advice_form import Advice, Table
from portal.domain.error import Invalid, NotAllowed, NotFound, NotReady
from portal.domain.event import EventKind
from portal.domain.identifier import new_request_id
from portal.domain.permission import Permission, allows, roles_asked
from portal.domain.plan import Plan
from portal.operations import advice as asking
from portal.operations import advice_given as giving
from portal.operations import case, plans, verify
from portal.operations.advice import Ask
from portal.operations.case import Told
from portal.operations.notices import present
from portal.store import advice as store
from portal.store import people
from portal.store.requests import Request
from tests.conftest import app, db, settings
from tests.world import World, now

__all__ = ["app", "db", "settings"]  # of a portal of this module's own

HEALTH = "northmere-community-health"


def begin(world: World) -> None:
    """An assessment that was asked for and agreed."""
    day = now().today
    for kind in (EventKind.REQUEST_RECEIVED, EventKind.ASSESSMENT_AGREED):
        case.record(world.db, world.actor("caseworker"), world.plan_id, Told(kind, day, {}), now())


def ask(world: World, kind: str = "c", agency: str = HEALTH, to: str = "therapist", reuses: str = "") -> int:
    """Ask for advice; answers the number of the request."""
    if not world.plan().happened:
        begin(world)
    person = world.people[to] if to else ""
    asked = Ask(kind, agency, person, "How does her hip tire?", reuses)
    plan = asking.ask(world.db, world.actor("caseworker"), world.plan_id, asked, now())
    return requests(plan)[-1].number


def some(words: str = "Her hip aches after a short walk.", minutes: str = "45") -> Advice:
    rows = {
        Table.NEEDS: ({"need": "A hip that tires", "effect": words},),
        Table.PROVISION: ({"what": "Physiotherapy", "minutes": minutes, "how_often": "once a week"},),
    }
    return Advice("c", "Health professional", {"school": words}, {**rows, Table.OUTCOMES: ()})


def give(world: World, number: int, key: str = "therapist", seen: int = 0, advice: Advice | None = None) -> Plan:
    return giving.give(world.db, world.actor(key), world.plan_id, number, seen, advice or some(), now())


def sound(world: World) -> bool:
    problems = [said for each in verify.plans(world.db, "nmr", world.plan_id) for said in each.problems]
    assert problems == []
    return True


def test_whoever_is_asked_has_six_weeks_and_finds_it_in_their_inbox(world: World) -> None:
    number = ask(world)
    plan = world.plan()
    asked = requests(plan)[0]
    assert (asked.number, asked.ref, asked.state) == (number, "c1", AdviceState.WAITED)
    last = due(plan, asked)
    assert last is not None
    assert (last - now().today).days in (41, 42)
    mine, led = giving.inbox(world.db, world.actor("therapist"))
    assert [(each.request.number, each.due, each.open) for each in mine] == [(number, last, True)]
    assert led == []
    assert giving.inbox(world.db, world.actor("senco")) == ([], [])
    assert sound(world)


def elsewhere(world: World, key: str) -> None:
    """Somebody of the cast who works for their agency, and has a part in another child's plan alone."""
    place = {"authority": "nmr", "person": world.people[key]}
    found = next(each for each in present(world.db, world.plan_id, now()) if each.person == world.people[key]).grants[0]
    world.end_grants(place)
    world.db.transaction(
        lambda session: people.give(world.db, replace(found, scope="nmr-0000000000000000", until=None), session)
    )


def test_somebody_without_a_part_is_given_one_that_ends_and_opens_section_a_and_their_own_advice(world: World) -> None:
    elsewhere(world, "therapist")
    assert world.actor("therapist").grants_on(world.plan_id, "nmr") == ()
    number = ask(world)
    adviser, plan = world.actor("therapist"), world.plan()
    (part,) = adviser.grants_on(world.plan_id, "nmr")
    assert (part.relation, part.role.value) == ("adviser", "health_contributor")
    assert part.until is not None
    letters = [each for each in plan.standard.letters if allows(adviser, Permission.SECTION_VIEW, plan, each)]
    writes = [each for each in plan.standard.letters if allows(adviser, Permission.SECTION_EDIT, plan, each)]
    assert (letters, writes) == (["A"], ["K"])
    assert not allows(adviser, Permission.PLAN_HISTORY, plan)
    assert roles_asked(adviser, plan) == frozenset()
    give(world, number)
    assert sound(world)


def test_advice_is_sealed_listed_in_section_k_and_counts_as_received(world: World) -> None:
    number = ask(world)
    plan = give(world, number)
    asked = requests(plan)[0]
    assert not waits(plan, asked)
    line = plan.sections["K"].content.item(asked.given[0].item)
    assert line is not None
    assert (line.text("author"), line.text("kind"), line.text("document")) == ("Ben Carter", "c", "Health advice")
    assert line.owner == world.people["therapist"]
    kept = store.find(world.db, world.plan_id, number, 1)
    assert (kept.advice, kept.hash) == (some(), asked.given[0].hash)
    raw = world.db["advice"].find_one({"authority": "nmr", "plan": world.plan_id})
    assert raw is not None
    assert b"hip" not in bytes(raw["content"])
    assert sound(world)


def test_advice_that_was_changed_in_the_database_is_found_out(world: World) -> None:
    give(world, ask(world))
    forged = world.db.seal({**some("Nothing at all.").value})
    place = {"authority": "nmr", "plan": world.plan_id}
    document = world.db["advice"].find_one(place)
    assert document is not None
    with pytest.raises(Exception, match=r"not authorized|not allowed"):
        world.db["advice"].update_one(place, {"$set": {"content": forged}})


def test_the_same_form_sent_twice_gives_once_and_another_tab_is_told(world: World) -> None:
    number = ask(world)
    ticket = Request(new_request_id(), b"x".hex(), world.people["therapist"], now().wall)
    for _ in range(2):
        giving.give(world.db, world.actor("therapist"), world.plan_id, number, 0, some(), now(), ticket)
    assert len(requests(world.plan())[0].given) == 1
    with pytest.raises(NotReady):
        give(world, number)


def test_a_correction_is_a_new_submission_and_the_older_one_stays(world: World) -> None:
    number = ask(world)
    give(world, number)
    plan = give(world, number, seen=1, advice=some("It aches at once."))
    asked = requests(plan)[0]
    assert [each.number for each in asked.given] == [1, 2]
    assert asked.given[0].item == asked.given[1].item
    assert store.find(world.db, world.plan_id, number, 1).advice == some()
    line = plan.sections["K"].content.item(asked.given[1].item)
    assert line is not None
    assert line.text("document") == "Health advice, corrected"
    assert sound(world)


def test_declining_is_no_advice_and_chasing_asks_again(world: World) -> None:
    number = ask(world)
    db, therapist = world.db, world.actor("therapist")
    with pytest.raises(Invalid):
        asking.decline(db, therapist, world.plan_id, number, AdviceState.DECLINED, " ", now())
    plan = asking.decline(db, therapist, world.plan_id, number, AdviceState.NOT_KNOWN, "", now())
    asked = requests(plan)[0]
    assert asked.state is AdviceState.NOT_KNOWN
    assert waits(plan, asked)
    assert not asks_of(plan, asked)
    plan = asking.chase(db, world.actor("caseworker"), world.plan_id, number, "Please look again.", now())
    assert asks_of(plan, requests(plan)[0])
    assert len(requests(plan)[0].chased) == 1
    with pytest.raises(NotReady):
        asking.chase(db, world.actor("caseworker"), world.plan_id, number, "", now())
    assert sound(world)


def test_only_who_is_asked_answers_and_only_the_council_asks(world: World) -> None:
    number = ask(world)
    with pytest.raises(NotAllowed):
        give(world, number, "senco")
    with pytest.raises(NotAllowed):
        asking.chase(world.db, world.actor("therapist"), world.plan_id, number, "", now())
    with pytest.raises(NotFound):
        give(world, number, "stranger")
    with pytest.raises(NotAllowed):
        asking.ask(
            world.db, world.actor("senco"), world.plan_id, Ask("c", HEALTH, world.people["therapist"], "x"), now()
        )


def test_nobody_asks_themselves_and_nobody_agrees_to_what_is_not_used_again(world: World) -> None:
    number = ask(world)
    council = Ask("d", "northmere-council", world.people["caseworker"], "What do you see?")
    with pytest.raises(NotAllowed):
        asking.ask(world.db, world.actor("caseworker"), world.plan_id, council, now())
    for key in ("parent", "therapist", "senco"):
        with pytest.raises(NotFound):
            asking.agree(world.db, world.actor(key), world.plan_id, number, now())
    with pytest.raises(Invalid):
        asking.ask(world.db, world.actor("caseworker"), world.plan_id, replace(council, agency=HEALTH), now())


def test_earlier_advice_counts_once_author_family_and_council_agree(world: World) -> None:
    begin(world)
    values = {"document": "Report of March", "kind": "c", "author": "Ben Carter"}
    line = world.add("therapist", "K", "advice", **values)
    number = ask(world, reuses=line)
    assert requests(world.plan())[0].agreed == (Side.COUNCIL,)
    asking.agree(world.db, world.actor("parent"), world.plan_id, number, now())
    with pytest.raises(NotReady):
        asking.agree(world.db, world.actor("parent"), world.plan_id, number, now())
    assert waits(world.plan(), requests(world.plan())[0])
    plan = asking.agree(world.db, world.actor("therapist"), world.plan_id, number, now())
    assert not waits(plan, requests(plan)[0])
    assert requests(plan)[0].agreed == (Side.COUNCIL, Side.AUTHOR, Side.FAMILY)
    assert sound(world)


def test_an_agencys_lead_hands_it_on_and_reads_no_word_of_the_plan(world: World) -> None:
    people.lead(world.db, world.people["dco"], [HEALTH])
    number = ask(world, to="")
    assert requests(world.plan())[0].to.person == ""
    _, led = giving.inbox(world.db, world.actor("dco"))
    assert [each.request.number for each in led] == [number]
    with pytest.raises(NotFound):
        asking.pass_on(world.db, world.actor("senco"), world.plan_id, number, world.people["therapist"], now())
    asking.pass_on(world.db, world.actor("dco"), world.plan_id, number, world.people["therapist"], now())
    assert requests(world.plan())[0].to.name == "Ben Carter"
    assert sound(world)


def test_its_author_is_told_when_the_council_first_opened_it(world: World) -> None:
    number = ask(world)
    give(world, number)
    author = plans.open_plan(world.db, world.actor("therapist"), world.plan_id, now())
    assert giving.open_given(world.db, author, number, 1, now()).read == {}
    council = plans.open_plan(world.db, world.actor("caseworker"), world.plan_id, now())
    for _ in range(2):
        giving.open_given(world.db, council, number, 1, now())
    assert set(giving.open_given(world.db, author, number, 1, now()).read) == {(1, "council")}
    parent = plans.open_plan(world.db, world.actor("parent"), world.plan_id, now())
    with pytest.raises(NotFound):  # the family reads advice once the draft is issued
        giving.open_given(world.db, parent, number, 1, now())


def test_a_destroyed_or_corrected_request_is_asked_of_nobody(world: World) -> None:
    number = ask(world)
    case.correct(world.db, world.actor("caseworker"), world.plan_id, number, "The wrong child.", now())
    assert requests(world.plan()) == ()
    assert giving.inbox(world.db, world.actor("therapist")) == ([], [])
    assert sound(world)
