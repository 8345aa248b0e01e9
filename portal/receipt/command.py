"""Checks a receipt of a child's plan, offline, with Python 3.8 or later alone, and says in plain words what holds.

python3 -I check.py                in the folder of the unpacked receipt; on Windows: py -I check.py
python3 -I check.py receipt.zip    on the ZIP itself
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Iterator

from portal.receipt.anchors import earlier, held, trusted
from portal.receipt.check import FAILS, HOLDS, NEWER, NOTE, Check, Unreadable
from portal.receipt.container import NAMES, unpack
from portal.receipt.said import grouped, newer_line

NOT_SHOWN = (
    "names of people, titles and headings, labels, the wording of choices, which parts are yours to read and the "
    "state of the plan are as the portal gave them: they are not sealed.",
    "what the portal never gave you can’t be checked here: only that its seal is in its place.",
)
GAP = "what came before it is not tied to what came after it. Keep this receipt, for --earlier with the next one."
WHOSE_KEY = "But anybody can sign with a key of their own. Compare this one with the one that is printed on the plan:"


def read(path: Path) -> tuple[dict[str, bytes], bytes]:
    """The files of a receipt in a folder or a ZIP, and the ZIP's bytes."""
    if path.is_dir():
        return {name: (path / name).read_bytes() for name in NAMES if (path / name).is_file()}, b""
    data = path.read_bytes()
    return unpack(data), data


def strangers(folder: Path, *known: Path | None) -> list[str]:
    """What lies in the folder of a receipt and is no part of it; the desktop's own files begin with a dot."""
    expected = [folder / name for name in NAMES] + [each for each in known if each]
    there = {each.resolve() for each in expected}
    return sorted(each.name for each in folder.iterdir() if each.resolve() not in there and each.name[0] != ".")


def examine(data: bytes, key: str = "") -> list[tuple[str, str]]:
    """What a check of a ZIP finds, line by line; raises Unreadable."""
    check = Check(unpack(data)).run(data)
    if key:
        check.attempt("the key", trusted, check, key)
    return check.lines


def main() -> int:
    """0: everything holds. 1: something does not. 2: there is no receipt to read.

    3: nothing fails, but an entry is kept back. 4: nothing fails, but an entry is newer than the checkpoint.
    """
    chosen = _arguments().parse_args()
    try:
        files, data = read(chosen.receipt)
        check = Check(files).run(data, Path(__file__).read_bytes())
        if chosen.key:
            check.attempt("the key", trusted, check, chosen.key)
        if chosen.checkpoint:
            other = json.loads(chosen.checkpoint.read_text(encoding="utf-8"))
            check.attempt("the checkpoint that you hold", held, check, other)
        if chosen.earlier:
            check.attempt("the earlier receipt", earlier, check, Check(read(chosen.earlier)[0]))
        if chosen.receipt.is_dir():
            _alone(check, strangers(chosen.receipt, chosen.checkpoint, chosen.earlier))
    except (OSError, ValueError, Unreadable) as error:
        print(f"This can’t be read: {error}.")
        return 2
    return _tell(check, bool(chosen.key or chosen.checkpoint))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Checks a receipt of a child's plan, offline.")
    parser.add_argument("receipt", nargs="?", type=Path, default=Path(), help="the ZIP, or its unpacked folder")
    parser.add_argument("--key", default="", help="the fingerprint of the council's key, from a printed plan")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint that you hold, as a JSON file")
    parser.add_argument("--earlier", type=Path, help="an older receipt of the same plan")
    return parser


def _alone(check: Check, found: list[str]) -> None:
    """Python would run a json.py that lies beside check.py, unless it was started with -I."""
    named = ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    if found:
        check.say(FAILS, f"the folder: {named}: no part of the receipt. Unpack the ZIP in a new folder, and try again.")


def _tell(check: Check, knows_key: bool) -> int:
    for sentence in _verdict(check, knows_key):
        print(sentence)
    print()
    for wanted in (FAILS, NEWER, HOLDS, NOTE):
        for what in (what for word, what in check.lines if word == wanted):
            print(f"{wanted}: {what}")
    for what in NOT_SHOWN:
        print(f"{NOTE}: {what}")
    return 1 if check.failed else 3 if check.kept_back else 4 if check.newer else 0


def _verdict(check: Check, knows_key: bool) -> Iterator[str]:
    """What is said above everything else."""
    if check.failed:
        yield f"{check.failed} of these checks FAILED."
    elif check.newer:
        yield f"Nothing FAILED. {'What the checkpoint covers HOLDS.' if check.checkpoint else ''}".strip()
        yield newer_line(check.checkpoint, len(check.entries))
    else:
        yield "Everything that can be checked here HOLDS."
    if check.kept_back:
        yield f"But entry {check.kept_back} is kept back: {GAP}"
    if check.covered and not knows_key and check.checkpoint:
        yield f"{WHOSE_KEY} {grouped(check.checkpoint['statement']['key'])} (or give that one as --key)."


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console may lack a letter
    sys.exit(main())
