"""Comments, suggestions and messages: said of a sentence or a section, answered, counted, and kept from some."""

import re
from functools import partial
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from werkzeug.test import TestResponse

from portal.domain.conversation import OpenConversation
from portal.domain.identifier import new_request_id
from portal.domain.state import VersionKind
from portal.operations import restrict, verify
from portal.store import chain, conversations, versions
from tests.at_once import at_once
from tests.blueprints.page import Page
from tests.world import Browser, World, now

SENTENCE = "She needs a picture for each step."
TEXT = f"Talk is hard. {SENTENCE} It helps her."
WORDING = "She needs one picture for each step."


@pytest.fixture
def need(world: World) -> str:
    """The id of a need of three sentences."""
    return world.add("caseworker", "B", "needs", need="Being understood", effect=TEXT, area="communication")


def say(browser: Browser, need: str, verb: str = "suggest", **typed: str) -> TestResponse:
    """Send the form by which a sentence of the need is pointed at."""
    said = {"wording": WORDING} if verb == "suggest" else {"words": "At school too?"}
    sent = {"sentence": "effect:1", "revision": "1", "request_id": new_request_id(), **said, **typed}
    return browser.post(f"{browser.base}/sections/B/items/needs/{need}/{verb}", sent)


def last(world: World) -> OpenConversation:
    return world.plan().conversations[-1]


def opened(world: World, need: str, key: str = "psychologist", verb: str = "suggest", **typed: str) -> int:
    """The number of a conversation that somebody has opened just now."""
    assert say(world.client(key), need, verb, **typed).status_code == 303
    return last(world).number


def send(browser: Browser, number: int, act: str, **typed: str) -> TestResponse:
    sent = {"request_id": new_request_id(), **typed}
    return browser.post(f"{browser.base}/sections/B/conversations/{number}/{act}", sent)


def effect(world: World) -> str:
    return world.plan().sections["B"].content.items[0].text("effect")


def words_of(browser: Browser, path: str) -> str:
    return Page(browser.get(browser.base + path)).words


# A suggested wording


def test_a_suggestion_is_taken_in_with_one_press_and_stays_the_words_of_whoever_suggested_it(
    world: World, need: str
) -> None:
    number = opened(world, need, words="Shorter.")
    caseworker = world.client("caseworker")
    assert "Dr Helen Ward waits for the SEN team" in words_of(caseworker, "")
    assert "1 comment or suggestion not answered yet" in words_of(caseworker, "")
    assert "Dr Helen Ward waits for the SEN team" in words_of(caseworker, "/sections/B")
    answer = send(caseworker, number, "accept")
    assert answer.status_code == 303
    assert effect(world) == f"Talk is hard. {WORDING} It helps her."
    assert "waits for" not in words_of(caseworker, "")
    assert "took a wording of Dr Helen Ward’s into" in words_of(caseworker, "/history")
    authors = words_of(caseworker, "/sections/B/authors")
    assert "Dr Helen Ward , Northmere Psychology" in authors
    assert "taken in by Chris Doyle" in authors
    assert "Taken in" in words_of(caseworker, f"/sections/B/conversations/{number}")
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]


def test_the_chain_holds_no_word_of_it_and_the_outbox_none_either(world: World, need: str) -> None:
    opened(world, need, words="Zebra")
    entry = chain.entries(world.db, world.plan_id)[0]
    told = world.db["outbox"].find_one({"authority": "nmr", "_id": f"{world.plan_id}:{entry.sequence}"})
    for each in (str(entry.facts), str(told)):
        assert "conversation_opened" in each
        assert "picture" not in each
        assert "Zebra" not in each


def test_it_goes_in_beside_what_others_saved_meanwhile(world: World, need: str) -> None:
    number = opened(world, need)
    world.edit("other_caseworker", "B", "needs", {"effect": f"Noise is hard too. {TEXT} Every day."}, need)
    assert send(world.client("caseworker"), number, "accept").status_code == 303
    assert effect(world) == f"Noise is hard too. Talk is hard. {WORDING} It helps her. Every day."


def test_where_the_sentence_was_reworded_both_texts_are_shown_and_nothing_is_saved(world: World, need: str) -> None:
    number = opened(world, need)
    world.edit("other_caseworker", "B", "needs", {"effect": "She likes cards."}, need)
    caseworker = world.client("caseworker")
    assert "no longer in the section" in words_of(caseworker, f"/sections/B/conversations/{number}")
    answer = send(caseworker, number, "accept")
    assert answer.status_code == 409
    page = Page(answer)
    assert "It was not taken in" in page.words
    assert "She likes cards." in page.words
    assert WORDING in page.words
    assert effect(world) == "She likes cards."
    assert last(world).number == number


