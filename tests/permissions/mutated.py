"""A plugin of pytest: instead of running every test, it takes one check away at a time and runs those that can tell."""

import json
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType

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
        items = {each.nodeid: each for each in session.items}
        with self.answers.open("w") as file:
            for number, trial in enumerate(self.trials, 1):
                verdict = tried(trial, items)
                print(json.dumps(asdict(verdict)), file=file, flush=True)
                said = verdict.caught_by or "SURVIVES"
                print(f"{number}/{len(self.trials)} {verdict.check}: {said}", file=sys.stderr, flush=True)
        return True


def tried(trial: Trial, items: dict[str, pytest.Item]) -> Verdict:
    for number, test in enumerate(trial.tests, 1):
        item = items[test]
        with neutralised(trial.check):
            passed = passes(item)
        if not passed and passes(item):
            return Verdict(str(trial.check), test, number)
    return Verdict(str(trial.check), "", len(trial.tests))


def passes(item: pytest.Item) -> bool:
    """Runs a test in this process, over a world of its own: what the next one stands on is made anew."""
    elsewhere = next(each for each in item.session.items if each.path.parent != item.path.parent)
    signal.alarm(LONGEST)
    try:
        reports = runtestprotocol(item, log=False, nextitem=elsewhere)
    finally:
        signal.alarm(0)
    return not any(each.failed for each in reports)


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
