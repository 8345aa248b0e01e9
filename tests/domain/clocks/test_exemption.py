"""Term dates as a setting: which advice a closed school excuses, at the edges of the closure."""

from datetime import date

from portal.domain.clocks.exemption import Closure, closures

TERMS = [
    (date(2025, 9, 2), date(2025, 12, 19)),
    (date(2025, 4, 22), date(2025, 7, 22)),
    (date(2025, 1, 6), date(2025, 4, 4)),
]
SUMMER = Closure(date(2025, 7, 23), date(2025, 9, 1))


def test_a_school_is_closed_between_its_terms() -> None:
    assert closures(TERMS) == [Closure(date(2025, 4, 5), date(2025, 4, 21)), SUMMER]
    assert SUMMER.days == 9 + 31 + 1


def test_advice_is_excused_from_a_week_before_the_closure_until_a_week_before_the_school_opens() -> None:
    assert not SUMMER.excuses_advice_asked_on(date(2025, 7, 15))
    assert SUMMER.excuses_advice_asked_on(date(2025, 7, 16))
    assert SUMMER.excuses_advice_asked_on(date(2025, 8, 25))
    assert not SUMMER.excuses_advice_asked_on(date(2025, 8, 26))


def test_a_closure_of_less_than_four_weeks_excuses_nothing() -> None:
    easter = closures(TERMS)[0]
    assert not easter.excuses_advice_asked_on(date(2025, 4, 7))
    assert Closure(date(2025, 8, 1), date(2025, 8, 28)).excuses_advice_asked_on(date(2025, 8, 1))
    assert not Closure(date(2025, 8, 1), date(2025, 8, 27)).excuses_advice_asked_on(date(2025, 8, 1))