def test_two_who_take_it_in_at_once_take_it_in_once(world: World, need: str) -> None:
    number = opened(world, need)
    before = world.plan().sections["B"].revision
    browsers = [world.client(key) for key in ("caseworker", "other_caseworker", "manager")]
    answers: list[int] = []

    def accept(browser: Browser) -> None:
        answers.append(send(browser, number, "accept").status_code)

    assert at_once(*(partial(accept, each) for each in browsers)) == []
    assert sorted(answers) == [303, 409, 409]
    assert effect(world).count(WORDING) == 1
    assert world.plan().sections["B"].revision == before + 1


def test_the_same_form_sent_twice_is_one_act(world: World, need: str) -> None:
    once = new_request_id()
    for _ in range(2):
        assert say(world.client("psychologist"), need, request_id=once).status_code == 303
    assert len(world.plan().conversations) == 1
    assert send(world.client("caseworker"), last(world).number, "accept").status_code == 303
    accepted = new_request_id()
    number = opened(world, need, sentence="effect:0", wording="Talking is hard.")
    for _ in range(2):
        assert send(world.client("caseworker"), number, "accept", request_id=accepted).status_code == 303


def test_a_signed_section_needs_signing_again_once_a_wording_is_taken_in(world: World, need: str) -> None:
    number = opened(world, need)
    world.sign("manager", "B")
    assert send(world.client("caseworker"), number, "accept").status_code == 303
    assert world.plan().sections["B"].standing == ()


# A comment


def test_a_comment_is_asked_back_gone_on_with_and_answered(world: World, need: str) -> None:
    number = opened(world, need, verb="comment")
    caseworker, psychologist = world.client("caseworker"), world.client("psychologist")
    assert send(caseworker, number, "answer", words="Where?", then="ask").status_code == 303
    assert "Chris Doyle waits for Dr Helen Ward" in words_of(psychologist, "")
    assert send(psychologist, number, "reply", words="In every lesson.").status_code == 303
    assert "Dr Helen Ward waits for the SEN team" in words_of(psychologist, "")
    assert send(caseworker, number, "answer", words="", then="answer").status_code == 422
    assert send(caseworker, number, "answer", words="It says so in F.", then="answer").status_code == 303
    page = words_of(psychologist, f"/sections/B/conversations/{number}")
    for said in (SENTENCE, "At school too?", "Where?", "In every lesson.", "It says so in F.", "Answered"):
        assert said in page
    assert world.plan().conversations == ()
    address = f"{psychologist.base}/sections/B/conversations/{number}"
    facts: dict[str, Any] = psychologist.get(address, Accept="application/json").get_json()
    assert facts["state"] == "answered"
    assert [each["words"] for each in facts["remarks"]][1:] == ["Where?", "In every lesson.", "It says so in F."]


def test_only_its_writer_takes_a_comment_back(world: World, need: str) -> None:
    number = opened(world, need, verb="comment")
    assert send(world.client("senco"), number, "withdraw").status_code == 403
    assert send(world.client("psychologist"), number, "withdraw").status_code == 303
    assert world.plan().conversations == ()


def test_the_sentence_is_the_one_that_was_on_the_page(world: World, need: str) -> None:
    """Somebody else puts one before it, while its number is being sent."""
    world.edit("caseworker", "B", "needs", {"effect": f"A new beginning. {TEXT}"}, need)
    number = opened(world, need)
    (found,) = [each for each in conversations.all_of(world.db, world.plan()) if each.number == number]
    assert found.quote.sentence == SENTENCE
    assert send(world.client("caseworker"), number, "accept").status_code == 303
    assert effect(world) == f"A new beginning. Talk is hard. {WORDING} It helps her."


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"wording": ""}, "wording"),
        ({"wording": SENTENCE}, "wording"),
        ({"sentence": ""}, "sentence"),
        ({"sentence": "effect:9"}, "sentence"),
        ({"wording": "x" * 6001}, "wording"),
        ({"words": "y" * 2001}, "words"),
    ],
)
def test_a_form_with_something_wrong_comes_back_with_all_that_was_typed(
    world: World, need: str, typed: dict[str, str], field: str
) -> None:
    sent = {"words": "Because.", **typed}
    answer = say(world.client("psychologist"), need, **sent)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert f'id="field-{field}"' in answer.text
    assert sent["words"] in answer.text
    assert world.plan().conversations == ()


