"""Two clocks, always passed in: product time (the demonstration may move it) and wall time (sessions, tokens)."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

ENGLAND = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Moment:
    """Now, twice. Both are aware datetimes in UTC, to the millisecond that the store keeps."""

    product: datetime
    wall: datetime

    @property
    def today(self) -> date:
        """The day it is in England: statutory days are England's days."""
        return local_day(self.product)


def local_day(at: datetime) -> date:
    return at.astimezone(ENGLAND).date()


def stamp(at: datetime) -> str:
    """The one way a time is written into anything that is hashed: UTC, milliseconds, Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
