"""Sign a checkpoint over every chain, and check the whole database against itself."""

import argparse
import json
import os
import sys
from collections import Counter
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tqdm import tqdm

from portal.commands import Add, database
from portal.config import UnsafeSettings, read_settings
from portal.operations import checkpoints, verify


def register(add: Add) -> None:
    making = add("checkpoint", checkpoint, "sign the root over every plan's chain (PORTAL_CHECKPOINT_KEY), once a day")
    making.add_argument("--out", type=Path, help="write the signed checkpoint to this file too")
    making.add_argument("--new-key", type=Path, help="only make a key, in a file that is not there yet")
    checking = add("verify", check, "check every chain, revision, version, PDF and checkpoint")
    checking.add_argument("--plan", default="", help="only the plan of this id")
    checking.add_argument("--authority", default="", help="only the plans of this authority's code")


def checkpoint(chosen: argparse.Namespace) -> int:
    """The signed statement goes to standard output in one line of JSON, for whoever holds checkpoints outside."""
    if chosen.new_key:
        print(f"The key’s fingerprint: {checkpoints.new_key(chosen.new_key)}")
        return 0
    named = os.environ.get("PORTAL_CHECKPOINT_KEY", "")
    if not named:
        raise UnsafeSettings(["PORTAL_CHECKPOINT_KEY must name the key’s file (portal checkpoint --new-key FILE)."])
    key = checkpoints.read_key(Path(named))
    made = checkpoints.make(database(read_settings()), key, partial(datetime.now, UTC))
    line = json.dumps(made.facts, sort_keys=True)
    print(line)
    if chosen.out:
        chosen.out.write_text(f"{line}\n", encoding="utf-8")
    return 0


def check(chosen: argparse.Namespace) -> int:
    """0 when everything holds; 1 with a line for each thing that does not. The bar is on standard error."""
    db = database(read_settings())
    authority = chosen.authority or chosen.plan.partition("-")[0]
    total, failed = Counter[str](), 0
    with tqdm(total=verify.size(db, authority, chosen.plan), desc="Checking", unit="") as bar:
        for found in verify.everything(db, authority, chosen.plan):
            bar.update()
            total += found.counted
            failed += bool(found.problems)
            for problem in found.problems:
                tqdm.write(f"{found.what}: {problem}", file=sys.stdout)
    print("Checked " + ", ".join(f"{name} {count:,}" for name, count in sorted(total.items())) + ".")
    if authority and not total["plans"]:
        print("There is no such plan.")
        return 1
    print(f"{failed:,} of them do not hold." if failed else "Everything holds.")
    return 1 if failed else 0
