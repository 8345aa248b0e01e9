"""Starts the demonstration's processes, waits until each answers, and stops exactly those it started."""

import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

START_LIMIT_S = 60
STOP_LIMIT_S = 15
ROOT = Path(__file__).resolve().parents[1]


class Failed(Exception):
    """Something did not start; the message is one sentence and where to look."""


class Processes:
    """The running ones, by name. Each has a session of its own, so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log, start_new_session=True
            )

    def log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def wait_for(self, name: str, url: str) -> None:
        """Until the address answers; Failed when the process ends or a minute has gone."""
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit:
            if self._running[name].poll() is not None:
                raise Failed(f"{name} stopped while starting: {self._last_line(name)}")
            if answers(url):
                return
            time.sleep(0.1)
        raise Failed(f"{name} did not answer within a minute. See {self.log(name)}.")

    def ended(self) -> str:
        """The name of a process that ended by itself, or empty while all run."""
        return next((name for name, process in self._running.items() if process.poll() is not None), "")

    def stop(self) -> None:
        """The last started first; whoever does not listen is ended."""
        for process in reversed(list(self._running.values())):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _last_line(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"see {self.log(name)}"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
