"""A plugin of pytest: writes down in which tests each permission check refuses, since only those can miss it."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.permissions.mutants import noted, settle


class Noticing:
    """The checks that refused in each test of one process, and how long each test took."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / f"noticed-{time.monotonic_ns()}.json"
        self.test = ""
        self.refused: dict[str, list[str]] = {}
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self.changed = ExitStack()

    @pytest.hookimpl
    def pytest_collection_finish(self) -> None:
        self.changed.enter_context(noted(self.note))

    def note(self, check: str) -> None:
        tests = self.refused.setdefault(check, [])
        if self.test and self.test not in tests[-1:]:
            tests.append(self.test)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.test, began = item.nodeid, time.monotonic()
        yield
        self.seconds[item.nodeid], self.test = time.monotonic() - began, ""

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    @pytest.hookimpl
    def pytest_sessionfinish(self) -> None:
        self.changed.close()
        told = {"refused": self.refused, "seconds": self.seconds, "failed": self.failed}
        if self.seconds:
            self.file.write_text(json.dumps(told))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--noticed", help="the folder in which is kept what each process noticed")


def pytest_configure(config: pytest.Config) -> None:
    settle()
    config.pluginmanager.register(Noticing(Path(config.getoption("--noticed"))))
