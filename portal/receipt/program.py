"""The parts of this room as the one file that goes out: their imports gathered at the top, then part after part."""

import ast
import hashlib
from functools import cache
from pathlib import Path

PARTS = ("hashes", "ed25519", "said", "page", "container", "check", "anchors", "command")


@cache
def program() -> bytes:
    """check.py as a receipt holds it: it imports nothing but the standard library."""
    texts = [Path(__file__).with_name(f"{each}.py").read_text(encoding="utf-8") for each in PARTS]
    opening = texts[-1].split("\n\nfrom __future__", 1)[0]
    lines = {line for text in texts for line in text.splitlines() if line.startswith(("import ", "from "))}
    imports = sorted(line for line in lines if "portal" not in line and "__future__" not in line)
    head = "\n".join([opening, "", "from __future__ import annotations", "", *imports])
    return "\n\n\n".join([head, *(_body(text) for text in texts), ""]).encode()


def fingerprint() -> str:
    """The SHA-256 of check.py, in hexadecimal digits."""
    return hashlib.sha256(program()).hexdigest()


def _body(text: str) -> str:
    """What follows the imports of a part, under the sentence that the part opens with."""
    said = text.split('"""')[1].splitlines()[0]
    lines = text.splitlines()
    last = max(each.end_lineno or 0 for each in ast.parse(text).body if isinstance(each, ast.Import | ast.ImportFrom))
    return f"# {said}\n" + "\n".join(lines[last:]).strip()
