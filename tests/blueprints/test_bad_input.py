"""What comes in broken or hostile is refused with a status that says so, saves nothing, and keeps every word typed."""

import io
from collections.abc import Iterator
from typing import Any

import pytest

from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.standard import Field, FieldKind, Group
from tests.blueprints.page import Page
from tests.blueprints.payloads import NAMES, UNTYPED, VALUES
from tests.world import Browser, World

JSON = {"Accept": "application/json"}
WRITERS = dict.fromkeys("BEFIJK", "caseworker") | dict.fromkeys("CG", "therapist") | {"A": "parent"}
WRITERS |= dict.fromkeys(("D", "H1", "H2"), "social_worker")
# (who, where, a form that would be taken or at least understood)
PEOPLE = ("parent", "sections/A/items/people/people", {"revision": "0", "words": "Words"})
FORMS: tuple[tuple[str, str, dict[str, str]], ...] = (
    PEOPLE,
    ("caseworker", "sections/F/items/provision/new", {"revision": "0", "what": "Words"}),
    ("parent", "sections/A/items/people/people/remove", {"revision": "0"}),
    ("parent", "sections/A/items/people/people/discard", {}),
    ("dco", "sections/C/sign-off", {"revision": "0", "text_hash": "0" * 64}),
    ("dco", "sections/C/sign-off/send-back", {"reason": "Because"}),
    ("dco", "sections/C/sign-off/withdraw", {"reason": "Because"}),
    ("therapist", "sections/C/sign-off/hand-over", {}),
    ("parent", "answer", {"words": "We agree."}),
    ("manager", "issue/draft", {"reason.A": "Because"}),
    ("manager", "issue/final", {"reason.A": "Because"}),
    ("manager", "issue/finalise", {}),
)


@pytest.fixture(scope="module")
def desks(shared: World) -> dict[str, Browser]:
    """One browser for each person, signed on once for all of these tests."""
    return {key: shared.client(key) for key in ("parent", "caseworker", "dco", "therapist", "manager", "social_worker")}


@pytest.fixture(autouse=True)
def nothing_saved(shared: World) -> Iterator[None]:
    """Whatever a test sends, the plan stands as it stood."""
    before = shared.plan().sequence
    yield
    assert shared.plan().sequence == before


def test_a_name_that_no_form_has_is_refused_sixty_ways(desks: dict[str, Browser]) -> None:
    assert len(NAMES) >= 60
    for key, path, fields in (FORMS[0], FORMS[4], FORMS[8], FORMS[9]):
        browser = desks[key]
        took = {
            name: status
            for name in NAMES
            if (status := browser.post(f"{browser.base}/{path}", {**fields, name: "1"}, **JSON).status_code) != 422
        }
        assert took == {}, path


@pytest.mark.parametrize(("key", "path", "fields"), FORMS, ids=[each[1] for each in FORMS])
def test_no_form_takes_a_name_that_is_not_its_own(
    desks: dict[str, Browser], key: str, path: str, fields: dict[str, str]
) -> None:
    browser = desks[key]
    for name in ("$where", "a[$ne]", "sections.B.content", "state", "person", "signed_by"):
        for headers in ({}, {"HX_Request": "true"}) if name == "state" else (JSON,):
            answer = browser.post(f"{browser.base}/{path}", {**fields, name: "1"}, **headers)
            assert answer.status_code == 422, name


def test_a_refused_name_is_never_read_back_to_whoever_sent_it(desks: dict[str, Browser]) -> None:
    key, path, fields = PEOPLE
    answer = desks[key].post(f"{desks[key].base}/{path}", {**fields, "surprising-name": "surprising-value"})
    assert answer.status_code == 422
    assert "surprising" not in answer.text
    assert "This form has a part that does not belong to it." in Page(answer).words


@pytest.mark.parametrize(("key", "path", "fields"), FORMS, ids=[each[1] for each in FORMS])
def test_a_field_sent_twice_is_refused(desks: dict[str, Browser], key: str, path: str, fields: dict[str, str]) -> None:
    browser = desks[key]
    for name in (*fields, "request_id"):
        sent = {**fields, name: [fields.get(name, ""), "1"]}
        assert browser.post(f"{browser.base}/{path}", sent, **JSON).status_code == 422, name


TYPED = [
    (FORMS[0], "revision"),
    (FORMS[0], "request_id"),
    (FORMS[1], "needs"),
    (FORMS[1], "amount.minutes"),
    (FORMS[4], "revision"),
    (FORMS[4], "text_hash"),
    (("caseworker", "sections/B/items/needs/new", {"revision": "0", "need": "Words"}), "area"),
]
EMPTY_IS_FINE = {"request_id", "needs", "amount.minutes"}


