"""Files, requests and notices of two people in two plans, kept side by side: each question answers with its own."""

from datetime import date, timedelta
from functools import partial
from itertools import product

import pytest

from portal.domain.identifier import new_item_id, new_person_id, new_plan_id, random_id
from portal.domain.intake import AssessmentRequest
from portal.domain.notice import Notice, NoticeKind
from portal.domain.plan import Child
from portal.operations import people
from portal.store import assessment_requests, media, notices
from portal.store.database import Database
from portal.store.media import Upload
from tests.world import now

CHILD = Child("Noor Haddad", "Noor", "she", date(2018, 4, 9))


@pytest.fixture
def plans() -> tuple[str, str]:
    return new_plan_id("nmr"), new_plan_id("nmr")


@pytest.fixture
def both(db: Database) -> tuple[str, str]:
    """Two people whom no other test knows."""
    first, second = (people.signed_on(db, "https://issuer.example", new_person_id(), name) for name in ("Ann", "Bo"))
    return first, second


def test_what_somebody_sent_for_one_plan_is_listed_there_and_to_them_alone(
    db: Database, plans: tuple[str, str], both: tuple[str, str]
) -> None:
    sent = [Upload(plan, new_item_id(), who, "me", now().wall, media.WAITING) for plan, who in product(plans, both)]
    for each in sent:
        media.send(db, each, each.id.encode())
    for each in sent:
        assert media.of_person(db, each.plan, each.person) == [each]
        assert media.sent(db, each.plan, each.id) == each.id.encode()


def test_each_of_two_families_finds_the_requests_that_they_sent_themselves(db: Database, both: tuple[str, str]) -> None:
    for person in both:
        made = AssessmentRequest(f"nmr-{random_id(16)}", "nmr", person, "Ann", now().product, CHILD, "mother", person)
        db.transaction(partial(assessment_requests.add, db, made))
    for person in both:
        assert [each.words for each in assessment_requests.of_person(db, person)] == [person]


def test_each_of_two_people_is_told_what_is_theirs_and_shown_what_they_were_told(
    db: Database, plans: tuple[str, str], both: tuple[str, str]
) -> None:
    at = now()
    soon = at.wall - timedelta(minutes=1)
    for number, (plan, who) in enumerate(product(plans, both)):
        key = f"{plan}:notice:{number}:waits:{who}"
        notices.add(db, Notice(key, "nmr", plan, who, NoticeKind.WAITS, at.product, None, next=soon, message="one"))
    for who in both:
        assert {each.person for each in notices.of_person(db, "nmr", who, at.wall)} == {who}
        assert {each.person for each in notices.carried_by(db, "nmr", who, "one")} == {who}
        assert {each.plan for each in notices.carried_by(db, "nmr", who, "one")} == set(plans)
        (line,) = notices.of_a_plan(db, plans[0], who)
        assert (line.plan, line.person) == (plans[0], who)
    assert len(notices.of_a_plan(db, plans[0])) == 2
