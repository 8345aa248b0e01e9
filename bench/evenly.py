"""Connections dealt evenly to a server's workers: the kernel hands them out by chance, and chance is not measured."""

import os
import socket
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

HOST = "127.0.0.1"
TRIES = 400
ACCEPTED_WITHIN_S = 2.0


def open_evenly(port: int, count: int, workers: list[int], timeout_s: float) -> list[socket.socket]:
    """So many connections, no worker holding more than its share; RuntimeError when chance never allows it."""
    share = -(-count // len(workers))
    held: Counter[int] = Counter()
    found: list[socket.socket] = []
    for _ in range(TRIES):
        if len(found) == count:
            return found
        made = socket.create_connection((HOST, port), timeout_s)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        worker = _worker_of(port, made.getsockname()[1], workers)
        if held[worker] < share:
            held[worker] += 1
            found.append(made)
        else:
            made.close()
    raise RuntimeError("One worker of the server takes every connection.")


def _worker_of(port: int, peer: int, workers: list[int]) -> int:
    """The worker that accepted our connection from port `peer`."""
    until = time.monotonic() + ACCEPTED_WITHIN_S
    while time.monotonic() < until:
        inode = _inode(port, peer)
        for each in workers:
            if inode and _holds(each, f"socket:[{inode}]"):
                return each
        time.sleep(0.001)
    raise RuntimeError("No worker of the server accepted a connection.")


def _inode(port: int, peer: int) -> str:
    """Of the server's end, from the kernel's table; empty or 0 until it is accepted."""
    ends = (f"0100007F:{port:04X}", f"0100007F:{peer:04X}")
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if (fields[1], fields[2]) == ends:
            return fields[9].removeprefix("0")
    return ""


def _holds(pid: int, link: str) -> bool:
    for each in os.listdir(f"/proc/{pid}/fd"):
        with suppress(OSError):  # closed meanwhile
            if os.readlink(f"/proc/{pid}/fd/{each}") == link:
                return True
    return False
