"""Who may: the sentences behind the table that tests/permissions compares cell by cell."""

from dataclasses import replace

import pytest

from portal.domain.actor import Role
from portal.domain.ehc_plan import EHC_PLAN
from portal.domain.permission import (
    Permission,
    allows,
    grants_for,
    in_audience,
    may_edit_item,
    sees_item,
    sees_version,
)
from portal.domain.permission_table import codes
from portal.domain.state import VersionKind
from tests.factories import (
    CASEWORKER,
    CLINICAL_OFFICER,
    MANAGER,
    OTHER_PARENT,
    PARENT,
    PSYCHOLOGIST,
    SENCO,
    THERAPIST,
    actor,
    blank,
    grant,
    item,
    with_draft,
    with_grants,
)

ADVICE = EHC_PLAN.section("K").group("advice")
VIEWS = EHC_PLAN.section("A").group("parent-views")
NOBODY = with_grants("nobody")


@pytest.mark.parametrize("permission", Permission)
def test_somebody_without_a_grant_may_do_nothing(permission: Permission) -> None:
    assert not any(allows(NOBODY, permission, blank(), letter) for letter in ("", *EHC_PLAN.letters))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("letter", ["", "h1", "AB", "Z"])
def test_a_section_that_there_is_not_gives_nothing(role: Role, letter: str) -> None:
    verbs = [each for each in Permission if each.value.startswith("section:")]
    assert codes(role, letter) == ""
    assert not any(allows(actor(role), verb, blank(), letter) for verb in verbs)


def test_the_family_sees_the_working_text_once_a_draft_is_issued_and_all_about_me_before() -> None:
    for letter in EHC_PLAN.letters:
        assert allows(PARENT, Permission.SECTION_VIEW, blank(), letter) == (letter == "A")
        assert allows(PARENT, Permission.SECTION_VIEW, with_draft(), letter)


def test_a_school_sees_what_health_wrote_in_finals_alone() -> None:
    assert not allows(SENCO, Permission.SECTION_VIEW, with_draft(), "G")
    assert not sees_version(SENCO, with_draft(), "G", VersionKind.DRAFT)
    assert not sees_version(SENCO, with_draft(), "G", VersionKind.PROPOSED_AMENDMENT)
    for kind in (VersionKind.FINAL, VersionKind.AMENDED_FINAL, VersionKind.TRIBUNAL_ORDERED):
        assert sees_version(SENCO, with_draft(), "G", kind)


def test_the_caseworker_writes_and_the_manager_signs_the_councils_sections() -> None:
    for letter in ("B", "E", "F"):
        assert allows(CASEWORKER, Permission.SECTION_EDIT, blank(), letter)
        assert not allows(CASEWORKER, Permission.SECTION_SIGN, blank(), letter)
        assert allows(MANAGER, Permission.SECTION_SIGN, blank(), letter)


def test_whoever_writes_for_health_does_not_sign_for_it() -> None:
    for letter in ("C", "G"):
        assert allows(THERAPIST, Permission.SECTION_EDIT, blank(), letter)
        assert not allows(THERAPIST, Permission.SECTION_SIGN, blank(), letter)
        assert allows(CLINICAL_OFFICER, Permission.SECTION_SIGN, blank(), letter)


def test_the_grant_by_which_something_is_done_is_the_one_that_allows_it() -> None:
    school = grant(Role.SENCO, "both", agency="school")
    family = grant(Role.PARENT, "both", agency="family")
    both = with_grants("both", school, family)
    assert grants_for(both, Permission.SECTION_SIGN, blank(), "A") == (family,)
    assert grants_for(both, Permission.SECTION_VIEW, blank(), "B") == (school,)
    assert grants_for(both, Permission.SECTION_VIEW, with_draft(), "B") == (school, family)
    assert grants_for(both, Permission.PLAN_ANSWER, blank(), "") == (family,)
    assert grants_for(both, Permission.SECTION_SIGN, blank(), "B") == ()


def test_a_grant_over_another_plan_adds_nothing_on_this_one() -> None:
    elsewhere = grant(Role.SEN_MANAGER, "both", scope="nmr-fedcba9876543210")
    both = with_grants("both", grant(Role.PARENT, "both"), elsewhere)
    assert not allows(both, Permission.PLAN_ISSUE_DRAFT, blank())
    assert not allows(both, Permission.SECTION_VIEW, blank(), "B")


def test_each_parents_view_is_changed_by_that_parent_alone() -> None:
    mine = item(VIEWS, "", PARENT.person, views="She is funny.")
    assert may_edit_item(PARENT, blank(), "A", VIEWS, mine)
    assert not may_edit_item(OTHER_PARENT, blank(), "A", VIEWS, mine)
    assert may_edit_item(OTHER_PARENT, blank(), "A", VIEWS, None)


def test_a_school_writes_down_the_childs_words_and_no_others() -> None:
    for group in EHC_PLAN.section("A").groups:
        childs = group.name not in ("aspirations", "parent-views", "history")
        assert may_edit_item(SENCO, blank(), "A", group, None) == childs


def test_a_report_is_changed_by_whoever_gave_it_and_kept_in_order_by_the_council() -> None:
    report = item(ADVICE, "", PSYCHOLOGIST.person, document="Report")
    assert may_edit_item(PSYCHOLOGIST, blank(), "K", ADVICE, report)
    assert not may_edit_item(THERAPIST, blank(), "K", ADVICE, report)
    assert may_edit_item(CASEWORKER, blank(), "K", ADVICE, report)
    assert not may_edit_item(MANAGER, blank(), "K", ADVICE, report)


@pytest.mark.parametrize(
    ("role", "kind"), [(Role.DESIGNATED_CLINICAL_OFFICER, "c"), (Role.DESIGNATED_SOCIAL_CARE_OFFICER, "e")]
)
def test_a_designated_officer_reads_their_own_kind_of_advice_and_what_they_gave(role: Role, kind: str) -> None:
    officer = actor(role)
    for each, _ in ADVICE.field("kind").choices:
        report = item(ADVICE, "", "author", document="Report", kind=each)
        assert sees_item(officer, blank(), "K", report) == (each == kind)
        assert sees_item(officer, blank(), "K", replace(report, owner=officer.person))


def test_what_is_kept_for_somebody_is_theirs_their_agencys_and_the_councils() -> None:
    agency = THERAPIST.grants[0].agency
    for audience, readers in (
        ((PARENT.person,), (PARENT,)),
        ((agency,), (THERAPIST,)),
        ((), (PARENT, THERAPIST, SENCO)),
    ):
        for who in (PARENT, THERAPIST, SENCO):
            assert in_audience(who, blank(), audience) == (who in readers)
        assert in_audience(CASEWORKER, blank(), audience)
        assert in_audience(MANAGER, blank(), audience)


def test_an_agencys_name_opens_nothing_to_those_of_it_who_are_not_on_the_plan() -> None:
    elsewhere = actor(Role.SEN_MANAGER, agency="council", scope="nmr-fedcba9876543210")
    assert not in_audience(elsewhere, blank(), ("council",))
