"""Every request about how somebody is told and about their calendar, sent once by somebody who may."""

from typing import Any

from flask import url_for

from portal.store import contacts
from tests.every_request import Rounds


def be_told(rounds: Rounds) -> None:
    """A parent says how they can be reached, confirms it, and makes a private calendar that is read and ended."""
    world, headers = rounds.world, rounds.headers
    parent = world.client("parent")
    person = world.people["parent"]

    def send(endpoint: str, fields: dict[str, str] | None = None, **parts: Any) -> None:
        with world.app.test_request_context():
            path = url_for(endpoint, **parts)
        sent = parent.get(path, **headers) if fields is None else parent.post(path, fields, **headers)
        rounds.answered.setdefault(("GET" if fields is None else "POST", endpoint), set()).add(sent.status_code)

    send("contact.save", {"email": f"{world.plan_id}@example.org", "first": "email", "often": "at-once"})
    waits = contacts.waiting(world.db, person)
    send("contact.confirm", {"code": waits.code if waits else ""})
    send("contact.show")
    contacts.new_calendar(world.db, person)
    send("calendar.feed", token=contacts.reveal_calendar(world.db, person))
    send("calendar.renew", {})
    send("calendar.show")
    send("calendar.end", {})
    send("notices.show", plan_id=world.plan_id)
