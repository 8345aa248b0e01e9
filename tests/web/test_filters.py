"""Dates as people say them, and typed words as paragraphs that never run."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from portal.domain.text import clean
from portal.web.filters import clock, day, initials, number_word, possessive, prose, when
from tests.blueprints.payloads import MARKUP
from tests.web.conftest import NOW, At


def test_a_day_has_its_weekday_and_no_year_when_it_is_this_one(at: At) -> None:
    assert day(date(2027, 3, 1)) == "Monday 1 March"
    assert day(datetime(2027, 12, 31, 9, 0, tzinfo=UTC)) == "Friday 31 December"
    assert day(date(2027, 3, 1), weekday=False) == "1 March"


def test_a_day_of_another_year_says_which(at: At) -> None:
    assert day(date(2026, 3, 1)) == "Sunday 1 March 2026"
    assert day(date(2017, 3, 14), weekday=False) == "14 March 2017"
    assert day(date(2028, 2, 29)) == "Tuesday 29 February 2028"


def test_a_day_is_englands_day(at: At) -> None:
    late = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    assert (day(late), clock(late)) == ("Friday 2 July", "00:30")
    winter = datetime(2027, 1, 1, 23, 30, tzinfo=UTC)
    assert (day(winter), clock(winter)) == ("Friday 1 January", "23:30")
    assert day(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == "Thursday 31 December 2026"


def test_when_it_was(at: At) -> None:
    assert when(NOW) == "today at 14:02"
    assert when(NOW - timedelta(hours=14, minutes=3)) == "yesterday at 23:59"
    assert when(NOW - timedelta(days=1)) == "yesterday at 14:02"
    assert when(NOW - timedelta(days=2)) == "on Monday 15 March"
    assert when(NOW - timedelta(days=400)) == "on Tuesday 10 February 2026"
    assert when(NOW + timedelta(days=1)) == "on Thursday 18 March"


def test_today_turns_to_yesterday_at_englands_midnight(at: At) -> None:
    saved = datetime(2027, 7, 1, 22, 59, tzinfo=UTC)
    at(saved)
    assert when(saved) == "today at 23:59"
    at(saved + timedelta(minutes=1))
    assert when(saved) == "yesterday at 23:59"


def test_on_the_day_the_clocks_change(at: At) -> None:
    at(datetime(2027, 3, 28, 12, 0, tzinfo=UTC))
    assert when(datetime(2027, 3, 28, 0, 59, tzinfo=UTC)) == "today at 00:59"
    assert when(datetime(2027, 3, 28, 1, 0, tzinfo=UTC)) == "today at 02:00"
    assert when(datetime(2027, 3, 27, 23, 59, tzinfo=UTC)) == "yesterday at 23:59"


def test_words_become_paragraphs_lines_and_lists() -> None:
    assert prose("One\ntwo\n\nThree\n- four\n- five\nsix") == Markup(
        '<p dir="auto">One<br>two</p><p dir="auto">Three</p>'
        '<ul class="govuk-list govuk-list--bullet"><li>four</li><li>five</li></ul><p dir="auto">six</p>'
    )
    assert prose("") == ""


@pytest.mark.parametrize("typed", [*MARKUP, *(f"- {each}" for each in MARKUP)])
def test_markup_that_is_typed_comes_out_as_words(typed: str) -> None:
    made = prose(clean(typed))
    soup = BeautifulSoup(made, "html.parser")
    assert {each.name for each in soup.find_all(True)} <= {"p", "br", "ul", "li"}
    assert {name for each in soup.find_all(True) for name in each.attrs} <= {"dir", "class"}
    assert soup.get_text() == clean(typed).removeprefix("- ")


def test_markup_across_lines_and_points_comes_out_as_words() -> None:
    soup = BeautifulSoup(prose("<img src=x\nonerror=alert(1)>\n\n- <script>\n- alert(1)</script>"), "html.parser")
    assert {each.name for each in soup.find_all(True)} == {"p", "br", "ul", "li"}


def test_whose_it_is() -> None:
    assert [possessive(each) for each in ("Amira", "James", "Zoë", "Iris")] == ["Amira's", "James'", "Zoë's", "Iris'"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Nadia Rahman", "NR"),
        ("Dr Helen Ward", "HW"),
        ("Ben", "B"),
        ("Anna-Lena von der Aa", "AA"),
        ("élise ßmith", "ÉSS"),
        ("", ""),
        ("   ", ""),
        ("Dr", ""),
        ("李 小龙", "李小"),
    ],
)
def test_initials_leave_titles_out(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_number_with_its_word() -> None:
    assert [number_word(each, "need") for each in (0, 1, 2)] == ["0 needs", "1 need", "2 needs"]
    assert number_word(2, "strand holds", "strands hold") == "2 strands hold"
