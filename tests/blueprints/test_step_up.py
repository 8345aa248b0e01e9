"""Signing, issuing and destroying ask for a proof of the last fifteen minutes, and nothing typed is lost on the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
import requests
from werkzeug.test import TestResponse

from portal.auth.session import AUTH_TIME
from portal.domain.actor import Grant, Role
from portal.domain.error import StepUpNeeded
from portal.domain.event import EventKind
from portal.domain.identifier import new_request_id
from portal.domain.letter_own import CONTACTS
from portal.domain.state import PlanState, VersionKind
from portal.operations import case as cases
from portal.operations import letter_templates, people, redress, step_up
from portal.operations.case import Told
from portal.store import sessions
from tests.auth.browser import PORTAL_URL, asked
from tests.auth.browser import Browser as SignOn
from tests.blueprints.conftest import plan_of
from tests.blueprints.page import Page
from tests.every_letter import SHARED
from tests.world import AGENCIES, TOKEN, Browser, World, now

HTMX = {"HX_Request": "true"}
JSON = {"Accept": "application/json"}
OVER_31 = date(1990, 3, 14)
AGAIN = "You have proved that it is you: now"
BEFORE = "we first ask you to prove that it is you"
WHY = "Health was asked twice and has not answered."


@dataclass(frozen=True)
class Act:
    """One act: who does it, on which page, at which address, and what its form sends."""

    key: str
    page: str
    address: str
    ready: Callable[[World], object]
    fields: Callable[[World], dict[str, str]]


def the_words(letter: str) -> Callable[[World], dict[str, str]]:
    def sent(world: World) -> dict[str, str]:
        head = world.plan().sections[letter]
        return {"revision": str(head.revision), "text_hash": head.hash.hex(), "request_id": new_request_id()}

    return sent


def a_reason(letter: str) -> Callable[[World], dict[str, str]]:
    return lambda _: {f"reason.{letter}": WHY, "request_id": new_request_id()}


def nothing(_: World) -> dict[str, str]:
    return {"request_id": new_request_id()}


def in_force(world: World) -> None:
    world.to_finalising()
    world.issue("manager", VersionKind.FINAL)


def met(world: World) -> None:
    """The review meeting of a plan in force was held today."""
    in_force(world)
    held = Told(EventKind.REVIEW_MEETING_HELD, now().today, {})
    cases.record(world.db, world.actor("caseworker"), world.plan_id, held, now())


def decided(_: World) -> dict[str, str]:
    return {"kind": "cease_decided", "on": now().today.isoformat(), "words": WHY, "request_id": new_request_id()}


def after_review(_: World) -> dict[str, str]:
    return {"outcome": "cease", "words": WHY, "request_id": new_request_id()}


CEASE = "?kind=cease_decided"
ACTS = {
    "sign": Act("dco", "/sections/C/sign-off", "/sections/C/sign-off", World.write_a_little, the_words("C")),
    "agree": Act("parent", "/sections/A/sign-off", "/sections/A/sign-off", World.write_a_little, the_words("A")),
    "draft": Act("manager", "/issue", "/issue/draft", World.write_a_little, a_reason("A")),
    "final": Act("manager", "/issue", "/issue/final", World.to_finalising, nothing),
    "cease": Act("caseworker", f"/redress/record{CEASE}", "/redress/record", in_force, decided),
    "cease after a review": Act("caseworker", "/review/decision", "/review/decision", met, after_review),
    "destroy": Act("auditor", "/retention", "/retention/confirm", World.plan, nothing),
}


@pytest.fixture(params=ACTS, ids=list(ACTS))
def act(request: pytest.FixtureRequest) -> Act:
    return ACTS[request.param]


@pytest.fixture
def ready(act: Act, cast: World, parts: list[Grant]) -> World:
    """A plan with which the act may be done now: to be destroyed, its years must be over."""
    child = cast.plan().child
    world = plan_of(cast, parts, replace(child, born=OVER_31) if act is ACTS["destroy"] else child)
    act.ready(world)
    return world


def kept(world: World) -> int:
    return world.db["sign_ins"].count_documents({"_id": {"$regex": "^typed "}})


@pytest.mark.parametrize("headers", [{}, HTMX, JSON], ids=["page", "fragment", "json"])
def test_a_proof_of_sixteen_minutes_ago_does_nothing(ready: World, act: Act, headers: dict[str, str]) -> None:
    browser, before = ready.client(act.key, minutes_ago=16), ready.plan().sequence
    answer = browser.post(browser.base + act.address, act.fields(ready), **headers)
    assert ready.plan().sequence == before
    if headers is JSON:
        assert answer.status_code == 401
        assert answer.json == {"error": ["Prove first that it is you: sign in again, then do this once more."]}
        return
    place = answer.headers["HX-Redirect" if headers is HTMX else "Location"]
    assert answer.status_code == (204 if headers is HTMX else 303)
    assert place.startswith(ready.settings.providers[0].issuer)
    assert (asked(place)["prompt"], asked(place)["max_age"]) == ("login", "0")
    for word in (ready.plan_id, "Health", "Amira", "reason"):
        assert word not in place


def test_a_proof_of_fourteen_minutes_ago_does_it_at_once(ready: World, act: Act) -> None:
    browser, before = ready.client(act.key, minutes_ago=14), ready.plan().sequence
    assert browser.post(browser.base + act.address, act.fields(ready)).status_code == 303
    assert ready.plan().sequence == before + 1


def test_a_program_that_was_refused_has_nothing_kept_for_it(ready: World, act: Act) -> None:
    before = kept(ready)
    browser = ready.client(act.key, minutes_ago=16)
    browser.post(browser.base + act.address, act.fields(ready), **JSON)
    assert kept(ready) == before


@pytest.mark.parametrize("key", ["stranger", "advocate"])
def test_nobody_who_may_not_is_sent_to_prove_anything(ready: World, act: Act, key: str) -> None:
    browser = ready.client(key, minutes_ago=16)
    answer = browser.post(browser.base + act.address, act.fields(ready))
    assert answer.status_code == (404 if key == "stranger" else 403)


def test_what_needs_no_proof_is_done_without_one(world: World) -> None:
    world.sign("dco", "C")
    browser = world.client("dco", minutes_ago=600)
    why = {"reason": "Signed too soon.", "request_id": new_request_id()}
    assert browser.post(f"{browser.base}/sections/C/sign-off/withdraw", why).status_code == 303
    assert world.plan().sections["C"].standing == ()
    assert browser.post(f"{browser.base}/sections/C/sign-off/send-back", why).status_code == 303


def test_a_form_sent_twice_is_answered_though_the_proof_grew_old_meanwhile(world: World) -> None:
    browser, sent = world.client("dco"), the_words("C")(world)
    assert browser.post(f"{browser.base}/sections/C/sign-off", sent).status_code == 303
    aged(world, browser.session_id)
    answer = browser.post(f"{browser.base}/sections/C/sign-off", sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, browser.base)


def test_the_page_says_beforehand_what_will_be_asked(ready: World, act: Act) -> None:
    path = f"/plans/{ready.plan_id}{act.page}"
    assert BEFORE in Page(ready.client(act.key, minutes_ago=16).get(path)).words
    fresh = Page(ready.client(act.key).get(path)).words
    assert BEFORE not in fresh
    assert AGAIN not in fresh


# To the provider and back


def aged(world: World, session_id: str) -> None:
    """The provider saw this session's person sixteen minutes ago."""
    long_ago = int((now().wall - timedelta(minutes=16)).timestamp())
    world.db["sessions"].update_one({"_id": sessions.key_of(session_id)}, {"$set": {f"data.{AUTH_TIME}": long_ago}})


