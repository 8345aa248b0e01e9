"""Photographs and drawings: decoded, turned upright, made smaller and written anew, so that only pixels are left."""

import io
import warnings

from PIL import Image, ImageOps

from portal.domain.media import Reason, Unsafe
from portal.media.made import Made

SIDE = 1600  # pixels of the longer side that is kept
# Pixels that are decoded at most: a JPEG at a fraction of its size, a WebP three times over.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "GIF": 25_000_000, "WEBP": 12_000_000}
GOOD = 85


def load_formats() -> None:
    """Load what decodes pictures now: the library would do it when it meets the first one."""
    Image.init()


def clean(content: bytes) -> Made:
    """The first picture in the file as JPEG, or as PNG where it was drawn or has see-through parts."""
    Image.MAX_IMAGE_PIXELS = None  # the size is judged here, from the header, before anything is decoded
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _clean(content)
        except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError) as error:
            raise Unsafe(Reason.DAMAGED) from error


def _clean(content: bytes) -> Made:
    with Image.open(io.BytesIO(content), formats=list(MOST_PIXELS)) as opened:
        kind, (width, height) = str(opened.format), opened.size
        if width * height > MOST_PIXELS[kind]:
            raise Unsafe(Reason.TOO_MUCH)
        if kind == "JPEG":
            opened.draft("RGB", (SIDE, SIDE))
        pixels = ImageOps.exif_transpose(opened)
        see_through = pixels.has_transparency_data
        shown = pixels.convert("RGBA" if see_through else "RGB")
    shown.thumbnail((SIDE, SIDE))
    # Pasted on a new picture: nothing that the old one carried beside its pixels comes with it.
    bare = Image.new(shown.mode, shown.size)
    bare.paste(shown)
    written = io.BytesIO()
    if see_through or kind in ("PNG", "GIF"):
        bare.save(written, "PNG", optimize=False)
        return Made(written.getvalue(), "image/png", *bare.size)
    bare.save(written, "JPEG", quality=GOOD)
    return Made(written.getvalue(), "image/jpeg", *bare.size)
