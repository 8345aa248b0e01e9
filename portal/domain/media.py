"""Photographs, drawings, sounds, films and letters of a child: their kinds, sizes, and what is said of each file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.content import Item
from portal.domain.hashing import Value

LETTER, GROUP = "A", "pictures"  # where they stand in a plan
PORTRAIT = "me"  # the choice of `shows` that puts a photograph on the one-page profile
MEGABYTE = 1024 * 1024


class MediaKind(StrEnum):
    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"
    LETTER = "letter"


# Bytes that are taken, and that are kept after cleaning.
LARGEST: Mapping[MediaKind, int] = {
    MediaKind.PICTURE: 10 * MEGABYTE,
    MediaKind.SOUND: 15 * MEGABYTE,
    MediaKind.FILM: 50 * MEGABYTE,
    MediaKind.LETTER: 10 * MEGABYTE,
}
# What is kept, by its exact type, and the ending under which it is given out.
TYPES: Mapping[str, tuple[MediaKind, str]] = {
    "image/jpeg": (MediaKind.PICTURE, "jpg"),
    "image/png": (MediaKind.PICTURE, "png"),
    "audio/mpeg": (MediaKind.SOUND, "mp3"),
    "audio/mp4": (MediaKind.SOUND, "m4a"),
    "audio/ogg": (MediaKind.SOUND, "ogg"),
    "audio/wav": (MediaKind.SOUND, "wav"),
    "audio/webm": (MediaKind.SOUND, "weba"),
    "video/mp4": (MediaKind.FILM, "mp4"),
    "video/webm": (MediaKind.FILM, "webm"),
    "application/pdf": (MediaKind.LETTER, "pdf"),
}
HEARD = (MediaKind.SOUND, MediaKind.FILM)  # what is said in these is written down too


class Reason(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    OFFICE = "office"
    HEIC = "heic"
    TOO_LARGE = "too_large"
    TOO_MUCH = "too_much"
    DAMAGED = "damaged"
    NOT_PLAIN = "not_plain"
    LOCKED = "locked"


REASONS: Mapping[Reason, str] = {
    Reason.EMPTY: "There is nothing in this file. Choose another one.",
    Reason.UNKNOWN: (
        "We take photographs and drawings (JPEG, PNG, WebP, GIF), sounds (MP3, M4A, WAV, Ogg, WebM), films (MP4, WebM) "
        "and PDF. This file is something else, whatever its name says."
    ),
    Reason.OFFICE: "This is a document that can hold programs. Save or print it as a PDF, and send the PDF.",
    Reason.HEIC: "Photographs in Apple's HEIC format can't be shown everywhere. Save it as a JPEG, and send that.",
    Reason.TOO_LARGE: (
        "This file is too large. Pictures and PDFs may be up to 10 MB, sounds up to 15 MB and films up to 50 MB."
    ),
    Reason.TOO_MUCH: "Opening this file takes more than a file of its kind should. Save it again smaller.",
    Reason.DAMAGED: "This file is damaged or was cut off, so we can't be sure what is in it. Choose another copy.",
    Reason.NOT_PLAIN: (
        "This file holds more than its pictures, sound or pages, such as where it was recorded, and we can't take that "
        "out. Save it again in a plain format, like MP4, and send that."
    ),
    Reason.LOCKED: "This PDF is locked with a password. Save it without one, and send that.",
}


class Unsafe(Exception):
    """A file that is not taken, with the reason for whoever sent it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class MediaFile:
    """What stands in a plan of a file, so that a sign-off binds it: its exact type, bytes, SHA-256 and pixels."""

    type: str
    size: int
    sha256: str
    width: int = 0
    height: int = 0

    @property
    def kind(self) -> MediaKind:
        return TYPES[self.type][0]

    @property
    def ending(self) -> str:
        return TYPES[self.type][1]

    @property
    def is_heard(self) -> bool:
        return self.kind in HEARD

    @property
    def value(self) -> Value:
        pixels = {"width": self.width, "height": self.height} if self.width else {}
        return {"type": self.type, "bytes": self.size, "sha256": self.sha256, **pixels}

    @property
    def words(self) -> str:
        """ "JPG picture, 120 kB, sealed as 0123 4567 89ab": what is compared and printed."""
        seal = self.sha256[:12]
        grouped = " ".join(seal[at : at + 4] for at in range(0, len(seal), 4))
        return f"{self.ending.upper()} {self.kind.value}, {max(1, self.size // 1000):,} kB, sealed as {grouped}"


def file_in(value: Value) -> MediaFile | None:
    """What a field of kind `file` says; None for an empty one, or one that is kept from the reader."""
    if not isinstance(value, Mapping) or value.get("type") not in TYPES:
        return None
    width, height = (int(str(value.get(name, 0))) for name in ("width", "height"))
    return MediaFile(str(value["type"]), int(str(value["bytes"])), str(value["sha256"]), width, height)


def file_of(item: Item) -> MediaFile | None:
    """An item's file, for whoever reads its words: a sound is kept from whom what is said in it is kept from."""
    file = file_in(item.value("file"))
    if file is None or not item.text("alt") or (file.is_heard and not item.text("transcript")):
        return None
    return file
