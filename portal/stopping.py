"""A wish to stop, told by a signal: safe to set at any moment, which a lock held by the interrupted code is not."""

import signal
import threading
import time
from typing import Self

PIECE_S = 0.2


class Stop:
    """Set by SIGINT, SIGTERM or SIGHUP, however many come at once; `wait` tells within a fifth of a second."""

    def __init__(self) -> None:
        self._asked = False

    def set(self) -> None:
        self._asked = True

    def is_set(self) -> bool:
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Whether stopping was asked for, at the latest when the seconds are over."""
        until = time.monotonic() + seconds
        while not self._asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(PIECE_S, left))
        return self._asked

    def beside_the_server(self) -> Self:
        """Also on SIGTERM, where a server minds it already and goes on doing so; elsewhere nothing is changed."""
        minded = signal.getsignal(signal.SIGTERM)
        if callable(minded) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, lambda number, frame: (self.set(), minded(number, frame)))
        return self

    def on_signals(self) -> Self:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, lambda *_: self.set())
        return self
