"""How fast one person may go: at once what a minute allows, then as it comes back, and nobody pays for anybody else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.auth.limit import MINUTE, Pace
from tests.at_once import at_once

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
LIMITS = st.integers(min_value=1, max_value=40)
# Milliseconds from one request to the next.
GAPS = st.lists(st.integers(min_value=0, max_value=20_000), max_size=120)


def let_through(pace: Pace, gaps: list[int], person: str = "nadia") -> list[datetime]:
    now, found = START, []
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        if not pace.wait(person, now):
            found.append(now)
    return found


@given(LIMITS)
def test_at_once_there_is_room_for_exactly_what_a_minute_allows(a_minute: int) -> None:
    assert len(let_through(Pace(a_minute), [0] * (a_minute + 5))) == a_minute


@given(LIMITS, GAPS)
def test_no_minute_lets_through_more_than_twice_what_it_allows(a_minute: int, gaps: list[int]) -> None:
    times = let_through(Pace(a_minute), gaps)
    assert all(sum(first <= each < first + MINUTE for each in times) <= 2 * a_minute for first in times)


@given(LIMITS, GAPS)
def test_whoever_waits_as_long_as_they_were_told_is_let_through(a_minute: int, gaps: list[int]) -> None:
    pace, now = Pace(a_minute), START
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        if wait := pace.wait("nadia", now):
            now += timedelta(seconds=wait)
            assert pace.wait("nadia", now) == 0


@given(LIMITS, GAPS)
def test_one_persons_haste_is_nobody_elses(a_minute: int, gaps: list[int]) -> None:
    pace, alone = Pace(a_minute), Pace(a_minute)
    let_through(pace, [0] * 100, "yusuf")
    assert let_through(pace, gaps) == let_through(alone, gaps)


@given(GAPS)
def test_without_a_limit_everything_is_let_through(gaps: list[int]) -> None:
    assert len(let_through(Pace(None), gaps)) == len(gaps)


def test_a_clock_that_is_set_back_keeps_nobody_out_for_more_than_a_moment() -> None:
    pace = Pace(2)
    let_through(pace, [0, 0])
    assert pace.wait("nadia", START - timedelta(days=1)) <= 30


def test_of_fifty_at_once_exactly_as_many_get_through_as_there_is_room_for() -> None:
    pace, waits = Pace(20), list[int]()
    assert at_once(*[lambda: waits.append(pace.wait("nadia", START)) for _ in range(50)]) == []
    assert waits.count(0) == 20
