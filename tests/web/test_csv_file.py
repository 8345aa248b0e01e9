"""A table as a file for a spreadsheet: nothing in it is ever a formula, and nothing in it is lost."""

import csv
import io

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.web import csv_file

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_cell_of_any_words_begins_a_formula(rows: list[list[str]]) -> None:
    with Flask("csv").app_context():
        text = csv_file.give("name", rows).get_data(as_text=True).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [[each.removeprefix("'") for each in row] for row in read] == [
        [each.removeprefix("'") for each in row] for row in rows
    ]
    for each in (cell for row in read for cell in row):
        assert not each.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_what_spreadsheets_are_known_to_reckon_is_shown_as_it_is() -> None:
    for hostile in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', " =1", "＝1"):
        assert csv_file.cell(hostile) == f"'{hostile}"
    assert [csv_file.cell(each) for each in ("2026-03", "Health", 5, "")] == ["2026-03", "Health", 5, ""]
