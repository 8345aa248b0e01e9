"""Remove what was copied for a plan and never named by it."""

from collections.abc import Iterator
from datetime import timedelta

from portal.domain.moment import Moment
from portal.store import checkpoints, stray_files
from portal.store.database import Database

A_DAY = timedelta(days=1)  # no request that copies a file lasts as long


def sweep(db: Database, eraser: Database, moment: Moment) -> Iterator[int]:
    """How many pieces each stray file had, once they are gone; killed, it is run again.

    `db` looks, as the application, which may take no file away; `eraser` removes, as the retention user.
    """
    before = moment.wall - A_DAY
    for authority in checkpoints.authorities(db):
        for name in stray_files.stray(db, authority, before):
            yield stray_files.remove(eraser, name, before)
