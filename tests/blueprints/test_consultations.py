"""Consultations over HTTP: one act sends a school its pack and starts its clock; those who may read its reply."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.domain.agency import Agency, AgencyKind
from portal.domain.amend import Because
from portal.domain.contact import Contact, Way
from portal.domain.identifier import new_request_id, random_id
from portal.domain.state import VersionKind
from portal.operations import notices as telling
from portal.operations import people, plans, review, verify
from portal.store import contacts, notices
from portal.store import people as people_store
from tests.blueprints.page import Page
from tests.blueprints.test_consulted import consult, school
from tests.world import REASONS, World, now

__all__ = ["school"]  # a draft that was issued, and a SENCO of another school
JSON = {"Accept": "application/json"}
REASON = "Three of the class use the only lift."
NO = {"meets": "no", "grounds": "resources", "words": REASON, "needs": "A second lift."}


def number(world: World) -> int:
    return world.plan().consulted[-1].number


def reply(world: World, key: str = "oak", **sent: str) -> int:
    browser = world.client(key)
    form = {"request_id": new_request_id(), **(sent or NO)}
    return browser.post(f"{browser.base}/consultations/{number(world)}", form).status_code


def test_one_act_gives_the_senco_the_draft_starts_the_clock_and_asks_them_for_a_reply(school: World) -> None:
    assert consult(school) == 303
    due = now().today + timedelta(days=15)
    case = school.client("caseworker").get(f"/plans/{school.plan_id}/case", **JSON).json
    assert case is not None
    assert [(each["clock"], each["ref"], each["due"]) for each in case["clocks"] if each["ref"] == "s1"] == [
        ("setting_reply", "s1", due.isoformat())
    ]
    oak = school.client("oak")
    assert "Waiting for you: say whether you can offer Amira a place by" in Page(oak.get(oak.base)).words
    listed = oak.get("/worklist", **JSON).json
    assert listed is not None
    tasks = next(each["waiting_for_you"] for each in listed["plans"] if each["plan"] == school.plan_id)
    assert tasks == [{"kind": "offer", "sections": [], "due": due.isoformat()}]


def test_the_senco_is_told_that_something_waits_and_by_when(school: World) -> None:
    contacts.keep(school.db, school.people["oak"], Contact(first=Way.EMAIL, email="oona@example.org"))
    consult(school)
    while telling.spread(school.db, "nmr", now()):
        continue
    told = notices.of_a_plan(school.db, school.plan_id, school.people["oak"])
    assert [(each.kind.value, each.due) for each in told] == [("waits", now().today + timedelta(days=15))]


def test_a_school_replies_once_on_a_ground_of_the_law_and_the_council_and_family_read_it(school: World) -> None:
    consult(school)
    oak = school.client("oak")
    page = Page(oak.get(f"{oak.base}/consultations/{number(school)}"))
    form = page.form("Send the reply")
    wrong = oak.post(form.action, form.filled(meets="no", words="We are full."))
    assert wrong.status_code == 422
    assert "Choose at least one ground" in Page(wrong).words
    sent = oak.post(form.action, form.filled(meets="no", grounds=["resources"], words=REASON, needs="A second lift."))
    assert sent.status_code == 303
    assert reply(school, meets="yes") == 409
    for key in ("caseworker", "manager", "parent", "other_parent"):
        words = Page(school.client(key).get(f"{oak.base}/consultations")).words
        assert REASON in words, key
        assert "Elm Road Primary School" in words, key
        assert "efficient use of resources" in words, key
    for key in ("therapist", "dco", "social_worker", "senco"):
        browser = school.client(key)
        for headers in ({}, JSON):
            text = browser.get(f"{oak.base}/consultations", **headers).text
            assert REASON not in text, key
    clocks = school.client("parent").get(f"{oak.base}/case", **JSON).json
    assert clocks is not None
    assert [each["met"] for each in clocks["clocks"] if each["clock"] == "setting_reply"] == [now().today.isoformat()]
    assert "say whether you can offer" not in Page(oak.get(oak.base)).words
    assert [each.problems for each in verify.plans(school.db, "nmr", school.plan_id)] == [[]]


def test_the_advice_that_the_council_chose_goes_with_the_draft_and_no_other(world: World) -> None:
    world.write_a_little()
    chosen = world.add("caseworker", "K", "advice", document="Hospital report", author="Dr Ward", summary="Tires soon.")
    other = world.add("caseworker", "K", "advice", document="Police report", author="PC Hill", summary="Secret.")
    world.sign_all()
    world.issue("manager", VersionKind.DRAFT)
    later = world.add("caseworker", "K", "advice", document="A later report", author="Dr Ward")
    like = next(each for each in world.actor("senco").grants if each.scope == world.plan_id)
    person = people.signed_on(world.db, world.settings.providers[0].issuer, random_id(8), "Oona Kelly")
    other_child = next(each.scope for each in world.actor("senco").grants if each.scope != world.plan_id)
    people.give(world.db, replace(like, person=person, name="Oona Kelly", scope=other_child))
    school = replace(world, people={**world.people, "oak": person})
    assert consult(school, pack=later) == 422
    assert consult(school, pack=chosen) == 303
    oak = school.client("oak")
    page = Page(oak.get(f"{oak.base}/consultations/{number(school)}")).words
    assert "Hospital report" in page
    assert "Tires soon." in page
    for path in ("", "/sections/K", "/versions/1", "/consultations", f"/consultations/{number(school)}"):
        assert "Police report" not in oak.get(oak.base + path).text, path
    assert other != chosen


def test_a_school_that_is_asked_about_amendments_is_led_to_those_and_not_to_the_first_draft(school: World) -> None:
    plans.answer(school.db, school.actor("parent"), school.plan_id, "We agree.", now())
    plans.begin_finalising(school.db, school.actor("caseworker"), school.plan_id, now())
    school.edit("caseworker", "I", "placement", {"name": "Elm Road", "type": "Mainstream"}, "placement")
    school.issue("manager", VersionKind.FINAL, **REASONS)
    because = (Because.OTHER, "Another school is to be found.")
    review.amend(school.db, school.actor("caseworker"), school.plan_id, *because, now())
    school.issue("manager", VersionKind.PROPOSED_AMENDMENT, **REASONS)
    assert consult(school) == 303
    for key in ("oak", "caseworker"):
        page = school.client(key).get(f"/plans/{school.plan_id}/consultations/{number(school)}").text
        assert f"/plans/{school.plan_id}/versions/3" in page
        assert f"/plans/{school.plan_id}/versions/1" not in page


def test_one_school_reads_nothing_of_another_s_consultation_and_a_reader_replies_for_nobody(school: World) -> None:
    consult(school)
    first = number(school)
    reply(school)
    like = school.actor("oak").grants[0]
    slug = f"school-{random_id(6)}"
    people_store.keep_agency(school.db, Agency(slug, "Oak Lane School", AgencyKind.EDUCATION, "nmr"))
    rival = people.signed_on(school.db, school.settings.providers[0].issuer, random_id(8), "Rita Vale")
    people.give(
        school.db,
        replace(like, person=rival, name="Rita Vale", agency=slug, agency_name="Oak Lane School", relation=""),
    )
    both = replace(school, people={**school.people, "rival": rival})
    assert consult(both, person=rival, agency=slug) == 303
    browser = both.client("rival")
    page = browser.get(f"{browser.base}/consultations").text
    assert REASON not in page
    assert "Elm Road" not in page
    for key in ("rival", "parent", "senco", "auditor", "stranger"):
        asked = both.client(key)
        assert asked.get(f"{browser.base}/consultations/{first}").status_code == 404, key
        assert asked.post(f"{browser.base}/consultations/{first}", NO).status_code == 404, key
    council = Page(both.client("caseworker").get(f"{browser.base}/consultations")).words
    assert council.index("Elm Road Primary School") < council.index("Oak Lane School")


def test_a_school_that_has_nobody_here_is_put_on_record_with_what_it_is_and_its_reply(school: World) -> None:
    browser = school.client("caseworker")
    form = Page(browser.get(f"{browser.base}/consultations/note")).form("Put it on record")
    today = now().today.isoformat()
    filled = form.filled(name="Beacon House", listed="no", on=today)
    assert browser.post(form.action, form.filled(name="", on=today)).status_code == 422
    assert browser.post(form.action, filled).status_code == 303
    assert "need not admit" in Page(school.client("parent").get(f"{browser.base}/consultations")).words
    form = Page(browser.get(f"{browser.base}/consultations/{number(school)}")).form("Put its reply on record")
    assert browser.post(form.action, form.filled(meets="yes", on=today)).status_code == 303
    assert "Chris Doyle wrote down what came" in Page(browser.get(f"{browser.base}/consultations")).words
    for key, status in (("stranger", 404), ("parent", 403), ("senco", 403)):
        assert school.client(key).post(f"{browser.base}/consultations/note", {"name": "X"}).status_code == status


def test_where_the_address_is_hidden_no_school_is_named_but_to_the_council(hidden: World) -> None:
    hidden.sign_all()
    hidden.issue("manager", VersionKind.DRAFT)
    browser = hidden.client("caseworker")
    form = {"name": "Beacon House", "listed": "", "on": now().today.isoformat()}
    assert browser.post(f"{browser.base}/consultations/note", form).status_code == 303
    assert "Beacon House" in browser.get(f"{browser.base}/consultations").text
    for key in ("parent", "other_parent", "senco", "social_worker"):
        for path in ("/consultations", "/case", "/history", ""):
            assert "Beacon House" not in hidden.client(key).get(browser.base + path).text, (key, path)


@pytest.mark.parametrize("pack", ["nothing-here", "0000000000"])
def test_a_pack_of_advice_that_is_none_is_refused(school: World, pack: str) -> None:
    assert consult(school, pack=pack) == 422
    assert school.plan().consulted == ()