@pytest.mark.parametrize("typed", [{"sentence": "nothing:0"}, {"revision": "7"}, {"more": "x"}, {"sentence": "area:0"}])
def test_a_form_that_no_page_sends_opens_nothing(world: World, need: str, typed: dict[str, str]) -> None:
    assert say(world.client("psychologist"), need, **typed).status_code in (404, 422)
    assert world.plan().conversations == ()


# Who may, and who does not know


@pytest.mark.parametrize(
    ("key", "comment", "suggest"),
    [("stranger", 404, 404), ("parent", 404, 404), ("dco", 303, 403), ("senco", 303, 303), ("caseworker", 303, 403)],
)
def test_each_says_what_the_table_lets_them(world: World, need: str, key: str, comment: int, suggest: int) -> None:
    assert say(world.client(key), need, "comment").status_code == comment
    assert say(world.client(key), need, "suggest").status_code == suggest


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 404), ("senco", 403), ("dco", 403)])
def test_nobody_else_settles_it(world: World, need: str, key: str, status: int) -> None:
    number = opened(world, need)
    browser = world.client(key)
    assert send(browser, number, "accept").status_code == status
    assert send(browser, number, "answer", words="No.", then="answer").status_code == status
    assert last(world).number == number


def test_whose_part_was_ended_meanwhile_settles_and_reads_nothing(world: World, need: str) -> None:
    number = opened(world, need)
    browser = world.client("caseworker")
    assert browser.get(f"{browser.base}/sections/B/conversations/{number}").status_code == 200
    world.end_grants({"authority": "nmr", "scope": world.plan_id, "person": world.people["caseworker"]})
    assert send(browser, number, "accept").status_code == 404
    assert browser.get(f"{browser.base}/sections/B/conversations/{number}").status_code == 404
    assert effect(world) == TEXT


def test_a_number_of_another_section_or_plan_is_not_there(world: World, need: str) -> None:
    number = opened(world, need)
    browser = world.client("caseworker")
    absent = browser.get(f"{browser.base}/sections/B/conversations/999999")
    elsewhere = browser.get(f"{browser.base}/sections/E/conversations/{number}")
    other = browser.get(f"/plans/nmr-0000000000000000/sections/B/conversations/{number}")
    assert {each.status_code for each in (absent, elsewhere, other)} == {404}
    assert _same(absent.text) == _same(elsewhere.text) == _same(other.text)
    assert browser.post(f"{browser.base}/sections/E/conversations/{number}/accept").status_code == 404


@pytest.mark.parametrize(
    ("key", "comment", "suggest"), [("therapist", 200, 403), ("senco", 200, 200), ("parent", 404, 404)]
)
def test_the_form_is_shown_to_whoever_may_send_it(
    world: World, need: str, key: str, comment: int, suggest: int
) -> None:
    browser = world.client(key)
    here = f"{browser.base}/sections/B/items/needs/{need}"
    assert (browser.get(f"{here}/comment").status_code, browser.get(f"{here}/suggest").status_code) == (
        comment,
        suggest,
    )


def test_nothing_is_said_of_an_item_that_is_not_there_or_stands_elsewhere(world: World, need: str) -> None:
    browser = world.client("psychologist")
    for item in (f"needs/{'0' * 10}", f"strengths/{need}", "needs/new"):
        for verb in ("comment", "suggest"):
            assert browser.get(f"{browser.base}/sections/B/items/{item}/{verb}").status_code == 404, item
            assert browser.post(f"{browser.base}/sections/B/items/{item}/{verb}").status_code == 404, item
    assert world.plan().conversations == ()


def keep_from(world: World, place: str, *keys: str) -> None:
    out = {world.people[each] for each in keys} | {"northmere-psychology" if "psychologist" in keys else ""}
    readers = restrict.readers_of(world.db, world.plan_id, now())
    named = tuple(each.id for each in readers if each.id not in out)
    restrict.restrict(world.db, world.actor("manager"), world.plan_id, place, named, "A court order.", now())


@pytest.mark.parametrize("field", ["", "/effect"])
def test_what_is_said_of_hidden_words_is_hidden_with_them(world: World, need: str, field: str) -> None:
    number = opened(world, need, "senco", words="Zebra")
    keep_from(world, f"B/{need}{field}", "psychologist")
    browser = world.client("psychologist")
    for path in ("", "/sections/B", "/sections/B/conversations", "/history", "/sections/B/authors"):
        text = browser.get(browser.base + path).text
        assert "Zebra" not in text, path
        assert "waits for <bdi>the SEN team" not in text, path
        assert "not answered yet" not in text, path
        assert f"conversations/{number}" not in text, path
        data = browser.get(browser.base + path, Accept="application/json").text
        assert "Zebra" not in data, path
    page = browser.get(f"{browser.base}/sections/B/conversations/{number}")
    absent = browser.get(f"{browser.base}/sections/B/conversations/999999")
    assert (page.status_code, _same(page.text)) == (404, _same(absent.text))
    assert send(browser, number, "reply", words="I know.").status_code == 404
    assert f"conversations/{number}" in world.client("senco").get(f"{browser.base}/sections/B/conversations").text


