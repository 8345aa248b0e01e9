"""Sounds in Ogg: one stream of Opus or Vorbis, every page checked, its comments replaced by none."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.domain.media import Reason, Unsafe
from portal.media.made import Made

PAGE = struct.Struct("<4sBBqIIIB")
CONTINUED, FIRST, LAST = 1, 2, 4
MIRRORED = bytes(int(f"{each:08b}"[::-1], 2) for each in range(256))
NO_WORDS = struct.pack("<II", 0, 0)  # no name of a program, and no comments
# How a stream begins: its first packet, how many packets of headers, and the comments that say nothing.
CODECS = {
    b"OpusHead": (2, b"OpusTags" + NO_WORDS),
    b"\x01vorbis": (3, b"\x03vorbis" + NO_WORDS + b"\x01"),
}


@dataclass(frozen=True)
class Page:
    flags: int
    position: int
    serial: int
    number: int
    lacing: bytes
    body: bytes

    @property
    def packets(self) -> list[bytes]:
        """The packets on the page; the last one may go on on the next."""
        found, at, size = [], 0, 0
        for each in self.lacing:
            size += each
            if each < 255:
                found.append(self.body[at : at + size])
                at, size = at + size, 0
        return [*found, self.body[at:]] if size else found

    def written(self) -> bytes:
        whole = (
            PAGE.pack(b"OggS", 0, self.flags, self.position, self.serial, self.number, 0, len(self.lacing))
            + self.lacing
            + self.body
        )
        return whole[:22] + struct.pack("<I", _checksum(whole)) + whole[26:]


def clean(content: bytes) -> Made:
    pages = list(_pages(content))
    if len({each.serial for each in pages}) != 1:
        raise Unsafe(Reason.NOT_PLAIN)
    begins = next((each for each in CODECS if pages[0].body.startswith(each)), None)
    if begins is None:
        raise Unsafe(Reason.NOT_PLAIN)
    count, silent = CODECS[begins]
    headers, rest = _headers(pages, count)
    serial = pages[0].serial
    first = Page(FIRST, 0, serial, 0, _lacing(headers[0]), headers[0])
    others = [silent, *headers[2:]]
    made = [first, *_header_pages(others, serial), *rest]
    return Made(b"".join(replace(each, number=at).written() for at, each in enumerate(made)), "audio/ogg")


def _pages(content: bytes) -> Iterator[Page]:
    at = 0
    while at < len(content):
        if len(content) < at + PAGE.size:
            raise Unsafe(Reason.DAMAGED)
        mark, version, flags, position, serial, number, checksum, count = PAGE.unpack_from(content, at)
        lacing = content[at + PAGE.size : at + PAGE.size + count]
        start = at + PAGE.size + count
        body = content[start : start + sum(lacing)]
        page = Page(flags, position, serial, number, lacing, body)
        whole = content[at : start + len(body)]
        if mark != b"OggS" or version or len(body) != sum(lacing) or checksum != _checksum(whole):
            raise Unsafe(Reason.DAMAGED)
        yield page
        at = start + len(body)


def _headers(pages: list[Page], count: int) -> tuple[list[bytes], list[Page]]:
    """The packets of headers, and the pages after them: sound begins on a page of its own (RFC 3533, RFC 7845)."""
    packets: list[bytes] = []
    for at, page in enumerate(pages):
        found = page.packets
        if page.flags & CONTINUED and packets and found:
            packets[-1] += found.pop(0)
        packets += found
        if len(packets) == count and page.lacing[-1:] != b"\xff":
            return packets, pages[at + 1 :]
        if len(packets) > count:
            break
    raise Unsafe(Reason.DAMAGED)


def _header_pages(packets: list[bytes], serial: int) -> Iterator[Page]:
    """Comments and set-up on pages of their own, each packet cut where a page is full."""
    lacing, body = b"".join(map(_lacing, packets)), b"".join(packets)
    flags = 0
    for at in range(0, len(lacing), 255):
        part = lacing[at : at + 255]
        size = sum(part)
        ends = any(each < 255 for each in part)
        yield Page(flags, 0 if ends else -1, serial, 0, part, body[:size])
        body = body[size:]
        flags = CONTINUED if part[-1] == 255 else 0


def _lacing(packet: bytes) -> bytes:
    return b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255])


def _checksum(page: bytes) -> int:
    """Ogg's own cyclic checksum, over the page with zeros in its place: zlib's, with every bit the other way round."""
    bare = (page[:22] + bytes(4) + page[26:]).translate(MIRRORED)
    turned = zlib.crc32(bare, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)
