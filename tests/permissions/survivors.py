"""Which checks could be taken away without a test noticing: first where each refuses, then each taken away in turn."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.permissions.checks import ASKS, ROOT, Check, checks
from tests.permissions.mutants import ROUTE, opened_route

ROOMS = ("domain", "operations", "store", "auth", "blueprints", "commands", "permissions")
TESTS = [*(f"tests/{each}" for each in ROOMS), "tests/uploads/test_cut_off.py", "tests/house/test_routes.py"]
NOT_ASKED = ("tests/permissions/test_mutants.py",)  # it takes checks away itself
AT_ONCE = 2  # processes
TRIED = 40  # tests, the nearest: a check that none of so many misses has no test that is meant for it
SLOW = 5.0  # seconds
UNREADABLE = (2, 4)  # what pytest ends with when it can't read the tests
DEATHS = 2  # of a process in one trial: a check without which nothing can run has no test that misses it
# These read every command of every request and of the night: where an id begins with its authority anyway, only they
# can tell that a question no longer names it. What they look at was sent before they begin, so they are not noticed.
AUTHORITY = (
    "tests/store/test_indexes.py::test_every_question_about_a_plan_names_the_authority_that_holds_it",
    "tests/store/test_authority_first.py::test_what_runs_by_night_goes_authority_by_authority_but_for_two_questions",
    "tests/blueprints/test_every_request_names_its_authority.py"
    "::test_every_question_of_every_request_names_one_authority_first",
)
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
Trials = list[tuple[Check, list[str]]]


@dataclass(frozen=True)
class Noticed:
    """The tests in which each check refuses, by its name, and how many seconds each test takes."""

    refused: dict[str, list[str]]
    seconds: dict[str, float]


def survivors(endpoints: Iterable[str], folder: Path, parts: Sequence[str] = ()) -> tuple[int, list[str]]:
    """How many checks were taken away, those of the closed routes among them, and those that no test missed.

    `folder` keeps what was found, line by line. Of `parts`, words of modules' names, only their checks are taken
    away, and only the tests of files so named are asked.
    """
    wanted = [each for each in (*checks(), *map(opened_route, sorted(endpoints))) if is_of(each, parts)]
    noticed = _noticed(folder, tests_of(parts))
    trials = [(each, nearest(each, noticed)) for each in wanted]
    taken_away(folder, trials)
    unasked = [str(check) for check, tests in trials if not tests]
    return len(wanted), unasked + [each["check"] for each in _lines(folder, "verdicts-*") if not each["caught_by"]]


def is_of(check: Check, parts: Sequence[str]) -> bool:
    name = check.key.partition(".")[0] if check.kind == ROUTE else Path(check.path).stem
    return not parts or any(each in name for each in parts)


def tests_of(parts: Sequence[str]) -> list[str]:
    if not parts:
        return TESTS
    files = sorted(each for room in ROOMS for each in (ROOT / "tests" / room).glob("test_*.py"))
    return [str(each.relative_to(ROOT)) for each in files if any(part in each.stem for part in parts)]


def nearest(check: Check, noticed: Noticed) -> list[str]:
    """The tests in which a check refuses: of files that are named as its module is, then of others, the slow ones last.

    Of each file the quickest comes first, and no second before the first of every other.
    """
    name, seconds = Path(check.path).stem.partition("_")[0].rstrip("s"), noticed.seconds
    files: dict[str, list[str]] = {}
    for test in sorted(noticed.refused.get(str(check), []), key=seconds.__getitem__):
        files.setdefault(test.partition("::")[0], []).append(test)
    turn = {test: number for tests in files.values() for number, test in enumerate(tests)}
    order = {
        test: (name not in Path(file).stem, seconds[test] > SLOW) for file, tests in files.items() for test in tests
    }
    found = sorted(turn, key=lambda test: (*order[test], turn[test], seconds[test]))[:TRIED]
    return [*AUTHORITY, *found] if (check.kind, check.key) == (ASKS, "authority") else found


def _noticed(folder: Path, tests: Sequence[str]) -> Noticed:
    """What the tests notice, as they are; one that fails so is asked nothing. RuntimeError when they can't be run."""
    apart = [f"--ignore={each}" for each in NOT_ASKED]
    plugin = ("-n", str(AT_ONCE), "--dist", "loadfile", "-p", "tests.permissions.noticing", "--noticed", str(folder))
    run = subprocess.run([*PYTEST, *plugin, *apart, *tests], cwd=ROOT, stdout=sys.stderr, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError("The tests could not be run; pytest says why above.")
    refused: dict[str, list[str]] = {}
    seconds: dict[str, float] = {}
    for told in _lines(folder, "noticed-*"):
        if told["failed"]:
            print(f"{told['test']} fails with every check in place, and is asked nothing.", file=sys.stderr)
            continue
        seconds[told["test"]] = told["seconds"]
        for check in told["refused"]:
            refused.setdefault(check, []).append(told["test"])
    return Noticed(refused, seconds)


def taken_away(folder: Path, trials: Trials) -> None:
    """Every check taken away, by processes that each hold a share of them; one that dies is begun again after it."""
    near = sorted(trials, key=lambda each: each[1][:1])  # what one module's tests share is made once for many
    shares = [Share(folder, number, near[number::AT_ONCE]) for number in range(AT_ONCE)]
    while running := [(each, each.begin()) for each in shares if each.left()]:
        for share, process in running:
            share.ended(process.wait())


class Share:
    """The trials of one process at a time, and the file of their verdicts, which outlives it."""

    def __init__(self, folder: Path, number: int, trials: Trials) -> None:
        self.trials, self.died_at = [each for each in trials if each[1]], list[str]()
        self.given, self.verdicts = folder / f"trials-{number}.jsonl", folder / f"verdicts-{number}.jsonl"
        self.verdicts.touch()

    def left(self) -> Trials:
        return self.trials[len(self.verdicts.read_text().splitlines()) :]

    def begin(self) -> subprocess.Popen[bytes]:
        lines = [json.dumps({"check": asdict(check), "tests": tests}) for check, tests in self.left()]
        self.given.write_text("".join(f"{each}\n" for each in lines))
        plugin = ("-p", "tests.permissions.mutated", "--trials", str(self.given), "--verdicts", str(self.verdicts))
        asked = sorted({test.partition("::")[0] for _, tests in self.left() for test in tests})
        return subprocess.Popen([*PYTEST, *plugin, *asked], cwd=ROOT, stdout=sys.stderr)

    def ended(self, code: int) -> None:
        """Of a trial in which processes go on dying, nothing catches it. RuntimeError when none can even begin."""
        if not (left := self.left()):
            return
        if code in UNREADABLE:
            raise RuntimeError("The tests could not be read; pytest says why above.")
        check = str(left[0][0])
        self.died_at.append(check)
        print(f"A process ended with {code} at {check}; what it found is kept.", file=sys.stderr, flush=True)
        if self.died_at.count(check) == DEATHS:
            with self.verdicts.open("a") as file:
                print(json.dumps({"check": check, "caught_by": "", "tried": 0}), file=file)


def _lines(folder: Path, pattern: str) -> Iterator[dict[str, Any]]:
    for each in sorted(folder.glob(pattern)):
        yield from map(json.loads, each.read_text().splitlines())
