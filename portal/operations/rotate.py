"""Replace the keys that seal what identifies a child, and wrap keys by another master key."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from portal.store import rotation
from portal.store.database import Database

Wait = Callable[[float], object]


def rotate(migrator: Database, now: Callable[[], datetime], wait: Wait) -> Iterator[tuple[str, int]]:
    """(collection, documents) sealed anew, pass by pass; the old keys are gone when it ends.

    Killed at any point, it is begun again: it goes on with the keys that were made then. People go on working
    meanwhile; what they seal in the first two minutes may be sealed by an old key, so that a second pass follows.
    """
    rotation.begin(migrator)
    while rotation.is_under_way(migrator):
        yield from Counter(rotation.reseal(migrator)).items()
        left = (rotation.settles_at(migrator) - now()).total_seconds()
        if left > 0:
            wait(left)
        elif rotation.finish(migrator):
            return