class Visitor(SignOn):
    """Somebody of the demonstration's cast, who has a part in the plan and signed on at a real provider a while ago."""

    def __init__(self, world: World, slug: str, person: str, role: Role, agency: str) -> None:
        super().__init__(world.app)
        self.world = world
        assert self.sign_on(slug, person).status_code == 303
        found = sessions.find(world.db, self.cookie)
        assert found is not None
        self.person = found["person"]
        facts = AGENCIES[agency]
        people.give(
            world.db,
            Grant(self.person, person, facts.slug, facts.name, role, "nmr", world.plan_id, now().wall),
        )
        aged(world, self.cookie)

    def open(self, path: str) -> Page:
        answer = self.http.get(f"/plans/{self.world.plan_id}{path}")
        assert answer.status_code == 200, answer.text
        return Page(answer)

    def send(self, page: Page, button: str, **typed: str) -> TestResponse:
        form = page.form(button)
        return self.http.post(form.action, data=form.filled(**typed))

    def prove(self, answer: TestResponse, person: str) -> str:
        """Sign in where the answer leads; the portal's path that one comes back to."""
        assert answer.status_code == 303
        back = self.http.get(self.choose(str(answer.headers["Location"]), person))
        assert back.status_code == 303
        return str(back.headers["Location"])


