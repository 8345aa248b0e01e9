"""What is told outside the team: no count under five, and nothing from which one could be reckoned."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.small_numbers import LEAST, TOO_FEW, in_words, share, told

COUNTS = st.integers(0, 40)


def could_be(shown: int | None) -> set[int]:
    """Every count of which this would be told."""
    return {count for count in range(60) if told(count, exact=False) == shown}


@given(COUNTS)
def test_a_small_count_is_not_told_and_looks_like_none(count: int) -> None:
    shown = told(count, exact=False)
    assert (shown is None) == (count < LEAST)
    assert len(could_be(shown)) >= 3
    assert told(count, exact=True) == count
    if shown is None:
        assert in_words(shown) == TOO_FEW == in_words(told(0, exact=False))


@given(COUNTS, COUNTS)
def test_a_share_is_reckoned_from_what_is_told_alone(in_time: int, late: int) -> None:
    shown, other = told(in_time, exact=False), told(late, exact=False)
    found = share(shown, None if shown is None or other is None else shown + other)
    assert found is None or 0 <= found <= 100
    if None in (shown, other):
        assert found is None


def test_a_share_is_to_the_nearest_percent() -> None:
    assert [share(1, 3), share(2, 3), share(1, 2), share(0, 4), share(0, 0)] == [33, 67, 50, 0, None]
