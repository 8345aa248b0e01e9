"""The clock: the real one where nobody may move it, and the same hour of a later day in a demonstration."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import FURTHEST, Clock
from portal.config import UnsafeSettings, read_settings
from portal.domain.moment import ENGLAND
from tests.at_once import at_once


def test_without_a_file_the_products_time_is_the_real_time_and_stays_so() -> None:
    clock = Clock()
    assert not clock.is_movable
    assert not clock.move(0, 1)
    moment = clock.now()
    assert moment.product == moment.wall
    assert abs(datetime.now(UTC) - moment.wall) < timedelta(minutes=1)


@given(days=st.integers(1, FURTHEST))
def test_a_moved_clock_shows_the_same_hour_of_so_many_days_later(
    tmp_path_factory: pytest.TempPathFactory, days: int
) -> None:
    clock = Clock(tmp_path_factory.mktemp("clock") / "clock")
    assert clock.move(0, days)
    moment = clock.now()
    real, shown = (each.astimezone(ENGLAND).replace(tzinfo=None) for each in (moment.wall, moment.product))
    assert moment.today == real.date() + timedelta(days=days)
    # An hour that a spring night leaves out is shown as the next.
    assert abs(shown - real - timedelta(days=days)) in (timedelta(), timedelta(hours=1))


def test_steps_add_up_and_another_process_sees_them(tmp_path: Path) -> None:
    one, other = Clock(tmp_path / "clock"), Clock(tmp_path / "clock")
    assert one.move(0, 7)
    assert other.move(7, 84)
    assert one.ahead == other.ahead == 91


@pytest.mark.parametrize(("ahead", "days"), [(0, 0), (0, -1), (0, FURTHEST + 1), (3, 1)])
def test_it_never_goes_back_nor_too_far_nor_on_from_where_it_is_not(tmp_path: Path, ahead: int, days: int) -> None:
    clock = Clock(tmp_path / "clock")
    assert not clock.move(ahead, days)
    assert clock.ahead == 0


def test_of_many_who_move_it_at_once_one_does(tmp_path: Path) -> None:
    clock, moved = Clock(tmp_path / "clock"), []
    assert at_once(*[partial(lambda: moved.append(clock.move(0, 7)))] * 8) == []
    assert sorted(moved) == [False] * 7 + [True]
    assert clock.ahead == 7


def test_a_clock_that_moves_is_for_a_demonstration_alone() -> None:
    with pytest.raises(UnsafeSettings) as refused:
        read_settings({"PORTAL_CLOCK_FILE": "/tmp/clock"})
    assert "PORTAL_CLOCK_FILE moves the clock, and is for a demonstration alone." in refused.value.problems