@pytest.fixture
def officer(world: World) -> Visitor:
    world.write_a_little()
    return Visitor(world, "nhs", "jo-mensah", Role.DESIGNATED_CLINICAL_OFFICER, "icb")


SIGN, PAGE = "Sign section C", "/sections/C/sign-off"


def test_a_signer_comes_back_to_the_same_page_and_signs_by_pressing_once_more(officer: Visitor) -> None:
    world, before = officer.world, officer.cookie
    answer = officer.send(officer.open(PAGE), SIGN)
    place = officer.prove(answer, "jo-mensah")
    assert place == f"/plans/{world.plan_id}{PAGE}"
    assert officer.cookie != before
    assert world.plan().sections["C"].standing == ()
    page = officer.open(PAGE)
    assert f"{AGAIN} sign." in page.words
    assert officer.send(page, SIGN).headers["Location"] == f"/plans/{world.plan_id}"
    assert [each.by.person for each in world.plan().sections["C"].standing] == [officer.person]
    assert AGAIN not in officer.open(PAGE).words


def test_the_session_that_was_sent_away_is_over(officer: Visitor) -> None:
    old = officer.cookie
    officer.prove(officer.send(officer.open(PAGE), SIGN), "jo-mensah")
    found = sessions.find(officer.world.db, old)
    assert found is not None
    assert (bool(found["ended"]), found["data"]) == (True, {})


def test_words_that_moved_on_at_the_provider_are_shown_before_anything_is_signed(officer: Visitor) -> None:
    answer = officer.send(officer.open(PAGE), SIGN)
    item = officer.world.plan().sections["C"].content.items[0].id
    officer.world.edit("therapist", "C", "needs", {"effect": "It aches after a long walk."}, item)
    officer.prove(answer, "jo-mensah")
    page = officer.open(PAGE)
    assert "You have not signed. The words changed while you were reading" in page.words
    assert (page.said_in("del"), page.said_in("ins")) == (["taken out: short"], ["added: long"])


def test_the_reasons_for_issuing_are_in_the_form_again(world: World) -> None:
    world.write_a_little()
    manager = Visitor(world, "council", "maria-silva", Role.SEN_MANAGER, "council")
    answer = manager.send(manager.open("/issue"), "Issue the draft plan", **{"reason.A": WHY})
    assert manager.prove(answer, "maria-silva") == f"/plans/{world.plan_id}/issue"
    page = manager.open("/issue")
    assert f"{AGAIN} issue the draft plan." in page.words
    assert page.form("Issue the draft plan").fields["reason.A"] == [WHY]
    assert world.plan().versions == ()
    assert manager.send(page, "Issue the draft plan").status_code == 303
    assert [each.kind for each in world.plan().versions] == [VersionKind.DRAFT]


