"""Stopping: a signal ends a process whatever it is doing, however many signals come at once."""

import subprocess
import sys
import time

from portal.stopping import Stop

PROGRAM = """
from portal.stopping import Stop
stop = Stop().on_signals()
print("ready", flush=True)
while not stop.wait(0.01):
    pass
"""


def test_a_hundred_signals_at_once_stop_a_process_and_never_lock_it() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        for _ in range(100):
            process.terminate()
        assert process.wait(10) == 0


def test_waiting_ends_when_the_seconds_are_over() -> None:
    stop, began = Stop(), time.monotonic()
    assert stop.wait(0.05) is False
    assert time.monotonic() - began >= 0.05
    stop.set()
    assert stop.wait(60) is True
