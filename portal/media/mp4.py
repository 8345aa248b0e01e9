"""Sounds and films in MP4: only the boxes that play are left, and of the media only what a sound or picture uses."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.media import Reason, Unsafe
from portal.media.made import Made
from portal.media.mp4_samples import ranges

# Boxes that are kept, by the box they stand in; whatever else stands there becomes free space of the same size.
KEPT: dict[bytes, frozenset[bytes]] = {
    b"": frozenset({b"ftyp", b"moov", b"mdat"}),
    b"moov": frozenset({b"mvhd", b"trak"}),
    b"trak": frozenset({b"tkhd", b"edts", b"mdia"}),
    b"edts": frozenset({b"elst"}),
    b"mdia": frozenset({b"mdhd", b"hdlr", b"minf"}),
    b"minf": frozenset({b"vmhd", b"smhd", b"dinf", b"stbl"}),
    b"dinf": frozenset({b"dref"}),
    b"stbl": frozenset(
        {b"stsd", b"stts", b"stsc", b"stsz", b"stz2", b"stco", b"co64", b"stss", b"ctts", b"sdtp", b"cslg"}
    ),
}
OPENED = frozenset(KEPT) - {b""}
DATED = (b"mvhd", b"tkhd", b"mdhd")  # each begins with when it was made and changed
SEEN, HEARD = b"vide", b"soun"
CODECS = {
    SEEN: {b"avc1", b"avc3", b"hvc1", b"hev1", b"vp08", b"vp09", b"av01", b"mp4v"},
    HEARD: {b"mp4a", b"Opus", b"alac", b"fLaC", b".mp3", b"ac-3"},
}
MOST_BOXES = 10_000


@dataclass(frozen=True)
class Box:
    """One box: its name, where it begins, where its body begins, where it ends."""

    name: bytes
    start: int
    body: int
    end: int


class Film:
    """The bytes of one file, changed in place: a box that is not kept becomes free space, so that no place moves."""

    def __init__(self, content: bytes) -> None:
        self.bytes = bytearray(content)
        self.left = MOST_BOXES
        self.kinds: list[bytes] = []
        self.used: list[tuple[int, int]] = []

    def boxes(self, start: int, end: int) -> Iterator[Box]:
        at = start
        while at < end:
            self.left -= 1
            box = self._box(at, end)
            if self.left < 0:
                raise Unsafe(Reason.TOO_MUCH)
            yield box
            at = box.end

    def _box(self, at: int, end: int) -> Box:
        size, body = int.from_bytes(self.bytes[at : at + 4]), at + 8
        if size == 1:
            size, body = int.from_bytes(self.bytes[at + 8 : at + 16]), at + 16
        name = bytes(self.bytes[at + 4 : at + 8])
        if size == 0 and name == b"mdat":  # up to the end of the file
            size = end - at
        if body > end or at + size > end or at + size < body:
            raise Unsafe(Reason.DAMAGED)
        return Box(name, at, body, at + size)

    def walk(self, parent: bytes, start: int, end: int) -> None:
        for box in self.boxes(start, end):
            if box.name in (b"moof", b"mvex", b"cmov"):
                raise Unsafe(Reason.NOT_PLAIN)  # in pieces, or packed: nobody can say here what is in them
            if box.name not in KEPT[parent]:
                self.free(box)
            elif box.name == b"trak":
                self.track(box)
            elif box.name in OPENED:
                self.walk(box.name, box.body, box.end)
            elif box.name in DATED:
                self.undate(box)
            elif box.name == b"dref":
                self.must_be_here(box)

    def track(self, box: Box) -> None:
        """Keep a track that is seen or heard; any other, like where a camera was from second to second, goes."""
        kind = bytes(self.bytes[(found := self.find(box, b"mdia", b"hdlr")).body + 8 : found.body + 12])
        if kind not in CODECS:
            self.free(box)
            return
        described = self.find(box, b"mdia", b"minf", b"stbl", b"stsd")
        codecs = {each.name for each in self.boxes(described.body + 8, described.end)}
        if not codecs or not codecs <= CODECS[kind]:
            raise Unsafe(Reason.NOT_PLAIN)
        self.walk(b"trak", box.body, box.end)
        table = self.find(box, b"mdia", b"minf", b"stbl")
        tables = {each.name: bytes(self.bytes[each.body : each.end]) for each in self.boxes(table.body, table.end)}
        self.used += ranges(tables, len(self.bytes))
        self.kinds.append(kind)

    def find(self, box: Box, *names: bytes) -> Box:
        for name in names:
            found = [each for each in self.boxes(box.body, box.end) if each.name == name]
            if len(found) != 1:
                raise Unsafe(Reason.DAMAGED)
            box = found[0]
        return box

    def free(self, box: Box) -> None:
        self.bytes[box.start + 4 : box.start + 8] = b"free"
        self.bytes[box.body : box.end] = bytes(box.end - box.body)

    def undate(self, box: Box) -> None:
        times = 16 if self.bytes[box.body : box.body + 1] == b"\x01" else 8
        if box.end - box.body < 4 + times:
            raise Unsafe(Reason.DAMAGED)
        self.bytes[box.body + 4 : box.body + 4 + times] = bytes(times)

    def must_be_here(self, box: Box) -> None:
        """Every track plays what is in this file, and nothing from an address that it names."""
        for each in self.boxes(box.body + 8, box.end):
            if each.name != b"url " or self.bytes[each.body : each.end] != b"\x00\x00\x00\x01":
                raise Unsafe(Reason.NOT_PLAIN)

    def silence(self) -> None:
        """Write zeros over whatever of the media no track that is kept refers to."""
        media = [each for each in self.boxes(0, len(self.bytes)) if each.name == b"mdat"]
        inside = [(box.body, box.end) for box in media]
        kept = bytearray(len(self.bytes))
        for start, end in sorted(self.used):
            if not any(first <= start and end <= last for first, last in inside):
                raise Unsafe(Reason.DAMAGED)
            kept[start:end] = self.bytes[start:end]
        for first, last in inside:
            self.bytes[first:last] = kept[first:last]


def clean(content: bytes) -> Made:
    film = Film(content)
    top = list(film.boxes(0, len(content)))
    if [each.name for each in top].count(b"moov") != 1 or top[0].name != b"ftyp":
        raise Unsafe(Reason.DAMAGED)
    film.walk(b"", 0, len(content))
    if not film.kinds:
        raise Unsafe(Reason.NOT_PLAIN)
    film.silence()
    return Made(bytes(film.bytes), "video/mp4" if SEEN in film.kinds else "audio/mp4")
