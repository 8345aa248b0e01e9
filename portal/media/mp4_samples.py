"""Where the samples of one MP4 track lie in its file, by the tables of ISO/IEC 14496-12 section 8."""

from collections.abc import Iterator, Mapping

from portal.domain.media import Reason, Unsafe


def ranges(tables: Mapping[bytes, bytes], length: int) -> list[tuple[int, int]]:
    """(start, end) of each chunk of samples. `tables` are the bodies of the boxes in stbl, `length` is the file's."""
    places = list(_places(tables))
    counts = _counts(tables.get(b"stsc", b""), len(places))
    sizes = _Sizes(tables.get(b"stsz", b""))
    found, sample = [], 0
    for place, count in zip(places, counts, strict=True):
        size = sizes.of(sample, count)
        if place + size > length:
            raise Unsafe(Reason.DAMAGED)
        found.append((place, place + size))
        sample += count
    return found


def _numbers(body: bytes, skip: int, width: int) -> list[int]:
    """The numbers of a table whose count stands before them; a count that the table does not hold is a broken file."""
    count = int.from_bytes(body[skip - 4 : skip])
    if len(body) < skip or count * width > len(body) - skip:
        raise Unsafe(Reason.DAMAGED)
    return [int.from_bytes(body[at : at + width]) for at in range(skip, skip + count * width, width)]


def _places(tables: Mapping[bytes, bytes]) -> Iterator[int]:
    if (b"stco" in tables) == (b"co64" in tables):
        raise Unsafe(Reason.DAMAGED)
    name, width = (b"stco", 4) if b"stco" in tables else (b"co64", 8)
    yield from _numbers(tables[name], 8, width)


def _counts(body: bytes, chunks: int) -> Iterator[int]:
    """How many samples each chunk holds: runs of (first chunk, samples, description)."""
    runs = [each.to_bytes(12) for each in _numbers(body, 8, 12)]
    firsts = [(int.from_bytes(each[:4]), int.from_bytes(each[4:8])) for each in runs]
    if chunks and (not firsts or firsts[0][0] != 1 or firsts != sorted(firsts)):
        raise Unsafe(Reason.DAMAGED)
    at = 0
    for chunk in range(1, chunks + 1):
        while at + 1 < len(firsts) and firsts[at + 1][0] <= chunk:
            at += 1
        yield firsts[at][1]


class _Sizes:
    """The bytes of samples: one size for all of them, or a size for each."""

    def __init__(self, body: bytes) -> None:
        self.same = int.from_bytes(body[4:8])
        if len(body) < 12:
            raise Unsafe(Reason.DAMAGED)
        self.until = [0]
        if not self.same:
            for each in _numbers(body, 12, 4):
                self.until.append(self.until[-1] + each)

    def of(self, first: int, count: int) -> int:
        """The bytes of so many samples in a row, the first of which is numbered from 0."""
        if self.same:
            return self.same * count
        if first + count >= len(self.until):
            raise Unsafe(Reason.DAMAGED)
        return self.until[first + count] - self.until[first]
