"""A table as a CSV file that a spreadsheet shows as it is: no cell of it is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

# What makes a spreadsheet reckon instead of show (OWASP, CSV injection); some look past a tab or a line's end.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # by which a spreadsheet knows that the words are in UTF-8


def cell(value: str | int) -> str | int:
    """The value, with an apostrophe before words that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value.lstrip(" ").startswith(BEGINS_A_FORMULA):
        return f"'{value}"
    return value


def give(name: str, rows: Iterable[Sequence[str | int]]) -> Response:
    """An attachment of that name."""
    text = io.StringIO()
    csv.writer(text).writerows([cell(each) for each in row] for row in rows)
    response = Response(BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
