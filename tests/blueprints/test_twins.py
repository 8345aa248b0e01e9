"""Twins over HTTP: written beside the plan's words, checked by somebody else, out of date when the plan moves on."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from pymongo import MongoClient
from werkzeug.test import TestResponse

from demo.mongod import EmbeddedMongod
from portal.domain.actor import Grant
from portal.domain.error import StaleRevision
from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.domain.twin_write import Sent
from portal.operations import plans, restrict, verify
from portal.operations import twins as operations
from portal.store import chain
from portal.store import twins as store
from tests.at_once import at_once
from tests.blueprints.conftest import plan_of
from tests.blueprints.page import Page
from tests.blueprints.test_hidden_things import same
from tests.world import Browser, World, now

JSON = {"Accept": "application/json"}
URDU = "زبان کا علاج: ہر منگل کو ۴۵ منٹ۔"
EASY = "Every Tuesday a therapist helps her speak for 45 minutes."


def base(browser: Browser, letter: str = "F", tag: str = "ur", page: str = "") -> str:
    return f"{browser.base}/sections/{letter}/twins/{tag}{page}"


def rows(world: World, letter: str = "F") -> list[str]:
    return [each.id for each in world.plan().sections[letter].content.items]


def send(browser: Browser, words: dict[str, str], letter: str = "F", tag: str = "ur", **more: Any) -> TestResponse:
    """The form as its page would send it, against what is there now unless told otherwise."""
    world = browser.world
    newest = store.newest(world.db, world.plan_id, letter, tag)
    seen = {"number": newest.number if newest else 0, "revision": world.plan().sections[letter].revision}
    typed = {"item": list(words), "words": list(words.values()), "request_id": new_request_id()}
    return browser.post(base(browser, letter, tag, "/write"), {**seen, **typed, **more})


def confirm(browser: Browser, letter: str = "F", tag: str = "ur", **more: Any) -> TestResponse:
    newest = store.newest(browser.world.db, browser.world.plan_id, letter, tag)
    assert newest
    sent = {"number": newest.number, "text_hash": newest.hash.hex(), "request_id": new_request_id(), **more}
    return browser.post(base(browser, letter, tag, "/check"), sent)


def state(browser: Browser, letter: str = "F", tag: str = "ur") -> str:
    return str(browser.get(base(browser, letter, tag), **JSON).get_json()["state"])


def number_of(world: World) -> int:
    newest = store.newest(world.db, world.plan_id, "F", "ur")
    return newest.number if newest else 0


@pytest.fixture
def told(world: World) -> World:
    """A plan whose section F is in Urdu too, written by the caseworker."""
    world.write_a_little()
    assert send(world.client("caseworker"), {rows(world)[0]: URDU}).status_code == 303
    return world


def test_it_is_written_beside_the_plans_words_and_read_in_its_own_language_and_direction(world: World) -> None:
    world.write_a_little()
    browser = world.client("caseworker")
    form = Page(browser.get(base(browser, page="/write")))
    assert "Speech therapy" in form.words
    (area,) = form.soup.select("textarea")
    assert (area["lang"], area["dir"]) == ("ur", "rtl")
    answer = send(browser, {rows(world)[0]: URDU})
    assert (answer.status_code, answer.headers["Location"]) == (303, base(browser))
    page = Page(browser.get(base(browser)))
    (words,) = page.soup.select('div[lang="ur"][dir="rtl"]')
    assert words.get_text().strip() == URDU
    assert {each["dir"] for each in words.select("p")} == {"rtl"}
    assert "This is a help to read. The plan itself is the English text ." in page.words
    assert "Not yet checked" in page.words
    assert "Chris Doyle" in page.words


def test_easy_words_are_in_the_language_of_the_plan(world: World) -> None:
    world.write_a_little()
    browser = world.client("caseworker")
    send(browser, {rows(world)[0]: f"{EASY}\n\n- Words\n- Pictures"}, tag="easy-read")
    page = Page(browser.get(base(browser, tag="easy-read")))
    (words,) = page.soup.select('div[lang="en-GB"][dir="ltr"]')
    assert [each.get_text() for each in words.select("li")] == ["Words", "Pictures"]


def test_a_section_leads_to_its_wordings_and_they_say_how_they_stand(told: World) -> None:
    browser = told.client("manager")
    assert f"{browser.base}/sections/F/twins" in Page(browser.get(f"{browser.base}/sections/F")).links()
    page = Page(browser.get(f"{browser.base}/sections/F/twins"))
    assert base(browser) in page.links()
    assert page.said_in("bdi[lang=ur]") == ["اردو"]
    assert "Not yet checked" in page.words
    assert base(browser, tag="pl", page="/write") in page.links()
    assert base(browser, page="/write") not in page.links()
    told_json = browser.get(f"{browser.base}/sections/F/twins", **JSON).get_json()
    assert [(each["tag"], each["dir"], each["state"]) for each in told_json["twins"]] == [("ur", "rtl", "unchecked")]
    empty = Page(browser.get(f"{browser.base}/sections/B/twins"))
    assert "Nobody has written this in other words yet." in empty.words


def test_somebody_else_checks_it_and_an_edit_of_the_plan_puts_it_out_of_date_until_it_is_undone(told: World) -> None:
    manager, caseworker = told.client("manager"), told.client("caseworker")
    page = Page(manager.get(base(manager, page="/check")))
    assert "I have read both, and these words say what section F says, as far as they go." in page.words
    assert "Speech therapy" in page.words
    assert confirm(manager).status_code == 303
    assert "Checked by Maria Silva" in Page(caseworker.get(base(caseworker))).words
    told.edit("caseworker", "F", "provision", {"what": "Speech therapy, every week"}, rows(told)[0])
    page = Page(caseworker.get(base(caseworker)))
    assert "Out of date" in page.words
    assert "Maria Silva checked them" in page.words
    assert URDU in page.words
    assert confirm(manager).status_code == 303  # it was checked already: nothing more is said
    told.edit("caseworker", "F", "provision", {"what": "Speech therapy"}, rows(told)[0])
    assert state(caseworker) == "checked"


def test_writing_it_anew_makes_it_unchecked_and_its_earlier_words_stay_readable(told: World) -> None:
    confirm(told.client("manager"))
    browser = told.client("other_caseworker")
    send(browser, {rows(told)[0]: "نئے الفاظ"})
    assert state(browser) == "unchecked"
    page = Page(browser.get(base(browser)))
    assert base(browser, page="/1") in page.links()
    earlier = Page(browser.get(base(browser, page="/1")))
    assert URDU in earlier.words
    assert "These are earlier words" in earlier.words
    assert "Maria Silva" in earlier.words
    assert browser.get(base(browser, page="/3")).status_code == 404


def test_nobody_checks_their_own_words_or_ones_that_are_out_of_date(told: World) -> None:
    manager = told.client("manager")
    send(manager, {rows(told)[0]: "میرے الفاظ"})
    assert "You wrote some of these words yourself" in Page(manager.get(base(manager, page="/check"))).words
    answer = confirm(manager)
    assert answer.status_code == 409
    other = told.client("other_manager")
    told.edit("caseworker", "F", "provision", {"what": "Swimming"}, rows(told)[0])
    assert confirm(other).status_code == 409
    assert state(other) == "out_of_date"


def test_words_that_were_written_anew_meanwhile_are_not_checked_unseen(told: World) -> None:
    before = store.newest(told.db, told.plan_id, "F", "ur")
    assert before
    send(told.client("caseworker"), {rows(told)[0]: "نئے الفاظ"})
    manager = told.client("manager")
    answer = confirm(manager, number=1, text_hash=before.hash.hex())
    assert answer.status_code == 409
    assert "You have not confirmed anything" in Page(answer).words
    assert "نئے الفاظ" in answer.text
    assert state(manager) == "unchecked"


def test_checking_asks_for_a_proof_of_the_last_fifteen_minutes(told: World) -> None:
    manager = told.client("manager", minutes_ago=16)
    assert "we first ask you to prove that it is you" in Page(manager.get(base(manager, page="/check"))).words
    assert confirm(manager).status_code in (303, 503)
    assert manager.post(base(manager, page="/check"), {}, **JSON).status_code == 422
    assert state(manager) == "unchecked"


def test_two_who_write_the_same_words_are_shown_both_and_neither_is_lost(told: World) -> None:
    first, other = told.client("caseworker"), told.client("other_caseworker")
    (row,) = rows(told)
    send(first, {row: "پہلا"}, number=1)
    answer = send(other, {row: "دوسرا"}, number=1)
    assert answer.status_code == 409
    page = Page(answer)
    assert "Chris Doyle wrote:" in page.words
    assert "پہلا" in page.words
    (area,) = page.soup.select("textarea")
    assert area.get_text().strip() == "دوسرا"
    form = page.form("Save")
    assert other.post(form.action, form.filled(words=["پہلا دوسرا"])).status_code == 303
    kept = [store.find(told.db, told.plan_id, "F", "ur", each).parts[0].words for each in (1, 2, 3)]
    assert kept == [URDU, "پہلا", "پہلا دوسرا"]


def test_eight_who_write_at_once_make_a_revision_each_without_a_gap_and_clash_only_over_the_same_words(
    told: World,
) -> None:
    for number in range(4):
        told.add("caseworker", "F", "provision", what=f"A game, number {number}")
    ids, revision = rows(told)[1:], told.plan().sections["F"].revision

    def write(number: int) -> None:
        sent = Sent({ids[number // 2]: f"لفظ {number}"}, frozenset(), revision, 1)
        operations.write(told.db, told.actor("caseworker"), told.plan_id, "F", "ur", sent, now())

    refused = at_once(*(partial(write, each) for each in range(8)))
    assert [type(each) for each in refused] == [StaleRevision] * 4
    reading = plans.open_plan(told.db, told.actor("caseworker"), told.plan_id, now())
    assert [number for number, _ in operations.earlier(told.db, reading, "F", "ur")] == [5, 4, 3, 2, 1]
    newest = store.newest(told.db, told.plan_id, "F", "ur")
    assert newest
    assert {each.item for each in newest.parts} == {*ids, rows(told)[0]}


def test_the_same_form_sent_twice_is_one_revision(told: World) -> None:
    browser, ticket = told.client("caseworker"), new_request_id()
    for _ in range(2):
        assert send(browser, {rows(told)[0]: "نیا"}, number=1, request_id=ticket).status_code == 303
    assert number_of(told) == 2


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 404), ("senco", 403), ("therapist", 403)])
def test_nobody_else_writes_or_checks(told: World, key: str, status: int) -> None:
    browser = told.client(key)
    assert browser.get(base(browser, page="/write")).status_code == status
    assert send(browser, {rows(told)[0]: "x"}).status_code == status
    assert browser.get(base(browser, page="/check")).status_code == status
    assert confirm(browser).status_code == status
    assert number_of(told) == 1


def test_whoever_does_not_read_the_section_reads_no_twin_of_it(told: World) -> None:
    parent = told.client("parent")
    absent = parent.get(base(parent, tag="pl"))
    assert parent.get(base(parent)).data == absent.data
    assert absent.status_code == 404
    page = parent.get(f"{parent.base}/sections/F/twins")
    assert "There is nothing here for you to read." in Page(page).words
    assert "اردو" not in page.text
    told.sign_all()
    told.issue("manager", VersionKind.DRAFT)
    assert URDU in parent.get(base(parent)).text


def test_a_school_that_reads_finals_reads_the_twin_of_the_final_words_and_of_no_others(told: World) -> None:
    send(told.client("dco"), {rows(told, "G")[0]: "فزیوتھراپی"}, "G")
    senco = told.client("senco")
    assert senco.get(base(senco, "G")).status_code == 404
    told.to_finalising()
    told.issue("manager", VersionKind.FINAL)
    assert "فزیوتھراپی" in senco.get(base(senco, "G")).text


def test_the_family_writes_its_own_section_and_one_parent_checks_what_the_other_wrote(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    parent, other = world.client("parent"), world.client("other_parent")
    assert send(parent, {"people": "আমার ভাই"}, "A", "bn").status_code == 303
    assert confirm(parent, "A", "bn").status_code == 409
    assert confirm(other, "A", "bn").status_code == 303
    assert state(parent, "A", "bn") == "checked"


def test_the_council_names_somebody_who_may_check_and_then_they_may(told: World) -> None:
    council, senco = told.client("caseworker"), told.client("senco")
    assert "Anita Patel" in Page(council.get(base(council))).words
    assert "Read both and check" not in Page(senco.get(base(senco))).words
    path = base(council, page="/checkers")
    assert senco.post(path, {"person": told.people["senco"]}).status_code == 403
    for wrong in (told.people["stranger"], told.people["parent"], ""):
        assert council.post(path, {"person": wrong}).status_code == 422
    for _ in range(2):
        assert council.post(path, {"person": told.people["senco"]}).status_code == 303
    assert "Read both and check" in Page(senco.get(base(senco))).words
    assert confirm(senco).status_code == 303
    assert "Checked by Anita Patel" in Page(council.get(base(council))).words
    kinds = [each.kind for each in chain.entries(told.db, told.plan_id)]
    assert kinds[:3] == ["twin_checked", "twin_checker_named", "twin_written"]


def test_whoever_reads_of_a_section_what_they_wrote_alone_finds_no_twin_of_it(world: World) -> None:
    item = world.add("parent", "K", "advice", document="A letter", author="Us", summary="We see it at home.")
    council, parent = world.client("caseworker"), world.client("parent")
    assert send(council, {item: "word"}, "K").status_code == 303
    assert council.get(base(council, "K")).status_code == 200
    assert parent.get(f"{parent.base}/sections/K").status_code == 200
    assert parent.get(base(parent, "K")).status_code == 404


def test_the_school_of_a_child_who_must_not_be_found_is_not_told_by_who_checked(
    cast: World, parts: list[Grant]
) -> None:
    child = replace(cast.plan().child, hidden_address=True, school="Elm Road Primary School")
    world = plan_of(cast, parts, child)
    world.write_a_little()
    council, senco = world.client("caseworker"), world.client("senco")
    assert send(council, {rows(world)[0]: URDU}).status_code == 303
    path = base(council, page="/checkers")
    assert council.post(path, {"person": world.people["senco"]}).status_code == 303
    assert confirm(senco).status_code == 303
    page = Page(council.get(base(council))).words
    assert "Anita Patel read both and confirmed" in page
    assert "Elm Road" not in page


def test_history_says_that_it_was_written_and_checked_and_not_a_word_of_it(told: World) -> None:
    confirm(told.client("manager"))
    browser = told.client("parent")
    page = browser.get(f"{browser.base}/history")
    assert "in easier words or another language" in Page(page).words
    assert URDU not in page.text
    assert URDU not in repr([each.facts for each in chain.entries(told.db, told.plan_id)])
    assert next(verify.plans(told.db, "nmr", told.plan_id)).problems == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("twins", {"$set": {"parts.0.words": "کچھ اور"}}, "section F, twin ur 1: its text is not as the chain says"),
        ("twins", {"$set": {"by.person": "somebody"}}, "section F, twin ur 1: its text is not as the chain says"),
        ("twin_checks", {"$set": {"hash": b"other"}}, "section F, twin ur 1: its check is not as the chain says"),
        ("twin_checks", None, "section F, twin ur 1: its check is missing"),
    ],
)
def test_whatever_is_changed_as_root_is_found(
    told: World, mongod: EmbeddedMongod, name: str, change: dict[str, Any] | None, said: str
) -> None:
    confirm(told.client("manager"))
    assert next(verify.plans(told.db, "nmr", told.plan_id)).problems == []
    with MongoClient[dict[str, Any]](mongod.uri("root")) as client:
        place = {"authority": "nmr", "_id": f"{told.plan_id}:F:ur:1"}
        there = client[told.db.name][name]
        assert there.update_one(place, change).modified_count if change else there.delete_one(place).deleted_count
    assert next(verify.plans(told.db, "nmr", told.plan_id)).problems == [said]


def test_a_twin_is_in_no_version_and_voids_no_sign_off(told: World) -> None:
    told.sign("manager", "F")
    before = told.plan()
    send(told.client("caseworker"), {rows(told)[0]: "نیا"})
    after = told.plan()
    assert after.sections["F"] == before.sections["F"]
    assert after.sections["F"].standing
    assert URDU not in repr(after)


def with_something_hidden(world: World, place: str, in_urdu: bool) -> World:
    """A row of which something is hidden from the school, with words for it in the twin or none."""
    world.write_a_little()
    shown = rows(world)[0]
    hidden = world.add("caseworker", "F", "provision", what="A night away", where="Saltmarsh House")
    send(world.client("caseworker"), {shown: "word", hidden: "Nights at the house" if in_urdu else ""})
    known = restrict.readers_of(world.db, world.plan_id, now())
    readers = tuple(each.id for each in known if each.id != "elm-road-primary")
    at = f"F/{place.format(row=hidden)}"
    restrict.restrict(world.db, world.actor("manager"), world.plan_id, at, readers, "A court order.", now())
    return world


@pytest.mark.parametrize("place", ["{row}", "{row}/where", "{row}/what"])
def test_the_twin_of_what_is_hidden_from_somebody_is_absent_byte_for_byte(
    cast: World, parts: list[Grant], place: str
) -> None:
    child, seen = cast.plan().child, []
    for in_urdu in (True, False):
        world = with_something_hidden(plan_of(cast, parts, child), place, in_urdu)
        senco, other = world.client("senco"), world.client("psychologist")
        assert ("Nights at the house" in other.get(base(other)).text) is in_urdu
        pages = ("/sections/F/twins", "/sections/F/twins/ur", "/sections/F/twins/ur/1")
        seen.append([same(world, senco.get(senco.base + each, **how).text) for each in pages for how in ({}, JSON)])
    assert "Nights at" not in "".join(seen[0])
    assert seen[0] == seen[1]


def test_words_are_kept_for_whoever_typed_them_when_their_session_is_over(told: World) -> None:
    browser = told.client("caseworker")
    token = browser.token
    (row,) = rows(told)
    browser.http.delete_cookie("golden_thread_session")
    sent = {"csrf_token": token, "item": [row], "words": ["بچائے گئے"], "number": "1", "revision": "1"}
    answer = browser.http.post(base(browser, page="/write"), data=sent)
    assert answer.status_code == 303
    assert "words=kept" in answer.headers["Location"]
    again, other = told.client("caseworker"), told.client("other_caseworker")
    assert "بچائے گئے" not in other.get(base(other, page="/write")).text
    page = Page(again.get(base(again, page="/write")))
    assert "Your words are here." in page.words
    assert [each.get_text().strip() for each in page.soup.select("textarea")] == ["بچائے گئے"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"words": ["x" * 6001]}, 422),
        ({"words": ["a\u202eb"]}, 422),
        ({"words": ["one", "two"]}, 422),
        ({"item": ["people", "people"], "words": ["one", "two"]}, 422),
        ({"number": "9"}, 422),
        ({"revision": "99"}, 422),
        ({"number": "x"}, 422),
        ({"item": ["0000000000"]}, 404),
        ({"odd": "1"}, 422),
    ],
)
def test_a_form_that_does_not_fit_is_refused_and_comes_back_with_its_words(
    told: World, sent: dict[str, Any], status: int
) -> None:
    browser = told.client("caseworker")
    typed = {"item": rows(told), "words": ["kept words"], "number": "1", "revision": "1", **sent}
    answer = browser.post(base(browser, page="/write"), typed)
    assert answer.status_code == status
    if status == 422 and "words" not in sent:
        assert "kept words" in answer.text
    assert number_of(told) == 1


def test_a_wording_that_is_not_on_the_list_is_not_there(told: World) -> None:
    browser = told.client("caseworker")
    for tag in ("xx", "ur-PK", "easy"):
        for page in ("", "/write", "/check", "/1"):
            assert browser.get(base(browser, tag=tag, page=page)).status_code == 404
        assert send(browser, {rows(told)[0]: "x"}, tag=tag).status_code == 404


def test_whoever_would_rather_read_urdu_is_offered_it_first_where_there_is_any(told: World) -> None:
    browser, other = told.client("manager"), told.client("other_manager")
    assert browser.post("/preferences", {"wording": "ur"}).status_code == 303
    page = Page(told.client("manager").get(f"{browser.base}/sections/F"))
    assert base(browser) in page.links()
    assert "Read this in Urdu ( اردو ): Not yet checked" in page.words
    assert base(browser) not in Page(browser.get(f"{browser.base}/sections/B")).links()
    assert base(browser) not in Page(other.get(f"{browser.base}/sections/F")).links()
    assert 'value="ur" selected' in browser.get("/preferences").text
    for wrong in ("xx", "ur-PK", "UR"):
        assert browser.post("/preferences", {"wording": wrong}).status_code == 422
    assert browser.post("/preferences", {"look": ["calm"]}).status_code == 303
    assert base(browser) not in Page(browser.get(f"{browser.base}/sections/F")).links()
    assert "Easier words, or another language" not in Page(Browser(told, "").get("/preferences")).words


def test_an_ended_part_ends_the_right_to_check(told: World) -> None:
    council = told.client("caseworker")
    council.post(base(council, page="/checkers"), {"person": told.people["senco"]})
    told.end_grants({"authority": "nmr", "person": told.people["senco"], "scope": told.plan_id})
    senco = told.client("senco")
    assert confirm(senco).status_code == 404


def test_parts_without_a_number_are_named_by_their_first_words(world: World) -> None:
    for words in ("She waits for people", "She is funny"):
        world.add("parent", "A", "admired", words=words, told="Her teacher")
    browser = world.client("parent")
    page = Page(browser.get(base(browser, "A", "easy-read", "/write")))
    named = page.said_in("label.govuk-label")
    assert {"She waits for people, in easy words", "She is funny, in easy words"} <= set(named)
