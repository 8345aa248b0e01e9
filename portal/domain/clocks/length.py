"""How long the law gives, as data: a length knows its words, its kind of day and where it ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.clocks import days as calendar


class Counting(StrEnum):
    """The kind of day that a clock counts."""

    CALENDAR = "calendar"
    WORKING = "working"
    DATE = "date"
    HOURS = "hours"


@dataclass(frozen=True)
class Length:
    """`ends` gives the last lawful day from the day that the clock counts from."""

    words: str
    counting: Counting
    ends: Callable[[date], date]


def weeks(number: int) -> Length:
    return Length(f"{number} weeks", Counting.CALENDAR, lambda day: day + timedelta(weeks=number))


def days(number: int) -> Length:
    return Length(f"{number} days", Counting.CALENDAR, lambda day: day + timedelta(days=number))


def days_beginning_with(number: int) -> Length:
    """The day of service is the first of them."""
    words = f"{number} days beginning with that day"
    return Length(words, Counting.CALENDAR, lambda day: day + timedelta(days=number - 1))


def weeks_before(number: int) -> Length:
    return Length(f"{number} weeks before", Counting.CALENDAR, lambda day: day - timedelta(weeks=number))


def months(number: int) -> Length:
    return Length(f"{number} months", Counting.CALENDAR, lambda day: calendar.after_months(day, number))


def months_before(number: int) -> Length:
    return Length(f"{number} months before", Counting.CALENDAR, lambda day: calendar.after_months(day, -number))


def months_beginning_with(number: int) -> Length:
    words = f"{number} months beginning with that day"
    return Length(words, Counting.CALENDAR, lambda day: calendar.months_beginning_with(day, number))


def month_to_a_working_day() -> Length:
    """One month, and on to the next working day if it ends on none."""
    words = "1 month, or the next working day"
    return Length(words, Counting.CALENDAR, lambda day: calendar.next_working_day(calendar.after_months(day, 1)))


def working_days(number: int) -> Length:
    words = f"{number} working days"
    return Length(words, Counting.WORKING, lambda day: calendar.after_working_days(day, number))


def working_days_beginning_with(number: int) -> Length:
    words = f"{number} working days beginning with that day"
    return Length(words, Counting.WORKING, lambda day: calendar.working_days_beginning_with(day, number))


def same_working_day() -> Length:
    return Length("that day", Counting.WORKING, lambda day: day)


def hours(number: int) -> Length:
    """Events have a day and no time of day, so the hours are counted as whole days."""
    return Length(f"{number} hours", Counting.HOURS, lambda day: day + timedelta(hours=number))


def before(month: int, day_of_month: int, words: str) -> Length:
    """Before a date of the year of the day given: the day before it is the last."""
    return Length(f"before {words}", Counting.DATE, lambda day: date(day.year, month, day_of_month) - timedelta(days=1))
