"""Which checks could be taken away without a test noticing: first where each refuses, then each taken away in turn."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.permissions.checks import ASKS, ROOT, Check, checks
from tests.permissions.mutants import opened_route

ROOMS = ("domain", "operations", "store", "auth", "blueprints", "commands", "permissions")
TESTS = [*(f"tests/{each}" for each in ROOMS), "tests/house/test_routes.py"]
NOT_ASKED = ("tests/permissions/test_mutants.py",)  # it takes checks away itself
AT_ONCE = 2  # processes
TRIED = 40  # tests, the nearest: a check that none of so many misses has no test that is meant for it
# These read every command of every request and of the night: where an id begins with its authority anyway, only they
# can tell that a question no longer names it. What they look at was sent before they begin, so they are not noticed.
AUTHORITY = (
    "tests/store/test_indexes.py::test_every_question_about_a_plan_names_the_authority_that_holds_it",
    "tests/store/test_authority_first.py::test_what_runs_by_night_goes_authority_by_authority_but_for_two_questions",
    "tests/blueprints/test_every_request_names_its_authority.py"
    "::test_every_question_of_every_request_names_one_authority_first",
)
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def survivors(endpoints: Iterable[str]) -> tuple[int, list[str]]:
    """How many checks were taken away, those of the closed routes among them, and those that no test missed."""
    wanted = [*checks(), *map(opened_route, sorted(endpoints))]
    with tempfile.TemporaryDirectory(prefix="golden-thread-mutants-") as name:
        folder = Path(name)
        noticed = _noticed(folder)
        verdicts = _verdicts(folder, [(each, nearest(each, *noticed)) for each in wanted])
    return len(wanted), [each["check"] for each in verdicts if not each["caught_by"]]


def nearest(check: Check, refused: dict[str, list[str]], seconds: dict[str, float]) -> list[str]:
    """The tests in which a check refuses: of its own module first, then of every other, the quickest of each."""
    room, name = check.path.removeprefix("portal/").split("/")
    own = f"tests/{room}/test_{name}::"
    files: dict[str, list[str]] = {}
    for test in sorted(set(refused.get(str(check), [])), key=seconds.__getitem__):
        files.setdefault(test.partition("::")[0], []).append(test)
    turn = {test: number for tests in files.values() for number, test in enumerate(tests)}
    found = sorted(turn, key=lambda test: (not test.startswith(own), turn[test], seconds[test]))[:TRIED]
    return [*AUTHORITY, *found] if (check.kind, check.key) == (ASKS, "authority") else found


def _noticed(folder: Path) -> tuple[dict[str, list[str]], dict[str, float]]:
    """In which tests each check refuses, and how long each test takes; RuntimeError when one fails as it is."""
    apart = [f"--ignore={each}" for each in NOT_ASKED]
    plugin = ("-n", str(AT_ONCE), "--dist", "loadfile", "-p", "tests.permissions.noticing", "--noticed", str(folder))
    _run([*PYTEST, *plugin, *apart, *TESTS])
    told = [json.loads(each.read_text()) for each in folder.glob("noticed-*.json")]
    failed = {test for each in told for test in each["failed"]}
    for test in sorted(failed):
        print(f"{test} fails with every check in place, and is asked nothing.", file=sys.stderr)
    seconds = {test: taken for each in told for test, taken in each["seconds"].items()}
    refused: dict[str, list[str]] = {}
    for each in told:
        for check, tests in each["refused"].items():
            refused.setdefault(check, []).extend(test for test in tests if test not in failed)
    return refused, seconds


def _verdicts(folder: Path, trials: Sequence[tuple[Check, list[str]]]) -> list[dict[str, str]]:
    """Every check taken away, by processes that each hold a share of them."""
    running = []
    for number in range(AT_ONCE):
        mine, verdicts = folder / f"trials-{number}", folder / f"verdicts-{number}"
        share = [{"check": asdict(check), "tests": tests} for check, tests in trials[number::AT_ONCE]]
        mine.write_text("".join(f"{json.dumps(each)}\n" for each in share))
        plugin = ("-p", "tests.permissions.mutated", "--trials", str(mine), "--verdicts", str(verdicts))
        running.append((subprocess.Popen([*PYTEST, *plugin, *TESTS], cwd=ROOT, stdout=sys.stderr), verdicts))
    for process, _ in running:
        if process.wait() not in (0, 5):
            raise RuntimeError("A process that takes checks away came to grief; it says why above.")
    return [json.loads(line) for _, verdicts in running for line in verdicts.read_text().splitlines()]


def _run(command: Sequence[str]) -> None:
    """Runs the tests as they are; RuntimeError unless they ran to their end."""
    run = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
    if run.returncode not in (0, 1):
        raise RuntimeError("The tests could not be run; pytest says why above.")
