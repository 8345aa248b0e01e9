"""What will happen, who does it and how often: made from the provision rows that one reader may see, word for word."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.domain.content import Item
from portal.domain.frequency import Frequency, frequency_of, length_of, times_a_term, times_a_week, times_a_year
from portal.domain.reading import PlanReading, Reach, SectionReading, number_of
from portal.domain.standard import Group, SectionStandard

LETTERS = ("F", "G", "H1", "H2")
PROVISION = "provision"


@dataclass(frozen=True)
class Row:
    """One provision row. `minutes` are of one time; None where the row does not say."""

    letter: str
    item: Item
    mark: str  # "F3"
    minutes: int | None
    frequency: Frequency | None

    def said(self, name: str) -> str:
        return self.item.text(name) or self.item.amount("amount").get(name, "")


@dataclass(frozen=True)
class Part:
    """One section's rows."""

    standard: SectionStandard
    reach: Reach
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Total:
    """Minutes that the rows in `marks` make together in a week, a term or a year."""

    span: str
    minutes: int
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Doer:
    """Whoever does something, in the plan's own words, with all that they do."""

    who: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Summary:
    """`unread` are the sections whose provision this reader may not read: nothing here counts it."""

    parts: tuple[Part, ...]
    unread: tuple[SectionStandard, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def doers(self) -> tuple[Doer, ...]:
        """In the order of the plan; whoever is said in the same words stands once."""
        found: dict[str, list[Row]] = {}
        names: dict[str, str] = {}
        for row in self.rows:
            if who := row.item.text("who"):
                key = " ".join(who.casefold().split())
                names.setdefault(key, who)
                found.setdefault(key, []).append(row)
        return tuple(Doer(names[key], tuple(rows)) for key, rows in found.items())

    @property
    def unsaid(self) -> tuple[Row, ...]:
        """Rows that do not say who."""
        return tuple(row for row in self.rows if not row.item.text("who"))

    @property
    def totals(self) -> tuple[Total, ...]:
        found = (
            _total("week", self.rows, lambda row: times_a_week(row.frequency) if row.frequency else None),
            _total("term", self.rows, lambda row: times_a_term(row.frequency) if row.frequency else None),
            _total("year", self.rows, _in_a_year),
        )
        return tuple(each for each in found if each.marks)

    @property
    def uncounted(self) -> tuple[Row, ...]:
        """Rows whose time is in none of the totals."""
        counted = {mark for total in self.totals for mark in total.marks}
        return tuple(row for row in self.rows if row.mark not in counted)


def summary_of(reading: PlanReading) -> Summary:
    """The summary for one reader: what is kept from them is not in their reading, and so not in this."""
    sections = [reading.sections[letter] for letter in LETTERS if letter in reading.sections]
    parts = tuple(_part(each) for each in sections if each.readable)
    return Summary(parts, tuple(each.standard for each in sections if not each.readable))


def _part(section: SectionReading) -> Part:
    group = section.standard.group(PROVISION)
    rows = tuple(_row(section.letter, group, each) for each in section.content.in_group(PROVISION) if not each.is_empty)
    return Part(section.standard, section.reach, rows)


def _row(letter: str, group: Group, item: Item) -> Row:
    amount = item.amount("amount")
    minutes = amount.get("minutes", "")
    known = int(minutes) if minutes.isdecimal() else None
    return Row(letter, item, number_of(group, item), known, frequency_of(amount.get("how_often", "")))


def _in_a_year(row: Row) -> int | None:
    return times_a_year(row.frequency, length_of(row.said("how_long"))) if row.frequency else None


def _total(span: str, rows: Iterable[Row], times: Callable[[Row], int | None]) -> Total:
    counted = [(row.mark, row.minutes * often) for row in rows if row.minutes and (often := times(row))]
    return Total(span, sum(minutes for _, minutes in counted), tuple(mark for mark, _ in counted))