@pytest.mark.parametrize("room", ["redress", "case"])
def test_whoever_decides_that_a_plan_is_to_cease_comes_back_to_that_very_form(world: World, room: str) -> None:
    in_force(world)
    chris = Visitor(world, "council", "chris-doyle", Role.SEN_CASEWORKER, "council")
    page = chris.open(f"/{room}/record{CEASE}")
    answer = chris.send(page, "Put it on record", on=now().today.isoformat(), words=WHY)
    place = chris.prove(answer, "chris-doyle")
    assert place == f"/plans/{world.plan_id}/{room}/record"
    page = chris.open(f"/{room}/record")
    assert f"{AGAIN} put it on record." in page.words
    form = page.form("Put it on record")
    assert (form.fields["kind"], form.fields["words"]) == (["cease_decided"], [WHY])
    assert world.plan().case.of(EventKind.CEASE_DECIDED) == ()
    assert chris.send(page, "Put it on record").status_code == 303
    assert len(world.plan().case.of(EventKind.CEASE_DECIDED)) == 1


def test_a_letter_that_a_plan_is_to_cease_stands_on_the_page_again_as_it_was_looked_at(world: World) -> None:
    in_force(world)
    contacts = letter_templates.find(world.db, world.actor("manager"), "nmr", CONTACTS).number
    shared = {name.removeprefix("words_"): text for name, text in SHARED.items()}
    letter_templates.save(world.db, world.actor("manager"), "nmr", CONTACTS, contacts, shared, now())
    chris = Visitor(world, "council", "chris-doyle", Role.SEN_CASEWORKER, "council")
    form = chris.open("/letters/write?kind=cease").form("See the letter as it will be")
    looked_at = Page(chris.http.post(form.action, data=form.filled(reason=WHY))).form("See the letter as it will be")
    answer = chris.http.post(looked_at.action, data={**looked_at.fields, "act": "send"})
    assert chris.prove(answer, "chris-doyle") == f"/plans/{world.plan_id}/letters/write"
    page = chris.open("/letters/write")
    assert f"{AGAIN} send the letter." in page.words
    assert WHY in page.words
    form = page.form("See the letter as it will be")
    assert chris.http.post(form.action, data={**form.fields, "act": "send"}).status_code == 303
    assert len(world.plan().case.of(EventKind.CEASE_DECIDED)) == 1


def test_to_put_on_record_that_a_plan_has_ceased_asks_for_a_proof_too(world: World) -> None:
    in_force(world)
    for kind, facts in ((EventKind.CEASE_DECIDED, {}), (EventKind.DECISION_LETTER_SENT, {"decision": "cease"})):
        told = Told(kind, now().today, facts)
        cases.record(world.db, world.actor("caseworker"), world.plan_id, told, now())
    later = replace(now(), product=now().product + timedelta(days=100))
    actor = world.actor("caseworker")
    with pytest.raises(StepUpNeeded):
        redress.cease(world.db, replace(actor, auth_time=actor.auth_time - 16 * 60), world.plan_id, later)
    redress.cease(world.db, actor, world.plan_id, later)
    assert world.plan().state is PlanState.CEASED


def test_a_review_that_decides_anything_else_asks_for_none(world: World) -> None:
    met(world)
    browser = world.client("caseworker", minutes_ago=600)
    sent = {"outcome": "maintain", "words": WHY, "request_id": new_request_id()}
    assert browser.post(f"{browser.base}/review/decision", sent).status_code == 303


def test_what_was_typed_is_given_back_once(world: World) -> None:
    browser = world.client("manager", minutes_ago=16)
    browser.post(f"{browser.base}/issue/draft", a_reason("A")(world))
    browser.http.head(f"{browser.base}/issue")
    texts = [browser.get(f"{browser.base}/issue").text for _ in range(2)]
    assert [WHY in each for each in texts] == [True, False]


