"""Every request by which a picture comes into a plan and is looked at, sent once by somebody who may."""

import io
from functools import partial

from portal.domain.identifier import new_request_id
from portal.domain.media import GROUP
from portal.store import media
from portal.worker import work_once
from tests.every_request import Rounds
from tests.uploads.plain import picture
from tests.world import now


def send_look_and_place(rounds: Rounds) -> str:
    """A parent sends two pictures, throws one away and places the other; answers the id of its item."""
    world, parent = rounds.world, rounds.world.client("parent")
    send = partial(rounds.ask, plan_id=world.plan_id)
    send("media.add", parent)
    for _ in range(2):
        send("media.send", parent, {"file": (io.BytesIO(picture(size=(8, 8))), "photo.jpg"), "shows": "me"})
    while work_once(world.db, now().wall):
        pass
    kept, thrown = media.of_person(world.db, world.plan_id, world.people["parent"])
    for endpoint in ("media.show", "media.preview"):
        send(endpoint, parent, item=kept.id)
    words = {"revision": "0", "request_id": new_request_id(), "alt": "A red wall.", "shows": "me"}
    send("media.place", parent, words, item=kept.id)
    send("media.discard", parent, {}, item=thrown.id)
    (item,) = world.plan().sections["A"].content.in_group(GROUP)
    send("media.file", parent, item=item.id)
    return item.id


def look_at_issued(rounds: Rounds, item: str) -> None:
    """The same picture as the first version printed it."""
    world = rounds.world
    rounds.ask("media.issued", world.client("parent"), plan_id=world.plan_id, number=1, item=item)
