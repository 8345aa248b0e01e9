"""The one-page profile on paper: one sheet whatever is written, its pictures with their words, nothing fetched."""

import io
from datetime import UTC, datetime

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.profile import make_profile
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.media import GROUP, LETTER, MediaFile
from portal.domain.profile import BOXES, Box, Profile, room, shortened
from portal.media.clean import clean
from tests.documents.paper import poppler, tagged, text_of
from tests.factories import item, modest
from tests.uploads.plain import GOOD

AT = datetime(2027, 3, 3, 14, 0, tzinfo=UTC)
PICTURES = EHC_PLAN.section(LETTER).group(GROUP)


def profile(words: str, with_pictures: bool = False) -> tuple[Profile, dict[str, tuple[MediaFile, bytes]]]:
    made = clean(GOOD["photograph.jpg"]())
    shown = item(PICTURES, "0123456789", alt="A girl laughs.", file=made.file.value) if with_pictures else None
    boxes = tuple(Box(name, icon, title, (words,), shown) for name, icon, title, _, _ in BOXES)
    given = {"0123456789": (made.file, made.content)} if with_pictures else {}
    return Profile("Amira", shown, boxes), given


@pytest.mark.parametrize(
    "words", ["She loves cats. " * 400, "- a point\n" * 300, "W" * 6000, "\n\n".join("ab" * 20)], ids=len
)
@pytest.mark.parametrize("with_pictures", [False, True], ids=["words", "pictures"])
def test_whatever_is_written_it_is_one_sheet_with_every_title(words: str, with_pictures: bool) -> None:
    pdf = make_profile(*profile(words, with_pictures), "Northmere Council", AT)
    assert "Pages:           1\n" in poppler("pdfinfo", "-", pdf=pdf)
    assert tagged(pdf, "H1") == ["Amira"]
    titles = ["".join(title.split()) for _, _, title, _, _ in BOXES]
    assert ["".join(each.split()) for each in tagged(pdf, "H2")] == titles


def test_it_is_tagged_and_every_picture_and_icon_has_its_words() -> None:
    pdf = make_profile(*profile("Cats.", True), "Northmere Council", AT)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.open_metadata()["pdfuaid:part"] == "1"
        figures = [
            each for each in opened.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure"
        ]
        told = [str(each.get("/Alt", "")) for each in figures]
    assert len(told) == 1 + 2 * len(BOXES)
    assert "" not in told
    assert "A girl laughs." in told


def test_words_that_would_fetch_something_are_printed_and_fetch_nothing() -> None:
    hostile = "<img src='file:///etc/hostname'> <link rel=attachment href='picture:0123456789'>"
    pdf = make_profile(*profile(hostile), "Northmere Council", AT)
    assert "".join(hostile.split()) in "".join(text_of(pdf).split())
    assert "object" not in poppler("pdfimages", "-list", "-", pdf=pdf).splitlines()[2:]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not opened.attachments


@modest
@given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1), max_size=5), st.integers(20, 400))
def test_a_box_never_says_more_than_fits_nor_words_that_nobody_wrote(texts: list[str], limit: int) -> None:
    whole = Profile("Amira", None, (Box("people", "people", "People", tuple(texts)),))
    (short,) = shortened(whole, limit).boxes
    assert sum(map(room, short.texts)) <= limit + 2
    for said, text in zip(short.texts, texts, strict=False):
        assert text.startswith(said.removesuffix(" …").rstrip()) or said.removesuffix(" …") in text
