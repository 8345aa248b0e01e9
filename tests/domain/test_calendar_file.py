"""Calendar files as RFC 5545 has them: read back by the rules of the standard, whatever is in them."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar_file import LONGEST_LINE, SAID, Entry, calendar_file, escaped, folded
from tests.factories import modest

MADE = datetime(2026, 3, 3, 12, 0, 5, tzinfo=UTC)
ENTRY = Entry("nmr-1/answer", date(2026, 12, 31), SAID, "https://portal.example/plans/nmr-1")


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def read_back(value: str) -> str:
    """Text as whoever reads the file has it (RFC 5545 3.3.11)."""
    out, at = "", 0
    while at < len(value):
        pair = value[at : at + 2]
        known = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n"}
        out += known.get(pair, value[at])
        at += 2 if pair in known else 1
    return out


@modest
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=200))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    assert read_back(escaped(text)) == text
    assert "\n" not in escaped(text)


@modest
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=400))
def test_no_line_is_longer_than_seventy_five_octets_and_no_character_is_cut(line: str) -> None:
    pieces = list(folded(line))
    assert all(len(each.encode()) <= LONGEST_LINE for each in pieces)
    assert pieces[0] + "".join(each[1:] for each in pieces[1:]) == line
    assert all(each.startswith(" ") for each in pieces[1:])


def test_an_entry_is_one_whole_day_and_says_nothing_but_that_something_is_due() -> None:
    lines = unfolded(calendar_file([ENTRY], MADE))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20260303T120005Z" in lines
    assert f"SUMMARY:{SAID}" in lines
    assert f"URL:{ENTRY.url}" in lines


def test_the_same_thing_has_the_same_id_on_another_day_and_another_thing_has_another() -> None:
    def uid(entry: Entry) -> str:
        return next(each for each in unfolded(calendar_file([entry], MADE)) if each.startswith("UID:"))

    assert uid(ENTRY) == uid(Entry(ENTRY.key, date(2027, 1, 1), SAID, ENTRY.url))
    assert uid(ENTRY) != uid(Entry("nmr-2/answer", ENTRY.day, SAID, ENTRY.url))
    assert "nmr-1" not in uid(ENTRY)


def test_a_calendar_with_nothing_due_still_holds_a_component() -> None:
    lines = unfolded(calendar_file([], MADE))
    assert "BEGIN:VTIMEZONE" in lines
    assert not any("VEVENT" in each for each in lines)
    opened = [each.partition(":")[2] for each in lines if each.startswith("BEGIN:")]
    closed = [each.partition(":")[2] for each in lines if each.startswith("END:")]
    assert sorted(opened) == sorted(closed)
