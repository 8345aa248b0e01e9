"""Three hundred payloads are words and nothing else: on every page that shows them, in comparisons and on paper."""

import io
from collections.abc import Iterator

import pikepdf
import pytest
from werkzeug.test import TestResponse

from portal.domain.state import VersionKind
from tests.blueprints.page import Page
from tests.blueprints.test_hostile_words import alive
from tests.documents.paper import pdf_of, signed, small_plan, text_of, written
from tests.hostile.corpus import PAYLOADS
from tests.world import World

LONGEST = 5_800
RUNS = ("/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/EmbeddedFile", "/RichMedia")


def chunks() -> Iterator[str]:
    """The payloads, a line each, in texts that a field takes."""
    text = ""
    for each in PAYLOADS:
        if len(text) + len(each) > LONGEST:
            yield text
            text = ""
        text += f"{each}\n"
    yield text


@pytest.fixture(scope="module")
def hostile(one: World) -> World:
    """A plan that holds them all, written twice, so that there is something to compare, and issued."""
    for text in chunks():
        item = one.add("caseworker", "B", "needs", area="communication", need="A need", effect="Something else.")
        one.edit("caseworker", "B", "needs", {"effect": text}, item)
        one.add("parent", "A", "parent-views", views=text)
    one.issue("manager", VersionKind.DRAFT, A="Not asked yet.")
    return one


def lives(answer: TestResponse) -> list[str]:
    """What a browser would run, load or draw, but for files of our own."""
    assert answer.status_code == 200
    return [each for each in alive(Page(answer)) if not each.startswith('<script src="/static/')]


def test_there_are_three_hundred_of_them_and_no_two_alike() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 300


def test_three_hundred_payloads_are_dead_wherever_they_are_shown(hostile: World) -> None:
    browser = hostile.client("manager")
    revision, sequence = hostile.plan().sections["B"].revision, hostile.plan().sequence
    item = hostile.plan().sections["B"].content.items[-1].id
    shown = ["/sections/A", "/sections/B", "/versions/1", f"/sections/B/compare?from=1&to={revision}"]
    shown += [f"/as-at/{sequence}", "/sections/B/authors", "/sections/B/history", "/history", ""]
    for path in shown:
        for headers in ({}, {"HX_Request": "true"}):
            assert lives(browser.get(browser.base + path, **headers)) == [], path
    for path in ("/sections/B", "/versions/1", shown[3], "/sections/B/authors"):
        said = Page(browser.get(browser.base + path)).words.replace(" ", "")
        lost = [each for each in PAYLOADS if "".join(each.removeprefix("- ").split()) not in said]
        assert lost == [], path
    caseworker = hostile.client("caseworker")
    assert lives(caseworker.get(f"{caseworker.base}/sections/B/items/needs/{item}")) == []


def test_three_hundred_payloads_are_printed_and_not_obeyed() -> None:
    plan = small_plan()
    for number, text in enumerate(chunks()):
        plan = written(plan, "B", "needs", f"need{number + 2}", area="communication", need="A need", effect=text)
    pdf = pdf_of(signed(plan))
    printed = "".join(text_of(pdf).split())
    for number in range(len(PAYLOADS)):
        assert f"({number})" in printed or f"/{number}" in printed or f"d{number}" in printed, PAYLOADS[number]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not opened.attachments
        kinds = {str(each.get("/S", "")) for each in opened.objects if isinstance(each, pikepdf.Dictionary)}
        assert not kinds & set(RUNS)
        keys = {key for each in opened.objects if isinstance(each, pikepdf.Dictionary) for key, _ in each.items()}
        assert not keys & set(RUNS)
        links = {str(each.get("/URI", "")) for each in opened.objects if isinstance(each, pikepdf.Dictionary)}
        assert not any("evil" in each or "script" in each for each in links)
