"""Plain text: cleaning changes nothing twice, adds nothing that nobody types, and no word falls between two blocks."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.text import blocks, clean, count_words, has_forbidden, one_line
from tests.factories import modest

# What people paste: words, list points, blank lines, carriage returns, tabs, accents in two pieces, odd spaces.
ENDS = ["\n", "\n\n", "\n\n\n", "\r\n", "\r", "\u2028"]
PIECES = st.sampled_from(["a", "- ", "-", " ", "\t", "é", "e\u0301", "\u0301", "\u00a0", "x y", *ENDS])
PASTED = st.lists(PIECES, max_size=30).map("".join)
TEXTS = st.one_of(st.text(max_size=80), PASTED)


@modest
@given(TEXTS)
@example("\r\r\n\n a")
def test_cleaning_what_is_clean_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@modest
@given(TEXTS)
def test_cleaning_makes_no_forbidden_character(text: str) -> None:
    if not has_forbidden(text):
        assert not has_forbidden(clean(text))


@modest
@given(TEXTS)
def test_clean_text_is_composed_has_one_kind_of_line_end_and_at_most_one_blank_line(text: str) -> None:
    found = clean(text)
    assert unicodedata.is_normalized("NFC", found)
    assert not {"\r", "\t"} & set(found)
    assert "\n\n\n" not in found
    assert found == found.strip()
    assert all(line == line.rstrip() for line in found.split("\n"))


@modest
@given(TEXTS)
def test_cleaning_loses_no_word(text: str) -> None:
    assert clean(text).split() == unicodedata.normalize("NFC", text).split()


@modest
@given(TEXTS)
def test_no_word_falls_between_two_blocks(text: str) -> None:
    kept = clean(text)
    rebuilt = [f"- {line}" if block.is_list else line for block in blocks(kept) for line in block.lines]
    assert " ".join(rebuilt).split() == kept.split()


@modest
@given(TEXTS)
def test_one_line_keeps_every_word_and_no_line_end(text: str) -> None:
    assert one_line(text).split() == clean(text).split()
    assert "\n" not in one_line(text)


def test_lines_that_begin_with_a_dash_and_a_space_are_a_list() -> None:
    found = blocks("She likes\n- swings\n- her cat\nand stories.\n\n-5 degrees is cold.")
    assert [(each.is_list, each.lines) for each in found] == [
        (False, ("She likes",)),
        (True, ("swings", "her cat")),
        (False, ("and stories.",)),
        (False, ("-5 degrees is cold.",)),
    ]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ufeff", "\ud800", "\x0b"])
def test_a_character_that_nobody_types_is_found(character: str) -> None:
    assert has_forbidden(f"a{character}b")


@pytest.mark.parametrize("text", ["a\tb", "a\r\nb", "ʿĀʾisha", "안녕", "مرحبا", "👩🏽‍🏫", "Zo\u00eb", "שלום"])
def test_what_people_type_is_not_forbidden(text: str) -> None:
    assert not has_forbidden(text)


def test_words_are_counted_as_a_reader_counts_them() -> None:
    assert count_words("She needs   time,\n- and help.") == 6
    assert count_words(" \n") == 0
