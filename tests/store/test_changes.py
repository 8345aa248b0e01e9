"""What is saved is heard as it is saved, by its number and its section alone; what was missed is asked for."""

from itertools import islice

from portal.store import changes
from portal.store.changes import ADDED, Change
from portal.store.database import Database
from tests.world import World


def write(world: World, words: str) -> int:
    return world.edit("parent", "A", "people", {"words": words}, "people").sequence


def test_each_save_is_heard_once_in_its_order_from_when_it_is_listened_to(world: World, db: Database) -> None:
    write(world, "Before")
    heard = changes.watch(db, 0.2)
    assert next(heard) is None
    numbers = [write(world, f"Words {each}") for each in range(3)]
    found = list(islice((each for each in heard if each), len(numbers)))
    assert found == [Change(world.plan_id, each, "A") for each in numbers]
    assert next(heard) is None
    heard.close()


def test_nothing_that_somebody_wrote_or_is_called_leaves_the_database_with_it(world: World, db: Database) -> None:
    with db["chain"].watch(ADDED) as stream:
        write(world, "A canary")
        document = next(stream)
    assert document["fullDocument"].keys() == {"plan", "sequence", "facts"}
    assert document["fullDocument"]["facts"] == {"section": "A"}


def test_what_a_page_missed_is_asked_of_its_own_plans_chain(world: World, db: Database) -> None:
    numbers = [write(world, f"Words {each}") for each in range(4)]
    assert changes.since(db, world.plan_id, numbers[0], 2) == [
        Change(world.plan_id, each, "A") for each in numbers[1:3]
    ]
    assert changes.since(db, world.plan_id, numbers[-1], 9) == []
    assert changes.since(db, "sfl-0000000000000000", 0, 9) == []
