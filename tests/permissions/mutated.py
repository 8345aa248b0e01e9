"""A plugin of pytest: instead of running every test, it takes one check away at a time and runs those that can tell."""

import json
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import cast

import pytest
from _pytest.runner import runtestprotocol

from tests.permissions.checks import Check
from tests.permissions.mutants import neutralised, settle

LONGEST = 300  # seconds for one test: without a check, something may wait for ever


@dataclass(frozen=True)
class Trial:
    """One check, and the tests in which it refuses, the nearest first."""

    check: Check
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """The first test that fails without the check and passes with it; empty when none does."""

    check: str
    caught_by: str
    tried: int


class Trying:
    """One process: its database, its portal and its tests stay up from one check to the next."""

    def __init__(self, trials: list[Trial], answers: Path) -> None:
        self.trials = trials
        self.answers = answers

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items, whole = {each.nodeid: each for each in session.items}, set[str]()
        with self.answers.open("a") as file:
            for number, trial in enumerate(self.trials, 1):
                verdict = tried(trial, items, whole)
                print(json.dumps(asdict(verdict)), file=file, flush=True)
                said = verdict.caught_by or "SURVIVES"
                print(f"{number}/{len(self.trials)} {verdict.check}: {said}", file=sys.stderr, flush=True)
        return True


def tried(trial: Trial, items: dict[str, pytest.Item], whole: set[str]) -> Verdict:
    """Every test in turn, until one fails without the check and passes with all in place, over fixtures made anew.

    `whole` are the tests that this process has seen pass so: they are not asked that twice.
    """
    known = [items[each] for each in trial.tests if each in items]
    for number, item in enumerate(known, 1):
        with neutralised(trial.check):
            passed = passes(item)
        if not passed:
            _clear(item)
            if item.nodeid in whole or passes(item):
                whole.add(item.nodeid)
                return Verdict(str(trial.check), item.nodeid, number)
            _clear(item)
    return Verdict(str(trial.check), "", len(known))


def passes(item: pytest.Item) -> bool:
    """Runs a test in this process; what its module's tests share is left for the next one."""
    module = cast(pytest.Item, item.parent)
    item.session._setupstate.teardown_exact(module)  # whatever another module left
    signal.alarm(LONGEST)
    try:
        reports = runtestprotocol(item, log=False, nextitem=module)
    finally:
        signal.alarm(0)
    return not any(each.failed for each in reports)


def _clear(item: pytest.Item) -> None:
    """End all but what the whole session shares: the act that was let through may have changed anything."""
    item.session._setupstate.teardown_exact(cast(pytest.Item, item.session))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--trials", help="a file of JSON lines: the checks to take away, and the tests to run")
    parser.addoption("--verdicts", help="the file to which what was found is written")


def pytest_configure(config: pytest.Config) -> None:
    settle()
    signal.signal(signal.SIGALRM, _give_up)
    lines = Path(config.getoption("--trials")).read_text().splitlines()
    told = [json.loads(each) for each in lines]
    trials = [Trial(Check(**each["check"]), tuple(each["tests"])) for each in told]
    config.pluginmanager.register(Trying(trials, Path(config.getoption("--verdicts"))))


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError("This test waits for ever.")
