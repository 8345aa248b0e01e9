"""A picture of how each outcome has gone over the years: points and lines for an SVG, with the table behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.review import PROGRESS, Progress, Review

LEFT, RIGHT, TOP, STEP = 124, 324, 14, 24  # in the SVG's own units
LEVELS: tuple[str, ...] = tuple(reversed(tuple(PROGRESS)))  # the furthest on top
HEIGHT = TOP + STEP * (len(LEVELS) - 1) + 34
WIDTH = 360


@dataclass(frozen=True)
class Point:
    """One review's word for an outcome; without a word the outcome was not spoken of."""

    x: int
    y: int
    when: str
    says: str


@dataclass(frozen=True)
class Row:
    """One outcome over the years. `line` joins its points, `says` tells them in words, `cells` are the table's."""

    outcome: str
    named: str
    points: tuple[Point, ...]
    line: str
    says: str
    cells: tuple[Progress | None, ...]
    in_plan: bool


@dataclass(frozen=True)
class Picture:
    days: tuple[date, ...]
    levels: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT


def picture_of(reviews: Iterable[Review], standing: Sequence[str]) -> Picture | None:
    """None before any outcome was looked at. `standing` are the ids of the outcomes that are in the plan now."""
    told = [(each.held, {one.outcome: one for one in each.progress}) for each in reviews if each.held and each.progress]
    if not told:
        return None
    days = tuple(day for day, _ in told if day)
    named: dict[str, str] = {}
    for _, found in told:
        named |= {outcome: each.named for outcome, each in found.items()}
    ordered = sorted(named, key=lambda each: (each not in standing, standing.index(each) if each in standing else 0))
    rows = tuple(
        _row(each, named[each], [found.get(each) for _, found in told], days, each in standing) for each in ordered
    )
    return Picture(days, tuple((TOP + at * STEP, PROGRESS[each]) for at, each in enumerate(LEVELS)), rows)


def _row(outcome: str, named: str, cells: list[Progress | None], days: tuple[date, ...], in_plan: bool) -> Row:
    points = tuple(
        Point(_x(at, len(days)), TOP + LEVELS.index(each.mark) * STEP, f"{days[at]:%b %Y}", PROGRESS[each.mark])
        for at, each in enumerate(cells)
        if each and each.mark
    )
    line = " ".join(f"{'L' if at else 'M'}{each.x} {each.y}" for at, each in enumerate(points))
    says = ", then ".join(f"{each.says[:1].lower()}{each.says[1:]} in {each.when}" for each in points)
    return Row(outcome, named, points, line, says or "not spoken of yet", tuple(cells), in_plan)


def _x(at: int, many: int) -> int:
    return (LEFT + RIGHT) // 2 if many == 1 else LEFT + (RIGHT - LEFT) * at // (many - 1)