def test_the_section_and_the_list_of_whom_it_is_hidden_from_are_those_of_a_plan_in_which_nobody_said_it(
    world: World, need: str
) -> None:
    keep_from(world, f"B/{need}/effect", "psychologist")
    browser = world.client("psychologist")
    paths = ("/sections/B", "/sections/B/conversations", f"/sections/B/items/needs/{need}/comment")
    for path in paths:
        browser.get(browser.base + path)  # what is new to them is told once
    before = [_same(browser.get(browser.base + path).text) for path in paths]
    opened(world, need, "senco", "comment")
    for path, page in zip(paths, before, strict=True):
        assert _same(browser.get(browser.base + path).text) == page, path


def _same(page: str) -> str:
    """Without the tokens and the ids that each form has for itself."""
    page = re.sub(r"sequence=\"\d+", "", page)
    return "\n".join(line for line in page.splitlines() if not re.search("request_id|csrf[-_]token", line))


def test_what_one_parent_says_another_does_not_see_and_the_council_does(world: World) -> None:
    ids = world.write_a_little()
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    path = f"/sections/B/items/needs/{ids['need']}/comment"
    parent, other, council = (world.client(key) for key in ("parent", "other_parent", "manager"))
    sent = {"sentence": "effect:0", "revision": "1", "words": "Zebra", "request_id": new_request_id()}
    assert parent.post(parent.base + path, sent).status_code == 303
    number = last(world).number
    page = f"/sections/B/conversations/{number}"
    assert [each.get(each.base + page).status_code for each in (parent, other, council)] == [200, 404, 200]
    for where in ("", "/sections/B", "/sections/B/conversations", "/history"):
        told = other.get(other.base + where).text
        assert "Zebra" not in told
        assert "not answered yet" not in told
    assert "Nadia Rahman waits for the SEN team" in words_of(council, "")
    assert send(council, number, "answer", words="Yes.", then="ask").status_code == 303
    assert send(parent, number, "reply", words="At home.").status_code == 303
    for key, may in (("other_parent", False), ("parent", True), ("senco", True)):
        browser = world.client(key)
        page = Page(browser.get(f"{browser.base}/history")).words
        assert ("Nadia Rahman commented on" in page, "went on with what was said" in page) == (may, may), key
        assert ('"conversation":' in history_of(browser)) is may, key
        assert (browser.get(f"{browser.base}/as-at/{number}").status_code == 200) is may, key


# The final


def test_a_final_goes_out_over_what_is_not_answered_with_a_reason_that_the_family_reads(world: World) -> None:
    world.write_a_little()
    item = world.plan().sections["E"].content.items[0].id
    psychologist, manager = world.client("psychologist"), world.client("manager")
    sent = {"sentence": "what:0", "revision": "1", "words": "By when?", "request_id": new_request_id()}
    path = f"{psychologist.base}/sections/E/items/outcomes/{item}/comment"
    assert psychologist.post(path, sent).status_code == 303
    world.to_finalising()
    page = words_of(manager, "/issue")
    assert "1 comment or suggestion about Outcomes (section E) is not answered." in page
    refused = manager.post(f"{manager.base}/issue/final", {"request_id": new_request_id()})
    assert refused.status_code == 422
    assert 'href="#field-reason.E"' in refused.text
    assert len(world.plan().versions) == 1
    reason = {"reason.E": "We meet her on Friday.", "request_id": new_request_id()}
    assert manager.post(f"{manager.base}/issue/final", reason).status_code == 303
    line = versions.find(world.db, world.plan_id, 2).section("E")
    assert line is not None
    assert line.reason == "We meet her on Friday."
    assert "We meet her on Friday." in words_of(world.client("parent"), "/versions/2")


# Messages


