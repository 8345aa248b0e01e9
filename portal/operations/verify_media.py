"""Check that every file that a plan's words name, or ever named, is there, and is the one that they name."""

from collections.abc import Iterable, Iterator

from portal.domain.content import Content
from portal.domain.media import GROUP, LETTER, MediaFile, file_in
from portal.operations.found import Found
from portal.store import media
from portal.store.database import Database
from portal.store.evidence import Damaged, Kept, reading
from portal.store.media_bytes import Altered

Named = tuple[str, MediaFile]  # an item's id, and the file that it names


def named_in(letter: str, content: Content) -> Iterator[Named]:
    """The files that one revision of a section names."""
    for item in content.in_group(GROUP) if letter == LETTER else ():
        file = file_in(item.value("file"))
        if file:
            yield item.id, file


def check_media(db: Database, kept: Kept, named: Iterable[Named], found: Found) -> None:
    """Reads each file that any revision still holds once, a piece at a time. Of a plan that was destroyed none is."""
    for item, file in sorted(named, key=lambda each: (each[0], each[1].sha256)):
        found.counted["files"] += 1
        try:
            with reading():
                media.check(db, kept.plan, item, file)
        except (Altered, Damaged):
            found.problems.append(f"section {LETTER}, file {item}: it is not there as the plan names it")
