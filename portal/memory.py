"""What a process remembers so as not to make it again: bounded, and under keys that name all it hangs on."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import LRUCache

Thing = TypeVar("Thing")


class Memory(Generic[Thing]):
    """The things used last, up to a size. Safe between threads; a thing may be made twice, never wrongly.

    `measure` says how large a thing is, by default 1; what is larger than the whole is not kept.
    """

    def __init__(self, size: int, measure: Callable[[Thing], float] | None = None) -> None:
        self._kept: LRUCache[Hashable, Thing] = LRUCache(size, measure)
        self._measure = measure
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """What is remembered under the key, made when it is not; what `make` raises is not remembered."""
        found = self.recall(key)
        return found if found is not None else self.keep(key, make())

    def recall(self, key: Hashable) -> Thing | None:
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: Hashable, thing: Thing) -> Thing:
        if self._measure is None or self._measure(thing) <= self._kept.maxsize:
            with self._lock:
                self._kept[key] = thing
        return thing

    def forget(self, key: Hashable) -> None:
        with self._lock:
            self._kept.pop(key, None)
