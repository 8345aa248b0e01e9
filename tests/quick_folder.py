"""A folder in memory where the machine has room there: what a test's database writes outlives nothing anyway."""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # Linux keeps it in memory
ROOM = 6 * 1024**3  # bytes: what two servers write in a whole run, four times over


def quick_folder() -> Path:
    """A new folder, to be removed by whoever asked. Saves wait for the disk in all that is not a test."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return Path(tempfile.mkdtemp(prefix="golden-thread-tests-", dir=MEMORY if roomy else None))
