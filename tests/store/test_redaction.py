"""A lawful redaction: words and salt go, the gap is visible, and the revision's hash still verifies."""

from demo.mongod import EmbeddedMongod
from portal.domain import hashing
from portal.domain.content import content_hash
from portal.store import revisions
from portal.store.database import Database
from tests.conftest import uri_of
from tests.world import MASTER_KEY, World


def test_words_that_were_removed_leave_a_revision_that_reads_and_verifies(world: World, mongod: EmbeddedMongod) -> None:
    need = world.add("caseworker", "B", "needs", area="semh", need="Worry", effect="Another child's words, pasted in.")
    before = revisions.find(world.db, world.plan_id, "B", 1)
    item = before.content.item(need)
    assert item is not None
    slot = item.slots["effect"]
    leaf = hashing.leaf(f"B/{need}/effect", slot.value, slot.audience, slot.salt)
    name = world.settings.database
    retention = Database(uri_of(mongod, name, "retention"), name, MASTER_KEY)
    place = {"authority": "nmr", "_id": f"{world.plan_id}:B:1"}
    at = next(number for number, each in enumerate(before.content.items) if each.id == need)
    change = {"$set": {f"content.items.{at}.slots.effect": {"h": leaf}}}
    assert retention["section_revisions"].update_one(place, change).modified_count == 1
    retention.close()
    after = revisions.find(world.db, world.plan_id, "B", 1)
    redacted = after.content.item(need)
    assert redacted is not None
    assert redacted.text("effect") == ""
    assert content_hash("B", after.content) == before.hash
    browser = world.client("caseworker")
    assert browser.get(f"{browser.base}/sections/B/history").status_code == 200
    assert browser.get(f"{browser.base}/sections/B/compare?from=0&to=1").status_code == 200
