"""Sounds in WAV: the format and the samples alone, in a new file."""

import struct

from portal.domain.media import Reason, Unsafe
from portal.media.made import Made

PLAIN = {1, 3, 6, 7, 0xFFFE}  # PCM, floating point, A-law, mu-law, and the extensible way to say one of these
CHANNELS = range(1, 9)


def clean(content: bytes) -> Made:
    found = _chunks(content)
    told, samples = found.get(b"fmt "), found.get(b"data")
    if told is None or not samples or not 16 <= len(told) <= 64:
        raise Unsafe(Reason.DAMAGED)
    coding, channels = struct.unpack_from("<HH", told)
    if coding not in PLAIN or channels not in CHANNELS:
        raise Unsafe(Reason.NOT_PLAIN)
    body = b"WAVE" + _chunk(b"fmt ", told) + _chunk(b"data", samples)
    return Made(_chunk(b"RIFF", body), "audio/wav")


def _chunks(content: bytes) -> dict[bytes, bytes]:
    """The chunks by name, the first of each; a size beyond the end is a file that was cut off."""
    found: dict[bytes, bytes] = {}
    at, end = 12, min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    while at + 8 <= end:
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + size > end:
            raise Unsafe(Reason.DAMAGED)
        found.setdefault(name, content[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)
