"""A mother adds a photograph and her daughter's voice on a phone, and prints a page for the new teacher."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.documents.paper import poppler, text_of
from tests.journeys.live import Live
from tests.journeys.test_accessible import PHONE, faults, listen
from tests.uploads.plain import GOOD

pytestmark = pytest.mark.usefixtures("worker")
WAIT = 90_000  # the worker and a machine that does much else
# What a browser can play of what was made here byte by byte.
LOADED = "each => each.complete && each.naturalWidth > 0"
HEARD = """each => new Promise(done => {
  each.addEventListener('loadedmetadata', () => done(each.duration)); each.addEventListener('error', () => done(0));
  each.preload = 'metadata'; each.load() })"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("photograph.jpg", "voice.wav"):
        (tmp_path / name).write_bytes(GOOD[name]())
    (tmp_path / "drawing.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    return tmp_path


def send(page: Page, base: str, file: Path, about: str) -> None:
    page.goto(f"{base}/media/new")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_label("Where it belongs").select_option(label=about)
    page.get_by_role("button", name="Send it").click()


def seen(page: Page) -> list[str]:
    """What axe finds once the page and its letters are there: before, a link may look smaller than it is."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => true)")
    return faults(page)


def test_a_photograph_and_a_voice_come_into_the_plan_and_onto_one_page(
    live: Live, desk: Callable[..., Page], files: Path
) -> None:
    page = desk("Nadia Rahman", "families", viewport=PHONE["viewport"])
    loud, base = listen(page), f"{live.url}/plans/{live.plan_of('Amira').id}"
    send(page, base, files / "photograph.jpg", "Me: for the top of my page")
    found = seen(page)
    # The page asks by itself whether the worker is done.
    expect(page.get_by_role("heading", name="Say what it shows")).to_be_visible(timeout=WAIT)
    found += seen(page)
    page.get_by_label("What it shows").fill("Amira laughs at her cat Biscuit.")
    page.get_by_role("button", name=re.compile("^Put it in")).click()
    picture = page.get_by_role("img", name="Amira laughs at her cat Biscuit.")
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    page.wait_for_function(LOADED, arg=picture.element_handle())
    send(page, base, files / "voice.wav", "How I communicate")
    expect(page.get_by_role("heading", name="Say what it shows")).to_be_visible(timeout=WAIT)
    page.get_by_label("What it shows").fill("Amira hums.")
    page.get_by_label("What is said and heard in it").fill("One long, quiet tone.")
    page.get_by_role("button", name=re.compile("^Put it in")).click()
    expect(page.locator("audio")).to_have_count(1)
    assert page.locator("audio").evaluate(HEARD) == pytest.approx(1.0)
    found += seen(page)
    page.get_by_role("link", name=re.compile("^One page about")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amira")
    expect(page.get_by_role("img", name="Amira laughs at her cat Biscuit.")).to_be_visible()
    assert found + seen(page) == []
    assert loud == []
    address = page.get_by_role("link", name=re.compile("One page to print")).get_attribute("href") or ""
    pdf = page.request.get(live.url + address, timeout=WAIT).body()
    assert "Pages:           1\n" in poppler("pdfinfo", "-", pdf=pdf)
    assert "Hello, I am Amira" in text_of(pdf)


def test_a_drawing_that_is_something_else_is_refused_in_plain_words(
    live: Live, desk: Callable[..., Page], files: Path
) -> None:
    page = desk("Nadia Rahman", "families", viewport=PHONE["viewport"])
    listen(page)
    send(page, f"{live.url}/plans/{live.plan_of('Amira').id}", files / "drawing.png", "My wellness")
    expect(page.get_by_role("alert")).to_contain_text("whatever its name says")
    assert seen(page) == []
