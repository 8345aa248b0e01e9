"""The ZIP of a receipt, written in one way only, so that each of its bytes can be made again and compared."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Any

from portal.receipt.ed25519 import pem_of
from portal.receipt.hashes import canonical
from portal.receipt.page import page

SUMS = "sha256.txt"
NAMES = ("read-me-first.txt", "plan.html", "plan.json", "history.jsonl", "checkpoint.json", "public-key.pem",
         "check.py", SUMS)  # fmt: skip
README = """A receipt of a child's plan

plan.html        the plan, to read: open it in any browser
check.py         checks this receipt, without the internet: python3 -I check.py (on Windows: py -I check.py)
plan.json        the plan's words, each with what its seal is taken over
history.jsonl    everything that happened, one entry a line, each sealed to the one before it
checkpoint.json  the council's signed seal over all its plans, and the way from this plan up to it
public-key.pem   the key that the seal is signed with: compare it with the one on the portal's page /checkpoints
sha256.txt       a SHA-256 of each file, for anybody who would rather use other tools

The checkpoint and its key are missing when none has been made since the plan was started.
No other file belongs in this folder: without -I, Python would run a json.py that somebody put beside check.py.
Keep the ZIP as it is: with an older receipt you can show later whether anything was rewritten.
"""


def pack(files: dict[str, bytes]) -> bytes:
    body, listed = b"", b""
    for name, content in files.items():
        facts = struct.pack(
            "<5H3I2H", 20, 0x800, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name), 0
        )
        listed += b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<3H2I", 0, 0, 0, 0, len(body))
        listed += name.encode()
        body += b"PK\x03\x04" + facts + name.encode() + content
    end = struct.pack("<4H2IH", 0, 0, len(files), len(files), len(listed), len(body), 0)
    return body + listed + b"PK\x05\x06" + end


def unpack(data: bytes) -> dict[str, bytes]:
    """The files, as far as the ZIP can be followed."""
    files, at = {}, 0
    while data[at : at + 4] == b"PK\x03\x04" and len(data) >= at + 30:
        size, _, length, extra = struct.unpack("<2I2H", data[at + 18 : at + 30])
        start = at + 30 + length + extra
        files[data[at + 30 : at + 30 + length].decode("utf-8", "replace")] = data[start : start + size]
        at = start + size
    return files


def sums(files: dict[str, bytes]) -> bytes:
    return "".join(f"{hashlib.sha256(files[each]).hexdigest()}  {each}\n" for each in files).encode()


def made(plan: dict[str, Any], entries: list[Any], checkpoint: dict[str, Any] | None, program: bytes) -> bytes:
    """The whole receipt as the bytes of its ZIP; the portal makes it here, and a check makes it again."""
    files = {"read-me-first.txt": README.encode(), "plan.html": page(plan, entries, checkpoint).encode()}
    files["plan.json"] = canonical(plan)
    files["history.jsonl"] = b"".join(canonical(each) + b"\n" for each in entries)
    if checkpoint:
        files["checkpoint.json"] = canonical(checkpoint)
        files["public-key.pem"] = pem_of(checkpoint["public_key"])
    files["check.py"] = program
    return pack({**files, SUMS: sums(files)})
