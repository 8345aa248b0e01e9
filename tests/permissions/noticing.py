"""A plugin of pytest: writes down in which tests each permission check refuses, since only those can miss it."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pytest

from tests.permissions.mutants import noted, settle


class Noticing:
    """The checks that refused in each test of one process, and how long it took: a line each, as soon as it ends."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"noticed-{time.monotonic_ns()}.jsonl"
        self.refused: set[str] = set()
        self.failed = False
        self.changed = ExitStack()
        self.lines: IO[str] | None = None

    @pytest.hookimpl
    def pytest_collection_finish(self) -> None:
        self.lines = self.changed.enter_context(self.file.open("w"))
        self.changed.enter_context(noted(self.refused.add))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        began, self.failed = time.monotonic(), False
        self.refused.clear()
        yield
        took = time.monotonic() - began
        told = {"test": item.nodeid, "seconds": took, "failed": self.failed, "refused": sorted(self.refused)}
        print(json.dumps(told), file=self.lines, flush=True)

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    @pytest.hookimpl
    def pytest_sessionfinish(self) -> None:
        self.changed.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--noticed", help="the folder in which is kept what each process noticed")


def pytest_configure(config: pytest.Config) -> None:
    settle()
    config.pluginmanager.register(Noticing(Path(config.getoption("--noticed"))))
