"""A receipt of somebody's, checked as they would: by the file in it, in a folder of its own, without a network."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.world import World

# Runs a program with every way to a network closed.
ALONE = """
import runpy, sys
def refuse(event, _):
    if event.startswith("socket."):
        raise SystemExit("it asked for the network")
sys.addaudithook(refuse)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@dataclass(frozen=True)
class Receipt:
    """One ZIP, and what it holds."""

    data: bytes

    @property
    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(BytesIO(self.data)) as packed:
            assert packed.testzip() is None
            return {name: packed.read(name) for name in packed.namelist()}

    @property
    def plan(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.files["plan.json"])
        return found

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.files["history.jsonl"].splitlines()]

    @property
    def checkpoint(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.files["checkpoint.json"])
        return found

    def unpack(self, folder: Path) -> Path:
        folder.mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return folder


def receipt_of(world: World, key: str, query: str = "") -> Receipt:
    browser = world.client(key)
    answer = browser.get(f"{browser.base}/receipt.zip{query}")
    assert answer.status_code == 200
    return Receipt(answer.data)


def checked(folder: Path, *arguments: str) -> tuple[int, str]:
    """(exit code, what was said) of the check.py in a folder."""
    command = [sys.executable, "-I", "-c", ALONE, "check.py", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout
