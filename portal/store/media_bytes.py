"""The bytes of a kept file, read piece by piece: each is held against the whole that the plan names by its hash."""

import hashlib
import io
from collections.abc import Iterator

from portal.domain.media import MediaFile
from portal.store.database import Database, Document

Seals = tuple[bytes, ...]  # the SHA-256 of each piece, in their order
AT_ONCE = 2  # pieces that one answer of the server holds: a batch of its own choosing would be 16 MB


class Altered(Exception):
    """The bytes are not those that the plan names."""


def sealed(db: Database, collection: str, within: Document, file: MediaFile, length: int) -> Seals:
    """What each piece of a file is held against. Reads the whole once, a piece at a time.

    `within` is the filter of its pieces, `length` how many bytes each of them has but the last. Raises Altered when
    the whole is not the one that the plan names: pieces are sealed each for itself, and only the whole says that they
    belong together.
    """
    whole, seals, size = hashlib.sha256(), list[bytes](), 0
    for content in _pieces(db, collection, within):
        if size % length:
            raise Altered("a piece of a file is shorter than it should be")
        whole.update(content)
        seals.append(hashlib.sha256(content).digest())
        size += len(content)
        if size > file.size:
            raise Altered("a file is longer than the one that the plan names")
    if (whole.hexdigest(), size) != (file.sha256, file.size):
        raise Altered("a file is not the one that the plan names")
    return tuple(seals)


def _pieces(db: Database, collection: str, within: Document) -> Iterator[bytes]:
    for each in db[collection].find(within, {"data": 1}).sort("_id", 1).batch_size(AT_ONCE):
        yield db.unseal_bytes(each["data"])


class KeptBytes(io.RawIOBase):
    """A file to read from any place, which holds one piece in memory. Raises Altered where a piece is another."""

    def __init__(self, db: Database, collection: str, places: list[Document], seals: Seals, length: int, size: int):
        """`places` find the pieces in their order."""
        super().__init__()
        self.db, self.collection, self.places, self.seals = db, collection, places, seals
        self.length, self.size, self.at = length, size, 0
        self.number, self.piece = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(0, start + offset)
        return self.at

    def tell(self) -> int:
        return self.at

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes, as far as the piece goes that the reader has come to; all that follows for -1."""
        if size < 0:
            return self.readall()
        if self.at >= self.size:
            return b""
        number, inside = divmod(self.at, self.length)
        some = self._read(number)[inside : inside + size]
        self.at += len(some)
        return some

    def _read(self, number: int) -> bytes:
        if number != self.number:
            found = self.db[self.collection].find_one(self.places[number], {"data": 1})
            content = self.db.unseal_bytes(found["data"]) if found else b""
            if hashlib.sha256(content).digest() != self.seals[number]:
                raise Altered("a piece of a file is not the one that was there")
            self.number, self.piece = number, content
        return self.piece
