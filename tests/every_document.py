"""Every request by which advice is handed on, a document goes with it, and earlier advice is agreed to, sent once."""

from dataclasses import replace
from functools import partial
from io import BytesIO

from portal.domain.identifier import new_request_id, random_id
from portal.operations import people
from portal.store import media
from portal.store.people import lead
from portal.worker import work_once
from tests.every_advice import HEALTH, number
from tests.every_request import Rounds
from tests.fresh import fresh
from tests.uploads.plain import GOOD
from tests.world import Browser, World, now


def hand_on_send_and_agree(rounds: Rounds) -> None:
    """On a plan of its own: of two documents one goes with the advice that a team was asked for."""
    world = fresh(rounds.world, "parent", "caseworker", "therapist")
    send = partial(rounds.ask, plan_id=world.plan_id)
    council, therapist, person = world.client("caseworker"), world.client("therapist"), world.people["therapist"]
    for kind in ("request_received", "assessment_agreed"):
        send("case.record", council, {"kind": kind, "on": now().today.isoformat()})
    asked = {"kind": "c", "agency": HEALTH, "person": "", "words": "How does she hear?"}
    send("advice.ask", council, asked)
    first = number(world)
    rounds.ask("advice.pass_on", _lead(world), {"person": person}, token=world.plan_id, number=first)
    for _ in range(2):
        document = {"file": (BytesIO(GOOD["letter.pdf"]()), "advice.pdf"), "request_id": new_request_id()}
        send("advice_giving.attach", therapist, document, number=first)
    while work_once(world.db, now().wall):
        pass
    kept, thrown = media.of_person(world.db, world.plan_id, person)
    send("advice_giving.discard", therapist, {}, number=first, item=thrown.id)
    words = {"seen": "0", "request_id": new_request_id(), "answer_school": "She hears well.", "upload": kept.id}
    send("advice_giving.send", therapist, words, number=first)
    send("advice_giving.file", council, tag=f"{first}-1")
    line = world.add("therapist", "K", "advice", document="Report of March", kind="c", author="Ben Carter")
    send("advice.ask", council, {**asked, "person": person, "reuses": line})
    send("advice.agree", therapist, {}, number=number(world))


def _lead(world: World) -> Browser:
    """The lead of the team that was asked, who has no part in the plan."""
    person = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(8), "Rosa Lind")
    lead(world.db, person, [HEALTH])
    return replace(world, people={**world.people, "lead": person}).client("lead")
