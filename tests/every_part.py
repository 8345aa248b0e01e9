"""Every request by which parts are given, lent, handed on, ended and accepted, sent once by somebody who may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from portal.domain.actor import WHOLE_CASELOAD, Role
from portal.domain.identifier import random_id
from portal.operations import invitations, people
from portal.operations.invitations import Asked
from portal.store import access as access_store
from portal.store import invitations as store
from portal.store.people import key_of
from tests.every_request import Fields, Rounds
from tests.fresh import fresh
from tests.world import Browser, World, now

COUNCIL, SCHOOL = "northmere-council", "elm-road-primary"


def give_lend_and_end(rounds: Rounds) -> None:
    """Two colleagues and a mother who are there for this alone, so that the cast stays as it is."""
    world, send = rounds.world, rounds.ask
    manager, second = world.client("manager"), world.client("other_manager")
    one, two = (_colleague(world) for _ in range(2))
    about: Fields = {"agency": COUNCIL, "person": one}
    send("access.person", manager, None, **about)
    send("access.give", manager, {**about, "role": "sen_caseworker"})
    send("access.end", manager, {"key": f"nmr:{one}:{COUNCIL}:sen_caseworker:{WHOLE_CASELOAD}"})
    send("access.give", manager, {**about, "role": "sen_manager"})
    waiting = next(each for each in access_store.waiting(world.db, "nmr", COUNCIL) if each.person == one)
    send("access.settle", second, {"agency": COUNCIL, "request": waiting.id, "answer": "refuse"})
    today = now().today.isoformat()
    send("access.lend", manager, {**about, "to": two, "first": today, "last": today})
    send("access.hand_over", manager, {**about, "to": two})
    send("access.leave", manager, {"agency": COUNCIL, "person": two})
    send("access.invite", manager, {"agency": COUNCIL, "role": "sen_caseworker"})
    send("access.show", manager)
    send("access.take_back", manager, {"invitation": store.of_agency(world.db, "nmr", COUNCIL)[0].id})
    _on_the_plan(world, manager, send)


def _on_the_plan(world: World, manager: Browser, send: Any) -> None:
    plan = {"plan_id": world.plan_id}
    send("parts.invite", manager, {"role": "parent", "relation": "mother"}, **plan)
    send("parts.take_back", manager, {"invitation": store.of_plan(world.db, world.plan_id)[0].id}, **plan)
    colleague = _colleague(world)
    send("parts.give_form", manager, **plan, agency=COUNCIL)
    send("parts.give", manager, {"agency": COUNCIL, "person": colleague, "role": "educational_psychologist"}, **plan)
    found = people.load_actor(world.db, colleague, now())
    assert found is not None
    send("parts.end", manager, {"key": key_of(found.grants[0])}, **plan)
    last = (now().today + timedelta(days=15)).isoformat()
    send("parts.consult", manager, {"agency": SCHOOL, "person": _elsewhere(world), "last": last}, **plan)
    kinds = [each.agency_kind for each in world.settings.providers]
    issuer = world.settings.providers[kinds.index("family")].issuer
    mother = {"mother": people.signed_on(world.db, issuer, random_id(8), "Rosa Lind")}
    browser = replace(world, people={**world.people, **mother}).client("mother")
    asked = Asked(Role.PARENT, "family", world.plan_id, "mother")
    made = invitations.invite(world.db, world.actor("manager"), asked, now())
    unseen = store.by_id(world.db, made.authority, made.id)
    assert unseen is not None
    ((_, secrets),) = invitations.reveal(world.db, world.actor("manager"), [unseen], now())
    born = world.plan().child.born
    facts = {"day": str(born.day), "month": str(born.month), "year": str(born.year)}
    send("invitations.show", browser, token=secrets.token)
    send("invitations.accept", browser, {"code": secrets.code, **facts}, token=secrets.token)


def _elsewhere(world: World) -> str:
    """The SENCO of another child of the same authority."""
    person = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(8), "Oona Kelly")
    like = next(each for each in world.actor("senco").grants if each.scope == world.plan_id)
    people.give(world.db, replace(like, person=person, name="Oona Kelly", scope=fresh(world).plan_id))
    return person


def _colleague(world: World) -> str:
    person = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(8), "Rosa Lind")
    like = next(each for each in world.actor("caseworker").grants if each.scope == world.plan_id)
    people.give(world.db, replace(like, person=person, name="Rosa Lind"))
    return person