def test_whoever_turns_back_at_the_provider_has_their_words_all_the_same(world: World) -> None:
    browser = world.client("manager", minutes_ago=16)
    browser.post(f"{browser.base}/issue/draft", a_reason("A")(world))
    page = Page(browser.get(f"{browser.base}/issue"))
    assert WHY in page.html
    assert BEFORE in page.words
    assert AGAIN not in page.words


def test_somebody_else_who_comes_back_has_a_session_of_their_own_and_none_of_the_words(world: World) -> None:
    world.write_a_little()
    maria = Visitor(world, "council", "maria-silva", Role.SEN_MANAGER, "council")
    answer = maria.send(maria.open("/issue"), "Issue the draft plan", **{"reason.A": WHY})
    robert = Visitor(world, "council", "robert-ainsley", Role.SEN_MANAGER, "council")
    maria.prove(answer, "robert-ainsley")  # at Maria's desk
    found = sessions.find(world.db, maria.cookie)
    assert found is not None
    assert found["person"] == robert.person
    page = maria.open("/issue")
    assert WHY not in page.html
    assert AGAIN not in page.words
    back = Visitor(world, "council", "maria-silva", Role.SEN_MANAGER, "council")
    assert WHY in back.open("/issue").html


def test_the_words_are_for_one_person_one_page_and_half_an_hour(world: World) -> None:
    at, person = now(), world.people["manager"]
    page, typed = f"/plans/{world.plan_id}/issue", {"reason.A": WHY}
    for somebody, somewhere, minutes, found in (
        (person, page, 29, typed),
        (person, page, 30, None),
        (world.people["other_manager"], page, 1, None),
        (person, f"{page}/x", 1, None),
    ):
        step_up.keep(world.db, person, page, typed, at)
        later = replace(at, wall=at.wall + timedelta(minutes=minutes))
        assert step_up.take(world.db, somebody, somewhere, later) == found
        step_up.take(world.db, person, page, at)


def test_a_provider_that_is_away_leaves_everything_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, before = world.client("manager", minutes_ago=16), world.plan().sequence
    providers: dict[str, Any] = world.app.extensions["providers"]
    provider = providers[world.settings.providers[0].slug]
    away = replace(provider.config, issuer="http://127.0.0.1:9/families")
    monkeypatch.setitem(providers, away.slug, type(provider)(away, PORTAL_URL))
    answer = browser.post(f"{browser.base}/issue/draft", a_reason("A")(world))
    assert answer.status_code == 503
    assert "Nothing was done." in Page(answer).words
    assert world.plan().sequence == before
    assert WHY in browser.get(f"{browser.base}/issue").text


def test_a_provider_that_is_no_longer_known_leads_to_the_sign_in_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.client("manager", minutes_ago=16)
    monkeypatch.delitem(world.app.extensions["providers"], world.settings.providers[0].slug)
    answer = browser.post(f"{browser.base}/issue/draft", a_reason("A")(world))
    assert answer.headers["Location"].startswith("/sign-in?")


def test_the_provider_asks_for_the_password_again_and_its_answer_counts(officer: Visitor) -> None:
    answer = officer.send(officer.open(PAGE), SIGN)
    shown = requests.get(str(answer.headers["Location"]), timeout=5, allow_redirects=False)
    assert shown.status_code == 200  # never straight back by a sign-on that still stands there


def test_a_form_of_another_page_or_person_is_never_kept(world: World) -> None:
    before = kept(world)
    browser: Browser = world.client("manager", minutes_ago=16)
    other = TOKEN.findall(world.client("parent").get("/help").text)[0]
    browser.http.post(f"{browser.base}/issue/draft", data={"csrf_token": other, "reason.A": WHY})
    browser.post(f"{browser.base}/issue/draft", {"reason.A": WHY, "unknown": "x"})
    assert kept(world) == before
