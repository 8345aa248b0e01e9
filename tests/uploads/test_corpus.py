"""Sixty hostile files and more: each is refused with a reason, or what is kept of it does nothing and tells nothing."""

import functools
import io
import subprocess
import sys
import tempfile
import zlib

import pikepdf
import pytest
from PIL import Image

from portal.domain.media import REASONS, TYPES, MediaKind, Unsafe
from portal.media import bounds
from portal.media.apart import COMMAND, ROOT, answered, clean_apart
from portal.media.made import Clean
from portal.media.ogg import Page
from tests.uploads.corpus import CANARY, CORPUS, REFUSED, Hostile
from tests.uploads.plain import GOOD, PLACE, box, element, film, mp3, ogg, picture, sound, webm

# What a PDF does beside being read.
ACTS = (
    "/JavaScript",
    "/JS",
    "/Launch",
    "/URI",
    "/EmbeddedFile",
    "/XFA",
    "/AcroForm",
    "/RichMedia",
    "/OpenAction",
    "/AA",
)


# Linux counts what a process was before it became its program: a small one begins it, not all that tests hold by then.
WATCHING = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss, file=sys.stderr)
"""


def test_there_are_as_many_as_the_threat_model_names() -> None:
    assert len({each.name for each in CORPUS}) == len(CORPUS) >= 60


@pytest.mark.parametrize("hostile", CORPUS, ids=[each.name for each in CORPUS])
def test_a_hostile_file_is_refused_with_a_reason_or_made_inert(hostile: Hostile) -> None:
    content = hostile.make()
    status, answer, memory = opened(content)
    assert memory <= bounds.MEMORY
    if hostile.fate == REFUSED:
        with pytest.raises(Unsafe) as refusal:
            answered(status, answer)
        assert REASONS[refusal.value.reason].endswith(".")
        return
    made = answered(status, answer)
    must_be_inert(made)
    assert CANARY not in made.content
    assert made.content != content


def opened(content: bytes) -> tuple[int, bytes, int]:
    """How the process that opens a file ended, what it answered, and the most memory that it held, in bytes."""
    with tempfile.TemporaryFile() as sent:
        sent.write(content)
        sent.seek(0)
        watched = [sys.executable, "-c", WATCHING, *COMMAND]
        done = subprocess.run(watched, stdin=sent, capture_output=True, cwd=ROOT, env={}, check=True)
    status, kilobytes = done.stderr.split()
    return int(status), done.stdout, int(kilobytes) * 1024


def must_be_inert(made: Clean) -> None:
    """What is kept is of the kind it says, from its first byte to its last, and says nothing of where and by whom."""
    assert made.file.type in TYPES
    if made.file.kind is MediaKind.PICTURE:
        with Image.open(io.BytesIO(made.content)) as picture:
            assert (picture.size, dict(picture.getexif())) == ((made.file.width, made.file.height), {})
            assert not {"exif", "xmp", "comment", "icc_profile"} & set(picture.info)
    if made.file.kind is MediaKind.LETTER:
        with pikepdf.open(io.BytesIO(made.content)) as pdf:
            told = b"".join(map(told_by, pdf.objects))
            assert [each for each in (*ACTS, CANARY.decode()) if each.encode() in told] == []
            assert "/Info" not in pdf.trailer


def told_by(each: pikepdf.Object) -> bytes:
    """An object as it is written, and the beginning of what it holds unpacked."""
    if not isinstance(each, pikepdf.Stream):
        return each.unparse(resolved=True)
    packed = each.read_raw_bytes()
    if each.get("/Filter") == pikepdf.Name.FlateDecode:
        packed = zlib.decompressobj().decompress(packed, 1_000_000)
    return each.unparse() + repr(dict(each.items())).encode() + packed


@functools.cache
def cleaned(name: str) -> Clean:
    """A good file as it is kept: each is opened once for all that is asked of it here."""
    return clean_apart(GOOD[name]())


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_every_kind_that_is_taken_is_kept_without_its_place(name: str) -> None:
    made = cleaned(name)
    must_be_inert(made)
    for told in (PLACE, b"Larch Street", b"PhoneMaker", b"hidden"):
        assert told not in made.content


def test_what_was_cleaned_is_clean_when_it_is_sent_again() -> None:
    for name in GOOD:
        made = cleaned(name)
        assert clean_apart(made.content).file.type == made.file.type, name


def test_a_photograph_is_turned_upright_and_made_small_enough_to_show() -> None:
    made = cleaned("photograph.jpg")
    assert (made.file.width, made.file.height) == (480, 640)


def long_stream() -> bytes:
    """Fifteen megabytes of one stream in Ogg, page after page."""
    page = Page(0, 2880, 7, 2, bytes([255] * 254 + [0]), bytes(254 * 255))
    return ogg() + page.written() * 230


def see_through() -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", (5_000, 5_000), (200, 40, 40, 90)).save(written, "PNG")
    return written.getvalue()


LARGE = {
    "film.mp4": lambda: film(top=box(b"free", bytes(50_000_000))),
    "film.webm": lambda: webm(element(0x1F43B675, *[element(0xA3, bytes(50_000))] * 990)),
    "voice.ogg": long_stream,
    "voice.mp3": lambda: mp3(35_000),
    "voice.wav": lambda: sound() + bytes(15_000_000),
    "photograph.jpg": lambda: picture(size=(8_000, 8_000)),
    "drawing.png": lambda: picture("PNG", (5_000, 5_000)),
    "drawing.webp": lambda: picture("WEBP", (4_000, 3_000)),
    "see-through.png": see_through,
}


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_of_a_kind_that_is_taken_fits_its_process(name: str) -> None:
    status, answer, memory = opened(LARGE[name]())
    assert memory <= bounds.MEMORY
    assert answered(status, answer).content


GREEDY = """
from portal.media import bounds
bounds.SECONDS = 1  # it is ended by the same bound after ten
bounds.bound_this_process()
{}
"""
# What a file that took its process over would do first.
GREED = {
    "memory": "bytearray(bounds.MEMORY)",
    "time": "while True: pass",
    "a file": "__import__('tempfile').TemporaryFile(buffering=0).write(b'x')",
    "many files": "[open('/dev/null') for _ in range(99)]",
}


@pytest.mark.parametrize("greed", GREED)
def test_the_process_of_a_file_is_ended_when_it_asks_for_more(greed: str) -> None:
    program = GREEDY.format(GREED[greed])
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False, timeout=120)
    assert done.returncode != 0


def test_the_process_of_a_file_is_given_no_setting_of_ours() -> None:
    program = "import os, sys; sys.exit(len([each for each in os.environ if each.startswith(('PORTAL', 'MONGODB'))]))"
    assert subprocess.run([sys.executable, "-c", program], env={}, check=False).returncode == 0
