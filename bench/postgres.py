"""A PostgreSQL of its own for one run: Debian's package on a private folder and a free port."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.place import free_port, port_is_free

START_LIMIT_S = 30
SUPERUSER = "postgres"


class NoPostgres(Exception):
    """PostgreSQL can't be had here; the message is a sentence."""


@contextmanager
def postgres() -> Iterator[str]:
    """The port of a running server, which is gone with its folder at the end."""
    programs = _programs()
    # It refuses to run as root, and must be able to reach its folder as somebody else.
    user = SUPERUSER if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="golden-thread-postgres-"))
    if user:
        shutil.chown(folder, user)
    port = free_port()
    made: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        SUPERUSER,
        "-A",
        "trust",
        "--no-instructions",
    ]
    subprocess.run(made, user=user, cwd=folder, check=True, capture_output=True)
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        folder / "data",
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        folder,
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, user=user, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(server, port)
        yield str(port)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise NoPostgres("PostgreSQL is not installed: as root on Debian, apt-get install postgresql.")
    return found[-1].parent


def _wait(server: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + START_LIMIT_S
    while time.monotonic() < until and server.poll() is None:
        if not port_is_free(port):
            return
        time.sleep(0.1)
    raise NoPostgres("PostgreSQL did not start.")
