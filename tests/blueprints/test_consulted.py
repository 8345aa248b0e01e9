"""A school is consulted: who may, what its SENCO sees and does not, and how it ends."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from portal.domain.actor import Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.error import NotFound
from portal.domain.identifier import new_request_id, random_id
from portal.domain.moment import local_day
from portal.domain.permission_law import CONSULTED
from portal.domain.state import VersionKind
from portal.operations import access, cover, invitations, people
from portal.operations import consult as consulting
from portal.operations.people import load_actor
from portal.store import chain, parts
from portal.store import people as people_store
from tests.at_once import at_once
from tests.blueprints.page import Page
from tests.blueprints.test_live import open_stream
from tests.world import AGENCIES, World, now

JSON = {"Accept": "application/json"}
SCHOOL = "elm-road-primary"
SINCE = "Said after the draft"


@pytest.fixture
def school(world: World) -> World:
    """A draft has been issued; "oak" is the SENCO of a school that has nothing to do with this child."""
    issuer = world.settings.providers[0].issuer
    person = people.signed_on(world.db, issuer, random_id(8), "Oona Kelly")
    like = next(each for each in world.actor("senco").grants if each.scope == world.plan_id)
    other = next(each.scope for each in world.actor("senco").grants if each.scope != world.plan_id)
    people.give(world.db, replace(like, person=person, name="Oona Kelly", scope=other))
    made = replace(world, people={**world.people, "oak": person})
    made.write_a_little()
    made.sign_all()
    made.issue("manager", VersionKind.DRAFT)
    made.edit("parent", "A", "people", {"words": SINCE}, "people")
    return made


def sent(world: World, **more: str) -> dict[str, str]:
    last = (now().today + timedelta(days=15)).isoformat()
    form = {"agency": SCHOOL, "person": world.people["oak"], "last": last, "request_id": new_request_id()}
    return {**form, **more}


def consult(world: World, key: str = "caseworker", **more: str) -> int:
    browser = world.client(key)
    return browser.post(f"{browser.base}/people/consult", sent(world, **more)).status_code


def grants(world: World, days: float = 0) -> list[str]:
    """The relations by which the school's SENCO has a part in the plan, some days from now."""
    moment = now()
    found = load_actor(world.db, world.people["oak"], replace(moment, wall=moment.wall + timedelta(days=days)))
    assert found is not None
    return [each.relation for each in found.grants if each.scope == world.plan_id]


@pytest.mark.parametrize("key", ["caseworker", "manager"])
def test_the_sen_team_consults_a_school_for_fifteen_days_unless_it_says_otherwise(school: World, key: str) -> None:
    browser = school.client(key)
    assert "Consult a school" in Page(browser.get(f"{browser.base}/people")).words
    page = Page(browser.get(f"{browser.base}/people/consult?agency={SCHOOL}"))
    form = page.form("Consult them")
    assert form.fields["last"] == [(now().today + timedelta(days=15)).isoformat()]
    answer = browser.post(form.action, form.filled(person=school.people["oak"]))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{browser.base}/people")
    assert grants(school) == [CONSULTED]
    shown = Page(school.client("parent").get(f"{browser.base}/people")).words
    assert "Oona Kelly" in shown
    assert "Reads the draft plan as it was issued" in shown


@pytest.mark.parametrize("key", ["parent", "senco", "therapist", "dco", "social_worker", "auditor", "psychologist"])
def test_a_reader_consults_nobody(school: World, key: str) -> None:
    browser = school.client(key)
    assert browser.get(f"{browser.base}/people/consult").status_code == 403
    assert consult(school, key) == 403
    assert "Consult a school" not in Page(browser.get(f"{browser.base}/people")).words
    assert grants(school) == []


def test_a_stranger_finds_no_plan_to_consult_about(school: World) -> None:
    assert consult(school, "stranger") == 404
    assert grants(school) == []


def test_before_a_draft_is_issued_nobody_is_consulted_on_it(world: World) -> None:
    browser = world.client("caseworker")
    assert "Consult a school" not in Page(browser.get(f"{browser.base}/people")).words
    form = {"agency": SCHOOL, "person": world.people["stranger"], "last": now().today.isoformat()}
    assert browser.post(f"{browser.base}/people/consult", form).status_code == 409


