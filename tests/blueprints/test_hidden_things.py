"""What is hidden from one reader is in no answer to them, and their pages are those of a plan that never had it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.domain.actor import Grant
from portal.domain.identifier import ALPHABET
from portal.domain.state import VersionKind
from portal.operations import restrict
from portal.worker import work_once
from tests.blueprints.conftest import plan_of
from tests.documents.paper import poppler
from tests.every_request import HEADERS, QUERIES
from tests.world import Browser, World, now

ADDRESS = "77 Kingfisher Wharf, Oxbow"
VENUE = "Saltmarsh House, every second Friday"
SCHOOL = "Hollowbrook College"
REPORT = "Findings of Dr Quillfeather"
NEEDLES = ("kingfisher", "oxbow", "saltmarsh", "hollowbrook", "quillfeather")
# From one parent and from one agency; everybody else is named.
LETTERS, AT, LISTS = ("A", "F", "I", "K"), {"A": 1}, ("worklist.index",)
KEPT_FROM = ("other_parent", "psychologist")
COUNCIL = ("caseworker", "manager")


def lived(world: World, filled: bool) -> World:
    """A plan to its final in which some things are hidden from two people, or the same plan without those things."""

    def hidden(text: str) -> str:
        return text if filled else ""

    world.write_a_little()
    world.edit("parent", "A", "people", {"words": hidden(f"We moved to {ADDRESS}."), "told": "Her mother"}, "people")
    world.add("caseworker", "F", "provision", what="A night away", where=hidden(VENUE), who="Two carers")
    world.add("caseworker", "K", "advice", document="A report", author="The council", summary=hidden(REPORT))
    row = world.plan().sections["F"].content.items[-1].id
    report = world.plan().sections["K"].content.items[-1].id
    keep(world, "child/address")
    keep(world, f"F/{row}/where")
    keep(world, f"K/{report}/summary")
    world.sign("other_parent", "A")
    world.to_finalising()
    return world


def placed(world: World) -> World:
    world.edit("caseworker", "I", "placement", {"name": SCHOOL, "type": "Special"}, "placement")
    keep(world, "I/placement/name")
    world.issue("manager", VersionKind.FINAL)
    while work_once(world.db, now().wall):
        pass
    return world


def keep(world: World, place: str) -> None:
    """Keep one thing for everybody but two; the reason names nothing."""
    out = {world.people[KEPT_FROM[0]], "northmere-psychology"}
    readers = restrict.readers_of(world.db, world.plan_id, now())
    named = tuple(each.id for each in readers if each.id not in out)
    restrict.restrict(world.db, world.actor("manager"), world.plan_id, place, named, "A court order.", now())


@pytest.fixture(scope="module")
def hidden(cast: World, parts: list[Grant]) -> World:
    child = replace(cast.plan().child, address=ADDRESS)
    return placed(lived(plan_of(cast, parts, child), filled=True))


def answers(world: World, key: str) -> Iterator[tuple[str, str]]:
    """(what was asked, what was answered) for every address about a plan, in each shape; files unpacked."""
    browser = world.client(key)
    for shape, headers in HEADERS.items():
        for path in addresses(world):
            yield f"{shape} {path}", text_of(browser, path, headers)


def addresses(world: World) -> Iterator[str]:
    """As the application lists them, in the sections where something is hidden, with the items that hide it."""
    adapter = world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not ("plan_id" in rule.arguments or rule.endpoint in LISTS):
            continue
        for letter in LETTERS if "letter" in rule.arguments else LETTERS[:1]:
            item = world.plan().sections[letter].content.items[AT.get(letter, -1)]
            known = {"plan_id": world.plan_id, "letter": letter, "group": item.group, "item": item.id, "number": 1}
            known |= {"tag": "easy-read"}
            path = adapter.build(rule.endpoint, {name: known[name] for name in rule.arguments})
            yield path
            if query := QUERIES.get(rule.endpoint):
                yield f"{path}?{query.format(plan_id=world.plan_id)}"


def text_of(browser: Browser, path: str, headers: dict[str, str]) -> str:
    answer = browser.get(path, **headers)
    told = [str(answer.status_code), str(answer.headers)]
    if answer.mimetype == "application/pdf":
        told += [poppler("pdfinfo", "-", pdf=answer.data), poppler("pdftotext", "-", "-", pdf=answer.data)]
    elif answer.mimetype == "application/zip":
        with ZipFile(BytesIO(answer.data)) as packed:
            told += [*packed.namelist(), *(packed.read(name).decode(errors="replace") for name in packed.namelist())]
    else:
        told.append(answer.text)
    return "\n".join(told)


@pytest.mark.parametrize("key", KEPT_FROM)
def test_nothing_hidden_is_in_any_answer_to_those_it_is_kept_from(hidden: World, key: str) -> None:
    asked = 0
    for what, text in answers(hidden, key):
        told = " ".join(text.split()).lower()
        assert [each for each in NEEDLES if each in told] == [], what
        asked += 1
    assert asked > 60


@pytest.mark.parametrize("key", ["parent", *COUNCIL])
def test_the_same_search_finds_it_in_the_answers_to_the_others(hidden: World, key: str) -> None:
    told = " ".join(text.lower() for _, text in answers(hidden, key))
    assert [each for each in NEEDLES if each not in told] == []


@pytest.mark.parametrize("key", KEPT_FROM)
def test_their_pdf_is_there_like_everybody_elses(hidden: World, key: str) -> None:
    browser = hidden.client(key)
    page = browser.get(f"{browser.base}/versions/2").text
    assert "The PDF is for those who read all of it" not in page
    assert browser.get(f"{browser.base}/versions/2.pdf").status_code == 200


def same(world: World, text: str) -> str:
    """Without what no two plans share: ids, hashes, numbers of tokens, the time of day."""
    for letter, head in world.plan().sections.items():
        for at, item in enumerate(head.content.items):
            text = text.replace(item.id, f"{letter}-{at}")
    text = text.replace(world.plan_id, "plan")
    text = re.sub(r'(csrf[-_]token" (?:content|value)=")[^"]*', r"\1", text)
    text = re.sub(rf'request_id" value="[{ALPHABET}]{{20}}', "request_id", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)|\b\d{1,2}[:.]\d\d(?: ?[ap]m)?\b", "time", text)
    text = re.sub(r"\b[0-9a-f]{4,}(?:[ …][0-9a-f]{4,})*", "hash", text)
    return re.sub(r"Content-Length: \d+|ETag: \S+|Set-Cookie: .*|filename=\S+", "", text)


def half_hour() -> int:
    return int(now().wall.timestamp()) // 1800


# A fold of hashes and a list of bytes: what is in these is searched above.
PACKED = ("receipt.zip", ".pdf")


@pytest.mark.parametrize("key", [*KEPT_FROM, "stranger"])
def test_their_pages_are_those_of_a_plan_that_never_had_it(cast: World, parts: list[Grant], key: str) -> None:
    child = cast.plan().child

    def both() -> list[dict[str, str]]:
        plans = [
            lived(plan_of(cast, parts, replace(child, address=ADDRESS if filled else "")), filled)
            for filled in (True, False)
        ]
        return [{same(each, what): same(each, text) for what, text in answers(each, key)} for each in plans]

    begun = half_hour()
    seen = both()
    if half_hour() != begun:  # openings are noted once in each half hour, and there are two in one of the plans
        seen = both()
    assert seen[0].keys() == seen[1].keys()
    for what, text in seen[0].items():
        if not any(each in what for each in (*PACKED, "/worklist")):
            assert text == seen[1][what], what


# The form


@pytest.fixture
def open_plan(cast: World, parts: list[Grant]) -> World:
    return plan_of(cast, parts, replace(cast.plan().child, address=ADDRESS))


def send(world: World, key: str, **changes: object) -> TestResponse:
    browser = world.client(key)
    sent = {"what": "address", "who": "some", "readers": [world.people["parent"]], "reason": "A court order."}
    return browser.post(f"{browser.base}/audience", {**sent, **changes})


def test_the_sen_team_settles_who_may_read_it_and_the_entry_does_not_say_what(open_plan: World) -> None:
    answer = send(open_plan, "caseworker")
    assert answer.status_code == 303
    (restriction,) = open_plan.plan().restrictions
    assert (restriction.place, restriction.readers) == ("child/address", (open_plan.people["parent"],))
    page = open_plan.client("caseworker")
    assert "Address" in page.get(f"{page.base}/audience").text
    other = open_plan.client("other_parent")
    told = other.get(f"{other.base}/history").text
    assert "looked over who may read what in this plan" in told
    assert "court order" not in told
    assert "Address" not in told


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": f"He must not know of {ADDRESS}."}, "reason"),
        ({"what": "name"}, "what"),
        ({"who": ""}, "who"),
        ({"readers": ["nobody-known"]}, "readers"),
    ],
)
def test_a_form_with_something_wrong_comes_back_with_what_to_do(
    open_plan: World, changes: dict[str, object], field: str
) -> None:
    answer = send(open_plan, "manager", **changes)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert open_plan.plan().restrictions == ()


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 403), ("senco", 403), ("dco", 403)])
def test_nobody_else_opens_or_sends_it(open_plan: World, key: str, status: int) -> None:
    browser = open_plan.client(key)
    assert browser.get(f"{browser.base}/audience").status_code == status
    assert send(open_plan, key).status_code == status


def test_an_item_withheld_whole_is_not_there_for_whoever_tries_its_address(open_plan: World) -> None:
    open_plan.write_a_little()
    need = open_plan.plan().sections["B"].content.items[0].id
    page = open_plan.client("manager")
    address = f"{page.base}/audience/B/needs/{need}"
    assert page.get(address).status_code == 200
    sent = {"what": "whole", "who": "some", "readers": [], "reason": "A third party."}
    assert page.post(address, sent).status_code == 303
    reader = open_plan.client("senco")
    assert need not in reader.get(f"{reader.base}/sections/B").text
    absent = reader.get(f"{reader.base}/sections/B/items/needs/0000000000")
    assert reader.get(f"{reader.base}/sections/B/items/needs/{need}").status_code == absent.status_code


# Words that tell it elsewhere


def test_whoever_writes_hidden_words_is_told_and_may_save_them_all_the_same(open_plan: World) -> None:
    keep(open_plan, "child/address")
    browser = open_plan.client("parent")
    words = "Come to 77 Kingfisher Wharf."
    warned = browser.save("A", "people", "people", words=words)
    assert warned.status_code == 422
    assert "hidden from somebody" in warned.text
    assert 'name="tells_hidden"' in warned.text
    assert open_plan.plan().sections["A"].revision == 0
    assert browser.save("A", "people", "people", words=words, tells_hidden="yes").status_code == 303
    other = open_plan.client("other_parent")
    assert "Kingfisher" not in other.get(f"{other.base}/sections/A").text


def test_whoever_it_is_hidden_from_is_not_told_that_they_typed_it(open_plan: World) -> None:
    keep(open_plan, "child/address")
    browser = open_plan.client("other_parent")
    assert browser.save("A", "people", "people", words="Is it 77 Kingfisher Wharf?").status_code == 303
    assert "Kingfisher" in browser.get(f"{browser.base}/sections/A").text