@pytest.mark.parametrize(("form", "name"), TYPED, ids=[f"{form[1]}:{name}" for form, name in TYPED])
def test_a_value_of_the_wrong_kind_is_refused(
    desks: dict[str, Browser], form: tuple[str, str, dict[str, str]], name: str
) -> None:
    key, path, fields = form
    browser = desks[key]
    took = {}
    for value in VALUES:
        if not value and name in EMPTY_IS_FINE:
            continue
        status = browser.post(f"{browser.base}/{path}", {**fields, name: value}, **JSON).status_code
        if status != 422:
            took[value[:20]] = status
    assert took == {}


QUERIES = ["history", "sections/B/compare", "versions/compare"]


@pytest.mark.parametrize("path", QUERIES)
def test_a_question_that_a_page_does_not_ask_is_refused(desks: dict[str, Browser], path: str) -> None:
    browser = desks["manager"]
    for name in NAMES if path == "history" else NAMES[::6]:
        answer = browser.http.get(f"{browser.base}/{path}", query_string={name: "1"}, headers=JSON)
        assert answer.status_code == 422, name


@pytest.mark.parametrize(("path", "name"), [(QUERIES[0], "before"), (QUERIES[1], "from"), (QUERIES[2], "to")])
def test_a_question_of_the_wrong_kind_is_refused(desks: dict[str, Browser], path: str, name: str) -> None:
    browser = desks["manager"]
    for value in VALUES:
        answer = browser.http.get(f"{browser.base}/{path}", query_string={name: value}, headers=JSON)
        assert answer.status_code == 422, value[:20]


def test_a_revision_that_never_was_is_not_there_to_compare(desks: dict[str, Browser]) -> None:
    browser = desks["manager"]
    for query in ("from=0&to=999", "from=998&to=999", "from=1000000&to=1"):
        assert browser.get(f"{browser.base}/sections/B/compare?{query}").status_code == 404


@pytest.mark.parametrize("path", ["sections/A/items/people/people", "sections/B/items/needs/new"])
def test_a_character_that_nobody_types_comes_back_with_what_to_do(desks: dict[str, Browser], path: str) -> None:
    key, field = ("parent", "words") if path[9] == "A" else ("caseworker", "need")
    browser = desks[key]
    area = {} if key == "parent" else {"area": "semh"}
    for each in UNTYPED:
        sent = {"revision": "0", field: f"My{each}brother", **area}
        assert browser.post(f"{browser.base}/{path}", sent, **JSON).status_code == 422, repr(each)
    answer = browser.post(f"{browser.base}/{path}", sent)
    page = Page(answer)
    assert "This holds characters that can't be typed. Delete what looks empty or odd, and try again." in page.words
    assert page.form("Save").fields[field] == [sent[field]]


def test_the_same_in_a_reason_and_in_an_answer(desks: dict[str, Browser]) -> None:
    for key, path, fields in (FORMS[5], FORMS[6], FORMS[8], FORMS[9]):
        for each in UNTYPED[::5]:
            sent = dict.fromkeys(fields, f"Be{each}cause")
            browser = desks[key]
            assert browser.post(f"{browser.base}/{path}", sent, **JSON).status_code == 422, (path, each)


PLACES = ["Z/items/people/people", "a/items/people/people", "H/items/provision/new", "A/items/nothing/people"]
PLACES += ["A/items/needs/new", "A/items/people/history", "A/items/people/new", "B/items/needs/0000000000"]
PLACES += ["B/items/needs/needs", "B/items/needs/NEW", "B/items/needs/a$b", "B/items/needs/%00", "%00/items/needs/new"]
PLACES += ["B/items/$where/new", "B/items/needs/..%2f..", "B/items/needs/" + "a" * 500, "%ED%A0%80/items/needs/new"]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_is_not_in_the_plan_is_not_there(desks: dict[str, Browser], place: str) -> None:
    key = "parent" if place.startswith("A") else "caseworker"
    browser = desks[key]
    sent = {"revision": "0", "need": "Words", "area": "semh"} if "needs" in place else {"revision": "0", "words": "x"}
    path = f"{browser.base}/sections/{place}"
    assert browser.get(path).status_code == 404
    assert browser.post(path, sent).status_code in (404, 422)
    assert browser.post(f"{path}/discard").status_code in (404, 303)


