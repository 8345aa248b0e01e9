"""One file cleaned: opened as what its first bytes say, and written anew without names, places and dates."""

import hashlib
from collections.abc import Callable, Mapping

from portal.domain.media import LARGEST, TYPES, MediaFile, Reason, Unsafe
from portal.media import image, letter, mp3, mp4, ogg, wav, webm
from portal.media.container import HEAD, KINDS, container_of
from portal.media.made import Clean, Made

CLEANERS: Mapping[str, Callable[[bytes], Made]] = {
    "image": image.clean,
    "wav": wav.clean,
    "ogg": ogg.clean,
    "mp3": mp3.clean,
    "m4a": mp4.clean,
    "mp4": mp4.clean,
    "webm": webm.clean,
    "pdf": letter.clean,
}


def clean(content: bytes) -> Clean:
    """What may be kept of a file; raises Unsafe with the reason when nothing may."""
    name = container_of(content[:HEAD])
    if len(content) > LARGEST[KINDS[name]]:
        raise Unsafe(Reason.TOO_LARGE)
    made = CLEANERS[name](content)
    kind, _ = TYPES[made.type]
    if len(made.content) > LARGEST[kind]:
        raise Unsafe(Reason.TOO_LARGE)
    digest = hashlib.sha256(made.content).hexdigest()
    return Clean(made.content, MediaFile(made.type, len(made.content), digest, made.width, made.height))
