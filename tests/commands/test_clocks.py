"""`portal clocks`: the outside contract, run as anybody would run it, with no database and no settings."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal import cli

ROOT = Path(__file__).resolve().parents[2]
CASE = {"born": "2015-03-02", "events": [{"kind": "request_received", "on": "2025-01-06"}]}
FINAL_PLAN = {
    "clock": "final_plan", "starts": "2025-01-06", "due": "2025-05-26", "counting": "calendar",
    "source": "SEND Regs 2014 reg 13(2)", "met": None, "exempt": None, "ref": None,
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE))
    return path


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["clocks"]
    return found


def test_a_stranger_gets_the_clocks_with_an_empty_environment(file: Path) -> None:
    command = [sys.executable, "-m", "portal.cli", "clocks", str(file)]
    ran = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=True)
    found = json.loads(ran.stdout)
    assert list(found) == ["clocks"]
    assert found["clocks"][-1] == FINAL_PLAN
    assert [each["clock"] for each in found["clocks"]] == [
        "decide_to_assess", "draft_target", "notify_no_plan", "final_plan",
    ]  # fmt: skip


def test_a_day_adds_overdue_and_nothing_else(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["clocks", str(file), "--on", "2025-05-26"]) == 0
    assert printed(capsys)[-1] == {**FINAL_PLAN, "overdue": False}
    assert cli.main(["clocks", str(file), "--on", "2025-05-27"]) == 0
    assert printed(capsys)[-1] == {**FINAL_PLAN, "overdue": True}


def test_a_clock_made_pointless_names_the_event(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps({"events": [*CASE["events"], {"kind": "assessment_refused", "on": "2025-02-10"}]}))
    assert cli.main(["clocks", str(file)]) == 0
    assert printed(capsys)[-1] == {**FINAL_PLAN, "ended": "assessment_refused"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"events": [{"kind": "unheard_of", "on": "2025-01-06"}]}', "[" * 100_000]
)
def test_a_fault_is_one_sentence_and_exit_code_two(text: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(text)
    assert cli.main(["clocks", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.endswith(".\n")
    assert said.err.count("\n") == 1


def test_a_file_that_is_not_there_is_exit_code_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["clocks", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


def test_a_day_that_is_no_date_is_exit_code_two(file: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["clocks", str(file), "--on", "tomorrow"])
    assert stopped.value.code == 2
