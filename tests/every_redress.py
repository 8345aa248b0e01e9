"""Every request by which a draft is disagreed with: points and answers, schools and replies, an appeal, an order."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from portal.domain.state import VersionKind
from portal.operations import plans
from tests.every_request import Rounds
from tests.fresh import fresh
from tests.world import Browser, World, now


def disagree(rounds: Rounds) -> None:
    """On a plan of its own, from the draft to the day on which it has ceased."""
    world = fresh(rounds.world, "parent", "caseworker", "therapist", "dco", "social_worker")
    items = world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    parent, council = world.client("parent"), world.client("caseworker")
    send = partial(rounds.ask, plan_id=world.plan_id)
    point = {"about": "F", "words": "Every week, please."}
    send("representations.add", parent)
    send("representations.make", parent, point)
    send("representations.write_down", council, {**point, "person": world.people["parent"]})
    answer = {"accepted": "yes", "words": "It says so now."}
    for each in world.plan().representations:
        send("representations.answer", council, answer, number=each.number)
    send("representations.show", council)
    send("consultations.note_form", council)
    send("consultations.note", council, {"name": "Beacon House", "on": now().today.isoformat()})
    number = world.plan().consulted[0].number
    send("consultations.show", council, number=number)
    send("consultations.reply", council, {"meets": "yes"}, number=number)
    send("consultations.index", parent)
    _appeal(world, council, send, items["provision"])


def _appeal(world: World, council: Browser, send: Any, provision: str) -> None:
    """From the final plan to the decision to end it, an appeal, an order and another, and the end."""
    plans.answer(world.db, world.actor("parent"), world.plan_id, "See our points.", now())
    plans.begin_finalising(world.db, world.actor("caseworker"), world.plan_id, now())
    world.edit("caseworker", "I", "placement", {"name": "Elm Road Primary School"}, "placement")
    world.issue("manager", VersionKind.FINAL)
    today = {"on": now().today.isoformat()}
    send("redress.act", council, kind="cease_decided")
    told: tuple[tuple[str, dict[str, str]], ...] = (
        ("cease_decided", {}),
        ("decision_letter_sent", {"decision": "cease"}),
        ("appeal_lodged", {}),
        *(("tribunal_order", {"order": "amend"}),) * 2,
    )
    for kind, more in told:
        send("redress.record", council, {"kind": kind, **today, **more})
    first, second = (each.sequence for each in world.plan().happened[-2:])
    send("redress.ordered", council, place=f"F/{provision}/what")
    send("redress.pin", council, {"order": first, "place": f"F/{provision}/what", "words": "Speech therapy"})
    pinned = world.plan().ordered[0].number
    send("redress.later", council, number=pinned)
    send("redress.set_aside", council, {"order": second, "reason": "Paragraph 4."}, number=pinned)
    _half_a_year_passes(world)
    send("redress.show", council)
    send("redress.cease", council, {})


def _half_a_year_passes(world: World) -> None:
    """What happened is half a year longer ago, as the plan tells it: the time to appeal is over."""
    place = {"authority": "nmr", "_id": world.plan_id}
    found = world.db["plans"].find_one(place)
    assert found is not None
    earlier = [
        {**each, "on": (date.fromisoformat(each["on"]) - timedelta(days=183)).isoformat()} for each in found["case"]
    ]
    world.db["plans"].update_one(place, {"$set": {"case": earlier}})
    for db in (world.db, world.app.extensions["database"]):
        db.plans.forget(world.plan_id)
