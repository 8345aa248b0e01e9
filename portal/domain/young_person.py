"""From when somebody is a young person: their rights are their own once they are over compulsory school age."""

from datetime import date, timedelta

FRIDAY = 4


def school_leaving_date(born: date) -> date:
    """The last Friday in June of the school year in which they turn 16 (Education Act 1996 s8, 1997 Order).

    For somebody born in July or August that is before their birthday.
    """
    year = born.year + 16 + (born.month >= 9)
    last = date(year, 6, 30)
    return last - timedelta(days=(last.weekday() - FRIDAY) % 7)


def is_young_person(born: date, day: date) -> bool:
    """Whether the rights are theirs (Children and Families Act 2014 s83(2)): compulsory school age ends with that day.

    At 25 nobody is a young person any more, but no right goes back to a parent.
    """
    return day > school_leaving_date(born)
