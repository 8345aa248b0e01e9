"""Grants: live from their first moment until just before their last, over one plan or over one authority's caseload."""

from datetime import timedelta

import pytest

from portal.domain.actor import FAMILY_ROLES, ROLE_WORDS, WHOLE_CASELOAD, Role
from tests.factories import AUTHORITY, PLAN_ID, START, grant, with_grants

MOMENT = timedelta(microseconds=1)
OTHER_PLAN = "nmr-fedcba9876543210"


@pytest.mark.parametrize(
    ("after_since", "live"), [(-MOMENT, False), (timedelta(), True), (MOMENT, True), (timedelta(days=9_999), True)]
)
def test_a_grant_lives_from_its_first_moment_and_for_ever_when_it_has_no_end(
    after_since: timedelta, live: bool
) -> None:
    assert grant(Role.PARENT, since=START).live_at(START + after_since) == live


@pytest.mark.parametrize(("after_until", "live"), [(-MOMENT, True), (timedelta(), False), (MOMENT, False)])
def test_a_grant_has_ended_at_its_last_moment(after_until: timedelta, live: bool) -> None:
    assert grant(Role.PARENT, until=START).live_at(START + after_until) == live


def test_a_grant_that_ends_when_it_begins_never_lives() -> None:
    assert not grant(Role.PARENT, since=START, until=START).live_at(START)


@pytest.mark.parametrize(
    ("scope", "authority", "covered"),
    [
        (PLAN_ID, AUTHORITY, True),
        (WHOLE_CASELOAD, AUTHORITY, True),
        (OTHER_PLAN, AUTHORITY, False),
        (PLAN_ID, "sfl", False),
        (WHOLE_CASELOAD, "sfl", False),
        ("", AUTHORITY, False),
    ],
)
def test_a_grant_covers_its_plan_or_its_authoritys_caseload_and_nothing_else(
    scope: str, authority: str, covered: bool
) -> None:
    found = grant(Role.SEN_MANAGER, scope=scope, authority=authority)
    assert found.covers(PLAN_ID, AUTHORITY) == covered
    assert bool(with_grants("somebody", found).grants_on(PLAN_ID, AUTHORITY)) == covered


def test_a_persons_authorities_are_named_once_each() -> None:
    grants = [grant(Role.SEN_MANAGER, authority=each) for each in ("sfl", "nmr", "sfl")]
    assert with_grants("somebody", *grants).authorities == ("nmr", "sfl")


def test_somebody_without_a_grant_is_on_no_plan() -> None:
    assert with_grants("somebody").grants_on(PLAN_ID, AUTHORITY) == ()
    assert with_grants("somebody").authorities == ()


def test_every_role_has_words_of_its_own() -> None:
    assert set(ROLE_WORDS) == set(Role)
    assert len(set(ROLE_WORDS.values())) == len(Role) == 13
    assert {Role.PARENT, Role.YOUNG_PERSON} == FAMILY_ROLES
