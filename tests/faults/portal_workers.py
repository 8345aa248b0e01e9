"""Real portal workers: the production server with one worker process, which can be killed and comes again."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from demo.place import HOST, free_port
from demo.processes import answers
from tests.faults.replica_set import until

ROOT = Path(__file__).resolve().parents[2]
SERVE = ("-m", "portal.cli", "serve")
SERVE_OTHER = ("-m", "gunicorn", "--preload", "--worker-class", "gevent", "--log-level", "warning")


class PortalWorker:
    """One server process with one worker under it, which it starts anew when that one dies.

    It serves the product as production does, or an `application` that is made to be forked, named as gunicorn names it.
    """

    def __init__(self, environment: Mapping[str, str], log: Path, application: str = "") -> None:
        self.port = free_port()
        bind = f"{HOST}:{self.port}"
        self._environment = {**os.environ, **environment, "PORTAL_WORKERS": "1", "PORTAL_BIND": bind}
        self._command = [sys.executable, *((*SERVE_OTHER, "--bind", bind, application) if application else SERVE)]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        return self

    def wait(self) -> None:
        """Until it answers."""
        until(lambda: answers(f"http://{HOST}:{self.port}/health"))

    def kill(self) -> None:
        """End the worker process with nothing said; its server starts another."""
        os.kill(self._worker(), signal.SIGKILL)

    def stop(self) -> None:
        """End the server and its worker at once: nobody waits for what they would still answer."""
        process, self._process = self._process, None
        if process:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def __enter__(self) -> Self:
        self.start().wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _worker(self) -> int:
        assert self._process is not None
        server = self._process.pid
        return int(until(lambda: Path(f"/proc/{server}/task/{server}/children").read_text().split())[0])
