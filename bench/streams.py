"""Which server holds a thousand open event streams beside pages: `python -m bench.streams` prints one JSON object."""

import json
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from demo.place import free_port

STREAMS, PINGS = 1000, 200
ROOT = Path(__file__).resolve().parents[1]
SERVERS = {
    "gevent": ["--worker-class", "gevent", "--worker-connections", "2000"],
    "gthread": ["--worker-class", "gthread", "--threads", "1100", "--worker-connections", "2000"],
}


def app(environ: dict[str, object], start_response: object) -> Iterator[bytes]:
    """A page at /, a stream that never ends at /stream."""
    begin = start_response
    assert callable(begin)
    streaming = environ["PATH_INFO"] == "/stream"
    begin("200 OK", [("Content-Type", "text/event-stream" if streaming else "text/plain")])
    if not streaming:
        yield b"pong"
        return
    while True:
        yield b": still here\n\n"
        time.sleep(15)


def measure(options: list[str]) -> dict[str, object]:
    """Open the streams, count those that answered, and time pages beside them (milliseconds)."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *options, "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen([*command, "--log-level", "error", "bench.streams:app"], cwd=ROOT) as server:
        try:
            _wait(port)
            streams = [_open(port) for _ in range(STREAMS)]
            held = _answered(streams, limit_s=20)
            times = [_ping(port) for _ in range(PINGS)]
            memory = _memory_mb(server.pid)
            answered = sorted(each for each in times if each is not None)
            for each in streams:
                each.close()
        finally:
            server.terminate()
    middle = round(statistics.median(answered), 1) if answered else None
    worst = round(answered[int(len(answered) * 0.95)], 1) if answered else None
    return {
        "streams_held": held,
        "pages_answered": len(answered),
        "page_p50_ms": middle,
        "page_p95_ms": worst,
        "memory_mb": memory,
    }


def _memory_mb(parent: int) -> int:
    """Resident memory of the server's worker, which is the parent's one child."""
    worker = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0]
    line = next(each for each in Path(f"/proc/{worker}/status").read_text().splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _open(port: int) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", port), 10)
    stream.sendall(b"GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    stream.setblocking(False)
    return stream


def _answered(streams: list[socket.socket], limit_s: float) -> int:
    chosen = selectors.DefaultSelector()
    for each in streams:
        chosen.register(each, selectors.EVENT_READ)
    heard: set[socket.socket] = set()
    until = time.monotonic() + limit_s
    while len(heard) < len(streams) and time.monotonic() < until:
        for key, _ in chosen.select(0.5):
            found = key.fileobj
            assert isinstance(found, socket.socket)
            if found.recv(4096):
                heard.add(found)
            chosen.unregister(found)
    return len(heard)


def _ping(port: int) -> float | None:
    began = time.perf_counter()
    try:
        with socket.create_connection(("127.0.0.1", port), 2) as ping:
            ping.settimeout(2)
            ping.sendall(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            body = b""
            while chunk := ping.recv(4096):
                body += chunk
    except OSError:
        return None
    return (time.perf_counter() - began) * 1000 if body.endswith(b"pong") else None


if __name__ == "__main__":
    print(json.dumps({name: measure(options) for name, options in SERVERS.items()}, indent=1))
