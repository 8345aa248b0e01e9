"""Letters and reports in PDF: pages alone, without scripts, forms, files, addresses and notes of their making."""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from portal.domain.media import Reason, Unsafe
from portal.media.made import Made

MOST_PAGES = 60
MOST_OBJECTS = 50_000
# What acts, leads outside, holds other files, or says who made it and with what, wherever in the file it stands.
ACTING = (
    "/AA", "/OpenAction", "/A", "/PA", "/JS", "/JavaScript", "/Launch", "/URI", "/EmbeddedFiles", "/EmbeddedFile",
    "/EF", "/AF", "/AcroForm", "/XFA", "/RichMedia", "/RichMediaContent", "/Collection", "/Names", "/Metadata",
    "/PieceInfo", "/LastModified", "/Thumb", "/SpiderInfo", "/Perms", "/DSS", "/Requirements", "/Threads", "/URIS",
    "/AdditionalActions", "/Rendition", "/Movie", "/Sound", "/3DD", "/Trans", "/PresSteps", "/UserProperties", "/OPI",
    "/Ref", "/FS",
)  # fmt: skip
# What is drawn over a page and does nothing else.
DRAWN = {
    "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Highlight", "/Underline", "/StrikeOut", "/Ink", "/Stamp",
}  # fmt: skip
PHOTOGRAPHS = {"/DCTDecode", "/DCT", "/JPXDecode"}
MARK = b"\xff\xd8"
NOTES = {0xFE, *range(0xE1, 0xEE), 0xEF}  # what a photograph says beside its pixels: APP0 and APP14 are about colours


def clean(content: bytes) -> Made:
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            return Made(_cleaned(pdf), "application/pdf")
    except pikepdf.PasswordError as error:
        raise Unsafe(Reason.LOCKED) from error
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError, OSError, KeyError) as error:
        raise Unsafe(Reason.DAMAGED) from error


def _cleaned(pdf: Pdf) -> bytes:
    if pdf.is_encrypted:
        raise Unsafe(Reason.LOCKED)
    if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) > MOST_PAGES:
        raise Unsafe(Reason.TOO_MUCH)
    if not pdf.pages:
        raise Unsafe(Reason.DAMAGED)
    for each in _all(pdf):
        _strip(each)
    for name in {str(each) for each in pdf.trailer} - {"/Root", "/Size"}:
        del pdf.trailer[name]
    written = io.BytesIO()
    pdf.save(written, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _all(pdf: Pdf) -> Iterator[Dictionary | Stream]:
    """Every dictionary and stream of the file, those within others too."""
    waiting = list(pdf.objects)
    while waiting:
        each = waiting.pop()
        if isinstance(each, Array):
            waiting += [inner for inner in each if _is_held(inner)]
        elif isinstance(each, Dictionary | Stream):
            waiting += [inner for _, inner in each.items() if _is_held(inner)]
            yield each


def _is_held(value: object) -> bool:
    """Whether it stands within another object; what is referred to is met by itself."""
    return isinstance(value, Array | Dictionary) and isinstance(value, Object) and not value.is_indirect


def _strip(each: Dictionary | Stream) -> None:
    if isinstance(each, Stream):
        if "/F" in each:  # what it shows lies in another file
            raise Unsafe(Reason.NOT_PLAIN)
        _forget_notes(each)
    for name in ACTING:
        if name in each:
            del each[name]
    if isinstance(each.get("/Annots"), Array):
        each["/Annots"] = Array([one for one in each["/Annots"] if str(one.get("/Subtype", "")) in DRAWN])


def _forget_notes(stream: Stream) -> None:
    """Take out of a photograph what it says of its camera and its place; its pixels stay byte for byte.

    One that is packed again, or is no JPEG, could say it where nobody looks here: such a file is not taken.
    """
    packed = stream.get("/Filter")
    filters = [str(each) for each in packed] if isinstance(packed, Array) else [str(packed)]
    if PHOTOGRAPHS.isdisjoint(filters):
        return
    if filters != ["/DCTDecode"]:
        raise Unsafe(Reason.NOT_PLAIN)
    settings = stream.get("/DecodeParms")
    bare = without_notes(stream.read_raw_bytes())
    stream.write(bare, filter=Name.DCTDecode, decode_parms=settings if isinstance(settings, Dictionary) else None)


def without_notes(jpeg: bytes) -> bytes:
    """A JPEG without its segments of notes; raises Unsafe for one that is cut off before its picture begins."""
    if not jpeg.startswith(MARK):
        raise Unsafe(Reason.DAMAGED)
    kept, at = [MARK], 2
    while jpeg[at : at + 1] == b"\xff" and at + 4 <= len(jpeg):
        mark, size = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        if mark == 0xDA:  # from here on it is the picture
            return b"".join(kept) + jpeg[at:]
        if mark not in NOTES:
            kept.append(jpeg[at : at + 2 + size])
        at += 2 + size
    raise Unsafe(Reason.DAMAGED)