BAD = {
    "a day that is over": {"last": "2020-01-01"},
    "a day too far away": {"last": "2099-01-01"},
    "no day": {"last": ""},
    "a day that is none": {"last": "soon"},
    "nobody": {"person": "0" * 16},
    "an agency of another kind": {"agency": "northmere-icb"},
    "a role of its own": {"role": "sen_manager"},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_a_form_that_does_not_fit_consults_nobody(school: World, wrong: dict[str, str]) -> None:
    assert consult(school, **wrong) == 422
    assert grants(school) == []


def test_the_childs_own_school_is_not_made_to_read_less(school: World) -> None:
    assert consult(school, person=school.people["senco"]) == 422
    senco = school.client("senco")
    assert SINCE in senco.get(f"{senco.base}/sections/A").text


def test_what_a_school_reads_that_is_consulted_is_the_draft_as_issued_and_nothing_else(school: World) -> None:
    report = school.add("caseworker", "K", "advice", document="A report of the hospital", author="Dr Ward")
    consult(school)
    oak = school.client("oak")
    assert oak.get(oak.base).status_code == 200
    assert "It aches after a short walk." in oak.get(f"{oak.base}/versions/1").text
    for path in ("", "/sections/A", "/sections/K", "/versions/1", "/people", "/rights", "/summary", "/case"):
        for headers in ({}, JSON):
            text = oak.get(oak.base + path, **headers).text
            assert SINCE not in text, path
            assert "A report of the hospital" not in text, path
    advice = f"/sections/K/items/advice/{report}"
    for path in ("/history", "/case", "/as-at/1", "/openings", "/receipt", "/receipt.zip", advice):
        assert oak.get(oak.base + path).status_code in (403, 404), path
    for path, form in (
        ("/sections/A/items/people/people", {"revision": "0", "words": "Mine"}),
        ("/answer", {"words": "We could"}),
        ("/people/give", {"agency": SCHOOL, "person": school.people["stranger"], "role": "senco"}),
        ("/people/consult", sent(school)),
    ):
        assert oak.post(oak.base + path, form).status_code == 403, path
    assert oak.get("/worklist", **JSON).status_code == 200


def test_one_school_is_not_told_of_another_and_the_family_is_told_of_both(school: World) -> None:
    issuer, like = school.settings.providers[0].issuer, school.actor("oak").grants[0]
    rival = people.signed_on(school.db, issuer, random_id(8), "Rita Vale")
    people.give(school.db, replace(like, person=rival, name="Rita Vale"))
    for person in (school.people["oak"], rival):
        assert consult(school, person=person) == 303
    oak, parent = school.client("oak"), school.client("parent")
    for path in ("", "/people"):
        for headers in ({}, JSON):
            assert "Rita Vale" not in oak.get(oak.base + path, **headers).text, path
    page = Page(parent.get(f"{parent.base}/people")).words
    assert "Rita Vale" in page
    assert "Oona Kelly" in page


def test_a_hidden_address_is_hidden_from_a_school_that_is_consulted_too(school: World) -> None:
    browser = school.client("manager")
    form = {"what": "address", "who": "some", "readers": "", "reason": "It was asked."}
    assert browser.post(f"{browser.base}/audience", form).status_code == 303
    consult(school)
    oak = school.client("oak")
    for path in ("", "/versions/1", "/sections/A", "/rights"):
        assert "14 Larch Street" not in oak.get(oak.base + path).text, path


def test_a_school_that_is_consulted_is_not_told_that_anything_was_saved_since(school: World) -> None:
    consult(school)
    oak = school.client("oak")
    asked = [f"{oak.base}/live", f"{oak.base}/live?after=1", f"{oak.base}/live?after=999999"]

    def told() -> list[str]:
        page = oak.get(oak.base, **JSON).json or {}
        return [str(page["sequence"]), page["head"], *(oak.get(each, **JSON).text for each in asked)]

    before = told()
    school.edit("parent", "A", "people", {"words": "Said while they decide"}, "people")
    assert told() == before


def test_the_stream_of_a_school_that_is_consulted_says_nothing_of_what_is_saved(school: World) -> None:
    consult(school)
    with open_stream(school.client("oak"), after=1) as oak, open_stream(school.client("parent"), after=1) as parent:
        parent.next("saved")
        assert next(iter(oak))[0] == "here"
        school.edit("parent", "A", "people", {"words": "Said while they decide"}, "people")
        parent.numbers(school.plan().sequence)
        school.end_grants({"authority": "nmr", "person": school.people["oak"], "scope": school.plan_id})
        assert [name for name, _, _ in oak.rest() if name == "saved"] == []


def test_it_is_over_by_itself_at_the_end_of_the_day_that_was_named(school: World) -> None:
    assert consult(school, last=(now().today + timedelta(days=3)).isoformat()) == 303
    (grant,) = [each for each in school.actor("oak").grants if each.relation == CONSULTED]
    assert grant.until is not None
    assert local_day(grant.until - timedelta(seconds=1)) == now().today + timedelta(days=3)
    assert grants(school, 2) == [CONSULTED]
    assert grants(school, 5) == []


def test_the_caseworker_ends_it_at_any_time_and_the_next_request_finds_nothing(school: World) -> None:
    consult(school)
    oak, browser = school.client("oak"), school.client("caseworker")
    assert oak.get(oak.base).status_code == 200
    (grant,) = [each for each in school.actor("oak").grants if each.relation == CONSULTED]
    assert browser.post(f"{browser.base}/people/end", {"key": people_store.key_of(grant)}).status_code == 303
    assert oak.get(oak.base).status_code == 404


def test_it_stands_in_the_history_once_however_often_the_form_comes(school: World) -> None:
    browser, form = school.client("caseworker"), sent(school)
    posts = [
        lambda: browser.http.post(f"{browser.base}/people/consult", data={"csrf_token": browser.token, **form})
    ] * 3
    assert at_once(*posts) == []
    facts = [each.facts["facts"] for each in chain.entries(school.db, school.plan_id)]
    assert [each["person"] for each in facts if each.get("relation") == CONSULTED] == [school.people["oak"]]
    assert "a school or college was consulted" in Page(browser.get(f"{browser.base}/history")).words


def test_a_school_that_was_consulted_and_is_then_given_a_part_reads_all_of_it_at_once(school: World) -> None:
    """Being consulted is a part beside the other: neither takes the other's place or its end."""
    consult(school)
    form = {"agency": SCHOOL, "person": school.people["oak"], "role": "senco"}
    browser = school.client("caseworker")
    assert browser.post(f"{browser.base}/people/give", form).status_code == 303
    oak = school.client("oak")
    assert SINCE in oak.get(f"{oak.base}/sections/A").text
    assert sorted(grants(school)) == ["", CONSULTED]
    assert grants(school, 20) == [""]


def test_a_plan_on_which_a_school_is_or_was_consulted_is_not_offered_to_its_lead_as_one_of_its_own(
    school: World,
) -> None:
    slug, like = f"school-{random_id(6)}", school.actor("oak").grants[0]
    people_store.keep_agency(school.db, Agency(slug, "Oak Lane School", AgencyKind.EDUCATION, "nmr"))
    person = people.signed_on(school.db, school.settings.providers[0].issuer, random_id(8), "Rita Vale")
    people.give(school.db, replace(like, person=person, name="Rita Vale", agency=slug, agency_name="Oak Lane School"))
    people_store.lead(school.db, school.people["senco"], [slug])
    assert consult(school, person=person, agency=slug) == 303
    key = f"nmr:{person}:{slug}:senco:{school.plan_id}:{CONSULTED}"
    for end in (False, True):
        if end:
            assert (
                school.client("caseworker").post(f"/plans/{school.plan_id}/people/end", {"key": key}).status_code == 303
            )
        page = school.client("senco").get(f"/access/person?agency={slug}&person={person}").text
        assert f'<option value="{like.scope}">' in page
        assert f'<option value="{school.plan_id}">' not in page


def test_cover_for_a_school_that_is_consulted_ends_when_that_does(school: World) -> None:
    consult(school, last=(now().today + timedelta(days=2)).isoformat())
    today = now().today
    days = (today, today + timedelta(days=40))
    colleague = school.people["senco"]
    cover.cover(school.db, school.actor("oak"), SCHOOL, school.people["oak"], colleague, days, now())
    lent = [each for each in parts.people_of(school.db, AGENCIES["school"], now().wall) if each.covering]
    assert {each.role for each in lent} == {Role.SENCO}
    (consulted,) = [each for each in lent if each.relation == CONSULTED]
    assert consulted.until is not None
    assert local_day(consulted.until) == today + timedelta(days=3)


def test_the_lead_of_a_school_that_is_consulted_makes_no_more_of_it(school: World) -> None:
    """Whoever was sent the draft knows the plan's number, and gives nobody a part in it by that."""
    db, slug, like = school.db, f"school-{random_id(6)}", school.actor("oak").grants[0]
    people_store.keep_agency(db, Agency(slug, "Oak Lane School", AgencyKind.EDUCATION, "nmr"))
    lead, colleague = (people.signed_on(db, "https://oak.example", random_id(8), name) for name in ("Rita", "Al"))
    for person in (lead, colleague):
        people.give(db, replace(like, person=person, agency=slug, agency_name="Oak Lane School"))
    people_store.lead(db, lead, [slug])
    assert consult(school, person=lead, agency=slug) == 303
    rita, last = load_actor(db, lead, now()), now().today + timedelta(days=80)
    assert rita is not None
    asked = invitations.Asked(Role.SENCO, slug, school.plan_id)
    for give in (
        partial(access.give_part, db, rita, colleague, Role.SENCO, slug, school.plan_id, now(), None),
        partial(consulting.consult, db, rita, school.plan_id, slug, colleague, last, now()),
        partial(invitations.invite, db, rita, asked, now()),
    ):
        with pytest.raises(NotFound):
            give()
    assert colleague not in {each.person for each in people_store.grants_on(db, school.plan_id, now().wall)}
