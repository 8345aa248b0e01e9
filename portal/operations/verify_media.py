"""Check that every file that a plan's words name is there, and is the one that they name."""

from portal.domain.media import GROUP, LETTER, file_in
from portal.operations.found import Found
from portal.store import media
from portal.store.database import Database
from portal.store.evidence import Damaged, Kept, reading
from portal.store.media_bytes import Altered


def check_media(db: Database, kept: Kept, found: Found) -> None:
    """Reads each file of section A as it stands, a piece at a time. Of a plan that was destroyed none is left."""
    content = None if kept.destroyed else kept.account.section(LETTER).content
    for item in content.in_group(GROUP) if content else ():
        file = file_in(item.value("file"))
        if file is None:
            continue
        found.counted["files"] += 1
        try:
            with reading():
                media.check(db, kept.plan, item.id, file)
        except (Altered, Damaged):
            found.problems.append(f"section {LETTER}, file {item.id}: it is not there as the plan names it")
