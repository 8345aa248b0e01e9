"""The production server, with the same options for the product, the floor and every peer."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.stage import ROOT
from demo.place import free_port

# As `portal serve` starts it.
WORKER_CLASS = "gevent"
WORKERS = 2
OPTIONS = ["--worker-class", WORKER_CLASS, "--worker-connections", "2000", "--workers", str(WORKERS)]
QUIET = ["--log-level", "warning", "--graceful-timeout", "10", "--timeout", "60"]
START_LIMIT_S = 60
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


class Server:
    """One running gunicorn."""

    def __init__(self, name: str, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.name, self.port, self._process = name, port, process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def workers(self) -> list[int]:
        """The workers' process ids."""
        pid = self._process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def cpu_seconds(self) -> float:
        """Time on a processor so far, of the workers together."""
        return sum(_cpu_seconds(each) for each in self.workers)

    def wait(self, path: str, log: Path) -> None:
        """Until the path answers; RuntimeError with the end of its log when it has not within a minute."""
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}{path}", timeout=5).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{self.name} did not start. {log.read_text()[-2000:]}")

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@contextmanager
def serving(name: str, app: str, environment: Mapping[str, str], ready: str, folder: Path) -> Iterator[Server]:
    """`app` ("module:name") behind the production server on a free port; `ready` is a path that answers 200."""
    port = free_port()
    command = command_of(app, port)
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
        )
    server = Server(name, port, process)
    try:
        server.wait(ready, folder / f"{name}.log")
        yield server
    finally:
        server.stop()


def command_of(app: str, port: int) -> list[str]:
    return [sys.executable, "-m", "gunicorn", *OPTIONS, "--bind", f"127.0.0.1:{port}", *QUIET, app]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_A_SECOND
