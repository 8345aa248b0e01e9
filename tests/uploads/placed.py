"""A picture sent and placed by the operations alone, for tests that need one in a plan."""

from portal.domain.plan import Plan
from portal.operations import media, plans
from portal.store import media as store
from portal.store import outbox
from portal.store.media import Upload
from portal.store.plans import keyed
from tests.uploads.plain import picture
from tests.world import World, now


def sent_picture(world: World, key: str = "parent") -> Upload:
    """What somebody sent, looked at and not placed yet."""
    reading = plans.open_plan(world.db, world.actor(key), world.plan_id, now())
    name = media.send(world.db, reading, picture(size=(8, 8)), "me", now())
    media.look_at(world.db, world.plan_id, name, 1)
    outbox.finish(world.db, keyed(world.plan_id, f":{name}:{outbox.FILE}"))
    found = store.find(world.db, world.plan_id, name)
    assert found is not None
    return found


def placed_picture(world: World, key: str = "parent", alt: str = "A red wall.") -> Plan:
    words = {"alt": alt, "shows": "me"}
    return media.place(world.db, world.actor(key), world.plan_id, sent_picture(world, key), words, now())