def test_a_message_stands_on_the_plans_page_until_whoever_is_waited_for_has_written_back(world: World) -> None:
    ids = world.write_a_little()
    assert ids
    senco, caseworker = world.client("senco"), world.client("caseworker")
    sent = {"words": "Who comes on Monday?", "waits_for": world.people["caseworker"], "request_id": new_request_id()}
    assert senco.post(f"{senco.base}/sections/B/conversations", sent).status_code == 303
    number = last(world).number
    for browser in (senco, caseworker):
        assert "Anita Patel waits for Chris Doyle" in words_of(browser, "")
        assert "Who comes on Monday?" in words_of(browser, "/sections/B/conversations")
    assert "Anita Patel" not in Page(world.client("parent").get(f"{senco.base}/sections/B")).words
    back = {"words": "I do.", "waits_for": world.people["senco"]}
    assert send(caseworker, number, "reply", **back).status_code == 303
    assert "Chris Doyle waits for Anita Patel" in words_of(senco, "/sections/B")
    assert send(senco, number, "reply", words="Thank you.").status_code == 303
    assert world.plan().conversations == ()
    assert "Thank you." in words_of(caseworker, f"/sections/B/conversations/{number}")


@pytest.mark.parametrize("who", ["parent", "stranger", "admin"])
def test_nobody_waits_for_somebody_who_does_not_read_the_section(world: World, who: str) -> None:
    senco = world.client("senco")
    sent = {"words": "Who comes?", "waits_for": world.people[who], "request_id": new_request_id()}
    answer = senco.post(f"{senco.base}/sections/B/conversations", sent)
    assert answer.status_code == 422
    assert 'href="#field-waits_for"' in answer.text
    assert "Who comes?" in answer.text
    assert world.plan().conversations == ()


@pytest.mark.parametrize(("key", "status"), [("stranger", 404), ("parent", 404), ("auditor", 404)])
def test_whoever_does_not_read_a_section_reads_and_sends_no_message_about_it(
    world: World, key: str, status: int
) -> None:
    browser = world.client(key)
    assert browser.get(f"{browser.base}/sections/B/conversations").status_code == status
    assert browser.post(f"{browser.base}/sections/B/conversations", {"words": "Hello"}).status_code == status


# What is kept


def history_of(browser: Browser) -> str:
    """The chain as it stands in somebody's receipt."""
    packed = browser.get(f"{browser.base}/receipt.zip").data
    with ZipFile(BytesIO(packed)) as receipt:
        return "".join(receipt.read(name).decode() for name in receipt.namelist() if name.endswith((".json", ".jsonl")))


def test_a_receipt_shows_what_was_said_to_those_who_hear_it_alone(world: World, need: str) -> None:
    opened(world, need, "senco", words="Zebra")
    assert "Zebra" in history_of(world.client("senco"))
    assert "Zebra" in history_of(world.client("psychologist"))
    assert "Zebra" not in history_of(world.client("parent"))
    keep_from(world, f"B/{need}/effect", "psychologist")
    assert "Zebra" not in history_of(world.client("psychologist"))


def test_a_plan_that_forgets_who_waits_for_whom_is_found_out(world: World, need: str) -> None:
    opened(world, need)
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]
    place = {"authority": "nmr", "_id": world.plan_id}
    world.db["plans"].update_one(place, {"$set": {"conversations": []}})
    (found,) = verify.plans(world.db, "nmr", world.plan_id)
    assert found.problems == ["the plan: who waits for whom is not as the chain says"]


@pytest.mark.parametrize("verb", ["answer", "accept"])
def test_who_was_answered_is_as_the_chain_says_or_it_is_found_out(world: World, need: str, verb: str) -> None:
    number = opened(world, need)
    typed = {"words": "No.", "then": "answer"} if verb == "answer" else {}
    assert send(world.client("caseworker"), number, verb, **typed).status_code == 303
    place = {"authority": "nmr", "_id": world.plan_id}
    ((told,),) = (each["settled"] for each in world.db["plans"].find(place))
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]
    other = {**told, "by": {**told["by"], "person": world.people["senco"]}}
    parent = {**told, "by": {**told["by"], "role": "parent"}}
    for wrong in (other, parent, {**told, "number": number + 1}, {**told, "section": "F"}):
        world.db["plans"].update_one(place, {"$set": {"settled": [wrong]}})
        (found,) = verify.plans(world.db, "nmr", world.plan_id)
        assert found.problems == ["the plan: who was answered in a conversation is not as the chain says"]
    before = {**told, "by": {name: each for name, each in told["by"].items() if name != "role"}}
    world.db["plans"].update_one(place, {"$set": {"settled": [before]}})
    assert [each.problems for each in verify.plans(world.db, "nmr", world.plan_id)] == [[]]


def test_what_was_typed_while_the_session_ended_is_given_back_to_copy(world: World, need: str) -> None:
    browser = world.client("psychologist")
    browser.http.delete_cookie("golden_thread_session")
    answer = say(browser, need, words="Shorter <b>words</b>.")
    assert answer.status_code == 403
    assert "Shorter &lt;b&gt;words&lt;/b&gt;." in answer.text
    assert WORDING in answer.text
