"""Counts for people outside the team that holds them: so rounded that no single child can be made out.

A count under five is not told, not even that it is nought; every other is given to the nearest five. Totals are not
told, nothing is told of part of a caseload (operations/pictures.py), and no case is counted in two pictures
(picture_table.py), so that what is missing can't be reckoned by taking one number from another. Shares are reckoned
from what is told.
"""

LEAST = 5
STEP = 5
TOO_FEW = "fewer than 5"


def told(count: int, exact: bool) -> int | None:
    """The count as its reader may know it; None for one that is too small to be told."""
    if exact:
        return count
    return None if count < LEAST else STEP * ((count + STEP // 2) // STEP)


def share(part: int | None, whole: int | None) -> int | None:
    """Percent, to the nearest whole number; None where either is not told, or there is nothing."""
    if part is None or not whole:
        return None
    return min(100, (200 * part + whole) // (2 * whole))


def in_words(count: int | None) -> str:
    return TOO_FEW if count is None else f"{count:,}"
