"""When something breaks: a kind page with the right status, and not a word of the child in the log or on the page."""

import logging
from collections.abc import Callable

import pytest
from pymongo.errors import AutoReconnect, OperationFailure, ServerSelectionTimeoutError

from blueprints import worklist
from portal.domain.standing import Standing
from portal.domain.state import VersionKind
from portal.operations import plans, sections, sign_off
from portal.store import drafts, openings, people, sessions
from portal.store.database import Database
from tests.blueprints.page import Page
from tests.world import Browser, World

SECRET = "Amira Rahman secret"
HTMX = {"HX_Request": "true"}
JSON = {"Accept": "application/json"}


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log as production keeps it: everything from INFO up."""
    caplog.set_level(logging.INFO)
    return caplog


def everything(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, with the tracebacks that a handler would write."""
    form = logging.Formatter("%(asctime)s %(name)s %(message)s")
    return "\n".join(form.format(each) for each in caplog.records)


PLACES = [
    ("plans.open_loaded", "", plans, "open_loaded"),
    ("plans.open_plan", "/people", plans, "open_plan"),
    ("sections.edit", "/sections/A/items/people/people", sections, "edit"),
    ("sign_off.sign", "/sections/C/sign-off", sign_off, "sign"),
    ("sign_off.send_back", "/sections/C/sign-off/send-back", sign_off, "send_back"),
    ("plans.answer", "/answer", plans, "answer"),
    ("plans.issue", "/issue/draft", plans, "issue"),
    ("drafts.of_person", "/sections/A", drafts, "of_person"),
    ("openings.record", "", openings, "record"),
]
FIELDS = {
    "/sections/A/items/people/people": {"revision": "1", "words": SECRET},
    "/sections/C/sign-off": {"revision": "0", "text_hash": "0" * 64},
    "/sections/C/sign-off/send-back": {"reason": SECRET},
    "/answer": {"words": SECRET},
    "/issue/draft": {"reason.A": SECRET},
}
WHO = {"/sections/C/sign-off": "dco", "/sections/C/sign-off/send-back": "dco", "/issue/draft": "manager"}


@pytest.mark.parametrize(("path", "room", "name"), [each[1:] for each in PLACES], ids=[each[0] for each in PLACES])
@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["page", "htmx", "json"])
def test_what_nobody_foresaw_is_a_kind_page_and_a_log_without_words(
    shared: World,
    monkeypatch: pytest.MonkeyPatch,
    logged: pytest.LogCaptureFixture,
    path: str,
    room: object,
    name: str,
    headers: dict[str, str],
) -> None:
    browser = shared.client(WHO.get(path, "parent"))
    monkeypatch.setattr(room, name, failing(RuntimeError(SECRET)))
    fields = FIELDS.get(path)
    answer = browser.get(browser.base + path, **headers)
    if fields:
        answer = browser.post(browser.base + path, fields, **headers)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Amira" not in answer.text
    assert "RuntimeError" not in answer.text
    if headers is JSON:
        assert answer.json == {"error": ["500"]}
    else:
        assert "Something went wrong on our side" in Page(answer).words
        assert Page(answer).is_whole is not bool(headers)
    log = everything(logged)
    assert "unforeseen RuntimeError at" in log
    assert "secret" not in log
    assert "Amira" not in log


ERRORS = [AutoReconnect(SECRET), ServerSelectionTimeoutError(SECRET), OperationFailure(SECRET)]


@pytest.mark.parametrize("error", ERRORS, ids=[type(each).__name__ for each in ERRORS])
def test_a_database_that_fails_in_the_middle_is_503_and_logged_by_kind_alone(
    shared: World, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture, error: Exception
) -> None:
    browser = shared.client("parent")
    monkeypatch.setattr(Database, "transaction", failing(error))
    answer = browser.save("A", "people", "people", words=SECRET)
    assert answer.status_code == 503
    assert "Golden Thread is not available just now" in Page(answer).words
    assert "secret" not in answer.text
    log = everything(logged)
    assert f"database: {type(error).__name__}" in log
    assert "secret" not in log


BEFORE_THE_VIEW = [(sessions, "find"), (sessions, "touch"), (people, "standing_by"), (Standing, "actor")]


