"""The table of who gives what: every role fits some agency, and nobody gives to themselves or beyond the table."""

import pytest

from portal.domain.access import (
    FAMILY,
    GIFTS,
    LEAD,
    PROVIDERS_OF,
    ROLES_OF,
    TWO_PEOPLE,
    Part,
    fits,
    hat_for,
    must_give,
    problem_with,
    sees_to,
)
from portal.domain.actor import CASELOAD_ROLES, WHOLE_CASELOAD, Actor, Role
from portal.domain.agency import Agency, AgencyKind
from portal.domain.error import NotAllowed
from tests.factories import grant, with_grants

AUTHORITY, PLAN = "nmr", "nmr-0123456789abcdef"
AGENCIES = [Agency(f"{kind.value}-agency", "An agency", kind, AUTHORITY) for kind in AgencyKind]
COUNCIL = next(each for each in AGENCIES if each.kind is AgencyKind.COUNCIL)
# Written by hand: who gives family members, colleagues on a plan, and the council's own parts.
GIVES_ON_A_PLAN = {Role.SEN_CASEWORKER, Role.SEN_MANAGER}


def holding(role: Role, scope: str, **changes: object) -> Actor:
    facts = {"agency": COUNCIL.slug, "scope": scope, "authority": AUTHORITY, **changes}
    return with_grants("giver", grant(role, "giver", **facts))


def part(role: Role, agency: Agency, scope: str) -> Part:
    return Part(role, agency, scope, AUTHORITY)


def test_every_role_comes_from_some_kind_of_agency_and_every_kind_signs_on_somewhere() -> None:
    assert set().union(*ROLES_OF.values()) == set(Role)
    assert set(PROVIDERS_OF) == set(ROLES_OF) == set(AgencyKind)
    assert all(PROVIDERS_OF.values())


@pytest.mark.parametrize("role", Role)
def test_a_role_gives_something_only_where_the_table_says_so(role: Role) -> None:
    for scope in (PLAN, WHOLE_CASELOAD):
        giver = holding(role, WHOLE_CASELOAD)
        given = {each for each in Role for agency in AGENCIES if hat_for(giver, part(each, agency, scope))}
        if role not in GIVES_ON_A_PLAN or (scope == WHOLE_CASELOAD and role is Role.SEN_CASEWORKER):
            assert given == set()
        if scope == WHOLE_CASELOAD and role is Role.SEN_MANAGER:
            assert given == {Role.SEN_CASEWORKER, Role.SEN_MANAGER}
        if scope == PLAN and role is Role.SEN_CASEWORKER:
            assert given >= FAMILY
            assert not given & {Role.SEN_CASEWORKER, Role.SEN_MANAGER, Role.AUDITOR, Role.PLATFORM_ADMIN}


@pytest.mark.parametrize("role", Role)
def test_nobody_gives_themselves_anything_whatever_they_hold_or_lead(role: Role) -> None:
    giver = Actor("giver", "Giver", "", "", holding(role, WHOLE_CASELOAD).grants, leads=tuple(a.slug for a in AGENCIES))
    for agency in AGENCIES:
        for each in Role:
            for scope in (PLAN, WHOLE_CASELOAD):
                with pytest.raises(NotAllowed):
                    must_give(giver, "giver", part(each, agency, scope))


def test_a_part_in_one_plan_gives_nothing_on_another_and_nothing_in_another_authority() -> None:
    giver = holding(Role.SEN_CASEWORKER, PLAN)
    family = AGENCIES[0]
    assert hat_for(giver, part(Role.PARENT, family, PLAN))
    assert hat_for(giver, part(Role.PARENT, family, "nmr-fedcba9876543210")) is None
    assert hat_for(giver, Part(Role.PARENT, family, PLAN.replace("nmr", "sfl"), "sfl")) is None


def test_a_lead_gives_all_their_own_agencys_roles_and_no_family_members() -> None:
    for agency in AGENCIES:
        lead = Actor("lead", "Lead", "", "", leads=(agency.slug,))
        assert sees_to(lead, agency)
        for other in AGENCIES:
            for role in Role:
                may = hat_for(lead, part(role, other, PLAN)) is not None
                assert may is (other == agency and role not in FAMILY)


def test_whoever_may_read_for_an_hour_gives_nothing_by_that() -> None:
    giver = holding(Role.SEN_MANAGER, WHOLE_CASELOAD, reading="emergency")
    for agency in AGENCIES:
        for role in Role:
            assert hat_for(giver, part(role, agency, PLAN)) is None
    assert not sees_to(giver, COUNCIL)


def test_only_a_manager_takes_a_parent_off_a_plan() -> None:
    enders = {each.giver for each in GIFTS if each.roles & FAMILY and each.ends}
    assert enders == {Role.SEN_MANAGER}
    assert LEAD not in enders


@pytest.mark.parametrize("role", Role)
def test_a_part_fits_its_agencys_kind_and_its_scope_or_says_why_not(role: Role) -> None:
    for agency in AGENCIES:
        whole, one = problem_with(part(role, agency, WHOLE_CASELOAD)), problem_with(part(role, agency, PLAN))
        if not fits(role, agency):
            assert whole == one != ""
        else:
            assert (whole == "") is (role in CASELOAD_ROLES)
            assert (one == "") is (role not in TWO_PEOPLE)
