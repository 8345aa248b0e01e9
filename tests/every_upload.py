"""Every request by which a picture comes into a plan and is looked at, sent once by somebody who may."""

import io
from typing import Any

from flask import url_for

from portal.domain.identifier import new_request_id
from portal.domain.media import GROUP
from portal.store import media
from portal.worker import work_once
from tests.every_request import Rounds
from tests.uploads.plain import picture
from tests.world import now


def send_look_and_place(rounds: Rounds) -> str:
    """A parent sends two pictures, throws one away and places the other; answers the id of its item."""
    world = rounds.world

    def send(endpoint: str, fields: dict[str, Any] | None = None, **parts: Any) -> None:
        _ask(rounds, endpoint, fields, **parts)

    send("media.add")
    for _ in range(2):
        send("media.send", {"file": (io.BytesIO(picture(size=(8, 8))), "photo.jpg"), "shows": "me"})
    while work_once(world.db, now().wall):
        pass
    kept, thrown = media.of_person(world.db, world.plan_id, world.people["parent"])
    for endpoint in ("media.show", "media.preview"):
        send(endpoint, item=kept.id)
    words = {"revision": "0", "request_id": new_request_id(), "alt": "A red wall.", "shows": "me"}
    send("media.place", words, item=kept.id)
    send("media.discard", {}, item=thrown.id)
    (item,) = world.plan().sections["A"].content.in_group(GROUP)
    send("media.file", item=item.id)
    return item.id


def look_at_issued(rounds: Rounds, item: str) -> None:
    """The same picture as the first version printed it."""
    _ask(rounds, "media.issued", number=1, item=item)


def _ask(rounds: Rounds, endpoint: str, fields: dict[str, Any] | None = None, **parts: Any) -> None:
    world, browser = rounds.world, rounds.world.client("parent")
    with world.app.test_request_context():
        path = url_for(endpoint, plan_id=world.plan_id, **parts)
    headers = rounds.headers
    answer = browser.get(path, **headers) if fields is None else browser.post(path, fields, **headers)
    rounds.answered.setdefault(("GET" if fields is None else "POST", endpoint), set()).add(answer.status_code)
