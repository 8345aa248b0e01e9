"""Checks a receipt of a child's plan, offline, with Python 3.8 or later alone, and says in plain words what holds.

python3 check.py                   in the folder of the unpacked receipt
python3 check.py receipt.zip       on the ZIP itself
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from portal.receipt.check import Check, Unreadable
from portal.receipt.container import NAMES, unpack

NOT_SHOWN = (
    "names of people, headings and labels are as the portal gave them: they are not sealed.",
    "what the portal never gave you can’t be checked here: only that its seal is in its place.",
)
GAP = "what came before it is not tied to what came after it. Keep this receipt, for --earlier with the next one."
WHOSE_KEY = "whether the key is the council’s can’t be known here. Compare it with the one printed on the plan (--key)."


def read(path: Path) -> tuple[dict[str, bytes], bytes]:
    """The files of a receipt in a folder or a ZIP, and the ZIP's bytes."""
    if path.is_dir():
        return {name: (path / name).read_bytes() for name in NAMES if (path / name).is_file()}, b""
    data = path.read_bytes()
    return unpack(data), data


def examine(data: bytes, key: str = "") -> list[tuple[bool | None, str]]:
    """What a check of a ZIP finds, line by line; raises Unreadable."""
    check = Check(unpack(data)).run(data)
    if key:
        check.attempt("the key", check.trusted, key)
    return check.lines


def main() -> int:
    """0: everything holds. 1: something does not. 2: there is no receipt to read. 3: what holds has a gap in it."""
    chosen = _arguments().parse_args()
    try:
        files, data = read(chosen.receipt)
        check = Check(files).run(data, Path(__file__).read_bytes())
        if chosen.key:
            check.attempt("the key", check.trusted, chosen.key)
        if chosen.checkpoint:
            held = json.loads(chosen.checkpoint.read_text(encoding="utf-8"))
            check.attempt("the checkpoint that you hold", check.held, held)
        if chosen.earlier:
            check.attempt("the earlier receipt", check.earlier, Check(read(chosen.earlier)[0]))
    except (OSError, ValueError, Unreadable) as error:
        print(f"This can’t be read: {error}.")
        return 2
    return _tell(check, bool(chosen.key))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Checks a receipt of a child's plan, offline.")
    parser.add_argument("receipt", nargs="?", type=Path, default=Path(), help="the ZIP, or its unpacked folder")
    parser.add_argument("--key", default="", help="the fingerprint of the council's key, from a printed plan")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint that you hold, as a JSON file")
    parser.add_argument("--earlier", type=Path, help="an older receipt of the same plan")
    return parser


def _tell(check: Check, knows_key: bool) -> int:
    failed = [what for holds, what in check.lines if holds is False]
    print(f"{len(failed)} of these checks FAILED." if failed else "Everything that can be checked here HOLDS.")
    if check.kept_back:
        print(f"But entry {check.kept_back} is kept back: {GAP}")
    print()
    for wanted, word in ((False, "DOES NOT HOLD"), (True, "Holds"), (None, "To know")):
        for what in (what for holds, what in check.lines if holds is wanted):
            print(f"{word}: {what}")
    for what in NOT_SHOWN if knows_key or not check.checkpoint else (WHOSE_KEY, *NOT_SHOWN):
        print(f"To know: {what}")
    return 1 if failed else 3 if check.kept_back else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console may lack a letter
    sys.exit(main())
