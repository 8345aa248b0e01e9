"""Every request about reading for a written reason, and about who opened a plan, sent once by somebody who may."""

from dataclasses import replace
from typing import Any

from portal.domain.actor import Role
from portal.domain.identifier import random_id
from portal.operations import people
from portal.store import people as people_store
from tests.every_request import Rounds
from tests.world import World

WHY = "She has to have her medicine."


def read_for_a_reason(rounds: Rounds) -> None:
    """Somebody of another plan reads in an emergency, the officer sees to it and checks, a parent chooses."""
    world, send = rounds.world, rounds.ask
    officer = world.client("auditor")
    plan: dict[str, Any] = {"plan_id": world.plan_id}
    visitor = replace(world, people={**world.people, "outside": outside(world)}).client("outside")
    send("emergency.ask", visitor)
    hidden = {"delay": "7", "delay_reason": "A danger at home."}
    send("emergency.begin", visitor, {"plan": world.plan_id, "category": "medical", "reason": WHY, **hidden})
    send("plans.show", visitor, **plan)
    send("emergency.end", visitor, {}, **plan, number=1)
    send("alerts.index", officer)
    send("alerts.show", officer, **plan, number=1)
    send("alerts.delay", officer, {"delay": "14", "delay_reason": "Not safe yet."}, **plan, number=1)
    send("alerts.end_delay", officer, {"why": "She is safe."}, **plan, number=1)
    send("alerts.acknowledge", officer, {"note": "It was right."}, **plan, number=1)
    send("emergency.ask_to_audit", officer, **plan)
    send("emergency.audit", officer, {"category": "check", "reason": "A check of ten records."}, **plan)
    send("openings.show", world.client("parent"), **plan)
    send("openings.choose", world.client("parent"), {"shown": "yes"}, **plan)
    send("openings.share", world.client("parent"), {"shown": "yes"}, **plan)


def outside(world: World) -> str:
    """A Designated Clinical Officer whose one part is in another plan."""
    person = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(8), "Noor Aziz")
    like = next(each for each in world.actor("dco").grants if each.role is Role.DESIGNATED_CLINICAL_OFFICER)
    part = replace(like, person=person, name="Noor Aziz", scope="nmr-0000000000000000")
    world.db.transaction(lambda session: people_store.give(world.db, part, session))
    return person
