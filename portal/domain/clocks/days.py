"""The calendar that the law counts by: days, weeks and months, England's working days, and the tribunal's."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
AUGUST = 8
BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG")

IsWorkingDay = Callable[[date], bool]


def is_working_day(day: date) -> bool:
    """Neither a weekend nor a bank holiday in England."""
    return day.weekday() < SATURDAY and day not in BANK_HOLIDAYS


def is_tribunal_day(day: date) -> bool:
    """A working day of the tribunal: none in August, none from 25 December to 1 January (HESC Rules 2008 r12(3))."""
    christmas = (day.month, day.day) >= (12, 25) or (day.month, day.day) == (1, 1)
    return is_working_day(day) and day.month != AUGUST and not christmas


def next_working_day(day: date, counts: IsWorkingDay = is_working_day) -> date:
    """The day itself when it counts, else the first that does after it."""
    while not counts(day):
        day += ONE_DAY
    return day


def after_working_days(day: date, number: int) -> date:
    """The last of so many working days, the first of them after the day itself."""
    for _ in range(number):
        day = next_working_day(day + ONE_DAY)
    return day


def working_days_beginning_with(day: date, number: int) -> date:
    """The last of so many working days, of which the day itself is the first if it is one."""
    return after_working_days(day - ONE_DAY, number)


def after_months(day: date, number: int) -> date:
    """The corresponding date so many months later (earlier, if negative), or the last day of a shorter month."""
    months = day.year * 12 + day.month - 1 + number
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_beginning_with(day: date, number: int) -> date:
    """The last day of a period of months that the day itself begins: the day before the corresponding date."""
    return after_months(day, number) - ONE_DAY
