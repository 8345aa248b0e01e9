"""Every request about how somebody is told and about their calendar, sent once by somebody who may."""

from portal.store import contacts
from tests.every_request import Rounds


def be_told(rounds: Rounds) -> None:
    """A parent says how they can be reached, confirms it, and makes a private calendar that is read and ended."""
    world, send = rounds.world, rounds.ask
    parent, person = world.client("parent"), world.people["parent"]
    send("contact.save", parent, {"email": f"{world.plan_id}@example.org", "first": "email", "often": "at-once"})
    waits = contacts.waiting(world.db, person)
    send("contact.confirm", parent, {"code": waits.code if waits else ""})
    send("contact.show", parent)
    contacts.new_calendar(world.db, person)
    send("calendar.feed", parent, token=contacts.reveal_calendar(world.db, person))
    send("calendar.renew", parent, {})
    send("calendar.show", parent)
    send("calendar.end", parent, {})
    send("notices.show", parent, plan_id=world.plan_id)
