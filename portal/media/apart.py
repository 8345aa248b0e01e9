"""A file cleaned in a process of its own: whatever is in it, ours goes on, and answers within seconds."""

import json
import subprocess
import sys
from pathlib import Path

from portal.domain.media import Reason, Unsafe, file_in
from portal.media.bounds import SECONDS
from portal.media.made import Clean

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-B", "-m", "portal.media")
PATIENCE = 6 * SECONDS  # of the clock: others may have the processor


def clean_apart(content: bytes) -> Clean:
    """What may be kept of the file; raises Unsafe with the reason, also when its process was ended by its bounds."""
    try:
        # No setting of ours is handed on: a file that takes the process over finds no key and no address in it.
        done = subprocess.run(  # noqa: S603  # our own program, with nobody's words
            COMMAND, input=content, capture_output=True, timeout=PATIENCE, cwd=ROOT, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unsafe(Reason.TOO_MUCH) from error
    return answered(done.returncode, done.stdout)


def answered(status: int, answer: bytes) -> Clean:
    """What that process said: its facts, and then the file; a negative status is the signal that ended it."""
    said, _, content = answer.partition(b"\n")
    if status < 0:
        raise Unsafe(Reason.TOO_MUCH)
    if status or not said:
        raise Unsafe(Reason.DAMAGED)
    facts = json.loads(said)
    if "refused" in facts:
        raise Unsafe(Reason(facts["refused"]))
    file = file_in(facts["file"])
    if file is None or file.size != len(content):
        raise Unsafe(Reason.DAMAGED)
    return Clean(content, file)
