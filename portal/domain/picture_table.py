"""The pictures of a caseload as tables: what each bar is, counted for one reader."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from portal.domain.clocks.stage import Stage
from portal.domain.national_figure import NationalFigure, newest
from portal.domain.picture import Made, Stands, Time, Waited, What, months_back
from portal.domain.small_numbers import share, told

MONTHS = 12


@dataclass(frozen=True)
class Row:
    """One bar: what it is of, and its counts in the order of the table's columns; None for what is not told."""

    key: str
    counts: tuple[int | None, ...]
    percent: int | None = None  # where the table measures shares


@dataclass(frozen=True)
class Table:
    """One picture's figures. The first column is what a bar is long by, a second the part of it that is late."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    figure: NationalFigure | None = None  # beside which each share is shown

    @property
    def is_empty(self) -> bool:
        return not any(any(each.counts) or None in each.counts for each in self.rows)


STAGES = tuple(each for each in Stage if each is not Stage.NOT_BEGUN)
CHASED = tuple(each for each in Waited if each is not Waited.NOBODY)
RESULTS = (
    (What.ASSESS, "agreed"),
    (What.ASSESS, "refused"),
    (What.PLAN, "issued"),
    (What.PLAN, "no_plan"),
    (What.REVIEW, "maintain"),
    (What.REVIEW, "amend"),
    (What.REVIEW, "cease"),
)
NAMES = ("stages", "waiting", "plans", "reviews", "decisions")
# What is told outside the team: no two of these count the same cases, so that none can be taken from another.
TOLD_OUTSIDE = ("stages", "plans", "reviews")


def tables(stands: Counter[Stands], made: Counter[Made], today: date, exact: bool) -> dict[str, Table]:
    """Every picture by its name. `exact` is for the team whose caseload it is; others get no small numbers."""
    found = (
        _standing("stages", stands, STAGES, lambda each: each.stage, exact),
        _standing("waiting", stands, CHASED, lambda each: each.waits, exact),
        _in_time("plans", made, What.PLAN, ("issued",), today, exact),
        _in_time("reviews", made, What.REVIEW, ("maintain", "amend", "cease"), today, exact),
        _decisions(made, exact),
    )
    return {each.name: each for each in found if exact or each.name in TOLD_OUTSIDE}


def _standing(
    name: str, stands: Counter[Stands], keys: Iterable[str], key_of: Callable[[Stands], str], exact: bool
) -> Table:
    """Cases, and of them those of which a legal date has passed."""
    rows = []
    for key in keys:
        found = {each: count for each, count in stands.items() if key_of(each) == key}
        late = sum(count for each, count in found.items() if each.late)
        rows.append(Row(key, (told(sum(found.values()), exact), told(late, exact))))
    return Table(name, ("cases", "late"), tuple(rows))


def _in_time(name: str, made: Counter[Made], what: What, results: tuple[str, ...], today: date, exact: bool) -> Table:
    """Decisions of each month: in time, late, and lawfully later; the share leaves those out, as the national one."""
    rows = []
    for month in months_back(today, MONTHS):
        of = {
            each: n for each, n in made.items() if (each.month, each.what) == (month, what) and each.result in results
        }
        counts = [
            told(sum(n for each, n in of.items() if each.time is time), exact)
            for time in (Time.IN_TIME, Time.LATE, Time.EXEMPT)
        ]
        in_time, late = counts[:2]
        whole = None if in_time is None or late is None else in_time + late
        rows.append(Row(month, tuple(counts), share(in_time, whole)))
    return Table(name, ("in_time", "late", "exempt"), tuple(rows), newest(what, today.year))


def _decisions(made: Counter[Made], exact: bool) -> Table:
    rows = []
    for what, result in RESULTS:
        count = sum(n for each, n in made.items() if (each.what, each.result) == (what, result))
        rows.append(Row(f"{what}.{result}", (told(count, exact),)))
    return Table("decisions", ("decisions",), tuple(rows))
