"""How often something happens: read only where the words say one plain number, and never added up otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.frequency import (
    Frequency,
    Length,
    Span,
    frequency_of,
    length_of,
    times_a_term,
    times_a_week,
    times_a_year,
)

PLAIN = {
    "every school day": (1, Span.SCHOOL_DAY),
    "Every week.": (1, Span.WEEK),
    "every week in term": (1, Span.WEEK),
    "every Friday in term": (1, Span.WEEK),
    "each half term": (1, Span.HALF_TERM),
    "once each term": (1, Span.TERM),
    "twice a week": (2, Span.WEEK),
    "twice  every school day": (2, Span.SCHOOL_DAY),
    "3 times a week": (3, Span.WEEK),
    "four times a year": (4, Span.YEAR),
    "every two weeks": (1, Span.TWO_WEEKS),
    "every fortnight": (1, Span.TWO_WEEKS),
    "monthly": (1, Span.MONTH),
    "daily": (1, Span.DAY),
}
NOT_PLAIN = [
    "",
    "regularly",
    "as needed",
    "every week until July, then 240 minutes a week",
    "every school day, in two sittings before 11 am",
    "two evenings a week",
    "once a year, and the joint visit by May 2027",
    "every two weeks for six sessions, then every three months",
    "up to twice a week",
    "0 times a week",
    "every week every week",
]
frequencies = st.builds(Frequency, st.integers(1, 20), st.sampled_from(Span))
lengths = st.integers(1, 52).map(Length) | st.just(Length(38, school_year=True))


@pytest.mark.parametrize("words", PLAIN)
def test_plain_words_are_read(words: str) -> None:
    assert frequency_of(words) == Frequency(*PLAIN[words])


@pytest.mark.parametrize("words", NOT_PLAIN)
def test_words_that_say_more_than_one_number_are_left_to_people(words: str) -> None:
    assert frequency_of(words) is None


@given(st.text())
def test_no_words_are_too_odd_to_be_left_alone(words: str) -> None:
    found = frequency_of(words)
    assert found is None or found.times >= 1
    length = length_of(words)
    assert length is None or 1 <= length.weeks <= 52


@pytest.mark.parametrize(
    ("words", "length"),
    [
        ("all school year", Length(38, school_year=True)),
        ("12 weeks", Length(12)),
        ("for 39 weeks", Length(39)),
        ("12 months", Length(52)),
        ("until Sam is 19", None),
        ("0 weeks", None),
        ("60 weeks", None),
        ("26 weeks, then until both routes are signed off", None),
    ],
)
def test_a_length_is_read_only_where_it_is_a_number_of_weeks(words: str, length: Length | None) -> None:
    assert length_of(words) == length


def test_a_school_year_has_190_days_38_weeks_and_three_terms() -> None:
    year = length_of("all school year")
    often = {span: times_a_year(Frequency(1, span), year) for span in Span}
    assert often == {
        Span.DAY: None,
        Span.SCHOOL_DAY: 190,
        Span.WEEK: 38,
        Span.TWO_WEEKS: 19,
        Span.MONTH: None,
        Span.HALF_TERM: 6,
        Span.TERM: 3,
        Span.YEAR: 1,
    }


@given(frequencies)
def test_what_is_counted_by_the_week_is_not_counted_by_the_term_too(frequency: Frequency) -> None:
    assert times_a_week(frequency) is None or times_a_term(frequency) is None


@given(frequencies, lengths)
def test_twice_as_often_is_twice_as_much(frequency: Frequency, length: Length) -> None:
    twice = Frequency(frequency.times * 2, frequency.span)
    for reckon in (times_a_week, times_a_term, lambda each: times_a_year(each, length)):
        once = reckon(frequency)
        assert reckon(twice) == (once * 2 if once else None)


@given(frequencies)
def test_without_a_length_only_what_is_counted_by_the_year_is(frequency: Frequency) -> None:
    assert (times_a_year(frequency, None) is not None) == (frequency.span is Span.YEAR)
