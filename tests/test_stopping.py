"""Stopping: a signal ends a process whatever it is doing, however many signals come at once."""

import signal
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


BESIDE = """
import signal, sys
from portal.stopping import Stop
if sys.argv[1:]:
    signal.signal(signal.SIGTERM, lambda *_: print("minded", flush=True))
stop = Stop().beside_the_server()
print("ready", flush=True)
while not stop.wait(0.01):
    pass
"""


def test_a_server_that_minds_the_signal_goes_on_minding_it_and_what_stands_beside_it_stops_too() -> None:
    with subprocess.Popen([sys.executable, "-c", BESIDE, "minded"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.stdout.readline() == "minded\n"
        assert process.wait(10) == 0


def test_where_nobody_minds_the_signal_it_ends_the_process_as_ever() -> None:
    with subprocess.Popen([sys.executable, "-c", BESIDE], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.terminate()
        assert process.wait(10) == -signal.SIGTERM


def test_waiting_ends_when_the_seconds_are_over() -> None:
    stop, began = Stop(), time.monotonic()
    assert stop.wait(0.05) is False
    assert time.monotonic() - began >= 0.05
    stop.set()
    assert stop.wait(60) is True
