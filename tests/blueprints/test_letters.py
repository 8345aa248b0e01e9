"""The council's letters over HTTP: decided and told in one go, frozen, and read by the family and the council alone."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.domain.event import EventKind
from portal.domain.hashing import short
from portal.domain.identifier import new_request_id
from portal.domain.letter_kind import LetterKind
from portal.domain.letter_own import CONTACTS
from portal.domain.state import VersionKind
from portal.operations import case, letter_templates, letters, notices, verify
from portal.operations.case import Told
from portal.operations.letters import Asked
from portal.store import letters as store
from portal.worker import work_once
from tests.blueprints.page import Page
from tests.blueprints.test_case import asked_for
from tests.blueprints.test_hidden_things import keep
from tests.documents.paper import poppler
from tests.world import World, now

JSON = {"Accept": "application/json"}
CONTACT = {
    "mediation": "Northmere Mediation, 01632 960 140",
    "support": "Northmere SENDIASS, 01632 960 150",
    "reach": "Phone the SEN team on 01632 960 100.",
}
WHY = (
    "Amira makes progress with the support that her school gives.\n\n- She reads with the others.\n- She has a friend."
)
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


@pytest.fixture
def asked(world: World) -> World:
    """A record that began with a request three weeks ago, in a council that has written who gives advice."""
    found = asked_for(world, 21)
    manager = found.actor("manager")
    newest = letter_templates.find(found.db, manager, "nmr", CONTACTS)
    letter_templates.save(found.db, manager, "nmr", CONTACTS, newest.number, CONTACT, now())
    return found


def post(world: World, kind: str, key: str = "caseworker", **said: Any) -> TestResponse:
    browser = world.client(key)
    return browser.post(f"{browser.base}/letters/write", {"kind": kind, "request_id": new_request_id(), **said})


def send(world: World, kind: str, reason: str = "", key: str = "caseworker", **said: Any) -> TestResponse:
    """Look at the letter, then send it."""
    shown = post(world, kind, key, act="preview", reason=reason, **said)
    assert shown.status_code == 200, shown.text
    return post(world, kind, key, act="send", reason=reason, seen=SEEN.findall(shown.text)[0], **said)


def text_of(world: World, number: int = 1, key: str = "parent") -> str:
    browser = world.client(key)
    return Page(browser.get(f"{browser.base}/letters/{number}")).words


def facts(world: World) -> list[Mapping[str, Any]]:
    found = world.db["chain"].find({"authority": "nmr", "plan": world.plan_id}).sort("sequence", 1)
    return [each["facts"] for each in found]


def test_a_decision_and_its_letter_are_put_on_record_by_one_page_and_the_clocks_count_from_it(asked: World) -> None:
    answer = send(asked, "assessment_refused", WHY)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/letters/1")
    kinds = [each["kind"] for each in facts(asked)]
    assert kinds[-2:] == ["assessment_refused", "decision_letter_sent"]
    told = facts(asked)[-1]["facts"]
    (letter,) = store.of_a_plan(asked.db, asked.plan_id)
    assert told["decision"] == "refuse_assessment"
    assert told["letter"]["hash"] == letter.hash.hex()
    appeal = [each for each in asked.plan().clocks if each.clock == "appeal"]
    assert [each.starts for each in appeal] == [now().today]
    words = text_of(asked)
    assert "Our decision not to assess Amira Rahman" in words
    assert "She has a friend." in words
    assert "Northmere Mediation" in words
    assert f"{appeal[0].due:%A} {appeal[0].due.day} {appeal[0].due:%B}" in words  # type: ignore[union-attr]
    assert verify.size(asked.db, "nmr", asked.plan_id)
    assert [each.problems for each in verify.plans(asked.db, "nmr", asked.plan_id)] == [[]]


def test_a_caseworker_is_led_to_the_decision_from_the_plan_and_from_what_is_due(asked: World) -> None:
    browser = asked.client("caseworker")
    for path in ("", "/case"):
        page = Page(browser.get(f"{browser.base}{path}"))
        assert f"{browser.base}/letters" in page.links(), path
    words = Page(browser.get(f"{browser.base}/letters")).words
    assert "We will assess Decide this and tell the family, in one go." in words
    assert "We will not assess Decide this and tell the family, in one go." in words


def test_it_is_not_sent_twice_and_the_page_then_offers_something_else(asked: World) -> None:
    assert send(asked, "assessment_refused", WHY).status_code == 303
    assert post(asked, "assessment_refused", act="preview", reason=WHY).status_code == 409
    assert len(store.of_a_plan(asked.db, asked.plan_id)) == 1
    offered = {each.kind for each in letters.offers(asked.db, asked.plan(), asked.actor("caseworker"))}
    assert LetterKind.ASSESSMENT_AGREED in offered  # a council may change its mind


def test_the_same_form_sent_twice_is_one_letter(asked: World) -> None:
    seen = SEEN.findall(post(asked, "assessment_agreed", act="preview").text)[0]
    browser, same = asked.client("caseworker"), new_request_id()
    sent = {"kind": "assessment_agreed", "act": "send", "seen": seen, "request_id": same}
    places = [browser.post(f"{browser.base}/letters/write", sent).headers["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert [each["kind"] for each in facts(asked)][-2:] == ["assessment_agreed", "letter_sent"]
    assert len(store.of_a_plan(asked.db, asked.plan_id)) == 1


def test_a_decision_that_stands_on_record_waits_for_its_letter_and_the_page_goes_on_from_there(asked: World) -> None:
    told = Told(EventKind.ASSESSMENT_REFUSED, now().today - timedelta(days=1), {})
    case.record(asked.db, asked.actor("caseworker"), asked.plan_id, told, now())
    (owed,) = [each for each in letters.offers(asked.db, asked.plan(), asked.actor("manager")) if each.is_owed]
    assert owed.kind is LetterKind.ASSESSMENT_REFUSED
    page = asked.client("caseworker").get(f"/plans/{asked.plan_id}/case").text
    assert "The family has no letter of it yet." in page
    assert send(asked, "assessment_refused", WHY).status_code == 303
    assert [each["kind"] for each in facts(asked)].count("assessment_refused") == 1


def test_what_was_not_looked_at_is_not_sent(asked: World) -> None:
    seen = SEEN.findall(post(asked, "assessment_refused", act="preview", reason=WHY).text)[0]
    answer = post(asked, "assessment_refused", act="send", reason=f"{WHY} More.", seen=seen)
    assert answer.status_code == 409
    assert "The letter has changed since you looked at it." in answer.text
    assert "She has a friend. More." in answer.text
    assert store.of_a_plan(asked.db, asked.plan_id) == []
    assert "assessment_refused" not in [each["kind"] for each in facts(asked)]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"decided": "soon"}, "decided"),
        ({"decided": (now().today + timedelta(days=1)).isoformat()}, "decided"),
        ({"reason": "Why. " * 2000}, "reason"),
    ],
)
def test_a_form_with_something_wrong_comes_back_with_what_to_do(asked: World, said: dict[str, str], field: str) -> None:
    answer = post(asked, "assessment_refused", act="preview", **{"reason": WHY, **said})
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text
    assert store.of_a_plan(asked.db, asked.plan_id) == []


def test_no_letter_is_sent_before_the_council_says_who_gives_advice(world: World) -> None:
    elsewhere = asked_for(world, 21)
    page = post(elsewhere, "assessment_refused", act="preview", reason=WHY)
    known = letter_templates.contacts(elsewhere.db, "nmr").missing
    assert ("Who gives mediation advice" in page.text) is bool(known)
    if known:
        answer = post(elsewhere, "assessment_refused", act="send", reason=WHY, seen="0" * 64)
        assert answer.status_code == 409


@pytest.mark.parametrize(
    ("key", "status"),
    [("parent", 200), ("other_parent", 200), ("caseworker", 200), ("manager", 200)]
    + [(key, 403) for key in ("senco", "psychologist", "therapist", "dco", "social_worker", "advocate", "auditor")]
    + [("stranger", 404)],
)
def test_the_family_and_the_council_read_it_and_nobody_else(asked: World, key: str, status: int) -> None:
    send(asked, "assessment_refused", WHY)
    while work_once(asked.db, now().wall):
        pass
    browser = asked.client(key)
    for path in ("/letters", "/letters/1", "/letters/1.pdf"):
        assert browser.get(f"{browser.base}{path}").status_code == status, path
    said = browser.get(f"{browser.base}/letters", **JSON)
    assert said.status_code == status
    assert ("She has a friend" in said.text) is (status == 200)


@pytest.mark.parametrize(("key", "status"), [("parent", 403), ("senco", 403), ("dco", 403), ("stranger", 404)])
def test_nobody_but_the_council_writes_one(asked: World, key: str, status: int) -> None:
    browser = asked.client(key)
    assert browser.get(f"{browser.base}/letters/write?kind=assessment_refused").status_code == status
    assert post(asked, "assessment_refused", key, act="preview", reason=WHY).status_code == status
    assert post(asked, "nothing", key, act="preview", reason=WHY).status_code == status
    assert "Decide, and write to the family" not in browser.get(f"{browser.base}/letters").text


def test_the_pdf_is_tagged_and_says_what_the_page_says(asked: World) -> None:
    send(asked, "assessment_refused", WHY)
    browser = asked.client("parent")
    assert browser.get(f"{browser.base}/letters/1.pdf").status_code == 202
    while work_once(asked.db, now().wall):
        pass
    answer = browser.get(f"{browser.base}/letters/1.pdf")
    assert answer.mimetype == "application/pdf"
    assert "Tagged:          yes" in poppler("pdfinfo", "-", pdf=answer.data)
    words = " ".join(poppler("pdftotext", "-", "-", pdf=answer.data).split())
    for each in ("Our decision not to assess Amira Rahman", "She has a friend.", "First-tier Tribunal", "Chris Doyle"):
        assert each in words
    assert [each.problems for each in verify.plans(asked.db, "nmr", asked.plan_id)] == [[]]


def test_the_family_is_told_of_it_by_a_notice_that_names_nobody(asked: World) -> None:
    send(asked, "assessment_agreed")
    while notices.spread(asked.db, "nmr", now()):  # other modules left some
        pass
    lines = notices.listed(asked.db, asked.actor("caseworker"), asked.plan())
    told = {each.notice.person for each in lines if each.notice.kind == "letter"}
    assert told == {asked.people[key] for key in ("parent", "other_parent", "young_person")}
    assert "A letter" in asked.client("caseworker").get(f"/plans/{asked.plan_id}/notices").text


def test_a_letter_of_a_decision_that_was_taken_back_stays_and_says_so(asked: World) -> None:
    send(asked, "assessment_refused", WHY)
    number = next(each.sequence for each in asked.plan().happened if each.event.kind == "assessment_refused")
    case.correct(asked.db, asked.actor("manager"), asked.plan_id, number, "Another child’s.", now())
    assert "The council took this decision back" in text_of(asked)
    assert "She has a friend." in text_of(asked)


def test_a_draft_that_was_served_is_told_with_the_last_day_of_the_familys_fifteen(asked: World) -> None:
    asked.write_a_little()
    asked.sign_all()
    assert post(asked, "draft", act="preview").status_code == 409
    asked.issue("manager", VersionKind.DRAFT)
    assert send(asked, "draft").status_code == 303
    last = asked.plan().answer_by or date.min
    assert f"You have until {last:%A} {last.day} {last:%B} {last.year}." in text_of(asked)
    assert facts(asked)[-1]["kind"] == "letter_sent"


def test_reasons_that_hold_hidden_words_are_refused(asked: World) -> None:
    keep(asked, "child/address")
    for act in ("preview", "send"):
        answer = post(asked, "assessment_refused", act=act, reason="We wrote to 14 Larch Street.", seen="0" * 64)
        assert answer.status_code == 422
    assert "hidden from somebody" in answer.text


def test_what_is_hidden_later_is_withheld_from_a_letter_too(asked: World) -> None:
    send(asked, "assessment_refused", f"{WHY}\n\nWe wrote to 14 Larch Street.")
    while work_once(asked.db, now().wall):
        pass
    keep(asked, "child/address")
    assert "Larch" in text_of(asked)
    assert "Larch" not in text_of(asked, key="other_parent")
    other = asked.client("other_parent")
    words = poppler("pdftotext", "-", "-", pdf=other.get(f"{other.base}/letters/1.pdf").data)
    assert "Larch" not in words
    assert "She has a friend." in words
    told = [asked.client(key).get(f"{other.base}/letters/1", **JSON).json for key in ("parent", "other_parent")]
    (seal,) = {each["hash"] for each in told if each}
    assert f"sealed as {short(bytes.fromhex(seal))}" in words


def test_a_kill_between_the_decision_and_its_letter_leaves_a_letter_owed(
    asked: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, actor = asked.db, asked.actor("caseworker")
    found = Asked(LetterKind.ASSESSMENT_REFUSED, now().today, WHY)
    seen = letters.drafted(db, asked.plan(), actor, found, now()).body.digest

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "add", killed)
        with pytest.raises(KeyboardInterrupt):
            letters.send(db, actor, asked.plan_id, found, seen, now())
    assert facts(asked)[-1]["kind"] == "assessment_refused"
    assert [each.kind for each in letters.offers(db, asked.plan(), actor) if each.is_owed] == [found.kind]
    assert letters.send(db, actor, asked.plan_id, found, seen, now()) == 1
