"""What time it is: the real one for sessions and tokens, and the product's, which a demonstration may move ahead."""

import fcntl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.domain.moment import ENGLAND, Moment

FURTHEST = 3660  # days: ten years, in which a child comes of age


class Clock:
    """Now. `file` holds how many days a demonstration is ahead; without one the product's time is the real time."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    @property
    def is_movable(self) -> bool:
        return self._file is not None

    @property
    def ahead(self) -> int:
        """How many days the product's time is ahead."""
        return int(self._file.read_text(encoding="utf-8")) if self._file and self._file.exists() else 0

    def now(self) -> Moment:
        """To the millisecond that the store keeps; a moved clock shows the same hour of another day."""
        wall = datetime.now(UTC)
        wall = wall.replace(microsecond=wall.microsecond // 1000 * 1000)
        days = self.ahead
        product = (wall.astimezone(ENGLAND) + timedelta(days=days)).astimezone(UTC) if days else wall
        return Moment(product, wall)

    def move(self, ahead: int, days: int) -> bool:
        """Move it `days` on from where it is `ahead`, for everybody; of two who do so at once one does.

        False where it was moved meanwhile, can't be moved, or would go back or too far.
        """
        if self._file is None or not 1 <= days <= FURTHEST - ahead:
            return False
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.ahead != ahead:
                return False
            beside = self._file.with_suffix(".new")
            beside.write_text(f"{ahead + days}\n", encoding="utf-8")
            beside.replace(self._file)
        return True
