"""Where somebody can be reached: what can be an address, which way is tried first, and which comes after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.contact import (
    CODE_LIFETIME,
    CODES_A_DAY,
    TRIES,
    Contact,
    Way,
    address_of,
    email_of,
    mobile_of,
    unconfirmed,
)
from portal.domain.error import Invalid
from tests.factories import modest

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ADDRESS = ("Nadia Rahman", "14 Larch Street", "NE1 4XF")
ALL = Contact("nadia@example.org", "+447700900123", ADDRESS)


@pytest.mark.parametrize("typed", ["a@b.co", "nadia.rahman+plan@mail.example.org", "o'neill@example.org", ""])
def test_an_email_address_is_kept_as_it_was_typed(typed: str) -> None:
    assert email_of(typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "a",
        "a@b",
        "@b.co",
        "a@@b.co",
        "a b@c.co",
        "a@b..co",
        "a@b.co\n",
        "a@b.co,c@d.co",
        "<a@b.co>",
        f"{'a' * 65}@b.co",
    ],
)
def test_what_no_mail_server_would_take_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        email_of(typed)


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900 123", "0044(7700)900-123", "07700.900.123"])
def test_a_uk_mobile_number_is_one_however_it_is_written(typed: str) -> None:
    assert mobile_of(typed) == "+447700900123"


@pytest.mark.parametrize(
    "typed", ["7700900123", "01632 960 100", "+1 202 555 0100", "07700 90012", "07700 9001234", "x"]
)
def test_what_is_no_uk_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        mobile_of(typed)


def test_a_postal_address_is_its_lines_without_empty_ones() -> None:
    assert address_of("\n Nadia  Rahman\n\n14 Larch Street \nne1 4xf\n") == (
        "Nadia Rahman",
        "14 Larch Street",
        "ne1 4xf",
    )
    assert address_of(" \n ") == ()


@pytest.mark.parametrize(
    "typed", ["a\nNE1 4XF", "\n".join("abcdefg") + "\nNE1 4XF", "a\nb\nc", f"{'a' * 101}\nb\nNE1 4XF"]
)
def test_an_address_to_which_no_letter_would_come_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        address_of(typed)


@modest
@given(st.sampled_from([*Way, None]), st.sets(st.sampled_from(list(Way))))
def test_the_way_that_was_chosen_comes_first_and_none_that_leads_nowhere(first: Way | None, there: set[Way]) -> None:
    ways = replace(ALL, first=first).only(there).ways
    assert set(ways) == there
    assert first not in there or ways[0] is first
    others = [each for each in ways if each is not first]
    assert others == sorted(others, key=list(Way).index)


def test_a_code_holds_for_two_hours_and_five_tries() -> None:
    waits = unconfirmed("a@b.co", None, NOON)
    assert waits.is_open(NOON + CODE_LIFETIME - timedelta(seconds=1))
    assert not waits.is_open(NOON + CODE_LIFETIME)
    assert not replace(waits, tries=TRIES).is_open(NOON)


def test_a_code_is_the_same_however_it_is_typed() -> None:
    waits = replace(unconfirmed("a@b.co", None, NOON), code="10abcdef")
    assert all(waits.is_code(each) for each in ("10abcdef", "IO AB CD EF", waits.aloud, "10ab-cdef"))
    assert not waits.is_code("10abcdeg")
    assert not waits.is_code("")


def test_five_codes_a_day_are_sent_and_the_sixth_waits() -> None:
    waits = None
    for minute in range(CODES_A_DAY):
        waits = unconfirmed("a@b.co", waits, NOON + timedelta(minutes=minute))
    with pytest.raises(Invalid):
        unconfirmed("a@b.co", waits, NOON + timedelta(hours=23))
    assert unconfirmed("a@b.co", waits, NOON + timedelta(hours=24, minutes=1)).is_open(NOON)