def test_a_letter_that_is_no_section_has_no_page(desks: dict[str, Browser]) -> None:
    browser = desks["manager"]
    for letter in ("Z", "a", "AA", "H", "H3", "$ne", "%00", "..", "A.B", "一"):
        for page in ("", "/history", "/compare", "/sign-off"):
            assert browser.get(f"{browser.base}/sections/{letter}{page}").status_code == 404, (letter, page)


@pytest.mark.parametrize("headers", [{}, {"HX_Request": "true"}, JSON], ids=["page", "htmx", "json"])
@pytest.mark.parametrize("by_header", [False, True])
def test_more_than_a_quarter_of_a_megabyte_is_too_much(
    desks: dict[str, Browser], headers: dict[str, str], by_header: bool
) -> None:
    for key, path, fields in (FORMS[0], FORMS[8], FORMS[4]):
        browser = desks[key]
        token = {"X_CSRF_Token": browser.token} if by_header else {}
        large = {**fields, "words": "x" * (256 * 1024)}
        assert browser.post(f"{browser.base}/{path}", large, **headers, **token).status_code == 413
    page = Page(desks["parent"].post(f"{browser.base}/answer", {"words": "x" * (256 * 1024)}))
    assert page.is_whole
    assert "That is too much to send at once" in page.words


def test_six_hundred_parts_are_too_many(desks: dict[str, Browser]) -> None:
    browser = desks["parent"]
    many = {f"field{number}": "x" for number in range(600)}
    path = f"{browser.base}/sections/A/items/people/people"
    assert browser.post(path, {"revision": "0", **many}).status_code == 422
    files: dict[str, Any] = {**many, "csrf_token": browser.token, "revision": "0"}
    answer = browser.http.post(path, data=files, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_form_of_another_kind_is_refused(desks: dict[str, Browser]) -> None:
    browser = desks["parent"]
    path, token = f"{browser.base}/sections/A/items/people/people", {"X-CSRF-Token": browser.token}
    bodies = [(b'{"words": {"$ne": 1}}', "application/json"), (b"words=x", "text/plain"), (b"<words/>", "text/xml")]
    bodies += [(b"x", "multipart/form-data"), (b"--b\r\n", "multipart/form-data; boundary=b"), (b"", "")]
    for body, kind in bodies:
        assert browser.http.post(path, data=body, content_type=kind, headers=token).status_code == 422, kind
        assert browser.http.post(path, data=body, content_type=kind).status_code == 403, kind


def test_a_file_in_place_of_words_saves_nothing(desks: dict[str, Browser]) -> None:
    browser = desks["parent"]
    file: dict[str, Any] = {"revision": "0", "words": (io.BytesIO(b"%PDF"), "x.pdf")}
    answer = browser.post(f"{browser.base}/sections/A/items/people/people", file)
    assert answer.status_code in (303, 422)


def test_a_cookie_of_any_shape_is_only_somebody_who_is_not_signed_on(shared: World) -> None:
    for cookie in ("x", "$ne", "a.b", "é", '"', "x" * 4000, "\x01", "%00", '{"$gt":""}'):
        browser = Browser(shared, "")
        answer = browser.http.get(browser.base, headers={"Cookie": f"golden_thread_session={cookie}"})
        assert answer.status_code == 303, cookie


def words_of(group: Group) -> list[Field]:
    return [each for each in group.fields if each.kind in (FieldKind.TEXT, FieldKind.LINE)]


GROUPS = [
    (each.letter, group)
    for each in EHC_PLAN.sections
    for group in each.groups
    if each.letter != "I" and not group.holds_files
]


@pytest.mark.parametrize(("letter", "group"), GROUPS, ids=[f"{letter}.{group.name}" for letter, group in GROUPS])
def test_one_character_too_many_comes_back_whole_and_says_by_how_much_to_shorten_it(
    shared: World, desks: dict[str, Browser], letter: str, group: Group
) -> None:
    browser = desks[WRITERS[letter]]
    long = {each.name: "x" * (each.limit + 1) for each in words_of(group)}
    choices = {each.name: each.choices[0][0] for each in group.fields if each.kind is FieldKind.CHOICE}
    item = "new" if group.repeats else group.name
    sent = {"revision": str(shared.plan().sections[letter].revision), **long, **choices}
    answer = browser.post(f"{browser.base}/sections/{letter}/items/{group.name}/{item}", sent)
    page = Page(answer)
    form = page.form("Save").fields
    assert answer.status_code == 422
    for each in words_of(group):
        said = f"This is {each.limit + 1:,} characters. Shorten it to {each.limit:,} or fewer."
        assert said in page.said_in(f"#field-{each.name}-error")[0]
        assert form[each.name] == [long[each.name]]
