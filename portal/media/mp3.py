"""Sounds in MP3: one frame after the other, without the tags before, behind and between them."""

from portal.domain.media import Reason, Unsafe
from portal.media.made import Made

# Kilobits a second by index, and samples a second, of MPEG 1 and of MPEG 2 and 2.5, layer III.
FIRST = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
SECOND = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
HEADER = 4
FEWEST = 3  # frames in a row: fewer may be chance
ID3V1 = 128


def is_frame(head: bytes) -> bool:
    return frame_size(head, 0) > 0


def clean(content: bytes) -> Made:
    at, frames = _after_tags(content), []
    while size := frame_size(content, at):
        if at + size > len(content):
            break  # the last frame is often cut: what is whole is kept
        frames.append(content[at : at + size])
        at += size
    if len(frames) < FEWEST or not _is_tail(content[at:]):
        raise Unsafe(Reason.DAMAGED)
    return Made(b"".join(frames), "audio/mpeg")


def frame_size(content: bytes, at: int) -> int:
    """The bytes of the frame that begins there; 0 where none does."""
    head = content[at : at + HEADER]
    if len(head) < HEADER or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, samples = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in RATES or rate in (0, 15) or samples == 3:
        return 0
    kilobits = (FIRST if version == 3 else SECOND)[rate]
    padding = head[2] >> 1 & 1
    return (144 if version == 3 else 72) * kilobits * 1000 // RATES[version][samples] + padding


def _after_tags(content: bytes) -> int:
    """Where the first frame begins: behind ID3v2 tags and the zeros that pad them."""
    at = 0
    while content[at : at + 3] == b"ID3" and len(content) >= at + 10:
        size = 0
        for each in content[at + 6 : at + 10]:
            size = size << 7 | each & 0x7F
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    while at < len(content) and content[at] == 0:
        at += 1
    return at


def _is_tail(rest: bytes) -> bool:
    """Whether nothing but tags, zeros or part of one frame is left: what else follows sound is not sound."""
    if rest[-ID3V1:].startswith(b"TAG") and len(rest) >= ID3V1:
        rest = rest[:-ID3V1]
    return not rest.strip(b"\x00") or rest.startswith(b"APETAGEX") or is_frame(rest)
