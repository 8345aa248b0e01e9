"""What somebody has from elsewhere, held against a receipt: the key, a checkpoint, an older receipt."""

from __future__ import annotations

from typing import Any

from portal.receipt.check import FAILS, HOLDS, NOTE, Check, well_signed
from portal.receipt.hashes import STATEMENT, canonical, seal


def trusted(check: Check, key: str) -> None:
    """The key is the one whose fingerprint the reader has from elsewhere."""
    if not check.checkpoint:
        check.say(FAILS, "checkpoint.json: it is not there, so nothing is signed with the key you trust.")
    elif check.checkpoint["statement"]["key"] == "".join(key.split()).lower():
        check.say(HOLDS, "the key: it is the one you trust.")
    else:
        number = check.checkpoint["statement"]["number"]
        check.say(FAILS, f"checkpoint {number}: it is not signed with the key you trust.")


def held(check: Check, other: dict[str, Any]) -> None:
    """A checkpoint that somebody kept outside: the same one, or the one that this one follows."""
    number = f"checkpoint {other['statement']['number']}"
    if not check.checkpoint or other["public_key"] != check.checkpoint["public_key"] or not well_signed(other):
        check.say(FAILS, f"{number} that you hold: it is not signed with the key of this receipt.")
        return
    ours, theirs = check.checkpoint["statement"], other["statement"]
    if ours["number"] == theirs["number"]:
        same = "the same as here." if ours == theirs else "not the same as here. There are two histories."
        check.say(HOLDS if ours == theirs else FAILS, f"{number} that you hold: {same}")
    elif ours["number"] == theirs["number"] + 1:
        follows = ours["previous"] == seal(STATEMENT, canonical(theirs))
        check.say(
            HOLDS if follows else FAILS,
            f"{number} that you hold: the one here {'follows' if follows else 'does not follow'} it.",
        )
    else:
        ask = f"Ask for a receipt against it: receipt.zip?checkpoint={theirs['number']}"
        check.say(NOTE, f"{number} that you hold: it is signed with the same key. {ask}")


def earlier(check: Check, other: Check) -> None:
    """Nothing that stood in an older receipt has been rewritten."""
    pairs = [(each.get("hash"), here.get("hash")) for each, here in zip(other.entries, check.entries)]
    changed = [number for number, (before, now) in enumerate(pairs, 1) if before != now]
    gone = len(other.entries) - len(check.entries)
    if other.plan["plan"] != check.plan["plan"]:
        check.say(FAILS, "the earlier receipt: it is of another plan.")
    elif changed or gone > 0:
        first = changed[0] if changed else len(check.entries) + 1
        check.say(FAILS, f"entry {first}: it is not what it was in the earlier receipt. The history was rewritten.")
    else:
        check.say(HOLDS, f"the earlier receipt: its {len(other.entries)} entries stand here as they stood there.")
