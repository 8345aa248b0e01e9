"""From when somebody is a young person: the last Friday of June, whatever day their birthday is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.young_person import is_young_person, school_leaving_date


@pytest.mark.parametrize(
    ("born", "leaves"),
    [
        (date(2009, 9, 1), date(2026, 6, 26)),  # the oldest of their school year
        (date(2010, 8, 31), date(2026, 6, 26)),  # the youngest: still 15 when school age ends
        (date(2010, 9, 1), date(2027, 6, 25)),
        (date(2009, 6, 21), date(2025, 6, 27)),
        (date(2008, 2, 29), date(2024, 6, 28)),
        (date(2007, 7, 1), date(2023, 6, 30)),  # June ends on a Friday
    ],
)
def test_school_age_ends_on_the_last_friday_of_june_of_the_year_in_which_they_turn_16(born: date, leaves: date) -> None:
    assert school_leaving_date(born) == leaves
    assert not is_young_person(born, leaves)
    assert is_young_person(born, leaves + timedelta(days=1))


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_everybody_leaves_on_a_friday_near_the_age_of_sixteen_with_the_rest_of_their_school_year(born: date) -> None:
    leaves = school_leaving_date(born)
    assert (leaves.month, leaves.weekday()) == (6, 4)
    assert (leaves + timedelta(days=7)).month == 7
    assert timedelta(days=365 * 15 + 280) < leaves - born < timedelta(days=365 * 17)
    starts = date(born.year if born.month >= 9 else born.year - 1, 9, 1)
    assert leaves == school_leaving_date(starts)
