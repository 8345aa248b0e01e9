"""Pictures as bars to be drawn, and as the tables behind them; every number that is drawn is also said in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.picture_table import Row, Table
from portal.domain.small_numbers import in_words
from portal.web.picture_words import FIRST_COLUMN, LEADS, TITLES, bar_words, column_words

WIDTH, LINE, TOP = 340, 36, 20  # in the picture's own units: it grows and shrinks with the page


@dataclass(frozen=True)
class Bar:
    """One bar at its height: how long it is, how much of it is late, and what stands over it, left and right."""

    at: int
    label: str
    says: str
    length: int
    late: int


@dataclass(frozen=True)
class Picture:
    """One picture and the table behind it; `mark` is where England's figure is drawn, None where there is none."""

    name: str
    title: str
    lead: str
    bars: tuple[Bar, ...]
    height: int
    mark: int | None
    figure: str
    source: str
    headings: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    is_empty: bool

    @property
    def described(self) -> str:
        """The picture in words, for whoever does not see it."""
        return " ".join(f"{each.label}: {each.says}." for each in self.bars)


def picture_of(table: Table) -> Picture:
    shares = table.figure is not None
    longest = max((row.counts[0] or 0 for row in table.rows), default=0)
    bars = tuple(_bar(row, at, longest, shares) for at, row in enumerate(table.rows))
    figure = table.figure
    return Picture(
        table.name,
        TITLES[table.name],
        LEADS[table.name],
        bars,
        TOP + LINE * len(bars),
        round(figure.percent * WIDTH / 100) if figure else None,
        f"England, {figure.year}: {figure.percent:g}% of {figure.words}" if figure else "",
        figure.source if figure else "",
        tuple(headings(table)),
        tuple(tuple(str(each) for each in cells(row, shares)) for row in table.rows),
        table.is_empty,
    )


def headings(table: Table) -> Iterator[str]:
    yield FIRST_COLUMN[table.name]
    yield from (column_words(table.name, each) for each in table.columns)
    if table.figure:
        yield column_words(table.name, "percent")


def cells(row: Row, shares: bool) -> Iterator[str | int]:
    """A line of the table: what it is of, its counts, and its share where the table has one."""
    yield bar_words(row.key)
    yield from (in_words(each) if each is None else each for each in row.counts)
    if shares:
        yield "" if row.percent is None else row.percent


def _bar(row: Row, at: int, longest: int, shares: bool) -> Bar:
    place, label = TOP + LINE * at, bar_words(row.key)
    if shares:
        return Bar(place, label, _share(row), round((row.percent or 0) * WIDTH / 100), 0)
    count = row.counts[0]
    late = row.counts[1] if len(row.counts) > 1 else 0
    length = (count or 0) * WIDTH // longest if longest else 0
    return Bar(place, label, _count(row), length, min(length, (late or 0) * WIDTH // longest) if longest else 0)


def _share(row: Row) -> str:
    """ "46%: 6 of 13", with what was lawfully later."""
    in_time, late, exempt = row.counts
    if in_time is None or late is None:
        return "too few to tell"
    lawful = f", {in_words(exempt)} lawfully later" if exempt else ""
    if row.percent is None:
        return f"none{lawful}"
    return f"{row.percent}%: {in_time} of {in_time + late}{lawful}"


def _count(row: Row) -> str:
    """ "42, 5 late"."""
    count, *late = row.counts
    told = in_words(count)
    return f"{told}, {in_words(late[0])} late" if count and late and late[0] != 0 else told
