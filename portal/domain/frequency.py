"""How often something happens, read out of plain words: only where they say one number and nothing else."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Span(StrEnum):
    """The stretch of time that a frequency is counted in, as a page says it."""

    DAY = "day"
    SCHOOL_DAY = "school day"
    WEEK = "week"
    TWO_WEEKS = "two weeks"
    MONTH = "month"
    HALF_TERM = "half term"
    TERM = "term"
    YEAR = "year"


@dataclass(frozen=True)
class Frequency:
    """`times` in each `span`: three times a week."""

    times: int
    span: Span


@dataclass(frozen=True)
class Length:
    """For how many weeks; `school_year` where the words name it, and not a number of weeks."""

    weeks: int
    school_year: bool = False


# A school year has 380 sessions, two a day (Education (School Day and School Year) (England) Regulations 1999 reg 3).
SCHOOL_DAYS, SCHOOL_WEEKS, WEEKS = 190, 38, 52
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
SPANS = "school day|two weeks|fortnight|half term|term|week|month|year|day"
_NUMBER = rf"\d{{1,2}}|{'|'.join(NUMBERS)}"
_TIMES = re.compile(rf"(?:(once|twice)|({_NUMBER}) times) (?:a|an|each|every|per|in each|in every) ({SPANS})")
_EACH = re.compile(rf"(?:each|every) ({SPANS})")
_DAY_OF_WEEK = re.compile(rf"(?:each|every) (?:{DAYS})")
_ADVERBS = {
    "daily": Span.DAY,
    "weekly": Span.WEEK,
    "fortnightly": Span.TWO_WEEKS,
    "monthly": Span.MONTH,
    "yearly": Span.YEAR,
}
_IN_TERM = re.compile(r",? (?:in|during) (?:school )?term(?:[ -]time)?\Z")
_WEEKS = re.compile(r"(?:for )?(\d{1,2}) weeks")
_SCHOOL_YEAR = {"all school year", "every school year", "the school year", "each school year", "one school year"}
_WHOLE_YEAR = {"all year", "12 months", "one year", "12 months, school holidays included"}
A_SCHOOL_YEAR = {
    Span.SCHOOL_DAY: SCHOOL_DAYS,
    Span.WEEK: SCHOOL_WEEKS,
    Span.TWO_WEEKS: SCHOOL_WEEKS // 2,
    Span.HALF_TERM: 6,
    Span.TERM: 3,
}
A_YEAR = {Span.DAY: 365, Span.WEEK: WEEKS, Span.TWO_WEEKS: WEEKS // 2, Span.MONTH: 12}


def frequency_of(words: str) -> Frequency | None:
    """What the words say, or None where they say more or other than one plain frequency."""
    said = _IN_TERM.sub("", " ".join(words.lower().split()).rstrip("."))
    if said in _ADVERBS:
        return Frequency(1, _ADVERBS[said])
    if _DAY_OF_WEEK.fullmatch(said):
        return Frequency(1, Span.WEEK)
    if found := _EACH.fullmatch(said):
        return Frequency(1, _span(found[1]))
    if found := _TIMES.fullmatch(said):
        times = {"once": 1, "twice": 2}.get(found[1] or "") or _number(found[2])
        return Frequency(times, _span(found[3])) if times else None
    return None


def length_of(words: str) -> Length | None:
    said = " ".join(words.lower().split()).rstrip(".")
    if said in _SCHOOL_YEAR:
        return Length(SCHOOL_WEEKS, school_year=True)
    if said in _WHOLE_YEAR:
        return Length(WEEKS)
    found = _WEEKS.fullmatch(said)
    return Length(int(found[1])) if found and 0 < int(found[1]) <= WEEKS else None


def times_a_week(frequency: Frequency) -> int | None:
    """How often in one week of school, or None for what is counted in longer stretches."""
    each = {Span.DAY: 7, Span.SCHOOL_DAY: 5, Span.WEEK: 1}.get(frequency.span)
    return frequency.times * each if each else None


def times_a_term(frequency: Frequency) -> int | None:
    """How often in a term, for what is counted in terms or halves of them: terms are not equally long."""
    each = {Span.HALF_TERM: 2, Span.TERM: 1}.get(frequency.span)
    return frequency.times * each if each else None


def times_a_year(frequency: Frequency, length: Length | None) -> int | None:
    """How often within a year, or None where the words leave it open."""
    if frequency.span is Span.YEAR:
        return frequency.times
    if length is None:
        return None
    if length.school_year:
        each = A_SCHOOL_YEAR.get(frequency.span)
    elif length.weeks == WEEKS:
        each = A_YEAR.get(frequency.span)
    else:
        each = {Span.SCHOOL_DAY: 5 * length.weeks, Span.DAY: 7 * length.weeks, Span.WEEK: length.weeks}.get(
            frequency.span
        )
    return frequency.times * each if each else None


def _span(said: str) -> Span:
    return Span.TWO_WEEKS if said == "fortnight" else Span(said)


def _number(said: str) -> int:
    return int(said) if said.isdecimal() else NUMBERS.index(said) + 1
