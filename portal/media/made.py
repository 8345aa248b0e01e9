"""What a cleaner answers, and what may be kept of a file in the end."""

from dataclasses import dataclass

from portal.domain.media import MediaFile


@dataclass(frozen=True)
class Made:
    """The bytes that are left, their exact type, and the pixels of a picture."""

    content: bytes
    type: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Clean:
    """What may be kept of a file, with what stands of it in the plan."""

    content: bytes
    file: MediaFile
