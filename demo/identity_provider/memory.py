"""A store for what an issuer remembers only for a while: codes, access tokens, sign-ons."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class ShortLived(Generic[T]):
    """Values that vanish after a fixed lifetime. Taking one is atomic, so a one-use code is used once."""

    def __init__(self, lifetime_s: float) -> None:
        self._lifetime_s = lifetime_s
        self._kept: dict[str, tuple[float, T]] = {}
        self._lock = Lock()

    def put(self, key: str, value: T) -> bool:
        """Keep a value; true if nothing had that key."""
        with self._lock:
            self._drop_expired()
            known = self._kept.pop(key, None)  # taken out, so that it joins the end of the queue again
            self._kept[key] = (monotonic() + self._lifetime_s, value)
            return known is None

    def get(self, key: str) -> T | None:
        with self._lock:
            self._drop_expired()
            return self._kept[key][1] if key in self._kept else None

    def take(self, key: str) -> T | None:
        with self._lock:
            self._drop_expired()
            return self._kept.pop(key, (0.0, None))[1]

    def discard(self, unwanted: Callable[[T], bool]) -> None:
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if not unwanted(kept[1])}

    def _drop_expired(self) -> None:
        # One lifetime for all: the dictionary's own order is the order in which they expire.
        now = monotonic()
        while self._kept:
            oldest = next(iter(self._kept))
            if self._kept[oldest][0] > now:
                return
            del self._kept[oldest]
