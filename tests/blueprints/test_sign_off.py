"""Sign-off over HTTP: exactly these words, what changed since, then sign, send back or take back."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.domain.identifier import new_request_id
from portal.operations import restrict
from portal.store.people import keep_agency
from tests.blueprints.page import Page, bytes_of
from tests.world import AGENCIES, World, now

NOBODY = "nmr-0000000000000000"
HTMX = {"HX_Request": "true"}
SIGN, BACK, TAKE_BACK = "Sign section C", "Send back", "Take it back"


def page_of(world: World, key: str = "dco", letter: str = "C") -> Page:
    return Page(world.client(key).get(f"/plans/{world.plan_id}/sections/{letter}/sign-off"))


def standing(world: World, letter: str = "C") -> list[str]:
    return [each.by.name for each in world.plan().sections[letter].standing]


def test_the_page_shows_exactly_the_words_the_statement_and_the_hash_it_binds_to(world: World) -> None:
    world.write_a_little()
    page, head = page_of(world), world.plan().sections["C"]
    assert page.is_whole
    assert "It aches after a short walk." in page.words
    assert page.said_in(".gt-statement") == [
        "I confirm, for the Integrated Care Board, that section C sets out the health needs as written here."
    ]
    form = page.form(SIGN)
    assert (form.fields["revision"], form.fields["text_hash"]) == ([str(head.revision)], [head.hash.hex()])
    code = head.hash.hex()[:12]
    assert page.said_in("#statement ~ p .gt-hash") == [f"{code[:4]} {code[4:8]} {code[8:]}"]
    assert "You sign for Northmere Integrated Care Board." in page.words


def test_an_empty_section_says_what_signing_it_says(world: World) -> None:
    page = page_of(world)
    assert "No health needs related to special educational needs were found." in page.words
    assert page.form(SIGN).fields["revision"] == ["0"]


def test_signing_goes_back_to_the_plan_where_it_shows_as_signed(world: World) -> None:
    world.write_a_little()
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(SIGN)
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)
    assert standing(world) == ["Jo Mensah"]
    row = next(each for each in Page(browser.get(browser.base)).said_in(".gt-row") if "section C" in each)
    assert "Signed" in row
    assert "Jo Mensah, today at" in row


def test_htmx_is_sent_on_after_signing(world: World) -> None:
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(SIGN)
    answer = browser.post(form.action, form.fields, **HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, browser.base)


def test_a_signature_on_words_that_moved_on_is_refused_and_shows_what_changed(world: World) -> None:
    ids = world.write_a_little()
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(SIGN)
    world.edit("therapist", "C", "needs", {"effect": "It aches after a long walk."}, ids["health"])
    before = world.plan().sequence
    answer = browser.post(form.action, form.fields)
    page = Page(answer)
    assert answer.status_code == 409
    assert page.is_whole
    assert "You have not signed." in page.words
    assert "Ben Carter saved today at" in page.words
    assert (page.said_in("del"), page.said_in("ins")) == (["taken out: short"], ["added: long"])
    assert (standing(world), world.plan().sequence) == ([], before)
    again = page.form(SIGN)
    assert browser.post(again.action, again.fields).status_code == 303
    assert standing(world) == ["Jo Mensah"]


@pytest.mark.parametrize("wrong", ["0" * 64, "f" * 64])
def test_a_hash_that_is_not_of_these_words_signs_nothing(world: World, wrong: str) -> None:
    world.write_a_little()
    sent = {"revision": str(world.plan().sections["C"].revision), "text_hash": wrong}
    browser = world.client("dco")
    assert browser.post(f"{browser.base}/sections/C/sign-off", sent).status_code == 409
    assert standing(world) == []


def test_after_a_change_the_signer_sees_what_changed_since_they_signed(world: World) -> None:
    ids = world.write_a_little()
    world.sign("dco", "C")
    world.edit("therapist", "C", "needs", {"effect": "It aches after a long walk."}, ids["health"])
    page = page_of(world)
    assert any(each.startswith("What changed since you signed today at") for each in page.said_in("h2"))
    assert (page.said_in("del"), page.said_in("ins")) == (["taken out: short"], ["added: long"])
    assert page.form(SIGN)


def test_an_edit_after_signing_voids_it_and_every_page_says_so(world: World) -> None:
    ids = world.write_a_little()
    world.sign("dco", "C")
    world.edit("therapist", "C", "needs", {"effect": "It aches after a long walk."}, ids["health"])
    browser = world.client("therapist")
    assert standing(world) == []
    for path in (browser.base, f"{browser.base}/sections/C"):
        assert "Changed since signing" in Page(browser.get(path)).words, path
    answer = browser.get(f"{browser.base}/sections/C", Accept="application/json").json
    assert answer is not None
    assert (answer["state"], answer["signed"]) == ("void", [])


def test_signing_twice_is_one_signature(world: World) -> None:
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(SIGN)
    first = browser.post(form.action, form.fields)
    before = world.plan().sequence
    second = browser.post(form.action, form.fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert (standing(world), world.plan().sequence) == (["Jo Mensah"], before)
    page = Page(browser.get(form.action))
    assert SIGN not in page.buttons()
    assert "You signed exactly these words." in page.words


def test_sending_back_needs_a_reason_and_the_writer_reads_it(world: World) -> None:
    world.write_a_little()
    world.client("therapist").post(f"/plans/{world.plan_id}/sections/C/sign-off/hand-over")
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(BACK)
    refused = browser.post(form.action, form.filled(reason="  "))
    assert refused.status_code == 422
    assert "Say why, so that they know what to do." in Page(refused).words
    sent = browser.post(form.action, form.filled(reason="Which hip? And since when?"))
    assert (sent.status_code, sent.headers["Location"]) == (303, browser.base)
    page = Page(world.client("therapist").get(f"{browser.base}/sections/C"))
    assert "Sent back by Jo Mensah" in page.words
    assert "Which hip? And since when?" in page.words


def test_a_reason_that_is_refused_is_still_in_the_form(world: World) -> None:
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(BACK)
    long = "Why? " * 500
    page = Page(browser.post(form.action, form.filled(reason=long)))
    assert "This is 2,499 characters. Shorten it to 2,000 or fewer." in page.words
    assert page.form(BACK).fields["reason"] == [long]


def test_a_reason_for_taking_back_that_is_refused_is_still_in_the_form(world: World) -> None:
    world.sign("dco", "C")
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(TAKE_BACK)
    long = "Why? " * 500
    answer = browser.post(form.action, form.filled(reason=long))
    assert answer.status_code == 422
    assert Page(answer).form(TAKE_BACK).fields["reason"] == [long]


def test_a_form_to_send_back_sent_twice_sends_back_once(world: World) -> None:
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(BACK)
    before = world.plan().sequence
    answers = [browser.post(form.action, form.filled(reason="Which hip?")) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert world.plan().sequence == before + 1


def test_a_signature_is_taken_back_with_a_reason_and_stays_in_the_history(world: World) -> None:
    world.sign("dco", "C")
    browser = world.client("dco")
    form = Page(browser.get(f"{browser.base}/sections/C/sign-off")).form(TAKE_BACK)
    assert browser.post(form.action, form.filled(reason="Signed too soon.")).status_code == 303
    assert standing(world) == []
    before = world.plan().sequence
    assert browser.post(form.action, form.filled(reason="Signed too soon.")).status_code == 303
    assert world.plan().sequence == before
    words = Page(browser.get(f"{browser.base}/history")).words
    assert "took back their sign-off of Health needs (section C)" in words
    assert "Signed too soon." in words


def test_a_writer_says_that_it_is_ready_and_then_it_waits_for_the_signer(world: World) -> None:
    world.write_a_little()
    browser = world.client("therapist")
    form = Page(browser.get(f"{browser.base}/sections/C")).form("Say that it is ready to sign")
    answer = browser.post(form.action, form.fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.base}/sections/C")
    assert "Ben Carter said that it is ready" in Page(browser.get(f"{browser.base}/sections/C")).words
    assert (
        "Waiting for you: sign health needs (section C), or send back"
        in Page(world.client("dco").get(browser.base)).words
    )
    before = world.plan().sequence
    assert browser.post(form.action, form.fields).status_code == 303
    assert world.plan().sequence == before


def test_the_family_agrees_in_its_own_words(world: World) -> None:
    world.edit("parent", "A", "people", {"words": "My brother"}, "people")
    browser = world.client("parent")
    form = Page(browser.get(f"{browser.base}/sections/A/sign-off")).form("Agree section A")
    assert browser.post(form.action, form.fields).status_code == 303
    assert standing(world, "A") == ["Nadia Rahman"]
    assert "Nadia Rahman agreed section A" not in Page(browser.get(f"{browser.base}/history")).words
    assert "agreed All about me (section A)" in Page(browser.get(f"{browser.base}/history")).words


def test_where_something_is_hidden_from_whoever_agreed_the_others_are_asked_and_the_council_sees_why(
    world: World,
) -> None:
    item = world.add("parent", "A", "aspirations", hope="That nobody finds out where we live", whose="child")
    council, readers = world.actor("caseworker"), (world.people["parent"],)
    restrict.restrict(world.db, council, world.plan_id, f"A/{item}", readers, "It was asked.", now())
    browser, base = world.client("other_parent"), f"/plans/{world.plan_id}"
    form = Page(browser.get(f"{base}/sections/A/sign-off")).form("Agree section A")
    assert browser.post(form.action, form.fields).status_code == 303
    asked, why = "say whether you agree", "Something here is hidden from them, so this does not count"
    assert standing(world, "A") == []
    for key, is_asked, sees_why in (("parent", True, False), ("other_parent", False, False), ("manager", False, True)):
        assert (asked in Page(world.client(key).get(base)).words) is is_asked, key
        page = Page(world.client(key).get(f"{base}/sections/A")).words
        assert "Yusuf Rahman" in page
        assert (why in page) is sees_why, key


ACTS = ["", "/send-back", "/withdraw", "/hand-over"]


def fields_of(act: str) -> dict[str, str]:
    fields = {"": {"revision": "0", "text_hash": "0" * 64}, "/hand-over": {}}
    return fields.get(act, {"reason": "Because"})


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("headers", [{}, HTMX, {"Accept": "application/json"}], ids=["page", "htmx", "json"])
def test_a_stranger_gets_the_same_bytes_as_for_a_plan_that_is_not_there(
    shared: World, act: str, headers: dict[str, str]
) -> None:
    browser = shared.client("stranger")
    plans = (shared.plan_id, NOBODY)
    answers = [browser.post(f"/plans/{plan}/sections/C/sign-off{act}", fields_of(act), **headers) for plan in plans]
    assert [each.status_code for each in answers] == [404, 404]
    assert bytes_of(answers[0]) == bytes_of(answers[1])
    got = [browser.get(f"/plans/{plan}/sections/C/sign-off", **headers) for plan in plans]
    assert [each.status_code for each in got] == [404, 404]
    assert bytes_of(got[0]) == bytes_of(got[1])


READERS = [("therapist", ""), ("therapist", "/send-back"), ("therapist", "/withdraw"), ("caseworker", "/hand-over")]
READERS += [("social_worker", ""), ("manager", ""), ("parent", ""), ("auditor", ""), ("senco", "/hand-over")]


@pytest.mark.parametrize(("key", "act"), READERS)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_reader_who_does_not_sign_this_is_refused(shared: World, key: str, act: str, headers: dict[str, str]) -> None:
    before = shared.plan().sequence
    browser = shared.client(key)
    answer = browser.post(f"{browser.base}/sections/C/sign-off{act}", fields_of(act), **headers)
    assert answer.status_code == 403
    assert Page(answer).is_whole is not bool(headers)
    assert "HX-Request" in answer.headers["Vary"]
    assert shared.plan().sequence == before


def test_a_reader_opens_no_page_to_sign_on(shared: World) -> None:
    for key in ("therapist", "caseworker", "parent", "senco"):
        browser = shared.client(key)
        assert browser.get(f"{browser.base}/sections/C/sign-off").status_code == 403, key


@pytest.fixture
def careful(world: World) -> Iterator[World]:
    """The board that signs for health asks a second person to sign."""
    keep_agency(world.db, replace(AGENCIES["icb"], second_person=True))
    yield world
    keep_agency(world.db, AGENCIES["icb"])


def test_an_agency_that_asks_for_a_second_person_is_heeded(careful: World) -> None:
    world = careful
    world.add("dco", "C", "needs", need="Asthma", effect="She wheezes in the cold.")
    page = page_of(world)
    assert SIGN not in page.buttons()
    assert "Your agency asks a second person to sign it." in page.words
    head = world.plan().sections["C"]
    browser = world.client("dco")
    sent = {"revision": str(head.revision), "text_hash": head.hash.hex(), "request_id": new_request_id()}
    answer = browser.post(f"{browser.base}/sections/C/sign-off", sent)
    assert answer.status_code == 409
    assert "a second person" in Page(answer).words
    assert standing(world) == []


def test_what_is_settled_at_issue_has_nothing_to_sign(shared: World) -> None:
    page = page_of(shared, "manager", "J")
    assert not [
        each for each in page.buttons() if re.search(r"sign|agree|back", each, re.IGNORECASE) and "out" not in each
    ]
    browser = shared.client("manager")
    head = shared.plan().sections["J"]
    sent = {"revision": str(head.revision), "text_hash": head.hash.hex()}
    assert browser.post(f"{browser.base}/sections/J/sign-off", sent).status_code == 403
