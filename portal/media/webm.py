"""Sounds and films in WebM: the elements that play are left, and every other one becomes empty space."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.media import Reason, Unsafe
from portal.media.made import Made

EBML, SEGMENT, CLUSTER, INFO, TRACKS, TRACK = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B, 0xAE
GROUP, AUDIO, VIDEO, CUES, CUE, CUE_AT = 0xA0, 0xE1, 0xE0, 0x1C53BB6B, 0xBB, 0xB7
VOID, TRACK_TYPE, CODEC = 0xEC, 0x83, 0x86
OPENED = {SEGMENT, CLUSTER, INFO, TRACKS, TRACK, GROUP, AUDIO, VIDEO, CUES, CUE, CUE_AT}
OF_ANY_SIZE = {SEGMENT, CLUSTER}  # a browser that records does not know yet how long they will be
KEPT = {
    EBML, TRACK_TYPE, CODEC,
    0x2AD7B1, 0x4489,  # the scale of time, and how long it is
    0xD7, 0x73C5, 0xB9, 0x88, 0x55AA, 0x9C, 0x23E383, 0x63A2, 0x56AA, 0x56BB, 0x22B59C,  # a track
    0xB5, 0x78B5, 0x9F, 0x6264,  # of sound
    0xB0, 0xBA, 0x54B0, 0x54BA, 0x54B2, 0x9A, 0x53C0, 0x53B8,  # of pictures
    0xE7, 0xA3, 0xA1, 0x9B, 0xFB, 0x75A2, 0xA7, 0xAB,  # what is seen and heard, and when
    0xB3, 0xF7, 0xF1, 0xF0, 0x5378,  # where to begin
}  # fmt: skip
PLAYED = {b"V_VP8": 1, b"V_VP9": 1, b"V_AV1": 1, b"A_OPUS": 2, b"A_VORBIS": 2}
MOST_ELEMENTS = 400_000


@dataclass(frozen=True)
class Element:
    id: int
    start: int
    body: int
    end: int
    endless: bool


def clean(content: bytes) -> Made:
    made = bytearray(content)
    kinds: list[int] = []
    codecs: list[bytes] = []
    found = _elements(made)
    if not content.startswith(EBML.to_bytes(4)):
        raise Unsafe(Reason.DAMAGED)
    for each in found:
        if each.id == TRACK_TYPE:
            kinds.append(int.from_bytes(made[each.body : each.end]))
        elif each.id == CODEC:
            codecs.append(bytes(made[each.body : each.end]).rstrip(b"\x00"))
        elif each.id not in KEPT | OPENED:
            _empty(made, each)
    # Subtitles, data of a camera and codecs that we don't know could hold anything: such a film is not taken.
    if not kinds or sorted(kinds) != sorted(PLAYED.get(each, 0) for each in codecs):
        raise Unsafe(Reason.NOT_PLAIN)
    return Made(bytes(made), "video/webm" if 1 in kinds else "audio/webm")


def _elements(content: bytearray) -> Iterator[Element]:
    """Every element in the order of the file; those that hold others, and then what is in them."""
    at, left = 0, MOST_ELEMENTS
    while at < len(content):
        element = _element(content, at)
        left -= 1
        if left < 0:
            raise Unsafe(Reason.TOO_MUCH)
        yield element
        at = element.body if element.id in OPENED else element.end


def _element(content: bytearray, at: int) -> Element:
    name, body = _number(content, at, 4, whole=True)
    size, body = _number(content, body, 8)
    endless = size == (1 << 7 * _width(content, at + _width(content, at))) - 1
    if endless and name not in OF_ANY_SIZE:
        raise Unsafe(Reason.DAMAGED)
    end = len(content) if endless else body + size
    if end > len(content):
        raise Unsafe(Reason.DAMAGED)
    return Element(name, at, body, end, endless)


def _width(content: bytearray, at: int) -> int:
    """How many bytes a number takes: told by the zeros that its first byte begins with."""
    first = content[at] if at < len(content) else 0
    return 9 - first.bit_length()


def _number(content: bytearray, at: int, longest: int, whole: bool = False) -> tuple[int, int]:
    """(the number that begins there, where what follows it begins); an id is read with the mark of its width."""
    width = _width(content, at)
    if width > longest or at + width > len(content):
        raise Unsafe(Reason.DAMAGED)
    number = int.from_bytes(content[at : at + width])
    return (number if whole else number & (1 << 7 * width) - 1), at + width


def _empty(content: bytearray, element: Element) -> None:
    """Write empty space over an element, of the same size: what follows keeps its place."""
    size = element.end - element.start
    width = 1 if size - 2 < 0x7F else 8
    content[element.start : element.end] = (
        bytes([VOID]) + ((1 << 7 * width) | (size - 1 - width)).to_bytes(width) + bytes(size - 1 - width)
    )
