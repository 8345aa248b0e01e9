"""What a file is by its first bytes, before anything in it is believed; its name does not count."""

from collections.abc import Callable, Mapping

from portal.domain.media import MediaKind, Reason, Unsafe
from portal.media.mp3 import is_frame

HEAD = 64  # bytes that tell
PROGRAMS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
STILLS = (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
OF_SOUND = (b"M4A ", b"M4B ", b"F4A ")
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
MARKS: Mapping[str, Callable[[bytes], bool]] = {
    "image": lambda head: head.startswith(PICTURES) or (head[:4], head[8:12]) == (b"RIFF", b"WEBP"),
    "wav": lambda head: (head[:4], head[8:12]) == (b"RIFF", b"WAVE"),
    "ogg": lambda head: head.startswith(b"OggS"),
    "webm": lambda head: head.startswith(b"\x1a\x45\xdf\xa3"),
    "pdf": lambda head: head.startswith(b"%PDF-"),
    "mp3": lambda head: head.startswith(b"ID3") or is_frame(head),
}
KINDS: Mapping[str, MediaKind] = {
    "image": MediaKind.PICTURE,
    "wav": MediaKind.SOUND,
    "ogg": MediaKind.SOUND,
    "mp3": MediaKind.SOUND,
    "m4a": MediaKind.SOUND,
    "mp4": MediaKind.FILM,
    "webm": MediaKind.FILM,
    "pdf": MediaKind.LETTER,
}


def kind_of(head: bytes) -> MediaKind:
    return KINDS[container_of(head)]


def container_of(head: bytes) -> str:
    """The name of the container; raises Unsafe with the reason for what is never taken."""
    if not head:
        raise Unsafe(Reason.EMPTY)
    if head.startswith(PROGRAMS):
        raise Unsafe(Reason.OFFICE)
    if head[4:8] == b"ftyp":
        if head[8:12] in STILLS:
            raise Unsafe(Reason.HEIC)
        return "m4a" if head[8:12] in OF_SOUND else "mp4"
    found = next((name for name, fits in MARKS.items() if fits(head)), "")
    if not found:
        raise Unsafe(Reason.UNKNOWN)
    return found