@pytest.mark.parametrize(("room", "name"), BEFORE_THE_VIEW, ids=[each[1] for each in BEFORE_THE_VIEW])
def test_a_database_that_is_away_from_the_start_is_a_kind_page_too(
    shared: World,
    monkeypatch: pytest.MonkeyPatch,
    logged: pytest.LogCaptureFixture,
    room: object,
    name: str,
) -> None:
    browser = shared.client("parent")
    monkeypatch.setattr(room, name, failing(AutoReconnect(SECRET)))
    for headers in ({}, HTMX, JSON):
        answer = browser.get(browser.base, **headers)
        assert answer.status_code == 503
        assert "secret" not in answer.text
        assert "secret" not in everything(logged)


def test_a_page_that_can_not_be_drawn_is_a_kind_page(
    shared: World, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    browser = shared.client("parent")
    monkeypatch.setitem(shared.app.jinja_env.filters, "possessive", failing(KeyError(SECRET)))
    answer = browser.get(browser.base)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "secret" not in everything(logged)


def test_a_session_that_can_not_be_kept_is_no_traceback_with_words(
    shared: World, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sessions, "keep", failing(AutoReconnect(SECRET)))
    answer = Browser(shared, "").get("/sign-in/families")
    assert answer.status_code in (500, 503)
    assert "secret" not in answer.text
    assert "secret" not in everything(logged)


def test_a_worklist_that_fails_says_nothing_of_whom_it_lists(
    shared: World, monkeypatch: pytest.MonkeyPatch, logged: pytest.LogCaptureFixture
) -> None:
    browser = shared.client("parent")
    monkeypatch.setattr(worklist, "row_of", failing(ValueError(SECRET)))
    answer = browser.get("/worklist")
    assert answer.status_code == 500
    assert "secret" not in answer.text + everything(logged)


def test_a_whole_day_of_work_leaves_no_word_of_the_child_in_the_log(
    world: World, logged: pytest.LogCaptureFixture
) -> None:
    ids = world.write_a_little()
    world.to_finalising()
    for key in ("parent", "caseworker", "stranger"):
        browser = world.client(key)
        for path in (
            "",
            "/people",
            "/history",
            "/versions/1",
            "/sections/A",
            "/sections/B",
            "/sections/B/compare",
            "/x",
        ):
            browser.get(browser.base + path)
        browser.save("B", "needs", ids["need"], 0, need="Amira understood", effect="Larch Street")
        browser.save("A", "people", "people", words="\x00 Amira Rahman")
        browser.post(f"{browser.base}/answer", {"words": "Amira Rahman, Larch Street"})
        browser.post(f"{browser.base}/answer", {"words": "Amira" * 100_000})
    log = everything(logged).lower()
    assert [word for word in ("amira", "rahman", "larch", "understood", "9990000018", "h8012") if word in log] == []


def test_no_error_page_confirms_that_there_is_a_child(shared: World) -> None:
    browser = shared.client("senco")
    pages = [browser.get(f"{browser.base}/issue"), browser.get(f"{browser.base}/sections/Z"), browser.get("/nothing")]
    pages += [browser.get(f"{browser.base}/history?before=x"), browser.http.post(f"{browser.base}/answer")]
    assert [each.status_code for each in pages] == [403, 404, 404, 422, 403]
    for each in pages:
        assert "Amira" not in each.text
        assert "Rahman" not in each.text


def test_what_a_school_did_is_nowhere_under_the_schools_name_where_the_address_is_hidden(hidden: World) -> None:
    hidden.edit("senco", "A", "most-important", {"words": "Biscuit", "told": "At school"}, "most-important")
    browser = hidden.client("parent")
    paths = ["", "/history", "/people", "/unread", f"/as-at/{hidden.plan().sequence}", "/sections/A"]
    for path in [*paths, "/sections/A/history", "/sections/A/compare", "/sections/A/authors"]:
        for headers in ({}, JSON):
            answer = browser.get(browser.base + path, **headers)
            assert answer.status_code == 200, path
            assert "Elm Road" not in answer.text, (path, headers)


def test_a_hidden_address_is_on_no_page_of_anybody(hidden: World) -> None:
    hidden.write_a_little()
    hidden.issue("manager", VersionKind.DRAFT, A="Not asked yet.")
    pages = [
        "",
        "/people",
        "/history",
        "/versions",
        "/versions/1",
        "/sections/A",
        "/sections/A/sign-off",
        "/answer",
        "/issue",
    ]
    for key in ("parent", "manager", "senco", "social_worker"):
        browser = hidden.client(key)
        for path in pages:
            for headers in ({}, JSON):
                text = browser.get(browser.base + path, **headers).text
                assert "Quince" not in text, (key, path)
                assert "Marigold" not in text, (key, path)
        assert "Quince" not in browser.get("/worklist").text
