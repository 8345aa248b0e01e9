"""Small files of every kind that is taken, made here byte by byte: what a phone or a scanner sends on a good day."""

import io
import math
import struct
import wave
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image

from portal.media.ogg import FIRST, Page

PLACE = b"+51.5007-000.1246/"  # where it was made, as phones write it
RED = (200, 40, 40)


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), **options: Any) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, RED).save(written, kind, **options)
    return written.getvalue()


def photograph() -> bytes:
    """A JPEG as a phone takes it: turned by a note, with its place, its camera and a comment."""
    notes = Image.Exif()
    notes[0x0112] = 6  # to be turned by a quarter
    notes[0x010F], notes[0x9286] = "PhoneMaker", "taken at home"
    notes.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 2.5), 3: "W", 4: (0.0, 7.0, 28.6), 29: "2026:03:03"})
    return picture(exif=notes, comment=b"Larch Street")


def sound() -> bytes:
    """A second of a quiet tone in WAV."""
    written = io.BytesIO()
    with wave.open(written, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"".join(struct.pack("<h", int(3000 * math.sin(at / 4))) for at in range(8000)))
    return written.getvalue()


def mp3(frames: int = 8) -> bytes:
    """Frames of silence: MPEG 1, layer III, 128 kilobits, 44,100 a second."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return frame * frames


def ogg(comment: bytes = PLACE) -> bytes:
    """Three packets of Opus behind their headers, with a comment that says where it was recorded."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    words = b"LOCATION=" + comment
    tags = b"OpusTags" + struct.pack("<I", 3) + b"abc" + struct.pack("<II", 1, len(words)) + words
    packets = b"\xf8\xff\xfe" * 3
    pages = (
        Page(FIRST, 0, 7, 0, bytes([len(head)]), head),
        Page(0, 0, 7, 1, bytes([255] * (len(tags) // 255) + [len(tags) % 255]), tags),
        Page(4, 2880, 7, 2, bytes([3, 3, 3]), packets),
    )
    return b"".join(each.written() for each in pages)


# MP4


def box(name: bytes, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return struct.pack(">I", 8 + len(body)) + name + body


def full(name: bytes, *bodies: bytes) -> bytes:
    return box(name, bytes(4), *bodies)


def track(
    kind: bytes, codec: bytes, place: int, size: int, table: bytes = b"", reference: bytes = b"\x00\x00\x00\x01"
) -> bytes:
    """One track of one sample at a place in the file."""
    described = full(b"stsd", struct.pack(">I", 1), box(codec, bytes(78 if kind == b"vide" else 28)))
    tables = (
        described,
        full(b"stts", struct.pack(">III", 1, 1, 1)),
        full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)),
        full(b"stsz", struct.pack(">III", 0, 1, size)),
        full(b"stco", struct.pack(">II", 1, place)),
    )
    source = box(b"dinf", full(b"dref", struct.pack(">I", 1), box(b"url ", reference)))
    head = full(b"vmhd" if kind == b"vide" else b"smhd", bytes(8))
    named = full(b"hdlr", bytes(4), kind, bytes(12), b"a name\x00")
    media = box(
        b"mdia", full(b"mdhd", DATED, bytes(8)), named, box(b"minf", head, source, box(b"stbl", *tables, table))
    )
    return box(b"trak", full(b"tkhd", DATED, bytes(72)), media)


DATED = struct.pack(">II", 3_800_000_000, 3_800_000_000) + bytes(4)


def film(
    *more: bytes, brand: bytes = b"isom", kind: bytes = b"vide", codec: bytes = b"avc1", top: bytes = b""
) -> bytes:
    """An MP4 of one sample; `more` are further boxes in moov, `top` what else stands beside it."""
    begin = box(b"ftyp", brand, bytes(4), b"isom")
    media = box(b"mdat", b"hidden before", SAMPLE, b"hidden after")
    place = len(begin) + 8 + len(b"hidden before")
    movie = box(b"moov", full(b"mvhd", DATED, bytes(88)), track(kind, codec, place, len(SAMPLE)), *more)
    return begin + media + movie + top


SAMPLE = b"the picture itself"


# WebM


def element(name: int, *bodies: bytes) -> bytes:
    body = b"".join(bodies)
    return name.to_bytes((name.bit_length() + 7) // 8) + (1 << 56 | len(body)).to_bytes(8) + body


def webm(*more: bytes, codec: bytes = b"V_VP8", kind: int = 1, endless: bool = False) -> bytes:
    """A WebM of one block; `more` are further elements of the segment."""
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f\x42\x40"), element(0x4461, bytes(8)), element(0x7BA9, PLACE))
    one = element(0xAE, element(0xD7, b"\x01"), element(0x83, bytes([kind])), element(0x86, codec))
    tracks = element(0x1654AE6B, one)
    cluster = element(0x1F43B675, element(0xE7, b"\x00"), element(0xA3, b"\x81\x00\x00\x80" + SAMPLE))
    body = b"".join((info, tracks, *more, cluster))
    if endless:
        return head + b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + body
    return head + element(0x18538067, body)


# PDF


def letter(*, pages: int = 1, **root: Any) -> bytes:
    """A PDF with a line on each page, made by somebody on some day; `root` is what else stands in its catalogue."""
    pdf = pikepdf.new()
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(300, 300))
        page.Contents = pdf.make_stream(b"BT /F1 12 Tf 20 200 Td (A letter) Tj ET")
    for name, value in root.items():
        pdf.Root[f"/{name}"] = value
    pdf.docinfo["/Author"] = "Somebody of Larch Street"
    return saved(pdf)


def saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    written = io.BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


GOOD: dict[str, Callable[[], bytes]] = {
    "photograph.jpg": photograph,
    "drawing.png": lambda: picture("PNG"),
    "drawing.gif": lambda: picture("GIF"),
    "photograph.webp": lambda: picture("WEBP"),
    "voice.wav": sound,
    "voice.mp3": mp3,
    "voice.ogg": ogg,
    "voice.m4a": lambda: film(brand=b"M4A ", kind=b"soun", codec=b"mp4a"),
    "film.mp4": film,
    "film.webm": webm,
    "letter.pdf": letter,
}
