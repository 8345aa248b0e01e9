"""The front door, the pages that explain, and whether the portal is up."""

from urllib.parse import urlsplit

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from portal.store.database import Database
from tests.blueprints.page import Page
from tests.world import Browser, World

PAGES = ["/help", "/privacy", "/accessibility"]
HTMX = {"HX_Request": "true"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("key", ["", "parent"])
def test_the_pages_that_explain_are_open_to_everybody(shared: World, path: str, key: str) -> None:
    answer = Browser(shared, key).get(path)
    assert answer.status_code == 200
    assert Page(answer).is_whole
    assert len(Page(answer).said_in("h1")) == 1
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize("path", [*PAGES, "/sign-in"])
def test_no_page_that_is_open_to_everybody_names_a_child(shared: World, path: str) -> None:
    for key in ("", "parent", "manager"):
        assert "Amira" not in Browser(shared, key).get(path).text


@pytest.mark.parametrize("path", [*PAGES, "/sign-in"])
def test_every_link_of_those_pages_opens(shared: World, path: str) -> None:
    nobody = Browser(shared, "")
    links = {urlsplit(each) for each in Page(nobody.get(path)).links()}
    assert not [each for each in links if each.netloc]
    own = sorted({each.path for each in links if each.path})
    assert [each for each in own if nobody.get(each).status_code not in (200, 303, 302)] == []


def test_the_front_door_leads_to_signing_in_or_to_what_waits(shared: World) -> None:
    assert Browser(shared, "").get("/").headers["Location"] == "/sign-in"
    assert shared.client("parent").get("/").headers["Location"] == "/worklist"
    assert shared.client("parent").get("/", **HTMX).headers["HX-Redirect"] == "/worklist"


def test_up_means_that_the_database_answers(shared: World) -> None:
    answer = Browser(shared, "").get("/health")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "up\n", "text/plain")
    assert "Set-Cookie" not in answer.headers


def test_not_up_is_503_and_says_nothing_of_why(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object, **__: object) -> None:
        raise ServerSelectionTimeoutError("127.0.0.1:27017: connection refused")

    monkeypatch.setattr(Database, "command", gone)
    answer = Browser(shared, "").get("/health")
    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.text
    assert "refused" not in answer.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/plans", "/plans/", "/static/nothing.css", "/static/../portal/app.py", "/%00"]
)
def test_an_address_that_is_nothing_is_a_kind_page(shared: World, path: str) -> None:
    for headers in ({}, HTMX, {"Accept": "application/json"}):
        answer = shared.client("parent").get(path, **headers)
        assert answer.status_code == 404
        assert "HX-Request" in answer.headers["Vary"]
    assert "Either there is nothing at this address" in shared.client("parent").get(path).text
