"""What people type, however hostile, is printed as words: nothing is obeyed, fetched, embedded or lost."""

import io
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pikepdf
import pytest

from portal.documents.typeset import Refusing, as_pdf, typeset
from portal.domain.plan import Plan
from tests.documents.paper import CHILD, pdf_of, poppler, signed, small_plan, tagged, text_of, written

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd>",
    "</style><style>@import 'http://127.0.0.1/x'</style>",
    "</td></table><h2>Forged</h2>",
    "<link rel=attachment href=file:///etc/hostname>",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt; &amp; \"quoted\" 'single'",
)


def hostile_plan(words: str) -> Plan:
    plan = written(small_plan(), "A", "history", "history", words=words)
    plan = written(plan, "B", "needs", "need2", area="communication", need=words.partition("\n")[0][:180])
    plan = replace(plan, child=replace(CHILD, name=words.partition("\n")[0][:180]))
    return signed(plan)


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_people_type_comes_out_as_the_words_they_typed(words: str) -> None:
    pdf = pdf_of(hostile_plan(words))
    bare = "".join(words.split())
    assert "".join(text_of(pdf).split()).count(bare) >= 3
    assert len(tagged(pdf, "H2")) == 1 + len(small_plan().standard.sections)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not opened.attachments


def test_characters_that_reorder_or_hide_text_are_shown_and_not_obeyed() -> None:
    text = text_of(pdf_of(hostile_plan("Pay \u202e0001\u202c pounds\x07")))
    assert "Pay \ufffd0001\ufffd pounds\ufffd" in text


def test_a_very_long_word_stays_on_the_paper() -> None:
    pdf = pdf_of(hostile_plan("W" * 900))
    words = re.findall(r'xMax="([\d.]+)"', poppler("pdftotext", "-bbox", "-", "-", pdf=pdf))
    assert max(float(each) for each in words) < 595 - 60


def test_bengali_and_arabic_are_set_in_fonts_that_have_their_letters() -> None:
    pdf = pdf_of(hostile_plan("বলত কথা\n\nبسكويت"))
    fonts = poppler("pdffonts", "-", pdf=pdf)
    assert "Noto-Sans-Bengali" in fonts
    assert "Noto-Sans-Arabic" in fonts
    text = text_of(pdf)
    assert "বলত" in text
    assert "بسكويت" in text


@pytest.mark.parametrize(
    "address",
    ["http://example.com/a.png", "https://example.com/", "file:///etc/passwd", "data:text/plain,hello", "a.png"],
)
def test_nothing_is_fetched_from_anywhere(address: str) -> None:
    with pytest.raises(ValueError, match="nothing is fetched"):
        Refusing().fetch(address)


class Canary(HTTPServer):
    """A listener on loopback that notes what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)


VECTORS = (
    "<img alt=x src='{}'>",
    "<link rel=stylesheet href='{}'>",
    "<link rel=attachment href='{}'>",
    "<a rel=attachment href='{}'>x</a>",
    "<style>@import '{}';</style>",
    "<style>@font-face {{ font-family: x; src: url('{}') }} p {{ font-family: x }}</style>",
    "<p style='background: url({})'>x</p>",
    "<ul><li style='list-style-image: url({})'>x</li></ul>",
    "<p style='content: url({})'>x</p>",
    "<object data='{}'>x</object>",
    "<embed src='{}'>",
    "<svg xmlns='http://www.w3.org/2000/svg'><title>x</title><image href='{}' width='9' height='9'/></svg>",
)


def test_even_markup_that_slipped_through_fetches_and_attaches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary-on-disk")
    canary = Canary()
    threading.Thread(target=canary.serve_forever, daemon=True).start()
    places = (f"http://127.0.0.1:{canary.server_port}/canary", secret.as_uri())
    body = "".join(vector.format(place) for vector in VECTORS for place in places)
    page = f"<html lang=en-GB><title>x</title><body data-foot=x data-code=x>{body}<p>kept</p>"
    pdf = as_pdf(typeset(page, "print.css"))
    canary.shutdown()
    assert canary.asked == []
    assert "kept" in text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not opened.attachments
        assert "/EmbeddedFiles" not in opened.Root.get("/Names", {})
        assert not any(
            b"canary-on-disk" in bytes(each.read_bytes()) for each in opened.objects if isinstance(each, pikepdf.Stream)
        )
