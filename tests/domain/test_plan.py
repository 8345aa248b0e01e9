"""A plan and its child: ages and school years as England counts them, versions, answers, and a blank beginning."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.content import content_hash
from portal.domain.error import NotFound
from portal.domain.plan import Answer, Plan, SectionHead, VersionLine
from portal.domain.state import PlanState, VersionKind
from tests.factories import blank, child, final, mark, modest, signed, with_draft


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2017, 3, 14), date(2026, 3, 13), 8),
        (date(2017, 3, 14), date(2026, 3, 14), 9),
        (date(2016, 2, 29), date(2017, 2, 28), 0),
        (date(2016, 2, 29), date(2017, 3, 1), 1),
        (date(2016, 2, 29), date(2020, 2, 28), 3),
        (date(2016, 2, 29), date(2020, 2, 29), 4),
        (date(2017, 3, 1), date(2020, 2, 29), 2),
        (date(2017, 12, 31), date(2018, 1, 1), 0),
    ],
)
def test_a_child_is_a_year_older_from_the_birthday_and_from_1_march_when_born_on_a_leap_day(
    born: date, day: date, age: int
) -> None:
    assert child(born=born).age_on(day) == age


# Reception begins in the September after the fourth birthday; a school year's births run from September to August.
@pytest.mark.parametrize(
    ("born", "day", "year"),
    [
        (date(2017, 3, 14), date(2021, 8, 31), "Early years"),
        (date(2017, 3, 14), date(2021, 9, 1), "Reception"),
        (date(2017, 3, 14), date(2022, 8, 31), "Reception"),
        (date(2017, 3, 14), date(2022, 9, 1), "Year 1"),
        (date(2017, 3, 14), date(2026, 11, 22), "Year 5"),
        (date(2016, 9, 1), date(2021, 9, 1), "Reception"),
        (date(2017, 8, 31), date(2021, 9, 1), "Reception"),
        (date(2017, 9, 1), date(2021, 9, 1), "Early years"),
        (date(2016, 8, 31), date(2021, 9, 1), "Year 1"),
        (date(2009, 5, 2), date(2025, 6, 30), "Year 11"),
        (date(2009, 5, 2), date(2027, 8, 31), "Year 13"),
        (date(2009, 5, 2), date(2027, 9, 1), ""),
        (date(2026, 1, 1), date(2026, 3, 1), "Early years"),
    ],
)
def test_the_school_year_is_the_one_an_english_school_would_say(born: date, day: date, year: str) -> None:
    assert child(born=born).school_year_on(day) == year


@modest
@given(st.dates(date(2000, 1, 1), date(2025, 12, 31)), st.integers(4, 17))
def test_a_childs_school_year_is_four_less_than_the_age_at_the_end_of_the_august_before(born: date, age: int) -> None:
    someone = child(born=born)
    august = next(day for year in range(2000, 2050) if someone.age_on(day := date(year, 8, 31)) == age)
    expected = "Reception" if age == 4 else f"Year {age - 4}"
    assert someone.school_year_on(august + timedelta(days=1)) == expected
    assert someone.school_year_on(date(august.year + 1, 8, 31)) == expected


def test_the_initials_are_those_of_the_first_and_the_last_name() -> None:
    assert child(name="Amira Noor Rahman").initials == "AR"


def test_a_new_plan_has_every_section_empty_unsigned_and_with_its_hash() -> None:
    plan = blank()
    assert tuple(plan.sections) == plan.standard.letters
    for letter, head in plan.sections.items():
        assert head.content.is_empty
        assert (head.revision, head.sign_offs, head.changed) == (0, (), None)
        assert head.hash == content_hash(letter, head.content)
    assert (plan.state, plan.versions, plan.answers, plan.answer_by) == (PlanState.DRAFTING, (), (), None)


def test_a_letter_that_the_standard_does_not_know_is_not_found() -> None:
    with pytest.raises(NotFound):
        blank().section("Z")


def test_a_changed_section_leaves_the_others_as_they_were() -> None:
    plan = blank()
    changed = plan.with_section("B", revision=1)
    assert changed.sections["B"].revision == 1
    assert {letter: head for letter, head in changed.sections.items() if letter != "B"} == {
        letter: head for letter, head in plan.sections.items() if letter != "B"
    }


def with_versions(*kinds: VersionKind, answers: tuple[int, ...] = ()) -> Plan:
    lines = tuple(VersionLine(number, kind, mark(days=number - 1), b"") for number, kind in enumerate(kinds, 1))
    return replace(blank(), versions=lines, answers=tuple(Answer(mark(), "We agree.", each) for each in answers))


def test_the_last_version_of_a_kind_is_the_newest_of_those_kinds() -> None:
    plan = with_versions(VersionKind.DRAFT, VersionKind.FINAL, VersionKind.AMENDED_FINAL)
    found = [plan.last_version(), plan.last_version(VersionKind.DRAFT), plan.last_version(VersionKind.FINAL)]
    assert [each.number for each in found if each] == [3, 1, 2]
    assert plan.last_version(VersionKind.TRIBUNAL_ORDERED) is None


def test_the_fifteen_days_run_from_the_day_the_last_draft_was_served_which_is_the_first_of_them() -> None:
    assert with_draft(days=0).answer_by == date(2026, 3, 15)
    assert with_versions(VersionKind.DRAFT, VersionKind.DRAFT).answer_by == date(2026, 3, 16)


def test_an_answer_to_an_earlier_draft_does_not_answer_the_last_one() -> None:
    twice = (VersionKind.DRAFT, VersionKind.DRAFT)
    assert not with_versions(*twice, answers=(1,)).answered
    assert with_versions(*twice, answers=(1, 2)).answered
    assert not with_versions(answers=(1,)).answered


def test_the_draft_is_out_from_the_first_version_on() -> None:
    assert not blank().draft_was_issued
    assert with_draft().draft_was_issued
    assert final().draft_was_issued


def test_a_sign_off_stands_for_the_words_of_its_hash_also_when_they_come_back_and_is_void_for_any_other() -> None:
    given_ = (signed(2, b"now", "a"), signed(1, b"now", "b"), signed(2, b"then", "c"), signed(1, b"then", "d"))
    head = SectionHead(blank().sections["B"].content, 2, b"now", sign_offs=given_)
    assert head.standing == given_[:2]
    assert head.void == given_[2:]
